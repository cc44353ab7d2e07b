"""The bundled bilingual sample corpus: invented news, written for this project (see README.md beside this file)."""

from __future__ import annotations

import json
from pathlib import Path

from corpus.article import Article, Language
from corpus.records import article_from_record

SAMPLE_FILE = Path(__file__).with_name("articles.jsonl")


def sample_articles() -> list[Article]:
    """Return the articles of the sample corpus, in the order of the file."""
    with SAMPLE_FILE.open(encoding="utf-8") as lines:
        return [article_from_record(json.loads(line)) for line in lines]


def sample_questions() -> dict[Language, list[str]]:
    """Return questions about the sample corpus, by the language they are asked in."""
    found: dict[Language, list[str]] = {"th": [], "en": []}
    with SAMPLE_FILE.with_name("questions.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            found[record["lang"]].append(record["question"])
    return found
