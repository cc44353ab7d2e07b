"""The vector index finds what is nearest, keeps to its filters and its library, and notices when it is wrong."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.article import Language
from rag.centring import centred
from rag.filters import Filters
from rag.vectors import VectorDocument, VectorIndex

_DIMENSION = 24
_DAYS = [0, 20200115, 20230901, 20230930, 20240229, 20241231]
_ALL = Filters()


def _documents(ids: Sequence[int], seed: int = 0) -> list[VectorDocument]:
    """Passages whose vectors lie around a direction of their language, as those of a multilingual model do."""
    made = []
    for id in ids:
        language: Language = "th" if id % 3 else "en"
        vector = np.random.default_rng([id, seed]).standard_normal(_DIMENSION) * 0.3
        vector[0 if language == "th" else 1] += 1.0
        unit = (vector / np.linalg.norm(vector)).astype(np.float32)
        made.append(VectorDocument(id, language, f"สำนัก {id % 4}", _DAYS[id % len(_DAYS)], unit))
    return made


def _means(documents: Sequence[VectorDocument]) -> dict[Language, Any]:
    languages: tuple[Language, ...] = ("th", "en")
    return {n: np.mean([d.vector for d in documents if d.language == n], axis=0) for n in languages}


_DOCUMENTS = _documents(range(1, 601))
_MEANS = _means(_DOCUMENTS)


def _open(home: Path, url: str | None = None, **other: Any) -> VectorIndex:
    settings: dict[str, Any] = {
        "identity": "library",
        "model": "m",
        "precision": "fp32",
        "dimension": _DIMENSION,
        "means": _MEANS,
        "version": "1",
    }
    return VectorIndex.open(home, url, **{**settings, **other})


def _nearest(
    documents: Sequence[VectorDocument], question: Any, language: Language, limit: int
) -> list[tuple[int, float]]:
    """Search by comparing with every vector."""
    own = [d for d in documents if d.language == language]
    scores = [float(centred(d.vector, _MEANS[language]) @ question) for d in own]
    order = sorted(range(len(own)), key=lambda i: (-scores[i], own[i].passage_id))
    return [(own[i].passage_id, scores[i]) for i in order[:limit]]


def _question(number: int, language: Language) -> Any:
    vector = np.random.default_rng([number, 99]).standard_normal(_DIMENSION).astype(np.float32)
    return centred(vector + _MEANS[language], _MEANS[language])


def _assert_same(found: list[tuple[int, float]], expected: list[tuple[int, float]]) -> None:
    """The same ids in the same order with the same cosines; the graph, built by threads, may miss one of 30."""
    assert len(found) == len(expected)
    wanted, cosines = [id for id, _ in expected], dict(found)
    met = [id for id in wanted if id in cosines]
    assert len(wanted) - len(met) <= len(wanted) // 30
    assert [id for id, _ in found if id in set(wanted)] == met
    assert [cosines[id] for id in met] == pytest.approx([dict(expected)[id] for id in met], abs=1e-5)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[VectorIndex]:
    with _open(tmp_path) as opened:
        opened.rebuild(_DOCUMENTS, 600)
        yield opened


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VectorIndex]:
    """An index that no test writes to."""
    with _open(tmp_path_factory.mktemp("kept")) as opened:
        opened.rebuild(_DOCUMENTS, 600)
        yield opened


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = _free_port()
    command = shutil.which("chroma", path=sysconfig.get_path("scripts"))
    assert command is not None
    folder = tmp_path_factory.mktemp("server")
    process = subprocess.Popen(
        [command, "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait()


# Centring


def test_centring_leaves_unit_vectors_without_the_mean() -> None:
    vectors = np.stack([d.vector for d in _DOCUMENTS if d.language == "th"])
    moved = centred(vectors, _MEANS["th"])
    assert moved.dtype == np.float32
    assert np.allclose(np.linalg.norm(moved, axis=1), 1, atol=1e-5)
    assert np.linalg.norm(vectors.mean(axis=0)) > 0.3
    assert np.linalg.norm(moved.mean(axis=0)) < 0.1
    assert np.allclose(centred(vectors[0], _MEANS["th"]), moved[0])


def test_only_passage_of_a_language_keeps_its_vector() -> None:
    vector = _DOCUMENTS[0].vector
    assert np.allclose(centred(vector, vector), vector)


# Searching


@pytest.mark.parametrize("language", ["th", "en"])
def test_search_finds_what_comparing_with_every_vector_finds(kept: VectorIndex, language: Language) -> None:
    for number in range(10):
        question = _question(number, language)
        _assert_same(kept.search(question, language, _ALL, 20), _nearest(_DOCUMENTS, question, language, 20))


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize(
    ("filters", "days"),
    [
        (Filters(since=date(2023, 9, 1), until=date(2023, 9, 30)), {20230901, 20230930}),
        (Filters(since=date(2023, 9, 2), until=date(2024, 2, 29)), {20230930, 20240229}),
        (Filters(since=date(2020, 1, 16), until=date(2024, 12, 30)), {20230901, 20230930, 20240229}),
        (Filters(since=date(2024, 2, 29)), {20240229, 20241231}),
        (Filters(until=date(2020, 1, 15)), {20200115}),
        (Filters(since=date(2025, 1, 1)), set()),
        (Filters(), set(_DAYS)),
    ],
)
@pytest.mark.parametrize("source", [None, "สำนัก 2"])
@pytest.mark.parametrize("limit", [3, 40])
def test_filters_let_exactly_their_passages_through(
    kept: VectorIndex, language: Language, filters: Filters, days: set[int], source: str | None, limit: int
) -> None:
    passing = [d for d in _DOCUMENTS if d.published in days and source in (None, d.source)]
    question = _question(1, language)
    found = kept.search(
        question, language, Filters(since=filters.since, until=filters.until, source=source), limit
    )
    _assert_same(found, _nearest(passing, question, language, limit))


def test_filter_on_the_other_language_finds_nothing(kept: VectorIndex) -> None:
    assert kept.search(_question(1, "th"), "th", Filters(language="en"), 5) == []
    assert len(kept.search(_question(1, "th"), "th", Filters(language="th"), 5)) == 5


@pytest.mark.parametrize("limit", [0, 1, 200, 5000])
def test_limit_may_be_anything(kept: VectorIndex, limit: int) -> None:
    assert len(kept.search(_question(1, "en"), "en", _ALL, limit)) == min(limit, 200)


def test_equal_passages_come_in_the_order_of_their_ids(tmp_path: Path) -> None:
    same = [VectorDocument(id, "th", "", 0, _DOCUMENTS[0].vector) for id in (7, 3, 11, 5)]
    with _open(tmp_path) as index:
        index.rebuild(same, 1)
        found = index.search(centred(same[0].vector, _MEANS["th"]), "th", Filters(source=""), 4)
    assert [id for id, _ in found] == [3, 5, 7, 11]


def test_new_index_finds_nothing_and_says_so(tmp_path: Path) -> None:
    with _open(tmp_path) as index:
        assert (index.seq, index.count(), index.ids()) == (0, 0, set())
        assert index.search(_question(1, "th"), "th", _ALL, 5) == []
        assert index.verify() == ["there is no vector index"]
        with pytest.raises(RuntimeError, match="rebuild it"):
            index.apply(_DOCUMENTS, [], 600)


def test_index_of_an_empty_library_finds_nothing(tmp_path: Path) -> None:
    with _open(tmp_path, means={}) as index:
        index.rebuild([], 9)
        assert (index.seq, index.count(), index.verify({})) == (9, 0, [])
        assert index.search(_question(1, "th"), "th", _ALL, 5) == []


# Following the library


def test_changes_are_found_after_reopening(tmp_path: Path) -> None:
    with _open(tmp_path) as index:
        index.rebuild(_DOCUMENTS[:400], 400)
        changed = _documents(range(100, 120), seed=1)  # the same ids with other vectors
        removed = [*range(1, 50), 77_777]  # one that never was
        for _ in range(2):  # as after a crash before the position was noted
            assert index.apply([*changed, *_DOCUMENTS[400:]], removed, 700) == []
    expected = [*_DOCUMENTS[49:99], *changed, *_DOCUMENTS[119:]]
    with _open(tmp_path) as index:
        assert index.seq == 700
        assert index.ids() == {d.passage_id for d in expected}
        assert (index.count(), index.count("th")) == (551, sum(d.language == "th" for d in expected))
        assert index.verify({"th": index.count("th"), "en": index.count("en")}, changed, deep=True) == []
        for language in ("th", "en"):
            question = _question(3, language)
            _assert_same(
                index.search(question, language, _ALL, 30), _nearest(expected, question, language, 30)
            )


def test_more_passages_than_chroma_takes_at_once(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    vectors = rng.standard_normal((6000, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    with _open(tmp_path, dimension=4, means={}) as index:
        index.rebuild((VectorDocument(i, "th", "s", 0, v) for i, v in enumerate(vectors)), 1)
        assert index.ids() == set(range(6000))
        index.apply([], list(range(5800)), 2)
        assert index.ids() == set(range(5800, 6000))


@pytest.mark.parametrize(
    "other",
    [
        {"identity": "another"},
        {"model": "another"},
        {"precision": "bf16"},
        {"version": "2"},
        {"means": {**_MEANS, "en": _MEANS["th"]}},
    ],
)
def test_index_made_otherwise_is_replaced(tmp_path: Path, other: dict[str, Any]) -> None:
    with _open(tmp_path) as index:
        index.rebuild(_DOCUMENTS, 600)
    with _open(tmp_path, **other) as index:
        assert (index.seq, index.count()) == (0, 0)
        index.rebuild(_DOCUMENTS[:30], 30)
        assert (index.seq, index.count(), index.verify({"th": 20, "en": 10})) == (30, 30, [])
    with _open(tmp_path) as index:
        assert index.seq == 0
    subfolders = [path for path in (tmp_path / "chroma").iterdir() if path.is_dir()]
    assert len(subfolders) == 2  # the old ones are gone


def test_rebuilding_may_bring_other_means(tmp_path: Path) -> None:
    means = _means(_DOCUMENTS[:300])
    with _open(tmp_path) as index:
        index.rebuild(_DOCUMENTS, 600, means)
        vector = centred(_DOCUMENTS[6].vector, means["th"])
        _assert_same(index.search(vector, "th", _ALL, 1), [(7, 1.0)])
    with _open(tmp_path, means=means) as index:
        assert index.seq == 600


def test_rebuilding_cut_short_leaves_the_old_index_serving(tmp_path: Path) -> None:
    def cut_short() -> Iterator[VectorDocument]:
        yield from _DOCUMENTS[:50]
        raise KeyboardInterrupt

    with _open(tmp_path) as index:
        index.rebuild(_DOCUMENTS, 600)
        with pytest.raises(KeyboardInterrupt):
            index.rebuild(cut_short(), 700)
        assert (index.seq, index.count(), index.verify({"th": 400, "en": 200})) == (600, 600, [])
    with _open(tmp_path) as index:  # what was being written is not trusted
        assert index.seq == 0
        index.rebuild(_DOCUMENTS, 700)
    with _open(tmp_path) as index:
        assert (index.seq, index.count()) == (700, 600)


def test_vector_of_another_size_is_refused_by_name(index: VectorIndex) -> None:
    wrong = VectorDocument(4711, "th", "s", 0, np.ones(3, dtype=np.float32))
    with pytest.raises(ValueError, match=r"passage 4711 has shape \(3,\), not \(24,\)"):
        index.apply([wrong], [], 601)
    assert index.seq == 600


# Noticing what is wrong


def test_missing_and_changed_vectors_are_noticed(index: VectorIndex) -> None:
    others = _documents([1, 2, 3], seed=5)
    assert index.verify({"th": 400, "en": 200}, _DOCUMENTS[:20]) == []
    assert index.verify({"th": 401, "en": 200}) == ["th: 400 vectors instead of 401"]
    assert index.verify(sample=_documents([601])) == ["th: passage 601 is missing"]
    assert index.verify(sample=others) == [
        "th: passage 1 has another vector",
        "th: passage 2 has another vector",
        "en: passage 3 has another vector",
    ]


def test_lost_graph_is_noticed_and_rebuilt(tmp_path: Path) -> None:
    documents = _documents(range(1, 4001))  # enough for Chroma to have saved its graph
    with _open(tmp_path) as index:
        index.rebuild(documents, 1)
    for file in (tmp_path / "chroma").glob("*/*"):
        file.unlink()
    with _open(tmp_path) as index:
        assert index.seq == 1
        assert index.verify(sample=documents[:9]) != []
        index.rebuild(documents, 2)
        assert index.verify({"th": 2667, "en": 1333}, documents[::200], deep=True) == []
    with _open(tmp_path) as index:
        assert (index.seq, index.verify(sample=documents[::200])) == (2, [])


def test_folder_that_cannot_be_read_is_begun_anew(tmp_path: Path) -> None:
    with _open(tmp_path) as index:
        index.rebuild(_DOCUMENTS, 600)
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"news" * 5000)
    with _open(tmp_path) as index:
        assert index.seq == 0
        index.rebuild(_DOCUMENTS, 600)
        assert index.verify({"th": 400, "en": 200}) == []


# Two processes


def test_second_process_on_one_folder_is_refused(index: VectorIndex, tmp_path: Path) -> None:
    code = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent.parent)!r})
from pathlib import Path
from rag.lock import OwnedFolder
try:
    OwnedFolder(Path({str(tmp_path / "chroma")!r}))
except BlockingIOError as error:
    print(error)
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert len(said.splitlines()) == 1
    assert str(tmp_path / "chroma") in said and "KHAO_CHROMA_URL" in said
    with pytest.raises(BlockingIOError, match="KHAO_CHROMA_URL"):
        _open(tmp_path)
    index.close()
    _open(tmp_path).close()


def test_server_serves_several_processes_and_libraries(server: str, tmp_path: Path) -> None:
    with _open(tmp_path, server) as first, _open(tmp_path, server) as second:
        assert first.seq == second.seq == 0
        first.rebuild(_DOCUMENTS[:300], 300)
        with _open(tmp_path, server, identity="another") as other:
            assert other.seq == 0
            other.rebuild(_DOCUMENTS[:9], 9)
            assert (other.count(), first.count()) == (9, 300)
        assert (second.seq, second.count()) == (300, 300)
        assert second.apply(_DOCUMENTS[300:], [1, 2, 99_999], 600) == []
        question = _question(2, "th")
        expected = _nearest(_DOCUMENTS[2:], question, "th", 20)
        _assert_same(first.search(question, "th", _ALL, 20), expected)
        first.rebuild(_DOCUMENTS[2:], 700)  # the generation that `second` knows is deleted
        _assert_same(second.search(question, "th", _ALL, 20), expected)
        assert (second.seq, second.verify({"th": 398, "en": 200}, _DOCUMENTS[9:19], deep=True)) == (700, [])
        assert first.ids() == {d.passage_id for d in _DOCUMENTS[2:]}


def test_write_given_up_on_a_server_is_not_trusted(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_short() -> Iterator[VectorDocument]:
        yield from _DOCUMENTS[300:310]
        raise KeyboardInterrupt

    with _open(tmp_path, server, identity="cut") as index:
        index.rebuild(_DOCUMENTS[:300], 300)
        with pytest.raises(KeyboardInterrupt):
            index.apply(cut_short(), [], 310)
        assert index.seq == 300  # it may be another process that is still writing
        monkeypatch.setattr(time, "time", lambda: time.time_ns() / 1e9 + 3600)
        assert index.seq == 0
        index.rebuild(_DOCUMENTS, 600)
        assert (index.seq, index.count()) == (600, 600)


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://127.0.0.1:{port}", ConnectionError),
        ("127.0.0.1:8000", ValueError),
        ("ftp://127.0.0.1", ValueError),
    ],
)
def test_address_without_a_server_is_a_clear_error(tmp_path: Path, url: str, error: type[Exception]) -> None:
    url = url.format(port=_free_port())
    with pytest.raises(error, match=url) as raised:
        _open(tmp_path, url)
    assert "\n" not in str(raised.value)
