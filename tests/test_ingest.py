"""Ingest embeds and stores only what is new or changed; cut short, what was stored is whole and a second one goes on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import OpenHome
from fakes import FakeEmbedder
from made_news import TODAY, made, news, reads

from corpus.article import Article
from corpus.readers import Read, read_sources
from rag.config import Settings
from rag.embedding import PassageText, PassageVectors
from rag.filters import Filters
from rag.indexes import Indexes, join_indexes
from rag.ingest import Report, ingest
from rag.question import understand
from rag.search import find_passages, search


class _Failing(FakeEmbedder):
    """Embeds the first articles and fails on the one that holds `bad`."""

    def __init__(self, error: BaseException, bad: str) -> None:
        super().__init__()
        self._error, self._bad = error, bad

    def encode_passages(self, passages: Sequence[PassageText]) -> list[PassageVectors]:
        if any(self._bad in passage.text for passage in passages):
            raise self._error
        return super().encode_passages(passages)


def _reads() -> list[Read]:
    articles = []
    for number, word in enumerate(("bridge", "kilnhouse"), 1):
        lines = (f"The {word} in village {place} cost {place} baht this year." for place in range(20))
        body = "\n\n".join(f"{line} " + "The market sells fish and rice every day. " * 20 for line in lines)
        articles.append(Article(str(number), f"News of the {word}", body, "paper", "en", None, None))
    return [Read(article.id, article, None) for article in articles]


@pytest.mark.parametrize("error", [RuntimeError("model failed"), KeyboardInterrupt()])
def test_ingest_cut_short_keeps_what_was_stored_and_goes_on(tmp_path: Path, error: BaseException) -> None:
    settings = Settings(home=tmp_path)
    with join_indexes(settings, _Failing(error, "kilnhouse")) as indexes, pytest.raises(type(error)):
        ingest(indexes, _reads(), flush=10)  # passages: each article is stored by itself
    with join_indexes(settings, FakeEmbedder()) as indexes:
        stored = indexes.library.passage_count()
        assert indexes.library.article_counts() == {"en": 1}
        assert indexes.vectors.count() == indexes.lexical.count() == indexes.embedded_count() == stored > 10
        report = ingest(indexes, _reads())
        assert (report.new, report.same) == (1, 1)
        assert indexes.vectors.count() == indexes.lexical.count() == indexes.library.passage_count()


def _embedded(indexes: Indexes) -> list[str]:
    """The passages embedded since last asked."""
    embedder = indexes.embedder
    assert isinstance(embedder, FakeEmbedder)
    texts = list(embedder.passages)
    embedder.passages.clear()
    return texts


def _assert_even(indexes: Indexes) -> None:
    passages = indexes.library.passage_count()
    assert indexes.lexical.count() == indexes.vectors.count() == indexes.embedded_count() == passages


_PARAGRAPH = {
    "th": "ย่อหน้าที่ {n} รายงานว่าเทศบาลอนุมัติงบประมาณ {n} ล้านบาทเพื่อซ่อมถนนหมายเลข {n} ",
    "en": "Paragraph {n} tells that the council approved {n} million for the repair of road {n}. ",
}


def _long(language: str, changed: int | None = None) -> Article:
    """Ten paragraphs, each a passage of its own; `changed` has another last sentence."""
    paragraphs = [_PARAGRAPH[language].format(n=number) * 9 for number in range(10)]
    if changed is not None:
        paragraphs[changed] += {"th": "เรือเหาะบินผ่านตลาด", "en": "A zeppelin flew over the market."}[language]
    return made("long", "\n\n".join(paragraphs), title={"th": "งบถนน", "en": "Roads"}[language])


@pytest.mark.parametrize("language", ["th", "en"])
def test_second_ingest_embeds_nothing(open_home: OpenHome, language: str) -> None:
    indexes = open_home()
    first = ingest(indexes, reads([_long(language)]))
    assert (first.new, first.embedded) == (1, 10) == (1, len(_embedded(indexes)))
    assert ingest(indexes, reads([_long(language)])) == Report(same=1)
    assert _embedded(indexes) == []
    _assert_even(indexes)


@pytest.mark.parametrize("language", ["th", "en"])
def test_edited_article_embeds_only_the_passages_that_changed(open_home: OpenHome, language: str) -> None:
    indexes = open_home()
    ingest(indexes, reads([_long(language)]))
    _embedded(indexes)
    report = ingest(indexes, reads([_long(language, changed=4)]))
    assert (report.new, report.changed, report.embedded) == (0, 1, 1)
    (text,) = _embedded(indexes)
    told = {"th": "เรือเหาะ", "en": "zeppelin"}[language]
    assert told in text
    _assert_even(indexes)
    assert told in search(indexes, told, today=TODAY).hits[0].text


@pytest.mark.parametrize("language", ["th", "en"])
def test_old_passages_of_an_edited_article_are_gone_from_both_indexes(
    open_home: OpenHome, language: str
) -> None:
    indexes = open_home()
    ingest(indexes, reads([_long(language, changed=4)]))
    before = indexes.vectors.ids()
    told = {"th": "เรือเหาะ", "en": "zeppelin"}[language]
    assert told in search(indexes, told, today=TODAY).hits[0].text
    ingest(indexes, reads([_long(language)]))
    _assert_even(indexes)
    assert told not in search(indexes, told, today=TODAY).hits[0].text
    gone = before - indexes.vectors.ids()
    assert len(gone) >= 1 and indexes.library.passages(gone) == {}


def test_same_text_in_two_articles_is_embedded_once(open_home: OpenHome) -> None:
    indexes = open_home()
    one, two = (made(id, "Rain fell in the north.", title="Rain") for id in "ab")
    assert ingest(indexes, reads([one, two])).embedded == len(_embedded(indexes)) == 1
    assert indexes.library.passage_count() == 2
    _assert_even(indexes)


def test_new_labels_embed_nothing_and_reach_the_filters(open_home: OpenHome) -> None:
    indexes = open_home()
    ingest(indexes, reads([made("a", "Rain fell in the north.", title="Rain", source="Post")]))
    _embedded(indexes)
    report = ingest(indexes, reads([made("a", "Rain fell in the north.", title="Rain", source="Times")]))
    assert (report.changed, report.embedded, _embedded(indexes)) == (1, 0, [])
    _assert_even(indexes)
    assert [hit.source for hit in search(indexes, "rain", today=TODAY).hits] == ["Times"]


def test_empty_batch_changes_nothing(open_home: OpenHome, news_of_own: Path) -> None:
    indexes = open_home()
    before = indexes.library.fingerprint()
    assert ingest(indexes, []) == Report()
    assert indexes.library.fingerprint() == before
    assert indexes.library.passage_count() == 14
    _assert_even(indexes)


def test_article_left_out_of_a_batch_stays(open_home: OpenHome, news_of_own: Path) -> None:
    indexes = open_home()
    ingest(indexes, reads(news()[:2]))
    assert indexes.library.passage_count() == 14


def test_bad_read_is_told_and_does_not_stop_the_rest(open_home: OpenHome) -> None:
    indexes = open_home()
    good = reads([made("a", "Rain fell."), made("b", "ฝนตกหนักทางเหนือ")])
    bad = [Read("x.txt", None, "x.txt: empty"), Read("y.txt", None, None)]
    report = ingest(indexes, [good[0], *bad, good[1]])
    assert (report.new, report.problems) == (2, ["x.txt: empty", "y.txt"])
    assert indexes.library.get("b") is not None


def test_hostile_file_is_read_as_far_as_it_can_be(open_home: OpenHome, tmp_path: Path) -> None:
    file = tmp_path / "news.jsonl"
    lines = [
        '{"body": "Half \\ud800 a character fell."}',
        "{",
        '{"body": ""}',
        "[]",
        '{"body": "\\u0000"}',
        "{}",
    ]
    file.write_text("\n".join([*lines, '{"id": "ok", "body": "ฝนตกหนัก"}']), encoding="utf-8")
    indexes = open_home()
    report = ingest(indexes, read_sources([str(file), str(tmp_path / "absent.txt")]))
    assert (report.new, len(report.problems)) == (2, 6)
    assert search(indexes, "ฝนตกหนัก", today=TODAY).hits[0].article_id == "ok"


def test_article_twice_in_a_batch_is_stored_as_it_came_last(open_home: OpenHome) -> None:
    indexes = open_home()
    report = ingest(
        indexes, reads([made("a", "Rain fell."), made("a", "Snow fell."), made("a", "Snow fell.")])
    )
    assert report.new == 1
    article = indexes.library.get("a")
    assert article and article.body == "Snow fell."
    _assert_even(indexes)


def test_article_without_any_sentence_is_kept(open_home: OpenHome) -> None:
    indexes = open_home()
    blank = Article("blank", "", " \n ", "", "en")
    assert ingest(indexes, reads([blank, made("a", "Rain fell.")])).new == 2
    assert indexes.library.get("blank") == blank
    assert [hit.article_id for hit in search(indexes, "rain", today=TODAY).hits] == ["a"]


def test_copies_of_a_story_are_counted(open_home: OpenHome, tmp_path: Path) -> None:
    assert ingest(open_home(), reads(news())).copies == 6


def test_anew_cuts_and_stores_unchanged_articles_too(open_home: OpenHome, news_of_own: Path) -> None:
    indexes = open_home()
    report = ingest(indexes, reads(news()), anew=True)
    assert (report.same, report.new, report.changed, report.embedded) == (14, 0, 0, 0)
    _assert_even(indexes)


def test_progress_is_told(open_home: OpenHome) -> None:
    told: list[tuple[str, int, int]] = []
    ingest(open_home(), reads(news()), progress=lambda what, done, total: told.append((what, done, total)))
    assert [event for event in told if event[0] == "articles"] == [("articles", n, 0) for n in range(1, 15)]
    assert ("words", 14, 14) in told and ("vectors", 14, 14) in told


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_stored_vector_is_of_its_passage_and_sentences(open_home: OpenHome, language: str) -> None:
    from rag.embedding import unpack_vectors

    indexes = open_home()
    ingest(indexes, reads([_long(language)]))
    ids = sorted(indexes.vectors.ids())
    blobs = indexes.library.vectors(ids, indexes.embedder.model, indexes.embedder.precision)
    for id, passage in indexes.library.passages(ids).items():
        vectors = unpack_vectors(blobs[id], indexes.embedder.dimension)
        assert len(vectors.sentences) == len(passage.sentences)
        inside = [passage.text[a - passage.start : b - passage.start] for a, b in passage.sentences]
        expected = indexes.embedder.encode_passages([PassageText(text, ((0, len(text)),)) for text in inside])
        for row, own in zip(vectors.sentences, expected, strict=True):
            assert float(row @ own.sentences[0]) > 0.999


def test_library_edited_over_and_over_still_scores_right(open_home: OpenHome) -> None:
    indexes = open_home()
    for edition in range(6):
        articles = [made(id, f"Rain fell on {id}, edition {edition}.") for id in ("hilltown", "seatown")]
        ingest(indexes, reads(articles))
    question = understand("rain on seatown", (), TODAY)
    first, second = find_passages(indexes, question, Filters())
    assert first.passage.article_id == "seatown"
    assert 0 < second.evidence.lexical < first.evidence.lexical <= 1
