"""Statements made of gold questions and their answers: what a model would say, in a reader's words, not the article's.

The question word gives way to an accepted answer, for a true statement, or to another question's, for a false one.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence

from corpus.article import Article, Language
from corpus.language import normalise
from corpus.sentences import sentence_spans
from eval.questions import GoldQuestion
from eval.support_data import Pair, source_at
from rag.evidence import Source

_ASKED = {
    "th": re.compile(
        r"(?:ชื่อ)?(?:คือ)?(?:อะไร|ใคร|ผู้ใด|(?:จำนวน)?เท่าไหร่|(?:จำนวน)?เท่าไร|เท่าใด|ที่ไหน|แห่งใด|ไหน|ใด|"
        r"เมื่อไหร่|เมื่อไร|เมื่อใด|กี่[ก-๙]+?(?= |\?|$))"
        r"(?:บ้าง)?(?:ครับ|คะ)?"
    ),
    "en": re.compile(r"\A(?:Who|What|Which [a-z]+|Whose [a-z]+)\b(?= (?!did|do|does|is|are|was|were)[a-z]+)"),
}
_HOW_MANY = re.compile(
    r"\AHow (?:many|much)(?= (?!did|do|does|is|are|was|were)[a-z]+ (?!did|do|does|is|are|was|were|had|has))"
)


def asked_pairs(
    questions: Sequence[GoldQuestion], articles: Mapping[str, Article], seed: int = 0
) -> Iterator[Pair]:
    """Yield pairs of statements and the sentences of the questions' evidence, true and false."""
    chance = random.Random(seed)
    usable = [
        question for question in questions if question.answers and question.evidence and not question.history
    ]
    for question in usable:
        language = question.language
        told = declared(question.question, _in_language(question.answers, language), language)
        if told is None:
            continue
        wrong = [
            other
            for other in usable
            if other.language == language
            and _figure(other.answers[0]) == _figure(question.answers[0])
            and other.id != question.id
        ]
        for evidence in question.evidence[:2]:
            article = articles.get(evidence.article_id)
            source = _sentence_of(article, evidence.quote) if article else None
            if article is None or source is None or question.evidence_mode == "all":
                continue
            yield Pair(told, (source,), True, "asked", language, article.id)
            if wrong:
                other = chance.choice(wrong)
                false = declared(question.question, _in_language(other.answers, language), language)
                if false and false != told:
                    yield Pair(false, (source,), False, "wrong answer", language, article.id)
            beside = [
                place
                for place in sentence_spans(article.body)
                if place[1] - place[0] > 40 and place[0] != source.start
            ]
            if beside:
                yield Pair(
                    told,
                    (source_at(article, *chance.choice(beside)),),
                    False,
                    "neighbour",
                    language,
                    article.id,
                )


def declared(question: str, answer: str, language: Language) -> str | None:
    """Return the question as a statement that gives `answer`; None where its form is not one of the simple ones."""
    asked = normalise(question).strip(" ?")
    for form in (_ASKED[language], _HOW_MANY) if language == "en" else (_ASKED["th"],):
        if len(list(form.finditer(asked))) == 1:
            said = form.sub(lambda _: f" {answer} " if language == "th" else answer, asked)
            return re.sub(" +", " ", said).strip() + ("." if language == "en" else "")
    return None


def _in_language(answers: Sequence[str], language: Language) -> str:
    thai = [answer for answer in answers if re.search("[ก-๙]", answer)]
    other = [answer for answer in answers if not re.search("[ก-๙]", answer)]
    return ((thai or other) if language == "th" else (other or thai))[0]


def _figure(answer: str) -> bool:
    return bool(re.search(r"\d", answer))


def _sentence_of(article: Article, quote: str) -> Source | None:
    at = article.body.find(quote)
    if at < 0:
        return None
    held = [
        (start, end) for start, end in sentence_spans(article.body) if start < at + len(quote) and at < end
    ]
    return source_at(article, held[0][0], held[-1][1]) if held else None
