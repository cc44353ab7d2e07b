"""Completions as the OpenAPI document shows them: what is really said of the bundled sample articles."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.api.openai_replies import chunk, completion, url_citations
from app.api.streaming import event
from app.footnotes import footnotes, state
from rag.records import Answer, Citation, Headline, Statement, as_json

_ID, _CREATED = "chatcmpl-5f0c1a7be2d94c0e8a3b6d1f42e97c05", 1_726_732_800
_TIMINGS = {"search": 22.6, "answer": 6.7, "total": 29.3}


def completion_examples() -> dict[str, dict[str, Any]]:
    """Return an answer in each language, and none, as OpenAPI's `examples`."""
    return {
        "th": {"summary": "คำตอบภาษาไทย", "value": _shown(_thai(), 14, 122)},
        "en": {"summary": "An answer in English", "value": _shown(_english(), 15, 118)},
        "abstained": {"summary": "No answer in the news", "value": _shown(_abstained(), 16, 74)},
    }


def stream_example() -> str:
    """Return the same answer in English as a stream."""
    answer = _english()
    chunks = (
        chunk(_ID, _CREATED, {"role": "assistant", "content": ""}),
        chunk(_ID, _CREATED, {"content": state(answer.statements[0], first=True)}),
        chunk(_ID, _CREATED, {"content": footnotes(answer)}),
        chunk(_ID, _CREATED, {"annotations": url_citations(answer)}, "stop", khao=as_json(answer)),
        "[DONE]",
    )
    return b"".join(event(None, each) for each in chunks).decode()


def _shown(answer: Answer, prompt: int, said: int) -> dict[str, Any]:
    usage = {"prompt_tokens": prompt, "completion_tokens": said, "total_tokens": prompt + said}
    return completion(_ID, _CREATED, answer, usage)


def _thai() -> Answer:
    quote = (
        "ศูนย์วิจัยสัตว์ทะเลหายากอ่าวแสงครามเปิดผลสำรวจประชากรพะยูนประจำปี 2566 เนื่องในวันทะเลโลก 8 มิ.ย. พบพะยูน 61 ตัว "
        "เพิ่มขึ้นจาก 53 ตัวเมื่อปี 65 ในจำนวนนี้เป็นคู่แม่ลูก 7 คู่ มากที่สุดตั้งแต่เริ่มนับเมื่อปี 2557"
    )
    text = f"ตามรายงานของ khaosamut.example เมื่อ 8 มิ.ย. 2566 “{quote}”"
    return Answer(
        question="ปี 2566 นับพะยูนในอ่าวแสงครามได้กี่ตัว",
        language="th",
        answer=f"{text} [1]",
        abstained=False,
        confidence=0.998,
        short_answer=None,
        statements=(Statement(text, (1,), True),),
        citations=(
            Citation(
                number=1,
                article_id="sample-th-018",
                title="ข่าวดีวันทะเลโลก นับพะยูนอ่าวแสงครามได้ 61 ตัว เพิ่มจากปีก่อน 8 ตัว พบคู่แม่ลูก 7 คู่",
                source="khaosamut.example",
                url="https://khaosamut.example/2023/06/08/dugong-survey-2023",
                published=date(2023, 6, 8),
                language="th",
                quote=quote,
                start=0,
                end=len(quote),
            ),
        ),
        nearest=(),
        model="extractive",
        timings_ms=_TIMINGS,
    )


def _english() -> Answer:
    quote = (
        "The storm made landfall in Hua Laem district at 3:30 a.m. with sustained winds of 85 kph and was downgraded to a "
        "depression at 10 a.m. Hua Laem recorded 268 millimeters of rain in 24 hours, more than it usually gets in the "
        "entire month."
    )
    text = f"According to gulfherald.example, 19 Sep 2024: “{quote}”"
    return Answer(
        question="How fast were Storm Lanthom's winds when it came ashore?",
        language="en",
        answer=f"{text} [1]",
        abstained=False,
        confidence=0.9557,
        short_answer=None,
        statements=(Statement(text, (1,), True),),
        citations=(
            Citation(
                number=1,
                article_id="sample-en-020",
                title="Tropical Storm Lanthom kills woman, cuts power to 31,000 homes on Khram coast",
                source="gulfherald.example",
                url="https://gulfherald.example/2024/09/19/storm-lanthom-saeng-khram",
                published=date(2024, 9, 19),
                language="en",
                quote=quote,
                start=258,
                end=258 + len(quote),
            ),
        ),
        nearest=(),
        model="extractive",
        timings_ms=_TIMINGS,
    )


def _abstained() -> Answer:
    return Answer(
        question="Which violinist recorded Sibelius with the Helsinki orchestra?",
        language="en",
        answer="The articles at hand do not answer this question.",
        abstained=True,
        confidence=0.0045,
        short_answer=None,
        statements=(),
        citations=(),
        nearest=(
            Headline(
                "sample-en-028",
                "Postal carrier breaks course record at Pha Rakhang Mountain Marathon",
                date(2023, 1, 15),
            ),
            Headline(
                "sample-en-007",
                "Lam Phian River breaks 2011 record, driving 1,180 from homes in Thung La-o",
                date(2022, 10, 12),
            ),
        ),
        model="extractive",
        timings_ms=_TIMINGS,
    )
