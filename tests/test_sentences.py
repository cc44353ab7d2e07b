"""Sentence boundaries in Thai, English and both: exact cases, then properties that hold for any text."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


CASES = [
    ("He met Gen. Prayut on Monday. They talked.", ["He met Gen. Prayut on Monday.", "They talked."]),
    ("Mr. Smith arrived. Ms. Traisuree spoke.", ["Mr. Smith arrived.", "Ms. Traisuree spoke."]),
    (
        "H.E. Mr. Meir Shlomo called on the Prime Minister. He left at 9 a.m. on Friday.",
        ["H.E. Mr. Meir Shlomo called on the Prime Minister.", "He left at 9 a.m. on Friday."],
    ),
    ("The U.S. Senate voted. The U.S. will act.", ["The U.S. Senate voted.", "The U.S. will act."]),
    ("He lives in the U.S. She does not.", ["He lives in the U.S.", "She does not."]),
    (
        "Growth was 1.92 percent. It was 2.1 percent a year ago.",
        ["Growth was 1.92 percent.", "It was 2.1 percent a year ago."],
    ),
    ('"I will go." She left.', ['"I will go."', "She left."]),
    ("“We won.” The crowd cheered.", ["“We won.”", "The crowd cheered."]),
    ("It rose at 5 p.m. The market closed.", ["It rose at 5 p.m.", "The market closed."]),
    ("See No. 5 for details. No. He refused.", ["See No. 5 for details.", "No.", "He refused."]),
    ("John F. Kennedy spoke. J. K. Rowling wrote.", ["John F. Kennedy spoke.", "J. K. Rowling wrote."]),
    ("Really? Yes! It is so.", ["Really?", "Yes!", "It is so."]),
    ("He waited... Then he left.", ["He waited...", "Then he left."]),
    (
        "The firm, Acme Inc. of Ohio, closed. Workers wept.",
        ["The firm, Acme Inc. of Ohio, closed.", "Workers wept."],
    ),
    ("1. Open the door. 2. Close it.", ["1. Open the door. 2. Close it."]),
    ("1. First item\n2. Second item\n3. Third item", ["1. First item", "2. Second item", "3. Third item"]),
    ("- reduce costs. Save money.\n- raise output", ["- reduce costs. Save money.", "- raise output"]),
    (
        "The cabinet approved the budget of 2,995 million Baht under the\nplan proposed by the ministry.\nIt takes effect today.",
        [
            "The cabinet approved the budget of 2,995 million Baht under the\nplan proposed by the ministry.",
            "It takes effect today.",
        ],
    ),
    ("First paragraph\n\nsecond paragraph", ["First paragraph", "second paragraph"]),
    (
        "He said (see p. 4. Then more) it was done. Good.",
        ["He said (see p. 4. Then more) it was done.", "Good."],
    ),
    ("Name | Age | City\nSomchai | 30 | Bangkok", ["Name | Age | City", "Somchai | 30 | Bangkok"]),
    ("GDP 1.2 3.4 5.6 7.8\nCPI 0.1 0.2 0.3 0.4", ["GDP 1.2 3.4 5.6 7.8", "CPI 0.1 0.2 0.3 0.4"]),
    ("", []),
    ("   \n \n ", []),
    ("Hello", ["Hello"]),
    ("สวัสดี", ["สวัสดี"]),
    ("วันที่ 11 ก.ย. 2566 นายกรัฐมนตรีเดินทางไปต่างประเทศ", ["วันที่ 11 ก.ย. 2566 นายกรัฐมนตรีเดินทางไปต่างประเทศ"]),
    ("ในปี พ.ศ. 2565 เศรษฐกิจไทยขยายตัว", ["ในปี พ.ศ. 2565 เศรษฐกิจไทยขยายตัว"]),
    ("เวลา 13.00 น. นายกรัฐมนตรีเป็นประธานการประชุม", ["เวลา 13.00 น. นายกรัฐมนตรีเป็นประธานการประชุม"]),
    ("ดร. สมชาย ใจดี อธิบดีกรมอุตุนิยมวิทยา ระบุว่าฝนจะตกหนัก", ["ดร. สมชาย ใจดี อธิบดีกรมอุตุนิยมวิทยา ระบุว่าฝนจะตกหนัก"]),
    ("เศรษฐกิจไทยขยายตัวร้อยละ 1.92 ในไตรมาสที่สอง", ["เศรษฐกิจไทยขยายตัวร้อยละ 1.92 ในไตรมาสที่สอง"]),
    (
        "รัฐบาลอนุมัติงบประมาณก่อสร้างสะพานแห่งใหม่แล้ว ทั้งนี้ การก่อสร้างจะเริ่มในเดือนหน้า",
        ["รัฐบาลอนุมัติงบประมาณก่อสร้างสะพานแห่งใหม่แล้ว", "ทั้งนี้ การก่อสร้างจะเริ่มในเดือนหน้า"],
    ),
    (
        "ฝนตกหนักทั่วภาคใต้ตลอดทั้งสัปดาห์ที่ผ่านมา นอกจากนี้ ยังมีลมแรงในหลายพื้นที่",
        ["ฝนตกหนักทั่วภาคใต้ตลอดทั้งสัปดาห์ที่ผ่านมา", "นอกจากนี้ ยังมีลมแรงในหลายพื้นที่"],
    ),
    (
        "ราคาน้ำมันปรับขึ้นต่อเนื่องเป็นสัปดาห์ที่สาม อย่างไรก็ตาม ราคาก๊าซหุงต้มยังคงเดิม",
        ["ราคาน้ำมันปรับขึ้นต่อเนื่องเป็นสัปดาห์ที่สาม", "อย่างไรก็ตาม ราคาก๊าซหุงต้มยังคงเดิม"],
    ),
    (
        "“เราจะช่วยเหลือทุกครอบครัวที่เดือดร้อน” ผู้ว่าราชการจังหวัดกล่าว",
        ["“เราจะช่วยเหลือทุกครอบครัวที่เดือดร้อน” ผู้ว่าราชการจังหวัดกล่าว"],
    ),
    ("หน่วยงานต่าง ๆ ร่วมกันทำงาน", ["หน่วยงานต่าง ๆ ร่วมกันทำงาน"]),
    ("สหรัฐฯ ประกาศมาตรการใหม่", ["สหรัฐฯ ประกาศมาตรการใหม่"]),
    ("ผู้ว่าฯ กทม. ลงพื้นที่ตรวจน้ำท่วม", ["ผู้ว่าฯ กทม. ลงพื้นที่ตรวจน้ำท่วม"]),
    ("1. ตรวจสอบเอกสาร\n2. ยื่นคำขอ", ["1. ตรวจสอบเอกสาร", "2. ยื่นคำขอ"]),
    ("๑. ตรวจสอบเอกสารให้ครบถ้วน\n๒. ยื่นคำขอที่สำนักงานเขต", ["๑. ตรวจสอบเอกสารให้ครบถ้วน", "๒. ยื่นคำขอที่สำนักงานเขต"]),
    (
        "The minister spoke in Bangkok. นายกรัฐมนตรีกล่าวขอบคุณทุกฝ่าย",
        ["The minister spoke in Bangkok.", "นายกรัฐมนตรีกล่าวขอบคุณทุกฝ่าย"],
    ),
    ("สินค้าราคา 500 บาท ลดเหลือ 300 บาท", ["สินค้าราคา 500 บาท ลดเหลือ 300 บาท"]),
    ("บริษัท (ไทย จำกัด ทั้งนี้ มหาชน) เปิดสาขาใหม่", ["บริษัท (ไทย จำกัด ทั้งนี้ มหาชน) เปิดสาขาใหม่"]),
    ("เขาหยุดคิด... แล้วเดินจากไป", ["เขาหยุดคิด... แล้วเดินจากไป"]),
    ("Prices rose by 3.5%. Thailand's exports fell.", ["Prices rose by 3.5%.", "Thailand's exports fell."]),
    ("The ministry said U.S. researchers came.", ["The ministry said U.S. researchers came."]),
    (
        "Gist\nThe cabinet approved the draft. It is final.",
        ["Gist", "The cabinet approved the draft.", "It is final."],
    ),
    ("He came on Sept. 5. It rained.", ["He came on Sept. 5.", "It rained."]),
    ("ที่มา:\nhttps://example.org/news/1.html", ["ที่มา:", "https://example.org/news/1.html"]),
    ("He works for Gen.\nPrayut in Bangkok.", ["He works for Gen.\nPrayut in Bangkok."]),
    (
        "1. ตรวจสอบเอกสารให้ครบถ้วน 2. ยื่นคำขอที่สำนักงานเขต 3. รอผลการพิจารณา",
        ["1. ตรวจสอบเอกสารให้ครบถ้วน 2. ยื่นคำขอที่สำนักงานเขต 3. รอผลการพิจารณา"],
    ),
    (
        "นายกรัฐมนตรีสั่งการดังนี้ 1. ให้กรมชลประทานเร่งระบายน้ำออกจากพื้นที่การเกษตรทุกแห่งภายในสัปดาห์นี้ 2. ให้กรมทางหลวงซ่อมถนนที่เสียหายจากน้ำท่วมทั้งหมดก่อนสิ้นเดือนหน้าเพื่อให้ประชาชนเดินทางได้สะดวก 3. ให้กระทรวงสาธารณสุขจัดหน่วยแพทย์เคลื่อนที่ออกตรวจรักษาผู้ประสบภัย",
        [
            "นายกรัฐมนตรีสั่งการดังนี้",
            "1. ให้กรมชลประทานเร่งระบายน้ำออกจากพื้นที่การเกษตรทุกแห่งภายในสัปดาห์นี้",
            "2. ให้กรมทางหลวงซ่อมถนนที่เสียหายจากน้ำท่วมทั้งหมดก่อนสิ้นเดือนหน้าเพื่อให้ประชาชนเดินทางได้สะดวก",
            "3. ให้กระทรวงสาธารณสุขจัดหน่วยแพทย์เคลื่อนที่ออกตรวจรักษาผู้ประสบภัย",
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_text_is_cut_into_exactly_these_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_thai_without_spaces_is_cut_between_words_into_quotable_pieces() -> None:
    text = "ประเทศไทยมีฝนตกหนัก" * 105
    pieces = sentences(text)
    assert "".join(pieces) == text
    assert all(40 <= len(piece) <= 400 for piece in pieces)
    assert all(piece.startswith(("ประเทศ", "ไทย", "มี", "ฝน", "ตก", "หนัก")) for piece in pieces)


def test_long_thai_paragraph_is_cut_at_spaces_into_quotable_pieces() -> None:
    text = "ชาวบ้านในพื้นที่ช่วยกันกรอกกระสอบทราย เจ้าหน้าที่เร่งสูบน้ำออกจากถนนสายหลัก " * 30
    spans = sentence_spans(text)
    assert max(end - start for start, end in spans) <= 400
    assert all(text[start - 1] == " " for start, _ in spans[1:])


@pytest.mark.parametrize(
    "text",
    [
        "“" * 50_000,
        "( " * 25_000,
        "ก" * 50_000,
        "ก " * 25_000,
        "A. " * 20_000,
        "1. " * 20_000,
        "\n" * 50_000,
        "|" * 50_000,
    ],
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    sentence_spans("ครั้งแรกโหลดพจนานุกรม")
    begun = time.perf_counter()
    sentence_spans(text)
    assert time.perf_counter() - begun < 5


PIECES = st.sampled_from(
    [
        "ก",
        "ที่",
        "น้ำ",
        "ทั้งนี้ ",
        "ๆ",
        "ฯ",
        "่",
        "ิ",
        " ",
        "  ",
        "\n",
        "\n\n",
        ". ",
        "1. ",
        "2) ",
        "(",
        ")",
        "“",
        "”",
        '"',
        "A",
        "the ",
        "U.S. ",
        "๕",
        "5",
        "|",
        "… ",
        "; ",
        "é",
        "e\u0301",
        "😀",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=300).map("".join)))
def test_spans_are_ordered_and_cover_every_visible_character(text: str) -> None:
    spans = sentence_spans(text)
    inside = [False] * len(text)
    last = 0
    for start, end in spans:
        assert last <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert "\n\n" not in text[start:end]
        inside[start:end] = [True] * (end - start)
        last = end
    assert all(covered or char.isspace() for covered, char in zip(inside, text, strict=True))


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=300).map("".join))
def test_no_sentence_of_a_line_opens_with_a_combining_mark(text: str) -> None:
    for start, _ in sentence_spans(text):
        opens_line = not text[text.rfind("\n", 0, start) + 1 : start].strip()
        assert opens_line or not unicodedata.category(text[start]).startswith("M")


def test_same_text_gives_the_same_spans() -> None:
    text = "ฝนตกหนักทั่วภาคใต้ ทั้งนี้ ชาวประมงควรงดออกเรือ The sea is rough. Boats stay in port."
    assert sentence_spans(text) == sentence_spans(text)
