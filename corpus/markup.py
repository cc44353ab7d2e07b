"""Plain text out of fields with HTML scraps or Markdown; text that merely contains "<" or "&" stays as it is.

For whole web pages, where an article must be told from its surroundings, see pages.py.
"""

from __future__ import annotations

import html
import re

_PARAGRAPHS = (
    "address article aside blockquote center div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header main nav ol p pre section table ul"
).split()
_LINES = "br dd dt hr li tr".split()
_DROPPED = "script style noscript template iframe object svg head select button".split()
_OTHERS = (
    "a abbr b big body caption cite code col colgroup em embed font html i img input ins del label link mark "
    "meta option path picture q s samp small source span strike strong sub sup tbody td textarea tfoot th "
    "thead time title tt u var video wbr"
).split()
# A whole tag, name ended and attributes assigned: "<3", "< 15", "<unknown>" and "a <b or c> d" are text.
_ANY = "|".join(_PARAGRAPHS + _LINES + _DROPPED + _OTHERS)
_TAG = re.compile(rf"<(?=[a-z/!])(?:/?(?:{_ANY})\s*/?>|(?:{_ANY})\s[^<>=]*=[^<>]*>|!--)", re.IGNORECASE)
_FALSE_TAG = re.compile(rf"<(?!/?(?:{_ANY})[\s/>]|!--|!doctype)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_ROUNDS = 4  # markup escaped once or twice over is common in exports; more is an attack on our time


def text_of_markup(text: str) -> str:
    """Return `text` with tags dropped, blocks on lines of their own and entities written out."""
    for _ in range(_ROUNDS):
        reduced = _without_tags(text) if _TAG.search(text) else _ENTITY.sub(_character, text)
        if reduced == text:
            break
        text = reduced
    return text


def text_of_markdown(text: str) -> str:
    """Return Markdown `text` as it reads: no heading marks, emphasis, images or link targets."""
    text = re.sub(r"!\[[^\[\]\n]*\]\([^()\s]*\)", "", text)
    text = re.sub(r"\[([^\[\]\n]+)\]\([^()\s]*\)", r"\1", text)
    text = re.sub(r"(?m)^(?:#{1,6} +|> ?)", "", text)
    return re.sub(r"(\*\*|__)(?=\S)([^*_\n]+?)(?<=\S)\1", r"\2", text)


def _character(entity: re.Match[str]) -> str:
    """What an entity stands for; one that HTML does not know is text ("R&D;")."""
    return html.unescape(entity[0])


def _without_tags(text: str) -> str:
    """`text` parsed as an HTML fragment; the parser is linear, which patterns over unclosed tags are not."""
    from lxml import etree
    from lxml import html as lxml_html

    # Escaped, a "<" that opens no tag survives the parser. NUL would end the text for it.
    source = _FALSE_TAG.sub("&lt;", text).replace("\x00", "")
    parser = lxml_html.HTMLParser(huge_tree=True)
    try:
        root = lxml_html.document_fromstring(f"<div>{source}</div>", parser=parser)
    except etree.ParserError:  # nothing but comments
        return ""
    if any("depth" in entry.message for entry in parser.error_log):
        # Thousands of unclosed tags: the parser dropped what lies deeper, so cut the tags out instead.
        return re.sub(r"<[^<>]*>", " ", source)
    parts: list[str] = []
    skipped = None  # the script or the like that we are inside of
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            parts.append("" if skipped is not None else _run(node.tail))
        elif event == "start" and skipped is None:
            skipped = node if node.tag in _DROPPED else None
            parts.append("\n\n" if node.tag in _PARAGRAPHS else "\n" if node.tag in _LINES else "")
            parts.append("" if skipped is node else _run(node.text))
        elif event == "end" and (skipped is None or skipped is node):
            skipped = None
            parts.append("\n\n" if node.tag in _PARAGRAPHS else "")
            parts.append(" | " if node.tag in ("td", "th") and node.getnext() is not None else "")
            parts.append(_run(node.tail))
    lines = "\n".join(line.strip() for line in "".join(parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n")


def _run(text: str | None) -> str:
    """A text node; the line end and indent between two tags are the layout of the source, not of the text."""
    return " " if text and text.isspace() else text or ""
