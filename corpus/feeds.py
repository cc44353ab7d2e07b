"""An RSS or Atom feed to records, one an entry: its full content where there is some, else the summary."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from corpus.dates import parse_published

_ROOT = re.compile(
    r"\s*(?:<\?[^>]*>\s*|<!--(?:(?!-->).)*-->\s*|<!DOCTYPE[^>]*>\s*)*<(?:rss|feed|rdf:RDF)[\s>]", re.DOTALL
)


def is_feed(text: str) -> bool:
    """Return whether `text` starts as RSS or Atom does."""
    return _ROOT.match(text[:5000]) is not None


def records_from_feed(text: str, url: str | None = None) -> Iterator[dict[str, object]]:
    """Yield the record of every entry in feed `text`, fetched from `url`; ValueError where none is."""
    import feedparser

    # A stream, since feedparser takes a string for an address; decoded already, so it need not guess.
    prolog = re.sub(r"(<\?xml[^>]*?)\sencoding\s*=\s*[\"'][^\"']*[\"']", r"\1", text[:1000], count=1)
    try:
        feed = feedparser.parse(
            io.BytesIO((prolog + text[1000:]).encode()),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,  # markup is reduced to text afterwards, scripts and all
        )
    except (Exception, RecursionError) as error:  # strangers' markup may fail it in any way
        raise ValueError(f"feed that cannot be read ({type(error).__name__})") from None
    if not feed.entries:
        raise ValueError("feed without entries")
    base = url or feed.feed.get("link") or ""
    for entry in feed.entries:
        link = entry.get("link")
        yield {
            "url": urljoin(base, link) if link else None,
            "title": entry.get("title"),
            "published": _published(entry),
            "body": _body(entry),
        }


def _body(entry: Any) -> str | None:
    texts = [content.get("value") or "" for content in entry.get("content", ())]
    return max([*texts, entry.get("summary") or ""], key=len) or None


def _published(entry: Any) -> str | None:
    """The entry's date as written, or as feedparser understood it where that is beyond us."""
    for field in ("published", "updated", "created"):
        written, parsed = entry.get(field), entry.get(f"{field}_parsed")
        if not written:
            continue
        try:
            return parse_published(written).isoformat()
        except ValueError:
            return f"{parsed.tm_year:04}-{parsed.tm_mon:02}-{parsed.tm_mday:02}" if parsed else str(written)
    return None
