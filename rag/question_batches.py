"""Questions that come at the same time, encoded together: one pass of the model for all that wait.

A model's pass over eight short texts costs far less than eight passes, and passes side by side would fight for
the same cores. Nobody is made to wait for company: the first question goes at once, and those that come
while it is encoded make the next batch.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TYPE_CHECKING

from corpus.closing import Closing
from rag.embedding import Embedder, PassageText, PassageVectors

if TYPE_CHECKING:
    from rag.embedding import Vectors

_MOST = 32  # questions of one pass; a thread that waits in its turn keeps the memory of one pass small
_Waiting = tuple[Sequence[str], "Future[Vectors]"]


class BatchedQuestions(Closing):
    """An Embedder that any number of threads may ask at once; what it wraps encodes for all of them in one thread."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.model, self.precision, self.dimension = embedder.model, embedder.precision, embedder.dimension
        self._waiting: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._closed = False
        self._turn = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="questions", daemon=True)
        self._thread.start()

    def token_starts(self, text: str) -> list[int]:
        return self._embedder.token_starts(text)

    def encode_passages(self, passages: Sequence[PassageText]) -> list[PassageVectors]:
        return self._embedder.encode_passages(passages)

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        """Return unit vectors of shape (len(questions), dimension); ValueError once closed."""
        future: Future[Vectors] = Future()
        with self._turn:
            if self._closed:
                raise ValueError("the embedder is closed")
            self._waiting.put((list(questions), future))
        return future.result()

    def close(self) -> None:
        """Encode what waits already and stop."""
        with self._turn:
            if not self._closed:
                self._closed = True
                self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while first := self._waiting.get():
            batch, last = [first], False
            count = len(first[0])
            while count < _MOST and not last and not self._waiting.empty():
                following = self._waiting.get()
                if following is None:
                    last = True
                else:
                    batch.append(following)
                    count += len(following[0])
            self._encode(batch)
            if last:
                return

    def _encode(self, batch: Sequence[_Waiting]) -> None:
        try:
            vectors = self._embedder.encode_questions([text for texts, _ in batch for text in texts])
        except BaseException as error:  # it must reach those who wait, or they would wait for ever
            if len(batch) > 1:
                for alone in batch:  # what one question breaks must not fail the others
                    self._encode([alone])
            else:
                batch[0][1].set_exception(error)
            return
        at = 0
        for texts, future in batch:
            future.set_result(vectors[at : at + len(texts)])
            at += len(texts)
