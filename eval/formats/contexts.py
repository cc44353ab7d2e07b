"""The contexts of reading sets, which answers are spans of: articles, and the sentences that hold a span."""

from __future__ import annotations

import hashlib

from corpus.language import normalise
from corpus.sentences import sentence_spans
from eval.formats.collection import Collection
from eval.questions import Evidence


class Contexts:
    """Contexts added to a collection, each one article however many questions it comes with."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._sentences: dict[str, list[tuple[int, int]]] = {}

    def add(self, title: str, context: str) -> str:
        """Return the id of the context's article: a hash of title and text, the same in every file."""
        title = title.replace("_", " ")
        body = normalise(context).strip()
        if not body:
            raise ValueError("context is blank")
        id = hashlib.sha256(f"{title}\n{body}".encode()).hexdigest()[:16]
        if id not in self._collection.articles:  # which has the very text: the id is made of it
            self._collection.add_article(id, title, context)
        return id

    def evidence(self, article_id: str, context: str, answer: str, start: object) -> Evidence:
        """Return the sentences that hold `context[start:]`'s `answer`; ValueError where it does not stand there.

        Normalising moves an offset by as much as it changes the length of what stands before.
        """
        wanted = normalise(answer).strip()
        if not wanted:
            raise ValueError(f"answer {answer!r} is blank")
        if not isinstance(start, int) or start < 0:
            raise ValueError(f"start of answer {answer!r} is no offset: {start!r}")
        if (there := context[start : start + len(answer)]) != answer:
            raise ValueError(f"answer {answer!r} does not stand at {start}, where there is {there!r}")
        body = self._collection.articles[article_id].body
        whole = normalise(context)
        before = normalise(context[: start + len(answer) - len(answer.lstrip())])
        begin = len(before) - (len(whole) - len(whole.lstrip()))
        end = begin + len(wanted)
        if article_id not in self._sentences:
            self._sentences[article_id] = sentence_spans(body)
        held = [span for span in self._sentences[article_id] if span[0] < end and begin < span[1]]
        if not held:
            raise ValueError(f"answer {answer!r} at {start} is in no sentence")
        return self._collection.evidence(article_id, body[held[0][0] : held[-1][1]])
