"""Written answers kept for whoever asks the same again while the library is the same: a model's minutes are not spent twice.

One SQLite file in Khao's home, disposable like the indexes: where it cannot be used, answers are written anew. Only whole
answers are kept, none that came about because the model was away.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

from corpus.database import Connections, Shape
from corpus.language import normalise
from rag.config import Settings
from rag.filters import Filters
from rag.indexes import Indexes
from rag.records import Answer, Turn, answer_from_json, as_json
from rag.writing.prompt import VERSION

_log = logging.getLogger(__name__)
_MOST = 2000  # answers; the longest unused go first
_SHAPE = Shape(
    name="cache of answers",
    application=0x4B48_4143,
    version=1,
    tables="CREATE TABLE answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL, used REAL NOT NULL) WITHOUT ROWID;\n"
    "CREATE INDEX answers_used ON answers (used);",
    private=True,
)


def cache_file(settings: Settings) -> Path:
    """Return where answers are kept."""
    return settings.home / "answers.sqlite3"


def answer_key(
    indexes: Indexes,
    question: str,
    history: Sequence[Turn],
    filters: Filters,
    top_k: int,
    today: date,
    model: str,
) -> str:
    """Return what stands for a question asked of this library as it is, today, with these settings and of this model."""
    settings = indexes.settings
    asked = [
        " ".join(normalise(question).split()),
        [[turn.question, turn.answer] for turn in history],
        asdict(filters),
        [top_k, str(today), model, settings.llm_url, VERSION],
        [settings.abstain_below, settings.llm_sentences, settings.llm_unsupported, settings.llm_judge],
        [indexes.library.identity, indexes.library.head_seq(), indexes.embedder.model],
        [indexes.reader.model if indexes.reader else None, settings.reader_passages],
    ]
    return hashlib.sha256(json.dumps(asked, ensure_ascii=False, default=str).encode()).hexdigest()


def recall(settings: Settings, key: str) -> Answer | None:
    """Return the answer kept under `key`, said to be from the cache; None where there is none, or it cannot be read."""
    try:
        cache = Connections(cache_file(settings), _SHAPE)
    except (OSError, ValueError) as error:
        _log.warning("%s", error)
        return None
    try:
        rows = cache.rows("SELECT answer FROM answers WHERE key = ?", (key,))
        if not rows:
            return None
        with cache.writing() as connection:
            connection.execute("UPDATE answers SET used = ? WHERE key = ?", (time.time(), key))
        answer = answer_from_json(json.loads(rows[0][0]))
        return replace(answer, writing=replace(answer.writing, cached=True)) if answer.writing else None
    except (OSError, ValueError, KeyError, TypeError) as error:
        _log.warning("an answer cannot be read from the cache: %s", error)
        return None
    finally:
        cache.close()


def remember(settings: Settings, key: str, answer: Answer) -> None:
    """Keep an answer; where that cannot be done, on a full disk say, the next asker waits for the model again."""
    try:
        cache = Connections(cache_file(settings), _SHAPE)
    except (OSError, ValueError) as error:
        _log.warning("%s", error)
        return
    kept = json.dumps(as_json(answer), ensure_ascii=False)
    try:
        with cache.writing() as connection:
            connection.execute("REPLACE INTO answers VALUES (?, ?, ?)", (key, kept, time.time()))
            connection.execute(
                "DELETE FROM answers WHERE key IN (SELECT key FROM answers ORDER BY used DESC LIMIT -1 OFFSET ?)",
                (_MOST,),
            )
    except OSError as error:
        _log.warning("%s", error)
    finally:
        cache.close()
