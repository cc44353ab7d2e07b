"""Citations measured: do they resolve, do they prove what is asked, do they support what is said.

Precision and recall follow ALCE (Gao et al. 2023, "Enabling Large Language Models to Generate Text with Citations",
arXiv:2305.14627): recall is about statements that need support, precision about citations that give none. ALCE asks
a natural language inference model; gold evidence, where there is any, is the stricter judge.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from corpus.article import Article
from corpus.dates import format_date
from eval.answers import answer_tokens, contains
from eval.questions import GoldQuestion
from eval.retrieval import Spans
from rag.bilingual import Lexicon
from rag.question import content_words
from rag.records import Answer, Citation, Statement
from rag.terms import stem

_MARKER = re.compile(r"\[(\d+)\]")
# Share of a statement's words that must stand in what it cites, themselves or in translation. A quotation has all of
# its own; the words of a sentence about something else seldom reach a third.
_SUPPORTED = 0.5


def citation_validity(answer: Answer, articles: Mapping[str, Article]) -> float:
    """Return the share of citations and markers that resolve; 0 for an answer that cites nothing.

    A citation resolves where its quote is exactly body[start:end] of a stored article and its number is no
    other's; a marker [n] in the answer, or a number at a statement, where there is such a citation.
    """
    numbers = [citation.number for citation in answer.citations]
    resolve = [
        numbers.count(citation.number) == 1
        and citation.article_id in articles
        and citation.start < citation.end
        and articles[citation.article_id].body[citation.start : citation.end] == citation.quote
        for citation in answer.citations
    ]
    known = {citation.number for citation, good in zip(answer.citations, resolve, strict=True) if good}
    used = [int(number) for number in _MARKER.findall(answer.answer)]
    used += [number for statement in answer.statements for number in statement.citations]
    checks = resolve + [number in known for number in used]
    return sum(checks) / len(checks) if checks else 0.0


def gold_values(question: GoldQuestion, answer: Answer, spans: Spans) -> dict[str, float]:
    """Return citation_precision, citation_recall and citation_article_precision by gold evidence; 0 for no citations.

    Precision: of the citations, those that overlap the evidence, or hold an accepted answer in an evidence
    article. Recall: whether any evidence is so cited, or its share where all of it is needed.
    citation_article_precision asks only for the article.
    """
    right = [
        any(_proves(question, number, citation, spans) for number in range(len(question.evidence)))
        for citation in answer.citations
    ]
    found = [
        any(_proves(question, number, citation, spans) for citation in answer.citations)
        for number in range(len(question.evidence))
    ]
    articles = {evidence.article_id for evidence in question.evidence}
    near = [citation.article_id in articles for citation in answer.citations]
    some = question.evidence_mode == "any"
    return {
        "citation_precision": _share(right),
        "citation_recall": float(any(found)) if some else _share(found),
        "citation_article_precision": _share(near),
    }


def _proves(question: GoldQuestion, number: int, citation: Citation, spans: Spans) -> bool:
    evidence = question.evidence[number]
    if citation.article_id != evidence.article_id:
        return False
    overlaps = any(start < citation.end and citation.start < end for start, end in spans[number])
    return (
        overlaps or not evidence.quote or any(contains(citation.quote, answer) for answer in question.answers)
    )


def support_values(answer: Answer, lexicon: Lexicon) -> dict[str, float]:
    """Return support_recall and support_precision of an answer by a support check, after ALCE; 0 for no statements.

    Recall: of the statements, those that their citations together support. Precision: of the citations at
    statements, those at a supported one that support it alone or without which it is not supported.
    """
    cited = {citation.number: citation for citation in answer.citations}
    supported: list[bool] = []
    useful: list[bool] = []
    for statement in answer.statements:
        sources = [cited[number] for number in statement.citations if number in cited]
        whole = supports(statement, sources, lexicon)
        supported.append(whole)
        for source in sources:
            rest = [other for other in sources if other is not source]
            needed = supports(statement, [source], lexicon) or not supports(statement, rest, lexicon)
            useful.append(whole and needed)
    return {"support_recall": _share(supported), "support_precision": _share(useful)}


def supports(statement: Statement, sources: Sequence[Citation], lexicon: Lexicon) -> bool:
    """Tell whether the sources have every number of the statement and enough of its words, in either language.

    A check of words, no proof of meaning: it tells a statement about something else, or with another figure.
    """
    if not sources:
        return False
    shown = " ".join(
        f"{source.quote} {source.title} {source.source} {' '.join(source.also)} {_dates(source)}"
        for source in sources
    )
    held = set(map(stem, answer_tokens(shown)))
    said = _MARKER.sub(" ", statement.text)
    numbers = {token for token in answer_tokens(said) if token[0].isdigit()}
    if not numbers <= held:
        return False
    asked = {stem(word) for word in content_words(said) if not word[0].isdigit()}
    met = [word in held or not held.isdisjoint(lexicon.get(word, ())) for word in asked]
    return not met or sum(met) / len(met) >= _SUPPORTED


def _dates(source: Citation) -> str:
    day = source.published
    return f"{day} {format_date(day, 'th')} {format_date(day, 'en')}" if day else ""


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else 0.0
