"""How English news writes counts, offices and predicates: the words and patterns of english.py."""

from __future__ import annotations

import re

from corpus.dates import ENGLISH_SHORT
from rag.drafts.draft import ENGLISH_MONTHS

# Verbs that news tells events with; another verb's sentence is not turned into a question.
_VERBS = """accept account acquire add adopt affect agree aim air allocate allow announce appoint approve arrest arrive ask
assist attack attend attract award ban begin belong benefit borrow build buy call cancel carry cast cause celebrate charge
claim clear close collapse collect complete confirm consist contain contribute cost count cover crash create cross cut
damage decide declare decline deliver demand deploy deposit destroy discover distribute donate draw drive drop drown earn
elect employ end enjoy enter establish estimate evacuate exceed expand expect expire export face fall feature fill find
fine finish fire fix flee fly form fund gain gather generate get give grant grow handle harvest help hire hit hold host
house implement import improve include increase inject injure inspect install invest involve issue jail join kill land last
launch lay lead leave lend license line list lose lower make manage mark measure meet miss move name need note observe
offer open operate order organize own pay peak permit plan plant pledge preside produce promise propose provide publish pull
purchase put raise range rank reach read reappoint rebuild receive recommend record recover reduce refund register release
remain remove reopen repair replace report rescue resign rest resume retire return reveal review rise run sail schedule secure
seize sell send sentence serve set shelter show shut sign sink spend stage stand start stay steal stop stretch strike
submit suffer support survive suspend take tell test total transfer travel treat turn undergo unveil use vaccinate visit vote
wait weigh welcome win withdraw witness work write"""
_IRREGULAR = """begin:began build:built buy:bought cast:cast cost:cost cut:cut draw:drew drive:drove fall:fell find:found
flee:fled fly:flew get:got give:gave grow:grew hit:hit hold:held lay:laid lead:led leave:left lend:lent lose:lost make:made
meet:met pay:paid put:put read:read rebuild:rebuilt rise:rose run:ran sell:sold send:sent set:set show:showed shut:shut
sink:sank spend:spent stand:stood steal:stole strike:struck take:took tell:told undergo:underwent win:won withdraw:withdrew
write:wrote"""
# In the present most of these look like plural nouns (plans, reports); these are told of what lasts.
_STATES = "belong consist contain cost cover employ hold own permit produce receive remain require serve stand".split()
_DOUBLED = frozenset("ban drop stop permit plan transfer submit".split())
AUXILIARIES = frozenset("is are was were has have had will would can could may might must should".split())


def _past(verb: str) -> str:
    if verb in _DOUBLED:
        return f"{verb}{verb[-1]}ed"
    if verb.endswith("e"):
        return f"{verb}d"
    return f"{verb[:-1]}ied" if verb.endswith("y") and verb[-2] not in "aeo" else f"{verb}ed"


def _present(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in "aeo":
        return f"{verb[:-1]}ies"
    return f"{verb}es" if verb.endswith(("s", "x", "ch", "sh", "o")) else f"{verb}s"


def verb_forms() -> dict[str, tuple[str, str]]:
    """Return what a question makes of each finite form: "approved" becomes ("did", "approve")."""
    irregular = dict(pair.split(":") for pair in _IRREGULAR.split())
    present = {_present(verb): ("does", verb) for verb in _STATES}
    past = {irregular.get(verb) or _past(verb): ("did", verb) for verb in _VERBS.split()}
    return present | past


_WORDS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety"
).split()
NUMBER_WORDS = {word: str(at) for at, word in enumerate(_WORDS[:19], 2)}
NUMBER_WORDS |= {word: str(10 * at) for at, word in enumerate(_WORDS[18:], 2)}
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = r"(?: (?:hundred|thousand|million|billion|trillion))?"
_SPELT = "|".join(f"{word}(?:-(?:one|{'|'.join(_WORDS[:8])}))?" for word in _WORDS)
COUNT = re.compile(
    rf"(?:(?P<sign>US\$|[$€£฿])(?P<sum>(?:{_NUMBER}){_SCALE})"
    rf"|(?<![\w.,$€£฿/:-])(?P<n>(?:{_NUMBER}){_SCALE}|(?i:{_SPELT}){_SCALE})(?:(?P<share> ?%| per ?cent\b| percent\b)"
    r"|[ -](?P<money>baht|[Bb]aht|euros?|yen|yuan|(?:US )?dollars?)\b)?)(?![\w/:]|[.,-]\d)"
)
APPROXIMATELY = re.compile(
    r"(?:\b(?i:about|around|some|nearly|almost|more than|over|up to|at least|as many as|approximately|approx\.|roughly|only|"
    r"an estimated|a total of|a record|another|the total amount of|the amount of))+ ?\Z"
)
# Words that end the noun which is counted.
STOPS = frozenset(
    """in on at for from to by with per a an the that who which and or but since during after before were was is are had has
    have will would can could as into over under between among within without when while where until because so if than not
    about across against along around behind beside near off out through throughout toward towards up down this these those
    each every all its their his her it they he she we you also already only being been worth this ago there then""".split()
)
PREPOSITIONS = frozenset(
    "in on at for from to by with of into within over under through between across after before".split()
)
# The head words of offices.
OFFICE = (
    r"[Dd]irector(?:[- ][Gg]eneral)?|[Gg]overnor|[Mm]inister|[Ss]pokes(?:man|woman|person)|[Ss]ecretary(?:[- ][Gg]eneral)?|"
    r"[Pp]resident|[Cc]hief(?: [Ee]xecutive)?|[Cc]hair(?:man|woman|person)?|[Hh]ead|[Mm]ayor|[Aa]mbassador|CEO|[Mm]anager|"
    r"[Cc]ommissioner|[Rr]ector|[Dd]ean|[Pp]rincipal|[Cc]urator|[Cc]aptain|[Cc]oach|[Ee]ditor|[Ff]ounder|[Oo]wner|[Cc]ommander"
)
_NAME = (
    r"(?:(?:H\.?E\.?|Mr|Mrs|Ms|Dr|Prof|Gen|Col|Pol|Maj|Lt|Capt|Assoc)\.? )*"
    r"(?P<name>[A-Z][a-z]+(?: [A-Z]\.)?(?: [A-Z][a-z]+(?:-[A-Za-z-]+)?){1,2})"
)
_SAYS = "said|says|told|announced|disclosed|revealed|warned|added|accepted|rejected|signed|opened|declined"
# "Somsak Petch, director of the harbor office, said"; a second comma would be a list of those present.
APPOSITION = re.compile(
    _NAME + rf", (?:the |an? )?(?P<office>(?:[A-Za-z-]+ ){{0,4}}(?:{OFFICE})"
    rf"(?: (?:of|for|at|to) (?:the |a )?[\w.&'’ -]{{3,60}}?)?), (?:{_SAYS})\b"
)
BEFORE_NAME = re.compile(
    rf"(?:The )?(?P<office>(?:[A-Z][\w’'-]* )?(?:[A-Za-z][\w’'-]* ){{0,4}}?(?:{OFFICE})) {_NAME} (?:{_SAYS})\b"
)
SAYING = re.compile(
    r"\A.{3,110}?\b(?:said|says|announced|disclosed|revealed|added|reported|noted|stated|affirmed|explained|confirmed|estimated|"
    r"told reporters|found)(?: on [A-Z]\w+day)?(?: that|:)? (?=[A-Z0-9a-z])"
)
SAID = re.compile(
    r",? (?:[A-Z]?[\w.’' -]{1,60} )?(?:said|says|added|told \w+)(?: (?:on )?[A-Z]\w+day)?"
    r"(?: [A-Z][\w.’' -]{2,50}(?:, [^,]{3,60})?)?\.?\Z"
    r"|, according to .*\Z"
)
OPENING = re.compile(
    r"\A(?:[A-Z][A-Z .'-]{3,30} [-–—] |\(?[A-Z][a-z]+ \d{1,2}, \d{4},?\)? (?:[-–] )?|"
    r"(?:However|Meanwhile|Moreover|In addition|"
    r"Furthermore|So far|Also|In total|Additionally|Besides|Currently|According to [^,]{3,60}|(?:He|She) added that), "
    r"|\d{1,2}\. |[-•*] )+"
)
# What a question that names nothing of its story cannot be asked with.
DEICTIC = re.compile(
    r"\b(?:it|its|he|she|his|her|him|they|their|them|this|these|that|those|we|our|here|there|both|such|today|yesterday|tomorrow|"
    r"last (?:week|month|year)|next (?:week|month|year)|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|early|earlier|later|"
    r"another|former)\b",
    re.IGNORECASE,
)
HEAD = re.compile(rf"\b(?:{OFFICE})\b")
CALENDAR = frozenset(
    (*ENGLISH_MONTHS, *ENGLISH_SHORT, *(f"{day}day" for day in "Mon Tues Wednes Thurs Fri Satur Sun".split()))
)
CHANGING = frozenset("rise fall increase grow drop gain decline expand reduce raise improve".split())
JOINING = frozenset("while if when because although though where that which who whereas and but or".split())
# What may follow a count that a question takes out of its place, besides prepositions.
FOLLOWING = frozenset(
    "a an per each alone ashore out off up down back daily annually overnight altogether together only".split()
)
# Words that no plain subject holds.
SUBORDINATING = frozenset(
    "that which who whom whose when where if because while although he she it they there".split()
)
# A clause ends where another begins.
CLAUSE_END = re.compile(
    r"(?:,|;|:| -| –| —) | (?:but|while|although|because|when|which|who|whose|where|so that)(?= )|[.!?]?\Z"
)
UNFIT = re.compile(
    r"[\n|<>{}\[\]#@“”\"]|https?:|www\.|\bI\b|\b(?:we|my|our|us|you|your)\b|[\u0e00-\u0e7f]", re.IGNORECASE
)
