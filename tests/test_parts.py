"""A question with several parts is split where it is surely several, and a comparison into its sides."""

from __future__ import annotations

import pytest

from corpus.language import detect_language
from rag.gathering.parts import LONGEST, MOST, split_parts
from rag.gathering.sides import split_sides

_SEVERAL = [
    "How long is the new Bang Lamphu bridge and who opened the Old Fish Market?",
    "Who won the Khram Cup in 2024, and how many people came to the quarry march?",
    "How many tonnes of rice did Thailand export in 2022 and which country bought the most Thai durian in 2023?",
    "When did the ferry Phloi Nathi 3 sink? What sentence did its captain get?",
    "What is the speed limit on the new motorway, and what fine do lorry drivers pay for ignoring it?",
    "Which minister opened the Chiang Mai flower festival, which hospital did he visit afterwards, and how many nurses work there?",
    "How much did the light rail line cost; who paid for the stations?",
    "Where was the silver mist gecko found, and who described the dinosaur of Khok Yang?",
    "In which month did the drought begin in Kalasin and how many districts were declared disaster zones?",
    "Why was the quarry's licence suspended, and when will the provincial court hear the appeal?",
    "What did the ambassador of Laos ask for? And how did the deputy prime minister reply to the request?",
    "Did the cabinet approve the wage rise and how many workers will the wage rise cover?",
    "สะพานบางลำพูใหม่ยาวกี่เมตร และใครเป็นผู้เปิดตลาดปลาเก่า",
    "ราคาข้าวหอมมะลิขึ้นเป็นตันละเท่าไร และวัคซีนชิคุนกุนยาฉีดในโรงเรียนกี่แห่ง",
    "นายกรัฐมนตรีเดินทางไปเชียงใหม่วันไหน แล้วรองนายกรัฐมนตรีไปตรวจน้ำท่วมที่จังหวัดใด",
    "ใครได้รับเลือกเป็นนายกเทศมนตรีนครแสงคราม ส่วนเทศบาลทุ่งลอมีผู้มาใช้สิทธิร้อยละเท่าไร",
    "งบประมาณสร้างรถไฟฟ้าสายสีครามกี่ล้านบาท และสถานีแรกเปิดให้บริการเดือนไหน",
    "กระทรวงสาธารณสุขจัดหาวัคซีนกี่โดส? บริษัทใดเป็นผู้ผลิตวัคซีนดังกล่าว",
    "ไทยส่งออกทุเรียนไปจีนปี 2566 กี่ตัน และส่งออกมังคุดไปญี่ปุ่นมูลค่าเท่าไร",
    "ประเทศใดเป็นเจ้าภาพซีเกมส์ครั้งที่ 32 และนักกีฬาไทยได้เหรียญทองกี่เหรียญ",
    "ใครเป็นประธานพิธีเปิดงานผ้าไหม อีกทั้งงานดังกล่าวมีผู้เข้าชมกี่คน",
    "โรงงานโฟมไฟไหม้เพราะอะไร และผู้บาดเจ็บถูกส่งไปโรงพยาบาลใดบ้าง",
]
_ONE = [
    "When and where did the ferry sink?",
    "Who led the march and why?",
    "How and when was the gecko found?",
    "What happened to the captain and crew of the ferry?",
    "How many people were killed and injured in the fire?",
    "Who was received first, and on what date?",
    "Who is the governor of Wiang Mok and what is his age?",
    "Which officer saw the man who stole the bell and who sold it in Serrin?",
    "How many people died when the ferry sank and when rescue boats came late?",
    "What did the minister say about rice and rubber prices?",
    "How far is it from Bangkok to Chiang Mai and back?",
    "When Ri Yong Ho spoke to the UN about disarmament, how many trips had Mike Pompeo made?",
    "Which tunnel, the first through a mountain, was on Srettha's itinerary?",
    "What are the names of the general and the colonel who signed the truce?",
    "Do you know who won the race and what prize went with it?",
    "After the flood, what did the governor promise and whom did he blame?",
    "In what year, and in which city, was the accord signed?",
    "How old is the bell and how heavy?",
    "Who said that prices fell and that demand rose?",
    "เรือล่มเมื่อไรและที่ไหน",
    "ใครเป็นผู้นำและมาจากจังหวัดใด",
    "เกิดเหตุเมื่อไร ที่ไหน อย่างไร",
    "นายกรัฐมนตรีและคณะเดินทางไปประเทศใด",
    "กระทรวงเกษตรและสหกรณ์อนุมัติงบกี่ล้านบาท",
    "ผู้เสียชีวิตและบาดเจ็บกี่คน",
    "ใครคือข้าราชการที่ประชุมแก้ปัญหาเขื่อนราษีไศลในฐานะรองปลัด แล้วเปิดสัมมนาในฐานะปลัด",
    "ราคาข้าวและยางพาราขึ้นเท่าไร",
    "ไฟไหม้โรงงานแล้วมีคนเจ็บกี่คน",
    "เหตุใดรัฐบาลจึงเลื่อนการประชุมและย้ายสถานที่",
    "สองประเทศลงนามเรื่องอะไรและเมื่อไร",
    "พิธีจัดที่ไหนและกี่โมง",
    "อะไรคือสาเหตุและผลกระทบของน้ำท่วม",
    "ใครบ้างที่ได้รับรางวัลและถ้วยพระราชทาน",
    "ผู้ว่าฯ สั่งปิดโรงเรียนกี่แห่งและกี่วัน",
]


def _parts(question: str) -> tuple[str, ...]:
    return split_parts(question, detect_language(question))


def _sides(question: str) -> tuple[str, ...]:
    return split_sides(question, detect_language(question))


@pytest.mark.parametrize("question", _SEVERAL)
def test_questions_asked_one_after_the_other_are_told_apart(question: str) -> None:
    parts = _parts(question)
    assert 2 <= len(parts) <= MOST
    assert all(part and part in question for part in parts)


@pytest.mark.parametrize("question", _ONE)
def test_one_question_stays_whole(question: str) -> None:
    assert _parts(question) == ()


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "How long is the new bridge and who opened the Old Fish Market?",
            ("How long is the new bridge", "who opened the Old Fish Market"),
        ),
        (
            "สะพานบางลำพูใหม่ยาวกี่เมตร และใครเป็นผู้เปิดตลาดปลาเก่า",
            ("สะพานบางลำพูใหม่ยาวกี่เมตร", "ใครเป็นผู้เปิดตลาดปลาเก่า"),
        ),
    ],
    ids=["en", "th"],
)
def test_parts_are_the_questions_as_they_were_asked(question: str, parts: tuple[str, ...]) -> None:
    assert _parts(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        " and ".join(["who opened the old market"] * 8) + "?",
        "ใครเปิดตลาดปลาเก่าใหม่ และ" * 8 + "ใครเปิดตลาดปลาเก่าใหม่",
        "Who opened the old market? " * 200,
        "ใครเปิดตลาดปลาเก่า " * 200,
    ],
)
def test_more_parts_than_four_or_too_long_a_question_stays_whole(question: str) -> None:
    assert _parts(question) == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "???" * 400,
        "and " * 300,
        "และ" * 300,
        "who and who and who",
        "ใครและใคร",
        "😀 and what 😀?",
        "เกี่ยวกับ",
    ],
)
def test_odd_text_is_one_question_without_sides(text: str) -> None:
    assert (_parts(text), _sides(text)) == ((), ())


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        (
            "Which was larger, the march in Wiang Mok or the vigil in Saeng Khram?",
            ("Which was larger the march in Wiang Mok", "Which was larger the vigil in Saeng Khram"),
        ),
        (
            "What is the difference between the old bridge and the new bridge?",
            ("the old bridge", "the new bridge"),
        ),
        ("Compare the flood of 2011 with the flood of 2022", ("the flood of 2011", "the flood of 2022")),
        ("How does the new vaccine differ from the old one?", ("the new vaccine", "the old one")),
        ("Is the new bridge longer than the ferry pier?", ("the new bridge longer", "the ferry pier longer")),
        ("เปรียบเทียบน้ำท่วมปี 2554 กับน้ำท่วมปี 2565", ("น้ำท่วมปี 2554", "น้ำท่วมปี 2565")),
        ("สะพานเก่ากับสะพานใหม่ต่างกันอย่างไร", ("สะพานเก่า ต่างกันอย่างไร", "สะพานใหม่ ต่างกันอย่างไร")),
        ("วัคซีนตัวใหม่ต่างจากวัคซีนตัวเดิมอย่างไร", ("วัคซีนตัวใหม่", "วัคซีนตัวเดิม")),
        (
            "ระหว่างเชียงใหม่กับเชียงราย จังหวัดไหนมีนักท่องเที่ยวมากกว่ากัน",
            ("เชียงใหม่ จังหวัดไหนมีนักท่องเที่ยวมากกว่ากัน", "เชียงราย จังหวัดไหนมีนักท่องเที่ยวมากกว่ากัน"),
        ),
    ],
)
def test_comparison_is_told_apart_into_its_sides(question: str, sides: tuple[str, str]) -> None:
    assert _sides(question) == sides


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("ระหว่างวันที่ 8 กับ 16 กุมภาพันธ์ 2564 วันไหนพบผู้ติดเชื้อมากกว่า", "วันที่ 8 กุมภาพันธ์ 2564"),
        ("Which day was busier, 8 or 16 February 2021?", "8 February 2021"),
    ],
    ids=["th", "en"],
)
def test_month_said_once_is_of_both_days(question: str, first: str) -> None:
    assert first in _sides(question)[0]


@pytest.mark.parametrize(
    "question",
    [
        "How much did exports rise compared with 2022?",
        "Did exports rise by more than 5 percent?",
        "Who was the older of the two ministers?",
        "What must parliament do to either block or change a bill?",
        "How many people were more than 60 years old?",
        "Who was there first, and on what date?",
        "ส่งออกเพิ่มขึ้นเท่าไรเมื่อเทียบกับปีก่อน",
        "ฝนตกมากกว่าปีก่อนกี่มิลลิเมตร",
        "ใครเป็นผู้ว่าฯ คนก่อน",
        "มีผู้เข้าร่วมมากกว่าหนึ่งพันคนหรือไม่",
        "x" * (LONGEST + 1) + " vs y",
    ],
)
def test_what_only_looks_like_a_comparison_has_no_sides(question: str) -> None:
    assert _sides(question) == ()
