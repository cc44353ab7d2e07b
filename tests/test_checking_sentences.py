"""The whole check, with the real model, over sentences as a language model writes them: right ones pass, wrong ones do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support_sentences import ENGLISH, THAI

from corpus.article import Article
from corpus.sample import sample_articles
from corpus.sentences import sentence_spans
from rag.background import read_background
from rag.bilingual import read_lexicon
from rag.checking.checker import Checker, Verdict
from rag.embedding import SentenceTransformerEmbedder
from rag.evidence import Source
from rag.weights import MODEL_ID


@pytest.fixture(scope="module")
def checker(model_folder: Path) -> Iterator[Checker]:
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    embedder = SentenceTransformerEmbedder(MODEL_ID, model_folder.parent, "fp32")
    yield Checker(embedder, read_background(embedder, model_folder.parent), read_lexicon())
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    return {article.id: article for article in sample_articles()}


def _cited(article: Article, pieces: str) -> list[Source]:
    sources: list[Source] = []
    for number, piece in enumerate(pieces.split("|"), 1):
        at = article.body.index(piece)
        start, end = next(span for span in sentence_spans(article.body) if span[0] <= at < span[1])
        around = article.body[max(0, start - 350) : end + 350]
        sources.append(
            Source(
                number, article.id, article.body[start:end], start, end, article.title, article.source,
                article.published, article.language, around, article.url,
            )
        )  # fmt: skip
    return sources


@pytest.mark.parametrize(("article_id", "pieces", "statement", "supported"), THAI + ENGLISH)
def test_sentence_is_supported_or_not(
    checker: Checker,
    articles: dict[str, Article],
    article_id: str,
    pieces: str,
    statement: str,
    supported: bool,
) -> None:
    verdict = checker.check(statement, _cited(articles[article_id], pieces))
    assert verdict.supported is supported, verdict


@pytest.mark.parametrize("statement", ["", "  ", "…", "The bridge opened."])
def test_nothing_cited_or_nothing_said_is_not_supported(checker: Checker, statement: str) -> None:
    assert checker.check(statement, []) == Verdict(False, 0.0, ())


def test_what_is_missing_is_named_as_printed(checker: Checker, articles: dict[str, Article]) -> None:
    cited = _cited(articles["sample-th-006"], "ศาลสั่งให้บริษัทและกัปตันร่วมกันชดใช้")
    verdict = checker.check("ศาลสั่งให้ชดใช้ค่าเสียหาย 83.5 ล้านบาท", cited)
    assert (verdict.supported, verdict.missing) == (False, ("83.5 ล้านบาท",))


@pytest.mark.parametrize(
    ("statement", "piece"),
    [
        ("Turnout reached 71.6%, the highest since 1998.", "Turnout was 71.6%"),
        ("มีผู้ใช้สิทธิเลือกตั้งร้อยละ 71.6 สูงสุดนับตั้งแต่ปี 2541", "Turnout was 71.6%"),
    ],
)
def test_support_is_found_among_all_sentences(
    checker: Checker, articles: dict[str, Article], statement: str, piece: str
) -> None:
    article = articles["sample-en-033"]
    sources = [
        Source(number, article.id, article.body[start:end], start, end, article.title, article.source, article.published, "en")
        for number, (start, end) in enumerate(sentence_spans(article.body), 1)
    ]  # fmt: skip
    found = checker.find_support(statement, sources)
    assert any(piece in source.text for source in found)


def test_no_support_is_found_for_another_subject(checker: Checker, articles: dict[str, Article]) -> None:
    article = articles["sample-en-033"]
    sources = _cited(article, "Turnout was 71.6%|lost its majority")
    assert checker.find_support("Scientists found a new gecko in a limestone cave.", sources) == ()


def test_comparison_is_supported_by_two_together(checker: Checker, articles: dict[str, Article]) -> None:
    article = articles["sample-en-033"]
    sources = _cited(article, "Turnout was 71.6%|Civic Union had held 79|with the opposition Harbor Alliance")
    found = checker.find_support(
        "Civic Union had held 79 seats, and turnout was 71.6%, the highest since 1998.", sources
    )
    assert {source.number for source in found} == {1, 2}


def _sentences(article: Article) -> list[Source]:
    return [
        Source(
            number, article.id, article.body[start:end], start, end, article.title, article.source, article.published,
            article.language, article.body[max(0, start - 350) : end + 350], article.url,
        )
        for number, (start, end) in enumerate(sentence_spans(article.body), 1)
    ]  # fmt: skip


_BAY, _DENGUE = ("sample-en-018", "sample-th-018"), ("sample-en-014", "sample-th-014")


@pytest.mark.parametrize(
    "statement",
    [
        "The number of dugongs in 2023 was 1,482, according to the provincial government.",
        "In 2023, 1,482 dugongs were counted in Saeng Khram Bay, while the province logged 61 dengue cases.",
        "The survey counted 61 dugongs, down from 53 in 2022.",
        "The survey counted 53 dugongs in 2023.",
        "Researchers counted 29 dugongs at Chong So and 18 in Ya Kha Bay.",
        "พบพะยูน 53 ตัวในปี 2566",
        "ปี 2566 พบพะยูนในอ่าวแสงคราม 1,482 ตัว",
        "ในปี 2566 มีการนับพะยูนได้ 1,482 ตัวในอ่าวแสงคราม ส่วนจังหวัดพบผู้ป่วยไข้เลือดออก 61 ราย",
    ],
)
def test_figure_of_another_subject_finds_no_support(
    checker: Checker, articles: dict[str, Article], statement: str
) -> None:
    sources = [source for id in (*_BAY, *_DENGUE) for source in _sentences(articles[id])]
    assert checker.find_support(statement, sources) == ()


@pytest.mark.parametrize(
    ("statement", "supporting"),
    [
        ("In 2023, 61 dugongs were counted in Saeng Khram Bay.", {"sample-en-018"}),
        ("พบพะยูน 61 ตัวในปี 2566", {"sample-th-018"}),
        ("ปี 2565 พบพะยูน 53 ตัว", {"sample-th-018"}),
        (
            "In 2023, 61 dugongs were counted in Saeng Khram Bay, while the province logged 1,482 dengue cases.",
            {"sample-en-018", "sample-en-014"},
        ),
        (
            "ในปี 2566 มีการนับพะยูนได้ 61 ตัวในอ่าวแสงคราม ส่วนจังหวัดพบผู้ป่วยไข้เลือดออก 1,482 ราย",
            {"sample-th-018", "sample-th-014"},
        ),
    ],
)
def test_each_source_found_supports_the_statement_or_a_clause_of_it(
    checker: Checker, articles: dict[str, Article], statement: str, supporting: set[str]
) -> None:
    sources = [source for id in (*_BAY, *_DENGUE) for source in _sentences(articles[id])]
    found = checker.find_support(statement, sources)
    assert ({source.article_id for source in found}, len(found)) == (supporting, len(supporting))
    assert checker.check(statement, found).supported


@pytest.mark.parametrize(
    ("pieces", "statement"),
    [
        (
            ("Six dugongs washed up dead", "The province logged 1,482 cases"),
            "The number of dugongs in 2022 was 1,482, according to the provincial government.",
        ),
        (("พบพะยูน 61 ตัว", "พบผู้ป่วยสะสม 1,482 ราย"), "ปี 2566 พบพะยูนสะสม 1,482 ตัว"),
    ],
)
def test_subject_of_one_with_figure_of_another_is_not_supported(
    checker: Checker, articles: dict[str, Article], pieces: tuple[str, str], statement: str
) -> None:
    sources = [source for id in (*_BAY, *_DENGUE) for source in _sentences(articles[id])]
    cited = [next(source for source in sources if piece in source.text) for piece in pieces]
    assert not checker.check(statement, cited).supported
