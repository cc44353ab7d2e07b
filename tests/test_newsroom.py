"""The newsroom of a serving process: asked from many sides at once, while news comes in and goes."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest
from fakes import FakeEmbedder
from made_news import ASKED, OFF_TOPIC, made, reads

from app.newsroom import Newsroom
from app.open_library import NotOpen
from app.pools import Overloaded, Pool
from corpus.library import Library
from rag.answer import ask
from rag.config import Settings
from rag.embedding import PassageText, PassageVectors
from rag.filters import Filters
from rag.indexes import Indexes, join_indexes
from rag.records import Answer, Citation, Statement

if TYPE_CHECKING:
    from rag.embedding import Vectors

_T = TypeVar("_T")


@asynccontextmanager
async def _open(home: Path, embedder: FakeEmbedder | None = None) -> AsyncIterator[Newsroom]:
    def opener(settings: Settings) -> Indexes:
        return join_indexes(settings, embedder or FakeEmbedder())

    async with Newsroom(Settings(home=home), opener) as newsroom:
        await newsroom.opened()
        yield newsroom


def _in_newsroom(
    home: Path, work: Callable[[Newsroom], Awaitable[_T]], embedder: FakeEmbedder | None = None
) -> _T:
    async def run() -> _T:
        async with _open(home, embedder) as newsroom:
            return await work(newsroom)

    return asyncio.run(run())


def _timeless(answer: Answer) -> Answer:
    answer.timings_ms.clear()
    return answer


@pytest.mark.parametrize("language", ["th", "en"])
def test_answer_is_what_the_library_itself_answers(news_of_own: Path, language: str) -> None:
    question = ASKED[language][0]
    with join_indexes(Settings(home=news_of_own), FakeEmbedder()) as indexes:
        wanted = _timeless(ask(indexes, question))
    answer = _in_newsroom(news_of_own, lambda newsroom: newsroom.ask(question))
    assert _timeless(answer) == wanted
    assert answer.citations[0].article_id == ASKED[language][1]


@pytest.mark.parametrize("question", [ASKED["th"][0], ASKED["en"][0], OFF_TOPIC["th"], OFF_TOPIC["en"]])
def test_steps_are_the_answer_each_citation_before_its_statement(news_of_own: Path, question: str) -> None:
    async def gather(newsroom: Newsroom) -> list[Citation | Statement | Answer]:
        return [step async for step in newsroom.answer_steps(question)]

    *steps, whole = _in_newsroom(news_of_own, gather)
    assert isinstance(whole, Answer)
    pairs = zip(whole.citations, whole.statements, strict=True)
    assert steps == [part for pair in pairs for part in pair]


def test_event_loop_runs_on_while_many_questions_are_answered(news_of_own: Path) -> None:
    class Slow(FakeEmbedder):
        def encode_questions(self, questions: Sequence[str]) -> Vectors:
            time.sleep(0.05)
            return super().encode_questions(questions)

    async def work(newsroom: Newsroom) -> tuple[list[Answer], float]:
        late = 0.0

        async def heartbeat() -> None:
            nonlocal late
            while True:
                before = time.perf_counter()
                await asyncio.sleep(0.005)
                late = max(late, time.perf_counter() - before)

        beating = asyncio.create_task(heartbeat())
        answers = await asyncio.gather(
            *(newsroom.ask(ASKED[("th", "en")[at % 2]][0]) for at in range(32)),
        )
        beating.cancel()
        return answers, late

    slow = Slow()
    answers, late = _in_newsroom(news_of_own, work, slow)
    assert [answer.citations[0].article_id for answer in answers] == [
        ASKED[("th", "en")[at % 2]][1] for at in range(32)
    ]
    assert late < 1.0  # the 32 questions' own work is longer by far


def test_question_is_refused_while_the_library_opens_and_after_it_closed(news_of_own: Path) -> None:
    may_open = threading.Event()

    def opener(settings: Settings) -> Indexes:
        assert may_open.wait(10)
        return join_indexes(settings, FakeEmbedder())

    async def work() -> list[str]:
        states = []
        async with Newsroom(Settings(home=news_of_own), opener) as newsroom:
            states.append(newsroom.state)
            with pytest.raises(NotOpen, match="opening"):
                await newsroom.ask(ASKED["en"][0])
            may_open.set()
            await newsroom.opened()
            states.append(newsroom.state)
        states.append(newsroom.state)
        with pytest.raises(NotOpen, match="closed"):
            await newsroom.search("rice")
        return states

    assert asyncio.run(work()) == ["opening", "ready", "closed"]


def test_what_keeps_the_library_shut_is_told(home: Path) -> None:
    def opener(settings: Settings) -> Indexes:
        raise BlockingIOError(f"{settings.home} is in use")

    async def work() -> str:
        async with Newsroom(Settings(home=home), opener) as newsroom:
            with pytest.raises(BlockingIOError, match="in use"):
                await newsroom.opened()
            return newsroom.state

    assert asyncio.run(work()) == "failed"


def test_questions_beyond_what_may_wait_are_turned_away(
    news_of_own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.open_library._MOST_WAITING", 3)
    go = threading.Event()

    class Held(FakeEmbedder):
        def encode_questions(self, questions: Sequence[str]) -> Vectors:
            assert go.wait(10)
            return super().encode_questions(questions)

    async def work(newsroom: Newsroom) -> list[object]:
        asked = [asyncio.create_task(newsroom.ask(ASKED["en"][0])) for _ in range(25)]
        await asyncio.sleep(0.2)
        go.set()
        return await asyncio.gather(*asked, return_exceptions=True)

    outcomes = _in_newsroom(news_of_own, work, Held())
    assert [type(outcome) for outcome in outcomes] == [Answer] * 19 + [Overloaded] * 6


def test_question_that_takes_too_long_is_given_up(news_of_own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.open_library._SECONDS", 0.05)
    go = threading.Event()

    class Held(FakeEmbedder):
        def encode_questions(self, questions: Sequence[str]) -> Vectors:
            assert go.wait(10)
            return super().encode_questions(questions)

    async def work(newsroom: Newsroom) -> None:
        with pytest.raises(TimeoutError):
            await newsroom.ask(ASKED["en"][0])
        go.set()

    _in_newsroom(news_of_own, work, Held())


@pytest.mark.parametrize(
    ("body", "question"),
    [
        ("เครื่องบินกระดาษยักษ์ลงจอดที่ตลาดหัวมุมเมื่อเช้า ผู้ชมปรบมือ 3,111 คน", "เครื่องบินกระดาษยักษ์ลงจอดที่ไหน"),
        (
            "A giant paper aeroplane landed at Corner Market; 3,111 people clapped.",
            "Where did the paper aeroplane land?",
        ),
    ],
    ids=["th", "en"],
)
def test_article_is_found_once_taken_in_and_no_more_once_deleted(
    news_of_own: Path, body: str, question: str
) -> None:
    async def work(newsroom: Newsroom) -> list[bool]:
        found = []
        for act in ("before", "taken in", "changed", "deleted"):
            if act == "taken in":
                assert (await newsroom.take_in(reads([made("paper", body)]))).new == 1
            elif act == "changed":
                assert (await newsroom.take_in(reads([made("paper", body + " !")]))).changed == 1
            elif act == "deleted":
                assert await newsroom.delete(["paper", "unheard-of"]) == 1
            hits = (await newsroom.search(question)).hits
            found.append("paper" in [hit.article_id for hit in hits])
        assert not newsroom.indexes.behind
        return found

    assert _in_newsroom(news_of_own, work) == [False, True, True, False]


def test_change_by_another_process_is_followed(news_of_own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.open_library._KEEP_UP", 0.02)

    async def work(newsroom: Newsroom) -> int:
        before = newsroom.indexes.vectors.count()
        with Library.open(newsroom.settings.library_file) as other:
            assert other.delete(["bridge-th"]) == 1
        for _ in range(500):
            if not newsroom.indexes.behind:
                break
            await asyncio.sleep(0.01)
        return before - newsroom.indexes.vectors.count()

    assert _in_newsroom(news_of_own, work) > 0


@pytest.mark.parametrize("kind", ["query", "passage"])
def test_texts_are_embedded_as_the_model_embeds_them(news_of_own: Path, kind: str) -> None:
    texts = ["สะพานยาวกี่เมตร", "a flood"]
    vectors = _in_newsroom(news_of_own, lambda newsroom: newsroom.embed(texts, kind))  # type: ignore[arg-type]
    assert vectors == FakeEmbedder().encode_questions(texts).tolist()


def test_lists_go_on_from_their_cursor(news_of_own: Path) -> None:
    async def work(newsroom: Newsroom) -> list[str]:
        ids: list[str] = []
        after = None
        while page := await newsroom.articles(Filters(language="en"), limit=2, after=after):
            ids += [summary.id for summary in page]
            after = page[-1].cursor
        return ids

    assert _in_newsroom(news_of_own, work) == [
        *[
            "library-en",
            "vaccine-en",
            "flood-en",
            "rice-en",
            "wire-en-0",
            "wire-en-1",
            "wire-en-2",
            "rice-undated",
        ]
    ]


def test_readers_see_each_article_wholly_old_or_new_while_it_is_replaced(news_of_own: Path) -> None:
    """Three passages that must agree are replaced fifty times while they are read from four sides."""

    def version(number: int) -> str:
        lines = (f"The dugong count of part {part} is {number} dugongs." for part in range(3))
        return "\n\n".join(line + " The market sells fish and rice every day." * 30 for line in lines)

    async def work(newsroom: Newsroom) -> set[bool]:
        await newsroom.take_in(reads([made("count", version(0))]))
        done = asyncio.Event()
        agree: set[bool] = set()

        async def read() -> None:
            while not done.is_set():
                answer = await newsroom.ask("How many dugongs does the dugong count of each part say?")
                numbers = {
                    citation.quote.split(" dugongs")[0].split()[-1]
                    for citation in answer.citations
                    if citation.article_id == "count" and " dugongs" in citation.quote
                }
                agree.add(len(numbers) <= 1)
                await newsroom.search("dugong count")

        async def write() -> None:
            for number in range(1, 50):
                await newsroom.take_in(reads([made("count", version(number))]))
            done.set()

        await asyncio.gather(write(), *(read() for _ in range(4)))
        article = await newsroom.article("count")
        assert article and article.body == version(49)
        return agree

    assert _in_newsroom(news_of_own, work) == {True}


def test_one_failed_look_at_other_processes_changes_is_not_the_last(
    news_of_own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.open_library._KEEP_UP", 0.01)
    looks: list[int] = []

    def behind(indexes: Indexes) -> bool:
        looks.append(1)
        if len(looks) == 1:
            raise OSError("no look now")
        return False

    monkeypatch.setattr(Indexes, "behind", property(behind))

    async def work(newsroom: Newsroom) -> None:
        while len(looks) < 3:
            await asyncio.sleep(0.01)

    _in_newsroom(news_of_own, work)
    with join_indexes(Settings(home=news_of_own), FakeEmbedder()):  # it was closed, and so the lock is free
        pass


def test_embedding_requests_leave_questions_their_threads(news_of_own: Path) -> None:
    go = threading.Event()

    class Held(FakeEmbedder):
        def encode_passages(self, passages: Sequence[PassageText]) -> list[PassageVectors]:
            assert go.wait(10)
            return super().encode_passages(passages)

    async def work(newsroom: Newsroom) -> tuple[Answer, list[object]]:
        embedding = [asyncio.create_task(newsroom.embed(["rain"], "passage")) for _ in range(12)]
        await asyncio.sleep(0.05)
        answer = await newsroom.ask(ASKED["en"][0])
        go.set()
        return answer, await asyncio.gather(*embedding, return_exceptions=True)

    answer, outcomes = _in_newsroom(news_of_own, work, Held())
    assert answer.citations[0].article_id == ASKED["en"][1]
    assert [type(outcome) for outcome in outcomes] == [list] * 9 + [Overloaded] * 3


def test_delete_does_not_wait_for_what_comes_in(news_of_own: Path) -> None:
    go = threading.Event()

    class Held(FakeEmbedder):
        def encode_passages(self, passages: Sequence[PassageText]) -> list[PassageVectors]:
            assert go.wait(10)
            return super().encode_passages(passages)

    async def work(newsroom: Newsroom) -> int:
        coming = [
            asyncio.create_task(newsroom.take_in(reads([made(f"paper-{at}", "A paper boat sailed.")])))
            for at in range(4)
        ]
        await asyncio.sleep(0.05)
        deleted = await newsroom.delete(["bridge-th"])
        go.set()
        await asyncio.gather(*coming)
        return deleted

    assert _in_newsroom(news_of_own, work, Held()) == 1


def test_article_that_comes_in_is_stopped_when_the_library_is_to_close(news_of_own: Path) -> None:
    async def work(newsroom: Newsroom) -> None:
        newsroom.begin_closing()
        with pytest.raises(NotOpen, match="closed"):
            await newsroom.take_in(reads([made("paper", "A paper boat sailed.")]), newsroom.stop_if_closing)
        assert (await newsroom.ask(ASKED["en"][0])).citations

    _in_newsroom(news_of_own, work)


def test_thread_given_up_on_keeps_its_place_until_it_ends() -> None:
    async def work() -> list[int]:
        pool, go = Pool("test", 1, waiting=1, seconds=0.05), threading.Event()
        busy = []
        with pytest.raises(TimeoutError):
            await pool.run(lambda: go.wait(10))
        busy.append(pool.busy)
        with pytest.raises(TimeoutError):
            await pool.run(lambda: None)  # begun by nobody, and so not in the way later
        await asyncio.sleep(0)
        busy.append(pool.busy)
        go.set()
        pool.close()
        await asyncio.sleep(0.01)
        return [*busy, pool.busy]

    assert asyncio.run(work()) == [1, 1, 0]
