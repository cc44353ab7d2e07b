"""The chat's load test: 16 conversations at once against one alone, then while articles come in. Run it with `make soak`.

Starts the real `khao serve` on a home of its own and asks as a page does: the whole conversation goes along with each
question, and what might be asked next is called for after each answer. Fails on any error, any turn of another's
conversation, any article lost.

    python tests/soak/chat.py [--home FOLDER] [--questions gold.jsonl] [--chats 16] [--answers 2000]
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

_ROOT = Path(__file__).parents[2]
_SAMPLE = _ROOT / "corpus/sample/articles.jsonl"
_GOLD = _ROOT / "eval/gold/sample.jsonl"
_LONGEST = 6  # turns of a conversation; then a new one is begun
_NO_FILTERS = ("any", "", "", "any", "any")


@dataclass(slots=True)
class Part:
    """What was measured while so many chatted: seconds of each answer, and until its turn was first in view."""

    name: str
    chats: int
    suggesting: bool
    seconds: float = 0.0
    memory: float = 0.0  # MB of the server at the end
    cpu: float = 0.0  # seconds of the server's
    answers: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    next: list[float] = field(default_factory=list)  # seconds of each list of what might be asked next
    errors: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.answers) / self.seconds


class Page:
    """A page in a browser, as far as it asks: one conversation after another, each held here and sent along."""

    def __init__(self, client: httpx.AsyncClient, ui: str, questions: list[str]) -> None:
        self._client, self._ui, self._session = client, ui, uuid4().hex
        self._questions = itertools.cycle(questions)
        self._turns: list[dict[str, Any]] = []
        self._config: dict[str, Any] = {}

    async def open(self) -> None:
        """Read from the page which number each handler has."""
        html = (await self._client.get(f"/{self._ui}/")).raise_for_status().text
        found = re.search(r"window\.gradio_config = (\{.*?\});\s*</script>", html, re.DOTALL)
        assert found, html[:500]
        self._config = json.loads(found[1])

    async def ask(self, part: Part) -> None:
        """Ask the next question, and note in `part` how it went."""
        question = next(self._questions)
        before = self._turns if len(self._turns) < _LONGEST else []
        began = time.monotonic()
        told = await self._call("ask-button", "click", [question, before, "", *_NO_FILTERS], part.first)
        part.answers.append(time.monotonic() - began)
        if problem := _wrong(told, question, before):
            part.mixed.append(problem)
        self._turns = told[0]
        if self._turns[-1]["notice"]:
            part.errors.append(self._turns[-1]["notice"])
        if part.suggesting:
            began = time.monotonic()
            await self._call(None, "success", [self._turns], [])
            part.next.append(time.monotonic() - began)

    def _handler(self, view: str | None, event: str) -> tuple[int, int | None]:
        """Return the handler of a view's event; without a view, of what follows once an answer has come."""
        calls = self._config["dependencies"]
        if view is None:
            asks, _ = self._handler("ask-button", "click")
            return next(
                call["id"]
                for call in calls
                if call["trigger_after"] == asks and call["trigger_only_on_success"]
            ), None
        (target,) = [one["id"] for one in self._config["components"] if one["props"].get("elem_id") == view]
        return next(call["id"] for call in calls if [target, event] in call["targets"]), target

    async def _call(self, view: str | None, event: str, data: list[object], first: list[float]) -> list[Any]:
        number, target = self._handler(view, event)
        sent = {"data": data, "event_data": None, "fn_index": number, "trigger_id": target}
        began = time.monotonic()
        joined = await self._client.post(
            f"/{self._ui}/gradio_api/queue/join", json={**sent, "session_hash": self._session}
        )
        joined.raise_for_status()
        address, named = f"/{self._ui}/gradio_api/queue/data", {"session_hash": self._session}
        seen, done = False, None
        async with self._client.stream("GET", address, params=named) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data:") and not seen and '"process_generating"' in line:
                    first.append(time.monotonic() - began)
                    seen = True
                elif line.startswith("data:") and '"process_completed"' in line:
                    done = json.loads(line[5:])
        assert done, "the server closed before it answered"
        assert done["success"], done["output"]
        return list(done["output"]["data"])


def _wrong(told: list[Any], question: str, before: list[dict[str, Any]]) -> str | None:
    """Return what in an answer is not this conversation's."""
    if told[0][:-1] != before:
        return f"the turns before {question!r} are others: {[turn['question'] for turn in told[0]]}"
    turn = told[0][-1]
    answered = turn["answer"]["question"] if turn["answer"] else question
    if turn["question"] != question or answered != question or turn["id"] not in told[1]:
        return f"{question!r} came back as {turn['question']!r}, answered as {answered!r}"
    return None


async def _chatting(url: str, questions: list[str], part: Part, until: Callable[[], Awaitable[bool]]) -> Part:
    """Let so many chat until `until` is true; each has questions of its own."""
    ended = asyncio.Event()

    async def chat(number: int) -> None:
        async with httpx.AsyncClient(base_url=url, timeout=120, trust_env=False) as client:
            page = Page(client, ("th", "en")[number % 2], questions[number :: part.chats])
            await page.open()
            while not ended.is_set():
                try:
                    await page.ask(part)
                except (AssertionError, httpx.HTTPError) as error:
                    part.errors.append(repr(error)[:300])

    began = time.monotonic()
    chats = [asyncio.create_task(chat(number)) for number in range(part.chats)]
    while not await until():
        await asyncio.sleep(0.2)
    ended.set()
    await asyncio.gather(*chats)
    part.seconds = time.monotonic() - began
    return part


async def _measure(url: str, server: int, options: argparse.Namespace) -> tuple[list[Part], str]:
    lines = options.questions.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    async with httpx.AsyncClient(base_url=url, timeout=120, trust_env=False) as client:
        job = ""

        async def ended() -> bool:
            state: str = (await client.get(f"/v1/ingest/{job}")).json()["state"]
            return state not in ("waiting", "running")

        async def measured(name: str, chats: int, until: Callable[[Part], Awaitable[bool]]) -> Part:
            part, cpu = Part(name, chats, not options.no_suggestions), _cpu(server)
            await _chatting(url, questions, part, lambda: until(part))
            part.memory, part.cpu = _memory(server), _cpu(server) - cpu
            return part

        def while_seconds() -> Callable[[Part], Awaitable[bool]]:
            end: float = time.monotonic() + options.seconds

            async def over(part: Part) -> bool:
                return time.monotonic() >= end

            return over

        many = f"{options.chats} chats"
        await measured("", options.chats, while_seconds())  # what is loaded once is loaded now
        parts = [
            await measured("1 chat", 1, while_seconds()),
            await measured(many, options.chats, while_seconds()),
        ]
        files = {"files": ("soak.jsonl", _articles(options.count).encode())}
        job = (await client.post("/th/add", files=files)).raise_for_status().json()["job"]

        async def taken_in(part: Part) -> bool:
            return await ended()

        parts.append(await measured(f"{many}, articles come in", options.chats, taken_in))
        report = (await client.get(f"/v1/ingest/{job}")).json()
        left = options.answers - sum(len(part.answers) for part in parts)

        async def enough(part: Part) -> bool:
            return bool(len(part.answers) >= left)

        if left > 0:
            parts.append(await measured(f"{many}, on and on", options.chats, enough))
    return parts, f"{report['state']}, {report['report']}"


def main() -> None:
    """Run all parts and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--home", type=Path, help="a KHAO_HOME to copy and serve; else the sample corpus")
    parser.add_argument("--questions", type=Path, default=_GOLD, help="JSONL with a question a line")
    parser.add_argument("--chats", type=int, default=16)
    parser.add_argument("--count", type=int, default=200, help="how many articles come in")
    parser.add_argument("--seconds", type=float, default=20, help="that the first parts take each")
    parser.add_argument("--answers", type=int, default=2000, help="in all, to see memory that is lost")
    parser.add_argument(
        "--no-suggestions", action="store_true", help="do not call for what might be asked next"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="khao-soak-") as folder:
        home = Path(folder) / "home"
        if options.home:
            shutil.copytree(options.home, home, symlinks=True, ignore=shutil.ignore_patterns("*.lock"))
        else:
            subprocess.run(_command("ingest", str(_SAMPLE)), env=_environment(home), check=True, stdout=-3)
        server, url = _serve(home)
        try:
            parts, report = asyncio.run(_measure(url, server.pid, options))
        finally:
            server.terminate()
            server.wait(60)
    _tell(parts, report)
    errors, mixed = (
        list(itertools.chain(*lists)) for lists in zip(*((p.errors, p.mixed) for p in parts), strict=True)
    )
    if errors or mixed or not report.startswith("done"):
        sys.exit(f"FAILED: {len(errors)} errors, {len(mixed)} mixed, {report}: {(mixed + errors)[:5]}")


def _articles(count: int) -> str:
    """Return the sample's articles as so many others, one a line: their paragraphs turned, and a number in each."""
    records = [json.loads(line) for line in _SAMPLE.read_text(encoding="utf-8").splitlines()]
    made = []
    for number in range(count):
        record = {name: value for name, value in records[number % len(records)].items() if name != "url"}
        body = record["body"].split("\n\n")
        shift = number // len(records) % len(body)
        turned = "\n\n".join(f"{text} ({number})" for text in body[shift:] + body[:shift])
        made.append(json.dumps({**record, "id": f"soak-{number}", "body": turned}, ensure_ascii=False))
    return "\n".join(made)


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KHAO_")}
    return {**kept, "KHAO_HOME": str(home), "KHAO_UI": "en", "PYTHONPATH": str(_ROOT)}


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from app.cli import main; main()", *arguments]


def _serve(home: Path) -> tuple[subprocess.Popen[str], str]:
    command = _command("serve", "--port", "0")
    server = subprocess.Popen(command, env=_environment(home), stderr=subprocess.PIPE, text=True)
    assert server.stderr
    for line in server.stderr:
        if "Khao is ready at " in line:
            threading.Thread(target=lambda: [None for _ in server.stderr or ()], daemon=True).start()
            return server, line.split("ready at ")[1].split()[0]
    sys.exit("the server did not start")


def _memory(process: int) -> float:
    """Return the MB of memory that the process holds."""
    told = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(process)], capture_output=True, text=True, check=True
    )
    return int(told.stdout) / 1024


def _cpu(process: int) -> float:
    """Return the seconds of CPU that the process has taken."""
    told = subprocess.run(
        ["ps", "-o", "cputimes=", "-p", str(process)], capture_output=True, text=True, check=True
    )
    return float(told.stdout)


def _at(values: list[float], share: float) -> float:
    """Return in ms the value below which that share of them lies."""
    return 1000 * sorted(values)[math.ceil(share * len(values)) - 1] if values else math.nan


def _tell(parts: list[Part], report: str) -> None:
    alone = parts[0]
    heads = ["answers", "errors", "mixed", "per s", "p50 ms", "p95 ms", "first p50", "first p95", "next p95"]
    heads += ["per s ratio", "p50 ratio", "p95 ratio", "CPU s", "MB after"]
    print(f"{'':28}" + "".join(f"{head:>12}" for head in heads))
    for part in parts:
        p50, p95 = _at(part.answers, 0.5), _at(part.answers, 0.95)
        row = [len(part.answers), len(part.errors), len(part.mixed), part.rate, p50, p95]
        row += [_at(part.first, 0.5), _at(part.first, 0.95), _at(part.next, 0.95), part.rate / alone.rate]
        row += [p50 / _at(alone.answers, 0.5), p95 / _at(alone.answers, 0.95), part.cpu, part.memory]
        print(
            f"{part.name:28}"
            + "".join(
                f"{value:12.2f}" if head.endswith(("ratio", "per s")) else f"{value:12.0f}"
                for head, value in zip(heads, row, strict=True)
            )
        )
    print(f"ingest: {report}")


if __name__ == "__main__":
    main()
