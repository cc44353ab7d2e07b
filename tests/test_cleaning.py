"""Page furniture, source blocks, markup and web addresses: what goes, and what must stay."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.cleaning import Cleaned, canonical_url, clean
from corpus.datelines import text_date, url_date
from corpus.headlines import columns, headline
from corpus.markup import text_of_markdown, text_of_markup

BODY = {
    "th": "เทศบาลเปิดตลาดน้ำแห่งใหม่ริมคลอง\n\nพ่อค้าแม่ค้ากว่า 80 รายเริ่มขายของตั้งแต่เช้ามืด",
    "en": "The town opened a new canal market.\n\nMore than 80 vendors began selling before dawn.",
}


@pytest.mark.parametrize("lang", ["th", "en"])
@pytest.mark.parametrize(
    "line",
    ["ไม่พบผลการค้นหา", "แชร์", "Facebook Twitter LINE", "Share this article", "อ่านข่าวเพิ่มเติม", "คัดลอกลิงก์",
     "Read more: Floods recede in the north", "เว็บไซต์นี้ใช้คุกกี้เพื่อพัฒนาประสบการณ์ของคุณ ยอมรับ", "* * *",
     "This site uses cookies. Accept our policy to go on.", "แท็ก: ตลาด, คลอง", "#ตลาดน้ำ #ท่องเที่ยว",
     "Advertisement", "© 2023 All rights reserved",
     "หน้าแรก > ข่าว > ภูมิภาค", "1,204 views", "ติดตามเราได้ทาง LINE"],
)  # fmt: skip
def test_furniture_goes_from_both_ends_and_never_from_the_middle(lang: str, line: str) -> None:
    body = BODY[lang]
    assert clean(f"{line}\n\n{body}\n{line}\n").body == body
    kept = body.replace("\n\n", f"\n{line}\n")
    assert clean(kept).body == kept


@pytest.mark.parametrize(
    "line",
    ["แชร์ข่าวปลอมมีความผิดตามกฎหมาย ตำรวจเตือน", "Share prices fell on Monday.",
     "X bought the company for 5 billion.",
     "ค้นหาผู้สูญหายต่อเนื่องเป็นวันที่สอง", "Updated figures show 12 percent growth", "ที่มาของเงินยังไม่ชัดเจน",
     "Copyright law was changed on Monday by a vote of 210 to 98 in the lower house. " * 5],
)  # fmt: skip
def test_news_that_begins_like_furniture_stays(line: str) -> None:
    text = f"{line.strip()}\nเจ้าหน้าที่ระบุ\n{line.strip()}"
    assert clean(text) == Cleaned(text, None, None, None)


@pytest.mark.parametrize(
    "block",
    ["ที่มา:\n\nhttps://www.example.org/a?id=4&fbclid=Iw", "ที่มา: https://example.org/a?id=4#top", "ที่มา\nhttps://EXAMPLE.org/a?id=4",
     "Source: Example News https://example.org/a?utm_source=x&id=4", "แหล่งที่มา : (https://example.org/a?id=4)"],
)  # fmt: skip
def test_source_block_becomes_the_address(block: str) -> None:
    found = clean(f"{BODY['th']}\n\n\n{block}\n\nแชร์\n")
    assert found.body == BODY["th"]
    assert found.url in ("https://www.example.org/a?id=4", "https://example.org/a?id=4")


@pytest.mark.parametrize(
    ("block", "outlet"), [("ที่มา : สำนักข่าวท้องถิ่น", "สำนักข่าวท้องถิ่น"), ("Source: Canal Daily", "Canal Daily")]
)
def test_source_block_without_address_names_the_outlet(block: str, outlet: str) -> None:
    assert clean(f"{BODY['th']}\n{block}") == Cleaned(BODY["th"], None, outlet, None)


@pytest.mark.parametrize(
    "last",
    ["ที่มา: เจ้าหน้าที่ระบุว่าเงินจำนวนนี้ได้มาจากการขายที่ดินของบิดาเมื่อสามปีก่อน จึงไม่มีความผิด",
     "Source: he would not say.",
     "ที่มาของเรื่องนี้ยังเป็นปริศนา", "ที่มา:"],
)  # fmt: skip
def test_source_within_a_sentence_stays(last: str) -> None:
    text = f"{BODY['th']}\n{last}"
    assert clean(text).body == text


def test_published_line_is_read_and_dropped() -> None:
    found = clean(f"เผยแพร่: 11 ก.ย. 2566 10:30 น.\n{BODY['th']}")
    assert found == Cleaned(BODY["th"], None, None, date(2023, 9, 11))


def test_cleaning_twice_changes_nothing() -> None:
    once = clean(f"เมนู\n\n{BODY['en']}  \n\n\n\nend\nSource: https://a.example/x\nแชร์")
    assert clean(once.body).body == once.body == f"{BODY['en']}\n\nend"


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("HTTPS://WWW.Example.COM:443/A/b?x=1&utm_source=f&fbclid=z#frag", "https://www.example.com/A/b?x=1"),
        ("https://example.com/a?gclid=1&mc_cid=2&igshid=3&ref_src=4&_ga=5", "https://example.com/a"),
        ("https://example.com/a?ref=7&page=2", "https://example.com/a?ref=7&page=2"),
        ("http://user:secret@example.com:8080", "http://example.com:8080/"),
        ("https://example.com/ข่าว", "https://example.com/%E0%B8%82%E0%B9%88%E0%B8%B2%E0%B8%A7"),
        (
            "https://example.com/%e0%b8%82%e0%b9%88%e0%b8%b2%e0%b8%a7",
            "https://example.com/%E0%B8%82%E0%B9%88%E0%B8%B2%E0%B8%A7",
        ),
        ("www.example.com/a b", "https://www.example.com/a%20b"),
        ("//example.com", "https://example.com/"),
    ],
)
def test_address_has_one_spelling(written: str, canonical: str) -> None:
    assert canonical_url(written) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "", "http://", "/news/1", "http://a\nb/", "http://a:99999/", "data:,x"]
)
def test_other_addresses_are_refused_by_name(url: str) -> None:
    with pytest.raises(ValueError, match="not a web address: ") as caught:
        canonical_url(url)
    assert repr(url) in str(caught.value)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("อุณหภูมิ < 15 องศา และ a<b", "อุณหภูมิ < 15 องศา และ a<b"),
        (
            "I <3 you <unk> a <b or c> d <https://a.example>",
            "I <3 you <unk> a <b or c> d <https://a.example>",
        ),
        ("<p>ฝน&nbsp;ตก</p><script>alert('<p>')</script><p>ต่ำกว่า < 15</p>", "ฝน\xa0ตก\n\nต่ำกว่า < 15"),
        ("ก<br>ข<br/>ค", "ก\nข\nค"),
        ("<ul>\n <li>ก</li>\n <li>ข</li>\n</ul>", "ก\nข"),
        (
            "<table><tr><td>ชนิด</td><td>ราคา</td></tr><tr><td>ข้าว</td><td>9</td></tr></table>",
            "ชนิด | ราคา\nข้าว | 9",
        ),
        ("&lt;p&gt;Q&amp;amp;A&lt;/p&gt;", "Q&A"),
        ("R&D; AT&T &copy 5", "R&D; AT&T &copy 5"),
        ("<a href='/x' title='a > b'>link</a> <!-- hidden -->on", "link on"),
        ("<!-- only -->", ""),
    ],
)
def test_markup_is_reduced_and_plain_text_kept(markup: str, text: str) -> None:
    assert text_of_markup(markup) == text
    assert text_of_markup(text) == text


def test_thousands_of_unclosed_tags_lose_no_text() -> None:
    assert text_of_markup("<b>ก" * 5000).replace(" ", "") == "ก" * 5000


def test_markdown_reads_as_text() -> None:
    text = "# หัวข้อ\n\n> อ้าง\n\n**เน้น** และ [ลิงก์](https://a.example/x) ![](b.png)2*3*4 snake__case"
    assert text_of_markdown(text) == "หัวข้อ\n\nอ้าง\n\nเน้น และ ลิงก์ 2*3*4 snake__case"


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/news/2023/9/11/talks", date(2023, 9, 11)),
        ("https://a.example/2023-09-11-talks", date(2023, 9, 11)),
        ("https://a.example/2566/09/11/", date(2023, 9, 11)),
        ("https://a.example/2023/13/41/", None),
        ("https://a.example/news/20230911", None),
    ],
)
def test_address_may_hold_the_date(url: str, day: date | None) -> None:
    assert url_date(url) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("ตลาดเปิดแล้ว\nวันนี้ (๑๑ กันยายน ๒๕๖๖) นายกเทศมนตรีเปิดตลาด", date(2023, 9, 11)),
        ("วันที่ 11 กันยายน 2566 เวลา 09.00 น. ที่ศาลากลาง", date(2023, 9, 11)),
        ("Posted on September 11, 2023\nText", date(2023, 9, 11)),
        ("BANGKOK, Sept. 11, 2023 (Wire) - Text", date(2023, 9, 11)),
        ("เมื่อวันที่ 11 กันยายน 2566 เกิดเหตุเพลิงไหม้", None),
        ("The fair runs from 16 to 19 July 2021.", None),
        ("วันที่ 30 กุมภาพันธ์ 2566 ไม่มีจริง", None),
    ],
)
def test_opening_may_state_the_date(text: str, day: date | None) -> None:
    assert text_date(text) == day


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("เทศบาลเปิดตลาดน้ำแห่งใหม่ริมคลอง\n\nพ่อค้าแม่ค้าเริ่มขาย", "เทศบาลเปิดตลาดน้ำแห่งใหม่ริมคลอง"),
        (
            "ขณะที่ สมชาย ใจดี ผู้ว่าราชการจังหวัด ลงพื้นที่ตรวจน้ำท่วม กรมชลประทาน ได้ออกมาเตือนประชาชนริมน้ำให้ยกของขึ้นที่สูง",
            "กรมชลประทาน เตือนประชาชนริมน้ำให้ยกของขึ้นที่สูง",
        ),
        ("The new canal market opened. It was full.", "The new canal market opened"),
        (
            "Dr. Somchai opened the canal market on Friday. It was full.",
            "Dr. Somchai opened the canal market on Friday",
        ),
        ("ข่าว\nเรียน ท่านประธาน\nโครงการปลูกป่าชายเลนเริ่มต้นแล้วในสามจังหวัด", "โครงการปลูกป่าชายเลนเริ่มต้นแล้วในสามจังหวัด"),
        ("...", ""),
    ],
)
def test_title_is_the_opening_statement(body: str, title: str) -> None:
    assert headline(body) == title


@pytest.mark.parametrize(
    "body",
    ["ที่ประชุมคณะกรรมการมีมติให้ขยายเวลา " * 9, "น้ำท่วมซ้ำซาก" * 40, "กำ" * 200,
     "The committee agreed to extend it and " * 9, "x" * 500],
)  # fmt: skip
def test_long_opening_is_cut_between_words(body: str) -> None:
    title = headline(body)
    assert 40 <= columns(title) <= 120
    assert body.startswith(title.rstrip("…"))
    assert body[len(title.rstrip("…"))] not in "ำั่้"
    assert not title.rstrip("…").endswith((" and", " it and"))
