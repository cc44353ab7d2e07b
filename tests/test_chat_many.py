"""Many conversations at once by real HTTP, as pages have them: none sees anything of another, and none waits for an ingest."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import time
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from served import Served, serving
from test_job_runner import Gate, lines

from app.chat.conversation import history, read_turns
from corpus.article import Language
from rag.answer import ask
from rag.records import as_json

_CHATS = 16
_SOON = 15.0  # seconds for what takes some milliseconds on a machine that does nothing else
# Questions by language, each with the article that answers it; what two of them are asked then leans on those.
_TOPICS: dict[Language, tuple[tuple[str, str], ...]] = {
    "th": (
        ("สะพานบางลำพูใหม่ยาวกี่เมตร", "bridge-th"),
        ("ซากพะยูนในตลาดปลาเก่าหนักกี่กิโลกรัม", "dugong-th"),
        ("ราคาข้าวหอมมะลิสูงสุดตันละกี่บาท", "rice-th"),
    ),
    "en": (
        ("How many villages on Koh Tawan were evacuated after the flood?", "flood-en"),
        ("How many schools gave the chikungunya vaccine?", "vaccine-en"),
        ("How many books does the new city library in the Rama cinema have?", "library-en"),
        ("How much was jasmine rice a tonne in February 2023?", "rice-en"),
    ),
}
_FURTHER: dict[Language, str] = {"th": "แล้วใครพูดเรื่องนี้", "en": "And who said so?"}


def _mark(number: int) -> str:
    """A word that no other chat has in its questions."""
    return f"reader{number:02}x"


def _questions(number: int) -> list[tuple[str, str]]:
    """What a chat asks: a question in each language with a follow-up to both, and the article that the answer is in."""
    languages: tuple[Language, ...] = ("th", "en") if number % 2 else ("en", "th")
    asked = []
    for language in languages:
        question, article = _TOPICS[language][number // 2 % len(_TOPICS[language])]
        asked += [(f"{question} {_mark(number)}", article), (_FURTHER[language], article)]
    return asked


class _Page:
    """A page in a browser: it holds its conversation, and all that it was ever sent, as it came."""

    def __init__(self, client: httpx.AsyncClient, ui: Language, html: str) -> None:
        self._client, self._ui, self._session = client, ui, uuid4().hex
        found = re.search(r"window\.gradio_config = (\{.*?\});\s*</script>", html, re.DOTALL)
        assert found
        self._config = json.loads(found[1])
        self.turns: list[dict[str, Any]] = []
        self.sent = ""

    async def ask(self, question: str) -> str:
        """Ask after all that was asked before; returns the turn's HTML."""
        data: list[object] = [question, self.turns, "", "any", "", "", "any", "any"]
        (*_, last) = [message async for message in self.events("ask-button", "click", data)]
        assert last["msg"] == "process_completed" and last["success"], last
        self.turns, latest, *_ = last["output"]["data"]
        return str(latest)

    async def events(self, view: str, event: str, data: list[object], told: object = None) -> AsyncIterator[dict[str, Any]]:  # fmt: skip
        """Yield what comes of an event of a view, as it comes."""
        (target,) = [one["id"] for one in self._config["components"] if one["props"].get("elem_id") == view]
        calls = self._config["dependencies"]
        (number,) = [call["id"] for call in calls if [target, event] in call["targets"]]
        asked = {"fn_index": number, "trigger_id": target, "data": data, "event_data": told}
        at = f"/{self._ui}/gradio_api/queue"
        joined = await self._client.post(f"{at}/join", json={**asked, "session_hash": self._session})
        assert joined.status_code == 200, joined.text
        async with self._client.stream("GET", f"{at}/data", params={"session_hash": self._session}) as stream:
            async for line in stream.aiter_lines():
                self.sent += line
                message = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                assert message.get("event_id") in (None, joined.json()["event_id"])
                if message.get("msg") in ("process_generating", "process_completed"):
                    yield message


@asynccontextmanager
async def _pages(served: Served, count: int) -> AsyncIterator[list[_Page]]:
    """As many pages, half of them in each language."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=served.url, timeout=30, trust_env=False, limits=limits) as client:
        html: Mapping[Language, str] = {
            "th": (await client.get("/th/")).text,
            "en": (await client.get("/en/")).text,
        }
        yield [_Page(client, ui, html[ui]) for number in range(count) for ui in (("th", "en")[number % 2],)]


async def _all_chat(pages: Sequence[_Page], rounds: int) -> list[list[str]]:
    """Have every page ask its first questions, all at once; returns the HTML of each turn of each."""

    async def chat(number: int, page: _Page) -> list[str]:
        return [await page.ask(question) for question, _ in _questions(number)[:rounds]]

    return await asyncio.gather(*(chat(number, page) for number, page in enumerate(pages)))


def _run(work: Coroutine[Any, Any, None]) -> None:
    async def limited() -> None:
        async with asyncio.timeout(60):
            await work

    asyncio.run(limited())


@pytest.fixture(scope="module")
def served(memory: Path, news_home: Path) -> Iterator[Served]:
    """The articles of made_news.py behind the chat; to be read only."""
    with serving(shutil.copytree(news_home, memory / "asked-by-many")) as running:
        yield running


def _timeless(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer as JSON without how long it took."""
    told: dict[str, Any] = json.loads(json.dumps({**answer, "timings_ms": {}}))
    return told


def test_sixteen_conversations_at_once_never_mix(served: Served) -> None:
    async def work() -> None:
        async with _pages(served, _CHATS) as pages:
            shown = await _all_chat(pages, rounds=4)
        for number, (page, views) in enumerate(zip(pages, shown, strict=True)):
            asked = _questions(number)
            assert [turn["question"] for turn in page.turns] == [question for question, _ in asked]
            assert [turn["notice"] for turn in page.turns] == [None] * len(asked)
            for at, (view, (question, article)) in enumerate(zip(views, asked, strict=True)):
                answer = page.turns[at]["answer"]
                if at < 2:  # later ones may lean on either topic
                    assert {each["article_id"] for each in answer["citations"]} == {article}
                assert f'data-turn="{page.turns[at]["id"]}"' in view
                # What it would have been told with nobody else there.
                before = history(read_turns(page.turns[:at]))
                alone = ask(served.newsroom.indexes, question, history=before)
                assert _timeless(answer) == _timeless(as_json(alone))
            others = [_mark(other) for other in range(_CHATS) if other != number]
            assert _mark(number) in page.sent
            assert [mark for mark in others if mark in page.sent] == []
        ids = [turn["id"] for page in pages for turn in page.turns]
        assert len(set(ids)) == len(ids) == 4 * _CHATS

    _run(work())


def test_one_conversation_in_two_pages_stays_two(served: Served) -> None:
    async def work() -> None:
        async with _pages(served, 2) as (one, other):
            await one.ask(_questions(0)[0][0])
            other.turns = one.turns
            await asyncio.gather(one.ask(_questions(0)[1][0]), other.ask(_questions(1)[0][0]))
            assert one.turns[0] == other.turns[0]
            assert [turn["question"] for turn in one.turns[1:]] == [_questions(0)[1][0]]
            assert [turn["question"] for turn in other.turns[1:]] == [_questions(1)[0][0]]

    _run(work())


def test_server_says_how_it_is_while_sixteen_ask(served: Served) -> None:
    async def work() -> None:
        async with _pages(served, _CHATS) as pages:
            chats = asyncio.create_task(_all_chat(pages, rounds=2))
            waited: list[float] = []
            async with httpx.AsyncClient(base_url=served.url, timeout=_SOON, trust_env=False) as client:
                while not chats.done() or not waited:
                    began = time.monotonic()
                    assert (await client.get("/healthz")).status_code == 200
                    waited.append(time.monotonic() - began)
                    await asyncio.sleep(0.02)
            await chats
        assert max(waited) < _SOON / 2

    _run(work())


def test_asking_goes_on_while_an_ingest_is_blocked_and_followed_by_a_hundred_pages(news_of_own: Path) -> None:
    gate = Gate()

    async def work(served: Served) -> None:
        async with _pages(served, _CHATS + 100) as pages:
            chats, watchers = pages[:_CHATS], pages[_CHATS:]
            sent = {"files": ("news.jsonl", lines("alpha"))}
            job = served.client.post("/th/add", files=sent).json()["job"]
            assert await asyncio.to_thread(gate.reached.wait, _SOON)

            shown = asyncio.Semaphore(0)

            async def watch(page: _Page) -> list[dict[str, Any]]:
                seen = []
                async for message in page.events("add-forms", "submit", [], {"sent": True}):
                    shown.release()
                    seen.append(message)
                return seen

            async with asyncio.TaskGroup() as group:
                watching = [group.create_task(watch(page)) for page in watchers]
                async with asyncio.timeout(_SOON):
                    for _ in watching:
                        await shown.acquire()
                async with asyncio.timeout(2 * _SOON):
                    await _all_chat(chats, rounds=2)
                for number, page in enumerate(chats):
                    told = [
                        {each["article_id"] for each in turn["answer"]["citations"]} for turn in page.turns
                    ]
                    assert told == [{article} for _, article in _questions(number)[:2]]
                assert served.client.get(f"/v1/ingest/{job}").json()["state"] == "running"
                assert not any(each.done() for each in watching)
                gate.open.set()
            for each in watching:
                last = each.result()[-1]
                assert last["msg"] == "process_completed" and last["success"], last
            assert served.client.get(f"/v1/ingest/{job}").json()["state"] == "done"
            assert served.client.get("/v1/articles/alpha").status_code == 200

    with serving(news_of_own, gate) as running:
        try:
            _run(work(running))
        finally:
            gate.open.set()  # else the server would wait for it
