"""Users of a running server, for locust: each asks the next of the given questions as soon as the last is answered."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path
from typing import Any

from locust import FastHttpUser, constant, task

_QUESTIONS = [
    json.loads(line)["question"]
    for line in Path(os.environ["SOAK_QUESTIONS"]).read_text(encoding="utf-8").splitlines()
]
_NEXT = itertools.count()


class Reader(FastHttpUser):
    """Someone who asks without pause; an answer that is no answer, or whose citations do not add up, is a failure."""

    wait_time = constant(0)

    @task
    def ask(self) -> None:
        question = _QUESTIONS[next(_NEXT) % len(_QUESTIONS)]
        with self.client.post("/v1/ask", json={"question": question}, catch_response=True) as response:
            if problem := _wrong(response):
                response.failure(problem)


def _wrong(response: Any) -> str | None:
    if response.status_code != 200:
        return f"{response.status_code}: {(response.text or '')[:200]}"
    answer = json.loads(response.text)
    numbers = [citation["number"] for citation in answer["citations"]]
    if numbers != list(range(1, len(numbers) + 1)):
        return f"citations numbered {numbers}"
    if answer["abstained"] != (not answer["statements"]):
        return "abstained, and yet has statements" if answer["abstained"] else "answered without a statement"
    return None
