"""A short answer is shown where a few words are asked for, and not for a list, a reason or a way."""

from __future__ import annotations

import pytest

from rag.reading.short import wants_short


@pytest.mark.parametrize(
    "question",
    [
        "สะพานบางลำพูใหม่ยาวกี่เมตร",
        "ใครเปิดสะพาน",
        "แคมเปญปี 2565 ใช้คำโปรโมตภาคอีสานว่าอย่างไร",
        "ประชุมอะไรที่กรุงเทพฯ",
        "Who opened the bridge?",
        "How many villages were evacuated?",
        "How long is it expected to take to build the gate?",
        "What is the ferry called?",
        "Which fort did she visit?",
        "When was the bridge opened?",
        "What two-way trade value did she want?",
        "สรุปแล้วมีคนตายกี่คน",
    ],
)
def test_fact_wants_a_short_answer(question: str) -> None:
    assert wants_short(question)


@pytest.mark.parametrize(
    "question",
    [
        "ทำไมราคาข้าวหอมมะลิสูงขึ้น",
        "มาตรการช่วยเหลือมีอะไรบ้าง",
        "มีใครบ้างที่มาร่วมงาน",
        "สะพานถล่มได้อย่างไร",
        "Why did the fire spread?",
        "How did the ferry sink?",
        "Which three schools served as shelters?",
        "List the provinces under warning",
        "What happened to the crew?",
    ],
)
def test_list_reason_and_way_do_not(question: str) -> None:
    assert not wants_short(question)
