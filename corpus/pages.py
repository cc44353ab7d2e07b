"""A web page to a record: its article's text without menus, comments and scripts, and what its metadata says.

Knows nothing of fetching: trafilatura gets the page as text and never the network.
"""

from __future__ import annotations

import re

from corpus.cleaning import canonical_url, host_of

# Characters up to which every extraction method is tried; on a page of links the others cost 5 s per million.
_THOROUGH = 1_000_000


def record_from_page(page: str, url: str | None = None) -> dict[str, object]:
    """Return the record of the article on an HTML `page`, fetched from `url`; ValueError where none is."""
    import trafilatura

    try:
        found = trafilatura.bare_extraction(
            page,
            url=url,
            fast=len(page) > _THOROUGH,
            with_metadata=True,
            include_comments=False,
            # Only a date stated as the publication's: the extensive search takes any year that it meets.
            date_extraction_params={
                "extensive_search": False,
                "original_date": True,
                "max_date": "2100-01-01",
            },
        )
    except (Exception, RecursionError) as error:  # a library that walks strangers' markup may fail in any way
        raise ValueError(f"HTML that cannot be read ({type(error).__name__})") from None
    if found is None or isinstance(found, dict) or not (found.text or "").strip():
        raise ValueError("no article text found in the page")
    title = " ".join((found.title or "").split())
    return {
        "url": _address(found.url, url),
        "title": title or None,
        "published": found.date or None,
        # With an address the host names the source, as for every other format.
        "source": None if found.url or url else found.sitename,
        "body": _readable(found.text or "", title),
    }


def page_charset(data: bytes) -> str | None:
    """Return the charset that the head of an HTML page or the prolog of an XML file declares."""
    found = re.search(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", data[:4096])
    return found[1].decode("ascii") if found else None


def _address(stated: str | None, fetched: str | None) -> str | None:
    """The page's own canonical address, believed of its own site only; else where it was fetched."""
    for address in (stated, fetched):
        try:
            url = canonical_url(address or "")
        except ValueError:
            continue
        if fetched is None or address is fetched or host_of(url) == host_of(canonical_url(fetched)):
            return url
    return None


def _readable(text: str, title: str) -> str:
    """Extracted `text` without the headline on top, its table rows as "a | b"."""
    lines = text.split("\n")
    if title and " ".join(lines[0].split()) == title and len(lines) > 1:
        lines = lines[1:]
    kept = []
    for line in lines:
        line = line.strip()
        if re.fullmatch(r"\|?(?:-{3,}\|)+(?:-{3,})?", line):
            continue
        kept.append(line.strip("|").strip() if line.startswith("|") and line.endswith("|") else line)
    return "\n".join(kept)
