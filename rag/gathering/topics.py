"""What a timeline or a summary is of, and which of the articles found are on that and do not just mention it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.confidence import confidence, measure
from rag.found import Found
from rag.question import names_nothing
from rag.ranking import Evidence
from rag.telling import LONGEST_TITLE
from rag.terms import passage_terms
from rag.weighing import Weights

_READ = 24  # articles judged

_ENGLISH = re.compile(
    r"^(?:(?:please|could|can|would|will|you|kindly|just|i(?:'d| would)? (?:like|want|need)(?: you)?(?: to)?|"
    r"help me)[ ,]+)+|"
    r"\b(?:summari[sz]e|sum up|recap|brief (?:me|us)(?: on)?|update (?:me|us)(?: on)?|catch (?:me|us) up(?: on)?|"
    r"fill (?:me|us) in(?: on)?|"
    r"bring (?:me|us) up to (?:date|speed)(?: on| with)?|tell (?:me|us) (?:all |everything |more |"
    r"what you know )?about|"
    r"(?:give|show|write|make|get|tell|send|list|draw up|put together)(?: me| us)?(?: out)?(?= (?:an?|the|some|"
    r"every)\b))\b|"
    r"\b(?:an? |the |some )?(?:(?:short|brief|quick|concise|general|full|complete|detailed) )?"
    r"(?:summary|overview|recap|rundown|round-?up|briefing|digest|timeline|time line|chronology|"
    r"sequence of events)(?: of events)?"
    r"(?: of| on| for| about| in| with|:)?(?= |$|[?.])|"
    r"\b(?:what(?:'s| is| are| was| were)|whats) (?:the latest|new|going on|happening)(?: news)?\b(?: on| with|"
    r" about| in| for)?|"
    r"\bwhat(?: else)? (?:do|did) (?:we|you) know (?:so far )?(?:about|of|on)\b|"
    r"\bwhat(?: else)? is (?:so far )?known (?:so far )?about\b|"
    r"\bwhat (?:has been|was|is being) (?:reported|said|done) (?:so far )?(?:about|on)\b|"
    r"\b(?:is|are|was|were) there any(?: (?:recent|new|latest))?\b|^any\b|"
    r"\bwhat happened,? (?:and )?when\b(?: in| with| during| to)?|"
    r"\b(?:what|which) (?:(?:is|are|was|were) )?(?:the )?(?:\w+ )?(?=(?:developments|progress|key points|"
    r"main points|highlights|headlines)\b)|"
    r"\b(?:the )?(?:(?:latest|recent|main|key|important|all|so far|to date) )*"
    r"(?:news|story|stories|reports?|coverage|articles?|developments?|updates?|progress|key points|main points|"
    r"highlights|headlines|events)"
    r"(?: so far)?(?: of| on| about| in| from| regarding| concerning| around| surrounding| (?:that )?(?:leading|"
    r"led) (?:up )?to)\b|"
    r"\b(?:from|since) (?:the )?(?:very )?(?:start|beginning|outset)(?: (?:to|until|till|up to) (?:now|today|"
    r"(?:the )?(?:present|end|finish|latest)))?\b|"
    r"\bin (?:chronological|date|time) order\b|\bchronologically\b|\bstep by step\b|\bday by day\b|\bso far\b|"
    r"\bover time\b|"
    r"^how (?:did|has|have|far has|far have)\b|\b(?:unfold|unfolded|play(?:ed)? out)\b|\bplease\b|\bfor me\b|[?!]+",
    re.IGNORECASE,
)
_THAI = re.compile(
    r"^(?:(?:กรุณา|โปรด|รบกวน|ช่วย|ขอ|อยากได้|อยากให้|อยากทราบ|อยากรู้|ฝาก|คุณ|ได้โปรด|ลอง|ทำ|จัดทำ|เขียน) ?)+|"
    r"(?:ตามลำดับ|(?:เรียง)?ลำดับ)(?:เหตุการณ์|เรื่องราว|เวลา|ความเป็นมา|พัฒนาการ)?(?:ของ|ใน|เรื่อง|กรณี|"
    r"การ(?=เกิด))?|(?:ไทม์|ไทม)ไลน์(?:ของ|เรื่อง|กรณี|ข่าว)?|"
    r"สรุป(?:ให้)?(?:ภาพรวม|ประเด็นสำคัญ|ประเด็น|สถานการณ์|สาระสำคัญ|สาระ|ใจความสำคัญ|ใจความ|ความคืบหน้า|"
    r"เหตุการณ์)?(?:ของ|เกี่ยวกับ)?(?:ข่าวสาร|ข่าว|เรื่อง|กรณี)?(?:ของ|เกี่ยวกับ|เรื่อง|กรณี)?|"
    r"(?:รวม|ประมวล)(?:ข่าว|ประเด็น|เหตุการณ์)(?:เรื่อง|เกี่ยวกับ|ของ)?|ภาพรวม(?:ของ|เรื่อง)?|(?:อัปเดต|อัพเดต|"
    r"อัพเดท|อัปเดท)(?:ข่าว|สถานการณ์|เรื่อง)?|"
    r"(?:ประเด็นสำคัญ|สาระสำคัญ|ใจความสำคัญ)(?:ของ|เรื่อง)?|ความเป็นมา(?:ของ)?|(?:มี)?ความคืบหน้า(?:ของ|เรื่อง|"
    r"ล่าสุด)?|คืบหน้า|(?:ไป)?ถึงไหน(?:แล้ว)?|"
    r"มีข่าว|(?:เรา|คุณ)?(?:รู้|ทราบ)(?=(?:อะไร|เรื่องอะไร))|(?:เรื่อง)?อะไร(?:ใหม่)?|เกิดอะไรขึ้น|บ้าง|"
    r"เกี่ยวกับ|ให้ฟัง|ให้ที|ให้หน่อย|มาให้|หน่อย|สั้นๆ|สั้น ๆ|โดยย่อ|"
    r"ตั้งแต่(?:ต้น|แรก|เริ่มต้น|เริ่ม)(?: ?(?:จนถึง|จน|ถึง) ?(?:ปัจจุบัน|ตอนนี้|ล่าสุด|วันนี้|จบ|บัดนี้)?)?|"
    r"(?:จนถึง|จน) ?(?:ปัจจุบัน|ตอนนี้|ล่าสุด|วันนี้|บัดนี้)|"
    r"เป็น(?:มา)?(?:อย่างไร|ยังไง|ไง)|อย่างไร|ยังไง|ทั้งหมด|ล่าสุด(?=$| )|เล่า(?:เรื่อง)?|ข่าว(?=เรื่อง|"
    r"เกี่ยวกับ)|ครับ|ค่ะ|คะ|นะ|[?!]+",
)


_JOINING = re.compile(
    r"^(?:(?:of|on|about|the|in|for|to|with|and)\b ?|ข่าว ?|เรื่อง ?|ของ ?|กรณี ?|เกี่ยวกับ ?)+", re.IGNORECASE
)
_ARTICLES = 8
# An article is on the topic where, judged as if it were the best, it would be answered from, and names as much of the topic
# as the best does, or nearly; one that only mentions it names less.
_SURE, _NAMED = 0.5, 0.7
_SURELY, _HEADED = 0.7, 0.35  # or where it is surer, and its headline names a part of the topic
_ALONE = 0.8  # how sure one must be where no headline names the topic
_FAR = 12.0  # log-odds behind the best article
_NAMED_ACROSS = 0.4
_OWN = 3.0  # log-odds that the asker's own language is worth: the quotations stay in their own
_SURE_ACROSS = 0.7  # between languages names are guesses, and the confidence is too high
_TITLE = 5.0  # log-odds that a headline with the whole topic is worth: the story is of that
_OWN_LANGUAGE = (
    3  # articles in the asker's language beside which one in the other must name the topic as well
)


@dataclass(frozen=True, slots=True)
class _Judged:
    own: list[Found]  # the passages of one article
    score: float  # log-odds
    sure: float
    named: float  # share of the topic's words that it says
    headed: bool  # whether it is sure, and its headline names a part of the topic

    @property
    def best(self) -> Evidence:
        return self.own[0].evidence


def topic_of(question: str) -> str:
    """Return what the timeline or summary asked for is of; all of `question` where nothing else is left."""
    left = " ".join(_THAI.sub(" ", _ENGLISH.sub(" ", question)).split())
    left = _JOINING.sub("", left).strip(" ,.:;-")
    return question if not left or names_nothing(left) else left


def articles_on(found: Sequence[Found], weights: Weights) -> list[list[Found]]:
    """Return up to eight articles that are on the topic searched for, the best first, each as its passages found."""
    passages: dict[str, list[Found]] = {}
    for item in found:
        passages.setdefault(item.passage.article_id, []).append(item)
    judged: list[_Judged] = []
    for own in list(passages.values())[:_READ]:
        best = own[0]
        sure = confidence(measure([best, *(item for item in found if item is not best)], weights))
        if sure < (_SURE if best.evidence.same_language else _SURE_ACROSS):
            continue
        title = passage_terms(best.passage.title[:LONGEST_TITLE], None)
        headed = weights.coverage(title)
        named = weights.coverage(
            [*title, *(term for item in own for term in passage_terms(item.passage.text, None))]
        )
        score = best.evidence.score + _TITLE * headed + _OWN * best.evidence.same_language
        judged.append(_Judged(own, score, sure, named, sure >= _SURELY and headed >= _HEADED))
    if any(each.best.dated for each in judged):  # a period was asked for
        judged = [each for each in judged if each.best.dated]
    # The confidence is fitted on whole questions: two or three words are soon said by chance.
    if not any(each.headed or each.sure >= _ALONE for each in judged):
        return []
    judged.sort(key=lambda each: -each.score)
    most = max(each.named for each in judged)
    near = [each for each in judged if each.score >= judged[0].score - _FAR]
    on = [each for each in near if each.headed or each.named >= _NAMED * most]
    if sum(each.best.same_language for each in on) < _OWN_LANGUAGE:
        on += [
            each
            for each in judged
            if each not in on and not each.best.same_language and each.named >= _NAMED_ACROSS * most
        ]
    return [each.own for each in on[:_ARTICLES]]
