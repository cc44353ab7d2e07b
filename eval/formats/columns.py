"""Gold questions out of a spreadsheet, CSV or TSV, in UTF-8 or the Thai code page that Excel saves, over one's own library.

    id,lang,type,question,answer,article_id,quote,evidence_mode
    q1,th,same,ราคาพื้นของยางคือเท่าไร,60 บาท|หกสิบบาท,thaigov-1,ราคาพื้นกิโลกรัมละ 60 บาท,any

Only question is required; columns may have Thai names (คำถาม, คำตอบ, รหัสข่าว, ข้อความอ้างอิง, ...), and others are left
alone. Answers are separated by "|", and so are article ids that all or any prove the answer, with a quote for each or
none at all. A row with neither answer nor article is a question to abstain on.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from corpus.encoding import decode
from corpus.language import normalise
from eval.benchmark import Benchmark
from eval.formats.collection import Collection
from eval.formats.lines import naming
from eval.questions import Evidence

_NAMES = {
    "question": "question query คำถาม".split(),
    "id": "id questionid รหัส รหัสคำถาม".split(),
    "lang": "lang language ภาษา".split(),
    "type": "type questiontype ประเภท ชนิด".split(),
    "answers": "answer answers คำตอบ เฉลย".split(),
    "article_id": "articleid evidencearticle evidencearticleid รหัสข่าว รหัสบทความ".split(),
    "quote": "quote evidencequote ข้อความอ้างอิง ข้อความหลักฐาน หลักฐาน".split(),
    "evidence_mode": "evidencemode วิธีนับหลักฐาน".split(),
}
_FIELDS = {name: field for field, names in _NAMES.items() for name in names}


def read_columns(file: Path) -> Benchmark:
    """Return the benchmark, without articles; ValueError names the file and the line that is wrong."""
    collection = Collection(file.stem, "csv", file)
    with naming(file):
        text = decode(file.read_bytes())
    for number, (place, row) in enumerate(_rows(file, text), 1):
        with naming(place):
            answers = _parts(row, "answers")
            evidence = _evidence(row)
            kind = row.get("type", "")
            id, mode = row.get("id") or f"{file.stem}-{number}", _mode(row)
            question, language = row.get("question", ""), row.get("lang", "").lower()
            collection.add_question(id, question, answers, evidence, language=language, type=kind, mode=mode)
    return collection.benchmark()


def _rows(file: Path, text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the place and the fields of every row that is not blank; strict, or a stray quote would swallow rows."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max("\t,;", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    while True:
        place = f"{file}:{reader.line_num + 1}"
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise ValueError(f"{place}: broken row: {error}") from None
        if cells is None:
            return
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            continue
        with naming(place):
            if header is None:
                header = _header(cells)
            elif any(cells[len(header) :]):
                raise ValueError(f"{len(cells)} fields under {len(header)} columns")
            else:
                yield place, {name: cell for name, cell in zip(header, cells, strict=False) if name}


def _header(cells: list[str]) -> list[str]:
    """Return the field of each column, "" for one that is none of ours."""
    plain = ["".join(char for char in cell.lower() if char not in " _-") for cell in cells]
    fields = [_FIELDS.get(name, "") for name in plain]
    for field in _NAMES:
        if fields.count(field) > 1:
            named = [cell for cell, known in zip(cells, fields, strict=True) if known == field]
            raise ValueError(f"more than one column for {field}: {', '.join(named)}")
    if "question" not in fields:
        raise ValueError(f"no column question among: {', '.join(cells)[:200]}")
    return fields


def _parts(row: dict[str, str], field: str) -> list[str]:
    return [part for text in row.get(field, "").split("|") if (part := text.strip())]


def _evidence(row: dict[str, str]) -> list[Evidence]:
    articles = _parts(row, "article_id")
    quotes = _parts(row, "quote") if len(articles) > 1 else [row["quote"]] if row.get("quote") else []
    if quotes and len(quotes) != len(articles):
        raise ValueError(f"{len(quotes)} quotes for {len(articles)} articles")
    return [
        Evidence(article, normalise(quote))
        for article, quote in zip(articles, quotes or [""] * len(articles), strict=True)
    ]


def _mode(row: dict[str, str]) -> Literal["any", "all"]:
    mode = row.get("evidence_mode", "").lower() or "any"
    if mode not in ("any", "all"):
        raise ValueError(f"evidence_mode {mode!r} is neither any nor all")
    return "all" if mode == "all" else "any"
