"""Turns of a conversation, made by hand for the tests of their views."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from app.chat.conversation import ShownTurn
from corpus.article import Article, Language
from rag.phrasing import abstention
from rag.records import Answer, Citation, Disagreement, Headline, Side, Statement

QUESTION: dict[Language, str] = {"th": "สะพานใหม่ยาวกี่เมตร", "en": "How long is the new bridge?"}
BODY: dict[Language, str] = {
    "th": "กรมทางหลวงชนบทเปิดสะพานเมื่อเช้าวันอังคาร\n\n"
    "พิธีเริ่มเวลา 9 นาฬิกา สะพานยาว 840 เมตร กว้าง 4 ช่องจราจร ทำให้เดินทางสั้นลง 25 นาที\n\nชาวบ้านร่วมงานนับพันคน",
    "en": "The bridge opened on Tuesday morning.\n\n"
    "The ceremony began at nine. It is 840 metres long and has four lanes. Trips are 25 minutes shorter.\n\nCrowds came.",
}
QUOTE: dict[Language, str] = {
    "th": "สะพานยาว 840 เมตร กว้าง 4 ช่องจราจร",
    "en": "It is 840 metres long and has four lanes.",
}
TITLE: dict[Language, str] = {"th": "เปิดสะพานข้ามแม่น้ำคราม", "en": "Khram bridge opens"}
HOSTILE = {
    "script": "<script>window.broken = 1</script>",
    "attribute": '"><img src=x onerror="window.broken = 1">',
    "single quote": "' onmouseover='window.broken = 1",
    "template": "{{ 7 * 7 }} ${7 * 7} {% raw %}",
    "closing": "</mark></p></li></article><h1>x",
    "override": "abc\u202egnp.exe\u2066x",
    "controls": "a\x00b\x1b[31mc\x85d",
    "link": "[click](javascript:alert(1)) ![x](https://evil.example/p.png)",
    "autolink": "<https://evil.example> <!-- what comes after",
    "definition": "[1]: https://evil.example 'x'",
    "source of its own": "one\n\n[2] another headline — Real Outlet, 1 Jan 2024\n\n# two",
    "list": "- - 1. * + an item",
    "fence": "``` all that comes after",
    "rule": "___",
}


def article(language: Language, **fields: Any) -> Article:
    """The article about the bridge."""
    told = Article(
        id=f"bridge-{language}",
        title=TITLE[language],
        body=BODY[language],
        source="ข่าวคราม",
        language=language,
        url="https://khram.example/bridge",
        published=date(2024, 3, 12),
    )
    return replace(told, **fields)


def citation(language: Language, number: int = 1, **fields: Any) -> Citation:
    """The sentence about the bridge's length, as it stands in the article."""
    start = BODY[language].index(QUOTE[language])
    given: dict[str, Any] = {
        "number": number,
        "article_id": f"bridge-{language}",
        "title": TITLE[language],
        "source": "ข่าวคราม",
        "url": "https://khram.example/bridge",
        "published": date(2024, 3, 12),
        "language": language,
        "quote": QUOTE[language],
        "start": start,
        "end": start + len(QUOTE[language]),
    }
    return Citation(**(given | fields))


def answer(language: Language, *citations: Citation, **fields: Any) -> Answer:
    """An answer in `language`, a statement for each citation; one of the length of the bridge where none is given."""
    cited = citations or (citation(language),)
    frame = {"th": "ตามรายงานของ ข่าวคราม “{}”", "en": "According to ข่าวคราม: “{}”"}[language]
    statements = tuple(Statement(frame.format(each.quote), (each.number,), True) for each in cited)
    given: dict[str, Any] = {
        "question": QUESTION[language],
        "language": language,
        "answer": "\n\n".join(f"{said.text} [{said.citations[0]}]" for said in statements),
        "abstained": False,
        "confidence": 0.9,
        "short_answer": None,
        "statements": statements,
        "citations": cited,
        "nearest": (),
        "model": "extractive",
        "timings_ms": {"search": 12.0, "answer": 4.25, "total": 16.25},
    }
    return Answer(**(given | fields))


def abstained(language: Language, *titles: str, confidence: float = 0.3) -> Answer:
    """No answer, and the headlines that come nearest."""
    nearest = tuple(Headline(f"near-{at}", title, date(2023, 9, 11)) for at, title in enumerate(titles))
    said = replace(answer(language), answer=abstention(language), abstained=True, statements=(), citations=())
    return replace(said, nearest=nearest, confidence=confidence)


def differing(language: Language, kind: Any = "correction") -> Disagreement:
    """Two figures for the length of the bridge, the second cited as [1]."""
    old = Side("480", "old", "สะพานยาว", "Tawan Times", date(2024, 3, 11), "th", "ยาว 480 เมตร", 5, 17)
    told = citation(language)
    new = Side(
        "840",
        told.article_id,
        told.title,
        told.source,
        told.published,
        language,
        told.quote,
        told.start,
        told.end,
        1,
    )
    return Disagreement(kind, (old, new))


def turn(language: Language, **fields: Any) -> ShownTurn:
    """A question in `language` and its answer."""
    given: dict[str, Any] = {
        "question": QUESTION[language],
        "answer": answer(language),
        "notice": None,
        "filters": {},
        "id": "a1b2c3",
    }
    return ShownTurn(**(given | fields))


def find(view: Any, selector: str) -> list[Any]:
    """Return the elements within `view` that the selector names: tags, classes, [attributes], `>`, and commas."""
    ways = []
    for each in selector.split(","):
        way, axis = ".", "//"
        for step in each.split():
            if step == ">":
                axis = "/"
                continue
            tests = [
                f"[contains(concat(' ', @class, ' '), ' {name} ')]"
                for name in re.findall(r"\.([\w-]+)", step)
            ]
            for name, value in re.findall(r"\[([\w-]+)(?:=([\w-]+))?\]", step):
                tests.append(f"[@{name} = '{value}']" if value else f"[@{name}]")
            tests += ["[not(preceding-sibling::*)]"] if step.endswith(":first-child") else []
            tag = re.match(r"[a-z]+\d?", step)
            way, axis = f"{way}{axis}{tag[0] if tag else '*'}{''.join(tests)}", "//"
        ways.append(way)
    found: list[Any] = view.xpath(" | ".join(ways))
    return found
