"""Answers that a model writes while others search: threads of their own, ended when nobody waits for them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import pytest
from fakes import FakeEmbedder
from made_news import ASKED
from scripted_model import ScriptedModel
from written_news import TRUE, sentences

from app.answer_writers import AnswerWriters
from app.newsroom import Newsroom
from app.open_library import NotOpen
from app.pools import Overloaded
from corpus.article import Language
from rag.config import Settings
from rag.indexes import join_indexes
from rag.llms.language_model import LanguageModel, Message, Usage
from rag.records import Answer, Citation, Statement

_T = TypeVar("_T")
_LANGUAGES: tuple[Language, ...] = ("th", "en")


class HeldModel(ScriptedModel):
    """A model that goes on with empty pieces until it is let go; `asked` counts who has its first piece."""

    def __init__(self, language: Language) -> None:
        super().__init__(lambda prompt: "".join(sentences(language, prompt)))
        self.go, self.gone = threading.Event(), threading.Event()
        self.asked, self.most = 0, 0
        self.ended = False
        self._lock = threading.Lock()

    def stream(self, messages: Sequence[Message], *, most: int) -> Iterator[str | Usage]:
        pieces = super().stream(messages, most=most)
        with self._lock:
            self.asked += 1
            self.most = max(self.most, self.asked - self.closed)
        try:
            yield next(pieces)
            while not self.go.wait(0.01):
                yield ""
            yield from pieces
        except GeneratorExit:
            self.gone.set()
            raise
        finally:
            pieces.close()  # type: ignore[attr-defined]

    def close(self) -> None:
        self.ended = True


def _in_newsroom(
    home: Path, llm: LanguageModel, work: Callable[[Newsroom], Awaitable[_T]], **settings: object
) -> _T:
    async def run() -> _T:
        chosen = Settings(home=home, llm_cache=False, **settings)  # type: ignore[arg-type]
        async with Newsroom(chosen, lambda asked: join_indexes(asked, FakeEmbedder()), llm) as newsroom:
            await newsroom.opened()
            return await work(newsroom)

    return asyncio.run(run())


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("language", _LANGUAGES)
def test_searches_and_extractive_answers_do_not_wait_for_a_slow_model(
    news_of_own: Path, language: Language
) -> None:
    llm, question = HeldModel(language), ASKED[language][0]

    async def work(newsroom: Newsroom) -> tuple[list[str], list[Answer], int]:
        asking = [asyncio.create_task(newsroom.ask(question)) for _ in range(16)]
        await _until(lambda: llm.asked == 16)
        found = await newsroom.search(question)
        quoted = await newsroom.ask(question, llm=False)
        assert await newsroom.article(ASKED[language][1]) is not None
        assert not any(task.done() for task in asking)
        writing = newsroom.writing
        llm.go.set()
        return (
            [found.hits[0].article_id, quoted.citations[0].article_id, quoted.model],
            await asyncio.gather(*asking),
            writing,
        )

    beside, answers, writing = _in_newsroom(news_of_own, llm, work)
    assert beside == [ASKED[language][1], ASKED[language][1], "extractive"]
    assert writing == 16
    assert {answer.model for answer in answers} == {"scripted"}
    assert {answer.statements[0].text for answer in answers} == {TRUE[language]}


@pytest.mark.parametrize("language", _LANGUAGES)
def test_statement_is_there_while_the_model_writes_on(news_of_own: Path, language: Language) -> None:
    class Paused(ScriptedModel):
        def stream(self, messages: Sequence[Message], *, most: int) -> Iterator[str | Usage]:
            first, *rest = sentences(language, messages[-1].text)
            yield first
            yield rest[0][:2]  # a sentence has ended when another begins
            assert go.wait(60)
            yield rest[0][2:]
            yield from rest[1:]

    go, told = threading.Event(), list[str]()
    writing = list[bool]()

    async def work(newsroom: Newsroom) -> list[Citation | Statement | Answer]:
        steps = []
        coming = newsroom.answer_steps(ASKED[language][0], on_writing=lambda: writing.append(True))
        async for step in coming:
            steps.append(step)
            if isinstance(step, Statement):
                told.append(step.text)
                go.set()
        return steps

    *_, whole = _in_newsroom(news_of_own, Paused(lambda prompt: ""), work)
    assert isinstance(whole, Answer)
    assert told == [said.text for said in whole.statements] and told[0] == TRUE[language]
    assert writing == [True]


@pytest.mark.parametrize("way", ["cancelled", "closed"])
def test_asker_who_leaves_ends_the_models_reply(news_of_own: Path, way: str) -> None:
    llm = HeldModel("en")

    async def work(newsroom: Newsroom) -> int:
        steps = newsroom.answer_steps(ASKED["en"][0])
        coming = asyncio.create_task(anext(steps))  # type: ignore[arg-type]
        await _until(lambda: llm.asked == 1)
        coming.cancel()
        with pytest.raises(asyncio.CancelledError):
            await coming
        if way == "closed":
            await steps.aclose()
        assert await asyncio.to_thread(llm.gone.wait, 60)
        await _until(lambda: newsroom.writing == 0)
        return llm.closed

    assert _in_newsroom(news_of_own, llm, work) == 1


def test_closing_the_newsroom_ends_what_is_written_and_the_model(news_of_own: Path) -> None:
    llm = HeldModel("en")

    async def work(newsroom: Newsroom) -> asyncio.Task[Answer]:
        asking = asyncio.create_task(newsroom.ask(ASKED["en"][0]))
        await _until(lambda: llm.asked == 1)
        return asking

    async def run() -> Exception | None:
        opened = Newsroom(Settings(home=news_of_own), lambda asked: join_indexes(asked, FakeEmbedder()), llm)
        async with opened as newsroom:
            await newsroom.opened()
            asking = await work(newsroom)
        with pytest.raises(NotOpen):
            await newsroom.ask("anything")
        (outcome,) = await asyncio.gather(asking, return_exceptions=True)
        return outcome if isinstance(outcome, Exception) else None

    assert asyncio.run(run()) is not None
    assert llm.gone.is_set() and llm.ended


def _writing(held: threading.Event, closed: list[int]) -> Callable[[LanguageModel], Iterator[int]]:
    def write(llm: LanguageModel) -> Iterator[int]:
        yield 1
        try:
            for _ in llm.stream([], most=1):
                pass
            yield 2
        finally:
            closed.append(1)

    return write


class Endless(ScriptedModel):
    """A model that goes on with empty pieces until it is let go."""

    def __init__(self) -> None:
        super().__init__(lambda prompt: "")
        self.go = threading.Event()

    def stream(self, messages: Sequence[Message], *, most: int) -> Iterator[str | Usage]:
        while not self.go.wait(0.01):
            yield ""


def test_those_beyond_what_may_wait_are_turned_away_and_the_others_served_in_turn() -> None:
    async def run() -> list[list[int]]:
        held, closed, llm = threading.Event(), list[int](), Endless()
        writers = AnswerWriters(1, waiting=1, seconds=60)
        write = _writing(held, closed)

        async def gather() -> list[int]:
            return [step async for step in writers.steps(llm, write)]

        tasks = [asyncio.create_task(gather()) for _ in range(2)]
        await _until(lambda: writers.busy == 2)
        with pytest.raises(Overloaded):
            await gather()
        llm.go.set()
        found = await asyncio.gather(*tasks)
        await _until(lambda: writers.busy == 0)
        return found

    assert asyncio.run(run()) == [[1, 2], [1, 2]]


def test_model_that_takes_too_long_is_given_up_and_its_reply_closed() -> None:
    async def run() -> list[int]:
        held, closed = threading.Event(), list[int]()
        writers = AnswerWriters(1, waiting=1, seconds=0.2)
        found = list[int]()
        with pytest.raises(TimeoutError):
            async for step in writers.steps(Endless(), _writing(held, closed)):
                found.append(step)
        await _until(lambda: writers.busy == 0)
        return [*found, *closed]

    assert asyncio.run(run())[-1] == 1


def test_failure_of_writing_is_the_askers() -> None:
    def write(llm: LanguageModel) -> Iterator[int]:
        yield 1
        raise KeyError("x")

    async def run() -> None:
        async for _ in AnswerWriters(1, waiting=1, seconds=60).steps(Endless(), write):
            pass

    with pytest.raises(KeyError):
        asyncio.run(run())
