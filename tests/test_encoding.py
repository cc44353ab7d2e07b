"""Bytes to text: the encodings that Thai and English news comes in, and what is no text."""

from __future__ import annotations

import gzip
import random

import pytest

from corpus.encoding import decode

THAI = "กรมอุตุนิยมวิทยาเตือน ๑๒ จังหวัดภาคใต้รับมือฝนตกหนัก วันที่ 5 พ.ย. 2567 “คลื่นสูง 3 เมตร” ชาวประมงงดออกเรือ"
ENGLISH = "The café’s owner said “prices” rose 5% – the third time this year."


@pytest.mark.parametrize(
    "codec", ["utf-8", "utf-8-sig", "cp874", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_thai_reads_in_every_encoding(codec: str) -> None:
    assert decode(THAI.encode(codec)) == THAI


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_english_reads_in_every_encoding(codec: str) -> None:
    assert decode(ENGLISH.encode(codec)) == ENGLISH


def test_tis_620_without_windows_quotes_reads() -> None:
    text = "ราคาน้ำมันวันนี้"
    assert decode(text.encode("tis-620")) == text


@pytest.mark.parametrize("text", ["ข่าว", "ฝนตก 5 จังหวัด", "คำว่าน้ำใจ"])
def test_short_thai_is_not_taken_for_another_script(text: str) -> None:
    assert decode(text.encode("cp874")) == text


@pytest.mark.parametrize("declared", ["TIS-620", "windows-874", "ISO-8859-11", "cp874"])
def test_declared_thai_charset_decides_where_letters_do_not(declared: str) -> None:
    assert decode("5 ม.ค.".encode("cp874"), declared) == "5 ม.ค."


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "no-such-charset", "hex", ""])
def test_charset_that_says_nothing_is_passed_over(declared: str) -> None:
    assert decode(THAI.encode("cp874"), declared) == THAI


def test_utf8_wins_over_wrong_declaration() -> None:
    assert decode(THAI.encode(), "tis-620") == THAI


def test_other_charset_is_read_when_declared() -> None:
    assert decode("東京で地震".encode("shift_jis"), "Shift_JIS") == "東京で地震"
    assert decode("東京で地震".encode("iso2022_jp"), "ISO-2022-JP") == "東京で地震"


def test_utf8_cut_in_a_character_keeps_the_rest() -> None:
    assert decode(THAI.encode()[:-1]) == THAI[:-1] + "\ufffd"


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 text",
        gzip.compress(b"news"),
        b"\x89PNG\r\n\x1a\n",
        b"news\x00paper",
        b"\xff\xfe" + bytes(range(0xD8, 0xE0)) * 20,
        random.Random(1).randbytes(4000),
    ],
    ids=["pdf", "gzip", "png", "nul", "broken utf-16", "noise"],
)
def test_binary_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="is binary, not text"):
        decode(data)


def test_nothing_decodes_to_nothing() -> None:
    assert decode(b"") == ""
