"""Gold questions checked before they are trusted: quotes, ids, duplicates, types, and answers that give themselves away.

Knows the questions and, of the library, only how to get an article.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from corpus.article import Article, Language
from corpus.language import detect_language
from eval.answers import answer_tokens, contains
from eval.checking_wording import ERRORS, WORDS, FindingKind
from eval.questions import Evidence, GoldQuestion

MUST_ABSTAIN = frozenset(("unanswerable", "offtopic"))
_ALIKE = 12  # characters: a shorter stretch in common with a body is chance, not the place that was quoted
_TOO_SHORT = 2  # characters: "3" or "no" stands in many a question without answering it
_SURE = 8  # characters: a longer Thai answer is no mere part of another word
_SHOWN = 24  # characters of text shown where two texts part


class Articles(Protocol):
    """What the checks need of a library."""

    def get(self, id: str, /) -> Article | None:
        """Return the article, or None."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one question; `detail` fills the slots of the wording of its kind."""

    question_id: str
    kind: FindingKind
    detail: Mapping[str, str]

    @property
    def severity(self) -> Literal["error", "warning"]:
        """An error makes figures unsound; a warning asks a person to look."""
        return "error" if self.kind in ERRORS else "warning"


def finding_in_words(finding: Finding, ui: Language) -> str:
    """Return the finding as one line in language `ui`, the question's id first."""
    shown = {name: " ".join(value.split()) or "␣" for name, value in finding.detail.items()}
    return f"{finding.question_id}: {WORDS[finding.kind][ui].format(**shown)}"


def check_questions(questions: Sequence[GoldQuestion], library: Articles) -> list[Finding]:
    """Return what is wrong with the questions, of one file or of several, in their order; nothing when all is well."""
    findings: list[Finding] = []
    earlier = _Earlier({}, {}, {})
    articles: dict[str, Article | None] = {}
    for question in questions:
        for found in question.evidence:
            if found.article_id not in articles:
                articles[found.article_id] = library.get(found.article_id)
        checks = (
            _check_repeats(question, earlier),
            _check_answers(question),
            _check_type(question, articles),
            *(_check_evidence(found, articles[found.article_id]) for found in question.evidence),
        )
        findings += [Finding(question.id, kind, detail) for check in checks for kind, detail in check]
    return findings


def leaks(question: str, answer: str) -> bool:
    """Tell whether `answer` stands in `question`, however its digits, era or case are written.

    Answers of one or two characters are not judged, and short Thai ones only as whole words: ปลา is no leak in
    a question about ปลาสำเภา.
    """
    if len(answer.strip()) <= _TOO_SHORT or not contains(question, answer):
        return False
    wanted, held = answer_tokens(answer), answer_tokens(question)
    return len(answer) > _SURE or any(held[at : at + len(wanted)] == wanted for at in range(len(held)))


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The questions seen so far: by id, by their words, by their words in alphabetical order."""

    ids: dict[str, str]
    asked: dict[tuple[str, ...], str]
    sorted: dict[tuple[str, ...], str]


_Said = Iterator[tuple[FindingKind, dict[str, str]]]


def _check_repeats(question: GoldQuestion, earlier: _Earlier) -> _Said:
    before = [word for turn in question.history for word in answer_tokens(turn.question)]
    words = answer_tokens(question.question)
    asked, in_order = (*before, *words), (*before, "", *sorted(words))
    if question.id in earlier.ids:
        yield "duplicate_id", {"other": earlier.ids[question.id]}
    if asked in earlier.asked:
        yield "duplicate_question", {"other": earlier.asked[asked]}
    elif in_order in earlier.sorted:
        yield "reordered_question", {"other": earlier.sorted[in_order]}
    earlier.ids.setdefault(question.id, question.question)
    earlier.asked.setdefault(asked, question.id)
    earlier.sorted.setdefault(in_order, question.id)


def _check_answers(question: GoldQuestion) -> _Said:
    for number, answer in enumerate(question.answers, 1):
        if not answer.strip():
            yield "blank_answer", {"number": str(number)}
        elif leaks(question.question, answer):
            yield "answer_leaks", {"answer": answer}
    given = [answer for answer in question.answers if answer.strip()]
    quotes = [found.quote for found in question.evidence if found.quote]
    # Where all of the evidence counts, the answer is often what follows from it: a difference, a list.
    one = question.evidence_mode == "any"
    if one and given and quotes and not any(contains(quote, answer) for quote in quotes for answer in given):
        yield "answer_not_quoted", {"answer": given[0]}
    if given and not question.evidence and question.type not in MUST_ABSTAIN:
        yield "evidence_missing", {}


def _check_type(question: GoldQuestion, articles: Mapping[str, Article | None]) -> _Said:
    type, language = question.type, question.language
    detected = detect_language(question.question)
    # A Thai question may be mostly of foreign names; one without a Thai letter is not Thai.
    thai = any("\u0e01" <= letter <= "\u0e4e" for letter in question.question)
    if (language == "th" and not thai) or (language == "en" and detected == "th"):
        yield "question_language", {"language": language, "question": question.question}
    if type in MUST_ABSTAIN and question.answerable:
        found = next(iter((*question.answers, *(found.article_id for found in question.evidence))))
        yield "answers_unwanted", {"type": type, "found": found}
    if type not in MUST_ABSTAIN and not question.answerable:
        yield "answers_missing", {"type": type}
    if question.evidence_mode == "all" and len(question.evidence) < 2:
        yield "one_evidence_for_all", {"count": str(len(question.evidence))}
    if type == "followup" and not question.history:
        yield "history_missing", {}
    if type != "followup" and question.history:
        yield "history_unwanted", {"type": type}
    told = {article.language for found in question.evidence if (article := articles[found.article_id])}
    if (type == "cross" and told == {language}) or (type == "same" and told and language not in told):
        yield "evidence_language", {"type": type, "language": next(iter(told))}


def _check_evidence(found: Evidence, article: Article | None) -> _Said:
    if article is None:
        yield "unknown_article", {"article": found.article_id}
    elif found.quote not in article.body:
        start = _nearest(found.quote, article.body)
        if start is None:
            yield "quote_missing", {"article": article.id, "quoted": found.quote}
            return
        stored = article.body[max(start, 0) : max(start, 0) + len(found.quote)]
        quote = found.quote[-min(start, 0) :]
        same = next(
            (at for at, pair in enumerate(zip(quote, stored, strict=False)) if len(set(pair)) > 1),
            len(stored),
        )
        parts = max(0, same - _SHOWN // 2)
        while parts and unicodedata.category(quote[parts]).startswith("M"):
            parts -= 1  # a vowel or tone mark is shown on its consonant
        yield (
            "quote_inexact",
            {
                "article": article.id,
                "at": str(max(start, 0) + same),
                "quoted": quote[parts : same + _SHOWN],
                "stored": stored[parts : same + _SHOWN],
            },
        )


def _nearest(quote: str, body: str) -> int | None:
    """Return where `quote` would begin in `body` by the longest stretch in common from any of its words on, or None."""
    best, place = _ALIKE - 1, None
    for at in [0, *(at + 1 for at, char in enumerate(quote[:200]) if char.isspace())]:
        low, high = 0, len(quote) - at  # quote[at:at + low] stands in the body, one of high + 1 does not
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if quote[at : at + middle] in body else (low, middle - 1)
        if low > best:
            best, place = low, body.find(quote[at : at + low]) - at
    return place
