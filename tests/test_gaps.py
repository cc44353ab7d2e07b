"""Sentences that say what the articles do not tell."""

from __future__ import annotations

import pytest

from rag.writing.gaps import claims_nothing, says_gap

_ASKED = {"en": "When did Lanthom bridge open?", "th": "สะพานลั่นทมเปิดเมื่อไร"}


@pytest.mark.parametrize(
    "sentence",
    [
        "The articles do not say when Lanthom bridge opened.",
        "However, these sources don't mention the opening of the bridge.",
        "There is no information about when the bridge opened.",
        "I cannot answer.",
        "ข่าวไม่ได้ระบุว่าสะพานลั่นทมเปิดเมื่อใด",
        "จากข่าวที่มี ไม่มีข้อมูลเกี่ยวกับวันเปิดสะพาน",
        "ไม่พบข้อมูล",
    ],
)
def test_gap_is_told_and_claims_nothing(sentence: str) -> None:
    language = "th" if sentence[0] > "z" else "en"
    assert says_gap(sentence)
    assert claims_nothing(sentence, _ASKED[language])


@pytest.mark.parametrize(
    "sentence",
    [
        "The minister did not say when the bridge opened.",
        "The bridge is not open.",
        "นายอำเภอไม่ได้ระบุวันเปิดสะพาน",
        "สะพานยังไม่เปิด",
    ],
)
def test_what_the_news_says_is_no_gap(sentence: str) -> None:
    assert not says_gap(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The articles do not say that the bridge opened in 1999.",
        "The articles do not say when, but Somchai stole the money.",
        "The articles do not mention that Prime Minister Anong secretly pays foreign spies to burn schools.",
        "ข่าวไม่ได้ระบุว่าสะพานเปิดเมื่อใด แต่นายสมชายโกงเงิน",
        "ข่าวไม่ได้ระบุว่านายกรัฐมนตรีแอบจ้างสายลับต่างชาติเผาโรงเรียน",
    ],
)
def test_gap_that_carries_a_claim_is_told_from_one_that_does_not(sentence: str) -> None:
    language = "th" if sentence[0] > "z" else "en"
    assert says_gap(sentence)
    assert not claims_nothing(sentence, _ASKED[language])
