"""Article from and to the record that readers hand over and exports write, one JSON object a line.

{"id", "url", "title", "published", "source", "lang", "body"}: only body is required, the rest is derived.
Reading back what was written gives the same Article.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime

from corpus.article import Article
from corpus.cleaning import canonical_url, clean, host_of
from corpus.datelines import text_date, url_date
from corpus.dates import parse_published
from corpus.headlines import headline
from corpus.language import detect_language, normalise
from corpus.markup import text_of_markup

# Characters; more is the text of another field.
_LONGEST = {"id": 200, "title": 1000, "source": 200, "url": 4000, "published": 100}


def article_from_record(record: Mapping[str, object]) -> Article:
    """Return the Article of `record`; ValueError naming the field and its value where it cannot be one."""
    text = _text(record, "body")
    if text is None:
        raise ValueError("body: missing")
    if "\x00" in text:
        raise ValueError(f"body: binary, not text: {_short(text)}")
    cleaned = clean(_plain(text))
    if not any(map(str.isalnum, cleaned.body)):
        raise ValueError(f"body: empty, nothing but space, markup or page furniture: {_short(text)}")
    url = _url(record) or cleaned.url
    title = _line(record, "title") or headline(cleaned.body)
    return Article(
        id=_id(record) or _hash(url or cleaned.body),
        title=title,
        body=cleaned.body,
        source=_line(record, "source") or cleaned.source or (host_of(url) if url else ""),
        language=detect_language(f"{title}\n{cleaned.body}"),
        url=url,
        published=_published(record)
        or (url_date(url) if url else None)
        or cleaned.published
        or text_date(cleaned.body),
    )


def article_to_record(article: Article) -> dict[str, str | None]:
    """Return the record of `article`, its keys in the order of the JSONL line."""
    return {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "published": article.published.isoformat() if article.published else None,
        "source": article.source,
        "lang": article.language,
        "body": article.body,
    }


def _text(record: Mapping[str, object], field: str) -> str | None:
    """A text field as it stands, None where it is missing; other types are refused."""
    value = record.get(field)
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError(f"{field}: not text: {_short(value)}")
    if len(value) > _LONGEST.get(field, len(value)):
        raise ValueError(f"{field}: longer than {_LONGEST[field]} characters: {_short(value)}")
    # JSON can escape half of a character, which no database or terminal can write.
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _line(record: Mapping[str, object], field: str) -> str | None:
    """A field of one line: markup reduced, normalised, runs of space closed; None where nothing is left."""
    text = _text(record, field)
    return " ".join(_plain(text).split()) or None if text else None


def _plain(text: str) -> str:
    """`text` normalised and without markup, until neither finds more: invisible characters can hide a tag."""
    for _ in range(4):  # twice, as a rule: once to do it and once to see that it is done
        reduced = normalise(text_of_markup(text))
        if reduced == text:
            break
        text = reduced
    return text


def _id(record: Mapping[str, object]) -> str | None:
    number = record.get("id")
    if isinstance(number, int) and not isinstance(number, bool):
        return str(number)
    text = _text(record, "id")
    return " ".join(normalise(text).split()) or None if text else None


def _url(record: Mapping[str, object]) -> str | None:
    text = (_text(record, "url") or "").strip()
    if not text:
        return None
    try:
        return canonical_url(text)
    except ValueError as error:
        raise ValueError(f"url: {error}") from None


def _published(record: Mapping[str, object]) -> date | None:
    value = record.get("published")
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    text = (_text(record, "published") or "").strip()
    if not text:
        return None
    try:
        return parse_published(text)
    except ValueError as error:
        raise ValueError(f"published: {error}") from None


def _hash(text: str) -> str:
    """16 hexadecimal digits: at a million articles the chance of any two alike is one in 37 million."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _short(value: object) -> str:
    """`value` on one line of an error message."""
    shown = repr(value[:100] if isinstance(value, str) else value)
    return shown if len(shown) <= 90 else shown[:80] + "..."
