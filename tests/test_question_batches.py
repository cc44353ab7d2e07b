"""Questions that wait together are encoded together, and each asker gets its own vectors, or its own error."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest
from fakes import FakeEmbedder

from rag.embedding import PassageText
from rag.question_batches import BatchedQuestions

if TYPE_CHECKING:
    from rag.embedding import Vectors


class _Held(FakeEmbedder):
    """Encodes when told to, and notes the size of every pass."""

    def __init__(self) -> None:
        super().__init__()
        self.go, self.begun = threading.Event(), threading.Event()
        self.passes: list[list[str]] = []

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        self.passes.append(list(questions))
        self.begun.set()
        assert self.go.wait(10)
        if "broken" in questions:
            raise ValueError("broken cannot be encoded")
        return super().encode_questions(questions)


def test_first_question_goes_at_once_and_those_that_wait_behind_it_share_a_pass() -> None:
    held = _Held()
    questions = [f"bridge {number}" for number in range(9)]
    with BatchedQuestions(held) as batched, ThreadPoolExecutor(9) as pool:
        first = pool.submit(batched.encode_questions, questions[:1])
        assert held.begun.wait(10)
        rest = [pool.submit(batched.encode_questions, [question]) for question in questions[1:]]
        while batched._waiting.qsize() < 8:
            threading.Event().wait(0.001)
        held.go.set()
        found = [future.result(10) for future in [first, *rest]]
    assert held.passes[0] == questions[:1]
    assert [sorted(texts) for texts in held.passes[1:]] == [questions[1:]]
    alone = FakeEmbedder().encode_questions(questions)
    assert all(np.array_equal(vectors, alone[[at]]) for at, vectors in enumerate(found))


def test_question_that_cannot_be_encoded_fails_alone() -> None:
    held = _Held()
    with BatchedQuestions(held) as batched, ThreadPoolExecutor(3) as pool:
        first = pool.submit(batched.encode_questions, ["flood"])
        assert held.begun.wait(10)
        bad, good = (pool.submit(batched.encode_questions, [text]) for text in ("broken", "rice"))
        while batched._waiting.qsize() < 2:
            threading.Event().wait(0.001)
        held.go.set()
        assert first.result(10).shape == good.result(10).shape == (1, 128)
        with pytest.raises(ValueError, match="broken cannot be encoded"):
            bad.result(10)


def test_pass_holds_a_bounded_number_of_questions() -> None:
    held = _Held()
    with BatchedQuestions(held) as batched, ThreadPoolExecutor(41) as pool:
        futures = [pool.submit(batched.encode_questions, ["flood"])]
        assert held.begun.wait(10)
        futures += [pool.submit(batched.encode_questions, ["rice"]) for _ in range(40)]
        while batched._waiting.qsize() < 40:
            threading.Event().wait(0.001)
        held.go.set()
        for future in futures:
            future.result(10)
    assert [len(texts) for texts in held.passes] == [1, 32, 8]


def test_closing_answers_what_waits_and_refuses_what_comes_later() -> None:
    held = _Held()
    batched = BatchedQuestions(held)
    with ThreadPoolExecutor(2) as pool:
        waiting = pool.submit(batched.encode_questions, ["flood"])
        assert held.begun.wait(10)
        closing = pool.submit(batched.close)
        held.go.set()
        assert waiting.result(10).shape == (1, 128)
        closing.result(10)
    batched.close()
    with pytest.raises(ValueError, match="closed"):
        batched.encode_questions(["rice"])


def test_passages_and_tokens_are_the_wrapped_models_own() -> None:
    plain = FakeEmbedder()
    with BatchedQuestions(FakeEmbedder()) as batched:
        assert (batched.model, batched.precision, batched.dimension) == ("fake|concepts", "fp32", 128)
        assert batched.token_starts("สะพานยาว 840 เมตร") == plain.token_starts("สะพานยาว 840 เมตร")
        text = PassageText("The flood.", ((0, 10),))
        made, wanted = batched.encode_passages([text])[0], plain.encode_passages([text])[0]
        assert np.array_equal(made.passage, wanted.passage)
