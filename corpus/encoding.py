"""Bytes to text: UTF-8, UTF-16, the Thai TIS-620/cp874, the Western cp1252; others only when declared.

Rules for these few: on Thai and English news they name the right encoding more often than a general detector
does, and do not take a short Thai text for Japanese.
"""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark starts with that of UTF-16-LE
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"\x7fELF",
    b"SQLite format",
)
# Python's tis_620 lacks quotes and the no-break space, which Windows put into "TIS-620" files.
_THAI_NAMES = {"tis620", "iso885911", "windows874", "cp874", "ibm874", "xwindows874", "dos874", "874"}
# Servers announce Latin-1 when nobody chose anything, so these names are no evidence.
_DEFAULT_NAMES = {"iso88591", "latin1", "windows1252", "cp1252", "usascii", "ascii"}
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_SNIFFED = 1 << 16  # bytes looked at where a share is measured: enough for any share, cheap on a 1 MB article


def decode(data: bytes, declared: str | None = None) -> str:
    """Return `data` as text; ValueError when it is binary. `declared`: a header's charset."""
    name = detect(data, declared)
    text = data.decode(name, "replace")
    head = text[:_SNIFFED]
    if "\x00" in text or (name.startswith(("utf-16", "utf-32")) and head.count("\ufffd") > len(head) // 20):
        raise _binary(data)
    return text


def detect(data: bytes, declared: str | None = None) -> str:
    """Return the Python codec for `data`, or a stream's start; ValueError when it is binary."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return name
    if unmarked := _unmarked_utf16(data):
        return unmarked
    if data.startswith(_MAGIC) or b"\x00" in data:
        raise _binary(data)
    if len(_CONTROLS.findall(data[:_SNIFFED])) > len(data[:_SNIFFED]) // 100:
        raise _binary(data)
    for name in _candidates(data, declared):
        try:
            data.decode(name)
        except UnicodeDecodeError:
            continue
        return name
    return _nearest(data)


def _candidates(data: bytes, declared: str | None) -> list[str]:
    """The encodings to try strictly, most trusted first.

    UTF-8 goes before a declared charset: other Thai or Western bytes are practically never valid UTF-8, while
    wrong labels are common.
    """
    name = _codec(declared)
    if data.isascii():  # only a 7-bit charset, such as ISO-2022-JP, makes a difference here
        return [name, "utf-8"] if name and b"\x1b" in data else ["utf-8"]
    return ["utf-8", name] if name else ["utf-8"]


def _codec(declared: str | None) -> str | None:
    """The Python codec for a declared charset, None when it is unknown or says nothing."""
    plain = re.sub("[^a-z0-9]", "", (declared or "").lower())
    if plain in _THAI_NAMES:
        return "cp874"
    if not plain or plain in _DEFAULT_NAMES:
        return None
    try:
        found = codecs.lookup((declared or "").strip())
    except (LookupError, ValueError):
        return None
    # "hex" and "rot13" are codecs too, but not of text; "utf-16" without a mark has been looked for already.
    return found.name if getattr(found, "_is_text_encoding", False) and "utf-16" not in found.name else None


def _unmarked_utf16(data: bytes) -> str | None:
    """The byte order of UTF-16 without a mark: high bytes are 0E in Thai, 00 in English."""
    head = data[:_SNIFFED]
    half = len(head) // 2
    if half < 2:
        return None
    shares = [sum(head[side::2].count(high) for high in (b"\x00", b"\x0e")) / half for side in (0, 1)]
    # Curly quotes and dashes (20xx) are the only other high bytes in news, hence not all of them.
    if shares[1] > 0.7 and shares[0] < 0.3:
        return "utf-16-le"
    return "utf-16-be" if shares[0] > 0.7 and shares[1] < 0.3 else None


def _nearest(data: bytes) -> str:
    """The best guess where nothing fits: damaged UTF-8, else Thai or Western by how the letters stand."""
    head = data[:_SNIFFED]
    high = sum(len(run) for run in _HIGH_RUN.findall(head)) or 1
    damaged = head.decode("utf-8", "replace").count("\ufffd")
    if damaged * 20 <= high:  # a cut or a stray byte in UTF-8; TIS-620 read as UTF-8 is damaged everywhere
        return "utf-8"
    # Thai writes whole words in high bytes; French or German have one accent among ASCII letters.
    in_runs = sum(len(run) for run in _HIGH_RUN.findall(head) if len(run) >= 3)
    return "cp874" if in_runs * 2 > high else "cp1252"


def _binary(data: bytes) -> ValueError:
    return ValueError(f"{data[:12]!r}... is binary, not text")
