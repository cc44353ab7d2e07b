"""One normal form, the language of a text, and its words: the same for an article and for a question about it."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.article import Language
from corpus.language import detect_language, fold_digits, normalise, placed_words, segment_spans, words


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("คำ", "คำ"),
        ("ค\u0e4d\u0e32", "คำ"),
        ("น้\u0e4d\u0e32ท่วม", "น้ำท่วม"),
        ("น\u0e4d้\u0e32ท่วม", "น้ำท่วม"),
        ("น้\u0e4d\u200b\u0e32", "น้ำ"),
        ("นา\u0e4d", "นา\u0e4d"),
        ("เเม่นํ้า", "แม่น้ำ"),
        ("เ\u200bเปล", "แปล"),
        ("แปล", "แปล"),
    ],
)
def test_sara_am_and_sara_ae_have_one_spelling(written: str, normal: str) -> None:
    assert normalise(written) == normal


@pytest.mark.parametrize(
    "invisible", "\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\ufeff\u00ad\0\x07\x7f"
)
def test_invisible_character_vanishes(invisible: str) -> None:
    assert normalise(f"{invisible}ข่าว{invisible}ด่วน bre{invisible}aking{invisible}") == "ข่าวด่วน breaking"


@pytest.mark.parametrize("space", "\t\u00a0\u1680\u2000\u2003\u2009\u202f\u205f\u3000")
def test_every_kind_of_space_becomes_one_plain_space(space: str) -> None:
    assert normalise(f"ข่าว{space}{space}วันนี้ news{space}") == "ข่าว  วันนี้ news "


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("หนึ่ง\r\nสอง\r\n\r\nสาม", "หนึ่ง\nสอง\n\nสาม"),
        ("one\rtwo", "one\ntwo"),
        ("one\n\rtwo", "one\n\ntwo"),
        ("one\u2028two\u2029three", "one\ntwo\n\nthree"),
    ],
)
def test_lines_end_in_one_way(written: str, normal: str) -> None:
    assert normalise(written) == normal


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n",
        "ปี ๒๕๖๖ มี ๑,๒๓๔ คน",
        "2566",
        "ๆ ฯลฯ",
        "  ย่อหน้า \n\n ใหม่  ",
        "“quoted” – it’s 5 °C 😀",
        "x² ½ ﬁ",
    ],
)
def test_text_in_normal_form_stays_as_written(text: str) -> None:
    assert normalise(text) == text


def test_accent_written_apart_joins_its_letter() -> None:
    assert normalise("Cafe\u0301") == normalise("Cafe\u200b\u0301") == "Café"


_ODD = st.sampled_from(
    [*"กนเแาำ\u0e4d่้ิุๆ๑ \u200b\u00ad\0\r\n\u00a0\u2000\u2028eA", "\r\n", "เเ", "\u0e4d\u0e32"]
)
_LETTERS = st.text(st.characters(exclude_categories=["M", "Cs"]), max_size=40)


@settings(max_examples=300, deadline=None)
@given(st.one_of(_LETTERS, st.lists(_ODD, max_size=40).map("".join)))
def test_normal_form_is_its_own_normal_form(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("นายกรัฐมนตรีเดินทางไปต่างประเทศ", "th"),
        ("The prime minister travelled abroad.", "en"),
        ("ครม. อนุมัติร่าง พ.ร.บ. ตามที่ Ministry of Finance เสนอ", "th"),
        ("The word ข่าว means news.", "en"),
        ("เปิดตัว iPhone 15 Pro Max ในไทย", "th"),
        ("Gen. Prayut (พลเอก ประยุทธ์) chaired the weekly meeting of the cabinet", "en"),
        ("ข่าว", "th"),
        ("ok", "en"),
        ("Café Zürich", "en"),
        ("ราคา 1,250,000 บาท", "th"),
        ("2566", "en"),
        ("๒๕๖๖", "en"),
        ("12.30 / 14:00 – 😀", "en"),
        ("฿500", "en"),
        ("", "en"),
        (" \n ", "en"),
    ],
)
def test_language_is_that_of_most_letters(text: str, language: Language) -> None:
    assert detect_language(text) == language


def test_digits_fold_in_place() -> None:
    assert fold_digits("วันที่ ๑๑ ก.ย. ๒๕๖๖ / 2023 ๐๓๔๗๘๙") == "วันที่ 11 ก.ย. 2566 / 2023 034789"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("น้ำท่วมกรุงเทพฯ", ["น้ำท่วม", "กรุงเทพฯ"]),
        ("เศรษฐกิจไทยขยายตัวร้อยละ 1.9", ["เศรษฐกิจ", "ไทย", "ขยายตัว", "ร้อยละ", "1.9"]),
        ("Breaking NEWS: it rained", ["breaking", "news", "it", "rained"]),
        ("don't", ["don't"]),
        ("Café in ZÜRICH", ["café", "in", "zürich"]),
        ("๑๒ คน", ["12", "คน"]),
        ("๑,๒๓๔,๕๖๗ บาท", ["1234567", "บาท"]),
        ("1,234,567.89 baht", ["1234567.89", "baht"]),
        ("$5,000", ["5000"]),
        ("๑๒:๓๐ น.", ["12:30", "น"]),
        ("11/09/2566", ["11", "09", "2566"]),
        ("ในปี 2566,", ["ใน", "ปี", "2566"]),
        ("ปี2566", ["ปี", "2566"]),
        ("COVID-19ระบาดในไทย", ["covid", "19", "ระบาด", "ใน", "ไทย"]),
        ("ที่ปรึกษาAPEC2022", ["ที่ปรึกษา", "apec", "2022"]),
        ("G20/อาเซียน", ["g", "20", "อาเซียน"]),
        ("", []),
        (" \n\t", []),
        ("!? … “” – 😀", []),
    ],
)
def test_text_falls_into_exactly_these_words(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("ปี ๒๕๖๖", "ปี 2566"),
        ("นํ้าท่วม", "น้ำท่วม"),
        ("ข่า\u200bว", "ข่าว"),
        ("1,000,000", "๑๐๐๐๐๐๐"),
        ("ASEAN", "Asean"),
    ],
)
def test_word_typed_in_a_question_is_the_word_printed_in_an_article(typed: str, printed: str) -> None:
    assert words(normalise(typed)) == words(normalise(printed)) != []


def test_spans_of_words_are_exact() -> None:
    text = "ฝนตก 1,250 มม.\n(UN) ประกาศ COVID-19 ซ้ำ"
    assert [(start, end, text[start:end]) for start, end in segment_spans(text)] == [
        (0, 4, "ฝนตก"),
        (5, 10, "1,250"),
        (11, 13, "มม"),
        (16, 18, "UN"),
        (20, 26, "ประกาศ"),
        (27, 32, "COVID"),
        (33, 35, "19"),
        (36, 39, "ซ้ำ"),
    ]


_WORDLIKE = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4eA-Za-z0-9]")
_SCRAPS = st.sampled_from([*"กขเแาำ่้ิๆฯ aZé5.,'’()", "ที่", "ประเทศ", "น้ำ", "1,000", "the ", "\n", "😀", "๕"])


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(_SCRAPS, max_size=60).map("".join)))
def test_spans_are_in_order_and_leave_no_letter_or_digit_out(text: str) -> None:
    covered = [False] * len(text)
    last = 0
    for start, end in segment_spans(text):
        assert last <= start < end <= len(text)
        covered[start:end] = [True] * (end - start)
        last = end
    assert [
        char for char, inside in zip(text, covered, strict=True) if not inside and _WORDLIKE.match(char)
    ] == []


@pytest.mark.parametrize("unit", ["ก", "ตากลม", "a", "1,", "่", "เ"])
def test_hostile_repetition_is_segmented_without_loss(unit: str) -> None:
    text = unit * (50_000 // len(unit))
    assert sum(end - start for start, end in segment_spans(text)) == len(text.rstrip(","))


@pytest.mark.parametrize(
    ("text", "placed"),
    [
        ("The Bridge’s 1,234 metres", ["the", "bridge", "1234", "metres"]),
        ("น้ำท่วม ๓๔ หมู่บ้าน", ["น้ำท่วม", "34", "หมู่บ้าน"]),
    ],
)
def test_placed_words_are_the_words_where_they_stand(text: str, placed: list[str]) -> None:
    found = placed_words(text)
    assert [word for _, _, word in found] == placed == words(text)
    assert [text[start:end].lower() for start, end, _ in found][0] == placed[0]
    assert all(other[0] >= one[1] for one, other in pairwise(found))
