"""What a scraped article brings along: page furniture, source lines, tracking parameters; all removed here.

Only whole lines at the head or the tail of a text are judged; a body is never cut in its middle.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlsplit

from corpus.datelines import published_line
from corpus.furniture import is_furniture

_URL = re.compile(r"https?://[^\s<>\"'“”]+", re.IGNORECASE)
_SOURCE = re.compile(
    r"(?:(?:ข่าว)?(?:ที่มา|แหล่งที่มา|แหล่งข่าว|แหล่งข้อมูล|อ้างอิง|เครดิต)(?:ข่าว|ข้อมูล|ภาพ)?(?:จาก)?"
    r"|(?:original )?sources?|via|references?) *(?:[:：]|$)(?P<beside>.*)",
    re.IGNORECASE,
)
_NAME_LENGTH = 60  # an outlet's name beside the label; more is a sentence
_TRACKING = re.compile(
    r"utm_.*|_?(?:fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|li_fat_id)|mc_(?:cid|eid)|igshid?|igsh"
    r"|ref_(?:src|url)|fb_(?:action_ids|action_types|source|ref)|_hs(?:enc|mi)|__twitter_impression|_ga|_gl|at_(?:medium|campaign"
    r"|custom\d)|cmpid|ocid|s_cid|sr_share|smid|smtyp|spm|vero_id|oly_(?:anon|enc)_id|ns_(?:mchannel|source|campaign)|wt_mc",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text without its furniture, and what its trailing source block said."""

    body: str
    url: str | None
    source: str | None
    published: date | None  # from a line such as "เผยแพร่: 11 ก.ย. 2566", which is dropped


def clean(text: str) -> Cleaned:
    """Return normalised `text` without page furniture at its ends, a trailing source block and idle space."""
    lines = [line.strip() for line in text.split("\n")]
    first, last = 0, len(lines)
    url = source = published = None
    while first < last and (not lines[first] or is_furniture(lines[first])):
        published = published or published_line(lines[first])
        first += 1
    while first < last:
        if not lines[last - 1] or is_furniture(lines[last - 1]):
            published = published or published_line(lines[last - 1])
            last -= 1
            continue
        block = _source_block(lines, first, last)
        if block is None:
            break
        last, found_url, found_source = block
        url, source = url or found_url, source or found_source
    body = re.sub(r"\n{3,}", "\n\n", "\n".join(lines[first:last])).strip()
    return Cleaned(body, url, source, published)


def canonical_url(url: str) -> str:
    """Return the one spelling of a web address: no tracking, no fragment; ValueError for others.

    A user name and password in it are dropped too: it will be shown.
    """
    written = url.strip()
    if written.startswith("//") or re.match(r"www\.[^\s/]+\.", written, re.IGNORECASE):
        written = "https://" + written.lstrip("/")
    try:
        parts = urlsplit(written)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise ValueError(f"not a web address: {url[:100]!r}") from None
    broken = re.search(r"[\x00-\x1f\x7f\\]", written) or re.search(r"\s", parts.netloc)
    if parts.scheme not in ("http", "https") or not host or broken:
        raise ValueError(f"not a web address: {url[:100]!r}")
    place = f"[{host}]" if ":" in host else host
    if port and port != {"http": 80, "https": 443}[parts.scheme]:
        place += f":{port}"
    kept = [pair for pair in parts.query.split("&") if pair and not _TRACKING.fullmatch(pair.split("=")[0])]
    query = "?" + _escaped("&".join(kept)) if kept else ""
    return f"{parts.scheme}://{place}{_escaped(parts.path) or '/'}{query}"


def host_of(url: str) -> str:
    """Return the host of a canonical URL without "www.", the default name of a source."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _escaped(part: str) -> str:
    """`part` of a URL in ASCII, so that a Thai path is one address whether it came escaped or not."""
    escaped = quote(part, safe="%/:@!$&'()*+,;=~?-._[]")
    return re.sub("%[0-9a-fA-F]{2}", lambda pair: pair[0].upper(), escaped)


def _source_block(lines: list[str], first: int, last: int) -> tuple[int, str | None, str | None] | None:
    """The source block that ends before line `last`: its start, URL and outlet."""
    urls: list[str] = []
    for at in range(last - 1, max(first, last - 10) - 1, -1):
        label = _SOURCE.fullmatch(lines[at])
        beside = label["beside"].strip() if label else lines[at]
        here = _URL.findall(beside)
        name = " ".join(_URL.sub("", beside).split()).strip(" -–—|,:()[]•")
        if len(name) > _NAME_LENGTH or name.endswith((".", "?", "!", "”", '"')) and not here:
            return None
        urls = here + urls
        if label:
            if at == first or not (urls or name):  # all that there is, or a label that names nothing
                return None
            return at, _first_address(urls), None if urls else name
        if name and not here:  # an outlet's name may stand below the label, but only right below it
            above = next((line for line in reversed(lines[first:at]) if line), "")
            bare = _SOURCE.fullmatch(above)
            if not bare or bare["beside"].strip():
                return None
    return None


def _first_address(urls: list[str]) -> str | None:
    for url in urls:
        try:
            return canonical_url(url.rstrip(".,;)]"))
        except ValueError:
            continue
    return None
