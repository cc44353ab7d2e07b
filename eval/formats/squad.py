"""SQuAD 1.1, SQuAD 2.0 and XQuAD: questions on paragraphs, answered by spans of them.

One JSON file (Rajpurkar et al. 2016, 2018; Artetxe et al. 2020):

    {"version": "1.1", "data": [{"title": "Bangkok_Mass_Transit", "paragraphs": [
        {"context": "The line opened in 1999. It has 62 stations.", "qas": [
            {"id": "a1", "question": "When did the line open?", "answers": [{"text": "1999", "answer_start": 19}]},
            {"id": "a2", "question": "Who paid for it?", "answers": [], "is_impossible": true}]}]}]}

A context is an article, the sentences around an answer are its evidence. What SQuAD 2.0 calls impossible is so in its
own context; over all contexts together another may by chance hold the answer.
"""

from __future__ import annotations

from pathlib import Path

from eval.benchmark import Benchmark
from eval.formats.collection import Collection
from eval.formats.contexts import Contexts
from eval.formats.lines import Record, id_in, naming, read_json, records_in, text_in


def read_squad(file: Path) -> Benchmark:
    """Return the benchmark; ValueError names the file and the question, or the paragraph, that is wrong."""
    collection = Collection(file.stem, "squad", file)
    contexts = Contexts(collection)
    found = read_json(file)
    with naming(file):
        subjects = records_in(found if isinstance(found, dict) else {}, "data")
    for number, subject in enumerate(subjects):
        with naming(f"{file}: data[{number}]"):
            title, paragraphs = text_in(subject, "title"), records_in(subject, "paragraphs")
        for place, paragraph in enumerate(paragraphs):
            with naming(f"{file}: data[{number}].paragraphs[{place}]"):
                context = text_in(paragraph, "context")
                article_id = contexts.add(title, context)
                asked = [(id_in(record, "id"), record) for record in records_in(paragraph, "qas")]
            for id, record in asked:
                with naming(f"{file}: question {id!r}"):
                    _add(collection, contexts, id, record, article_id, context)
    return collection.benchmark()


def _add(
    collection: Collection, contexts: Contexts, id: str, record: Record, article_id: str, context: str
) -> None:
    spans = [] if record.get("is_impossible") is True else records_in(record, "answers")
    answers = [(text_in(span, "text"), span.get("answer_start")) for span in spans]
    collection.add_question(
        id,
        text_in(record, "question"),
        [text for text, _ in answers],
        [contexts.evidence(article_id, context, text, start) for text, start in answers],
    )
