"""Reading sets flattened to one question a line, as Khao's reader is trained on.

    {"id": "a1", "lang": "th", "title": "รถไฟฟ้า", "context": "สายแรกเปิดเมื่อปี 2542 มี 62 สถานี",
     "question": "สายแรกเปิดปีใด", "answer": "2542", "start": 18}

An answer of null, then without a start, is a question that its context does not answer. Lines that repeat a context are
of one article.
"""

from __future__ import annotations

from pathlib import Path

from eval.benchmark import Benchmark
from eval.formats.collection import Collection
from eval.formats.contexts import Contexts
from eval.formats.lines import id_in, json_lines, naming, text_in


def read_reading(file: Path) -> Benchmark:
    """Return the benchmark; ValueError names the file and line that is wrong."""
    collection = Collection(file.stem, "reading", file)
    contexts = Contexts(collection)
    for place, record in json_lines(file):
        with naming(place):
            context = text_in(record, "context")
            article_id = contexts.add(text_in(record, "title"), context)
            answers, evidence = [], []
            if record.get("answer") is not None:
                answers = [text_in(record, "answer")]
                evidence = [contexts.evidence(article_id, context, answers[0], record.get("start"))]
            question = text_in(record, "question")
            language = text_in(record, "lang")
            collection.add_question(id_in(record, "id"), question, answers, evidence, language=language)
    return collection.benchmark()
