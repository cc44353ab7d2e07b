"""Records to Articles and back: what is derived, what is refused, what stays the same."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest

from corpus.article import Article
from corpus.language import normalise
from corpus.records import article_from_record, article_to_record

SCRAPED = """ไม่พบผลการค้นหา
ในขณะที่ ชาวสวนยาง กำลังรอราคากลาง กระทรวงเกษตรฯ ได้ออกมาประกาศว่าจะรับซื้อยางแผ่นดิบ “ทุกเกรด” \
และเปิดจุดรับซื้อเพิ่ม หากราคาตลาดต่ำกว่ากิโลกรัมละ 60 บาท

รัฐมนตรีกล่าวเมื่อวันอังคาร (5 มี.ค.) ว่า โครงการนี้ใช้งบประมาณ 2 พันล้านบาท\u200b

เมื่อปี 2562 ราคายางเคยลดลงเหลือ 35 บาท


ที่มา:

https://www.example.com/business/2024/3/5/rubber-price-floor?fbclid=IwAR0abc&page=2#comments
"""


def test_scraped_page_becomes_an_article() -> None:
    article = article_from_record({"body": SCRAPED})
    assert article.body == normalise(SCRAPED).partition("\n")[2].partition("\n\n\nที่มา")[0]
    assert article.body.startswith("ในขณะที่ ชาวสวนยาง") and article.body.endswith("35 บาท")
    assert article.title == (
        "กระทรวงเกษตรฯ ประกาศว่าจะรับซื้อยางแผ่นดิบ “ทุกเกรด” และเปิดจุดรับซื้อเพิ่ม หากราคาตลาดต่ำกว่ากิโลกรัมละ 60 บาท"
    )
    assert article.url == "https://www.example.com/business/2024/3/5/rubber-price-floor?page=2"
    assert article.source == "example.com"
    assert article.published == date(2024, 3, 5)
    assert article.language == "th"
    assert len(article.id) == 16 and int(article.id, 16) >= 0


@pytest.mark.parametrize(
    "record",
    [
        {"body": SCRAPED},
        {"body": "Rain fell.", "id": 7, "lang": "th"},
        {"body": "<p>ฝน&amp;lt;ตก</p>", "title": "ฝน&nbsp;ตก", "published": "11 ก.ย. 2566", "source": "ข่าว"},
        {"body": "เมนู\nวันนี้ (11 กันยายน 2566) ฝนตก \ud800", "url": "http://A.example/ก ข?utm_id=1"},
    ],
)
def test_record_of_an_article_gives_it_back(record: dict[str, object]) -> None:
    article = article_from_record(record)
    written = json.loads(json.dumps(article_to_record(article)))
    assert list(written) == ["id", "url", "title", "published", "source", "lang", "body"]
    assert article_from_record(written) == article


def test_fields_given_are_kept() -> None:
    record = {
        "id": "a-1",
        "url": "https://www.news.example/x?utm_source=y",
        "title": " ตลาด&nbsp;น้ำ\n",
        "published": "2023-09-11",
        "source": "ข่าวท้องถิ่น",
        "lang": "en",
        "body": "ตลาดน้ำเปิดแล้ว  \nคนแน่น",
    }
    assert article_from_record(record) == Article(
        id="a-1",
        title="ตลาด น้ำ",
        body="ตลาดน้ำเปิดแล้ว\nคนแน่น",
        source="ข่าวท้องถิ่น",
        language="th",
        url="https://www.news.example/x",
        published=date(2023, 9, 11),
    )


def test_same_address_or_else_same_text_has_same_id() -> None:
    first = article_from_record({"body": "Rain.", "url": "https://a.example/x?fbclid=1"})
    assert first.id == article_from_record({"body": "Other.", "url": "https://A.example/x#y"}).id
    assert article_from_record({"body": "Rain."}).id == article_from_record({"body": " Rain.\u200b\n"}).id
    assert article_from_record({"body": "Rain."}).id != first.id


@pytest.mark.parametrize(
    ("published", "day"),
    [
        ("11 กันยายน 2566", date(2023, 9, 11)),
        ("Mon, 11 Sep 2023 08:00:00 GMT", date(2023, 9, 11)),
        ("2023-09-11T23:30:00+07:00", date(2023, 9, 11)),
        (date(2023, 9, 11), date(2023, 9, 11)),
        (datetime(2023, 9, 11, 23, 30), date(2023, 9, 11)),
        ("", None),
        (None, None),
    ],
)
def test_published_is_read_in_every_form(published: object, day: date | None) -> None:
    assert article_from_record({"body": "Rain.", "published": published}).published == day


def test_plain_text_with_angle_signs_survives() -> None:
    assert article_from_record({"body": "อุณหภูมิ < 15 องศา"}).body == "อุณหภูมิ < 15 องศา"


def test_decomposed_sara_am_and_invisible_characters_are_normalised() -> None:
    assert article_from_record({"body": "น\u0e49\u0e4d\u0e32ท่วม\u200bสูง"}).body == "น้ำท่วมสูง"


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({}, "body: missing"),
        ({"body": None}, "body: missing"),
        ({"body": 5}, "body: not text: 5"),
        ({"body": ["a"]}, "body: not text: ['a']"),
        ({"body": ""}, "body: empty, nothing but space, markup or page furniture: ''"),
        ({"body": " \u200b\n"}, r"body: empty, nothing but space, markup or page furniture: ' \u200b\n'"),
        (
            {"body": "<p>&nbsp;</p>"},
            "body: empty, nothing but space, markup or page furniture: '<p>&nbsp;</p>'",
        ),
        ({"body": "แชร์\n---"}, r"body: empty, nothing but space, markup or page furniture: 'แชร์\n---'"),
        ({"body": "GIF8\x00\x01"}, r"body: binary, not text: 'GIF8\x00\x01'"),
        ({"body": "a", "title": 3}, "title: not text: 3"),
        ({"body": "a", "id": True}, "id: not text: True"),
        ({"body": "a", "published": 1694390400}, "published: not text: 1694390400"),
        ({"body": "a", "published": "2023-02-30"}, "published: no such day: '2023-02-30'"),
        ({"body": "a", "published": "yesterday"}, "published: not a date: 'yesterday'"),
        ({"body": "a", "url": "javascript:alert(1)"}, "url: not a web address: 'javascript:alert(1)'"),
        ({"body": "a", "id": "x" * 201}, f"id: longer than 200 characters: '{'x' * 79}..."),
    ],
)
def test_bad_field_is_refused_by_name_and_value(record: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError) as caught:
        article_from_record(record)
    assert str(caught.value) == message


def test_article_of_a_megabyte_comes_whole() -> None:
    body = "ย่อหน้าข่าวยาวมาก\n\n" * 60_000
    assert article_from_record({"body": body}).body == body.strip()
