"""Ingest cut short: what was stored is whole, and a second ingest finishes the work."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from fakes import FakeEmbedder

from corpus.article import Article
from corpus.readers import Read
from rag.config import Settings
from rag.embedding import PassageText, PassageVectors
from rag.indexes import join_indexes
from rag.ingest import ingest


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
def test_ingest_cut_short_keeps_what_was_stored_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    monkeypatch.setattr("rag.ingest._FLUSH", 10)  # passages: each article is stored by itself
    settings = Settings(home=tmp_path)
    with join_indexes(settings, _Failing(error, "kilnhouse")) as indexes, pytest.raises(type(error)):
        ingest(indexes, _reads())
    with join_indexes(settings, FakeEmbedder()) as indexes:
        stored = indexes.library.passage_count()
        assert indexes.library.article_counts() == {"en": 1}
        assert indexes.vectors.count() == indexes.lexical.count() == indexes.embedded_count() == stored > 10
        report = ingest(indexes, _reads())
        assert (report.new, report.same) == (1, 1)
        assert indexes.vectors.count() == indexes.lexical.count() == indexes.library.passage_count()
