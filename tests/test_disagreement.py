"""Where articles give different figures, both are shown with their days; where they may speak of different things, nothing is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes import FakeEmbedder
from made_news import TODAY, made, reads

from corpus.article import Language
from rag.answer import ask
from rag.config import Settings
from rag.corrections import read_noticed, read_replaced
from rag.indexes import Indexes, join_indexes
from rag.ingest import ingest
from rag.records import Answer, Disagreement, as_json

AskOver = Callable[..., tuple[Answer, Indexes]]
both = pytest.mark.parametrize("language", ["th", "en"])
_OUTLETS = {"th": ("ข่าวคราม", "สยามรายวัน"), "en": ("Tawan Times", "Khram Post")}
_QUESTIONS = {
    "fire": {
        "th": "ไฟไหม้ตลาดบางลำพูมีผู้เสียชีวิตกี่ราย",
        "en": "How many people died in the fire at the Bang Yai market?",
    },
    "bridge": {"th": "สะพานท่าแพยาวกี่เมตร", "en": "How long is the Tha Phae bridge?"},
    "fare": {
        "th": "ค่าโดยสารเรือข้ามฟากท่าคลองแดงเที่ยวละกี่บาท",
        "en": "How much is a ticket on the Tha Klong ferry?",
    },
}
# What two outlets write of one thing.
_FIRE = {
    "th": (
        "ไฟไหม้ตลาดบางลำพูเมื่อคืนวันพฤหัสบดี มีผู้เสียชีวิต {} แผงค้าถูกเผา 200 แผง ตำรวจเร่งหาสาเหตุ",
        "ผู้ว่าฯ เปิดเผยเหตุไฟไหม้ตลาดบางลำพูว่า ยอดผู้เสียชีวิตอยู่ที่ {} ชาวบ้านถูกย้ายไปพักที่วัดใกล้ตลาด",
    ),
    "en": (
        "Fire swept the Bang Yai market on Thursday night and {} died. About 200 stalls burned down, the police said.",
        "The fire at the Bang Yai market killed {}, rescue workers said. It had begun in a noodle stall on Thursday.",
    ),
}
_BRIDGE = {
    "th": (
        "สะพานท่าแพเปิดใช้เมื่อวันศุกร์ สะพานยาว {} มีสี่ช่องจราจร รัฐมนตรีเป็นประธานในพิธี",
        "ชาวท่าแพเฮ สะพานท่าแพยาว {} เปิดให้รถวิ่งแล้ว ย่นเวลาเดินทาง",
    ),
    "en": (
        "The Tha Phae bridge, {} long, opened on Friday. The minister came to see its four lanes.",
        "Cars cross the Tha Phae bridge at last. The new bridge is {} long, and cyclists have a lane of their own.",
    ),
}


@pytest.fixture
def ask_over(home: Path) -> Iterator[AskOver]:
    """Ask a question over articles of (outlet, day, body), however unsure Khao is of the answer."""
    with join_indexes(Settings(home=home, abstain_below=0.0), FakeEmbedder()) as indexes:

        def ask_over(
            question: str, *told: tuple[str, str | None, str], title: str = ""
        ) -> tuple[Answer, Indexes]:
            articles = [
                made(f"a{at}", body, source=outlet, title=title or body[:60], published=day)
                for at, (outlet, day, body) in enumerate(told)
            ]
            ingest(indexes, reads(articles))
            return ask(indexes, question, today=TODAY), indexes

        yield ask_over


def _sides(answer: Answer) -> list[tuple[str, list[tuple[str, str | None]]]]:
    return [
        (each.kind, [(side.value, str(side.published) if side.published else None) for side in each.sides])
        for each in answer.disagreements
    ]


def _fire(
    language: Language, *figures: str, days: tuple[str | None, ...], outlets: tuple[str, ...] = ()
) -> list[tuple[str, str | None, str]]:
    told = zip(outlets or _OUTLETS[language], days, figures, strict=True)
    return [
        (name, day, _FIRE[language][bool(at)].format(figure)) for at, (name, day, figure) in enumerate(told)
    ]


def test_two_outlets_give_different_figures_in_thai(ask_over: AskOver) -> None:
    told = _fire("th", "4 ราย", "๗ ราย", days=("2024-03-02", "2024-03-01"))
    answer, indexes = ask_over(_QUESTIONS["fire"]["th"], *told)
    assert _sides(answer) == [("figures", [("๗ ราย", "2024-03-01"), ("4 ราย", "2024-03-02")])]
    _assert_sound(answer, indexes)


def test_two_outlets_give_different_figures_in_english(ask_over: AskOver) -> None:
    told = _fire("en", "three people", "7 people", days=("2024-03-02", "2024-03-01"))
    answer, indexes = ask_over(_QUESTIONS["fire"]["en"], *told)
    assert _sides(answer) == [("figures", [("7 people", "2024-03-01"), ("three people", "2024-03-02")])]
    _assert_sound(answer, indexes)


def _assert_sound(answer: Answer, indexes: Indexes) -> None:
    """What holds of every disagreement: exact quotations, and citations of the answer."""
    cited = {citation.number: citation for citation in answer.citations}
    for disagreement in answer.disagreements:
        assert len({side.article_id for side in disagreement.sides}) == len(disagreement.sides) >= 2
        for side in disagreement.sides:
            article = indexes.library.get(side.article_id)
            assert article and side.quote == article.body[side.start : side.end] and side.value in side.quote
            assert (side.title, side.source, side.language) == (
                article.title,
                article.source,
                article.language,
            )
            assert side.published == article.published
            if side.citation:
                assert side.quote == cited[side.citation].quote
                assert side.article_id == cited[side.citation].article_id


@both
def test_one_cited_figure_is_enough(ask_over: AskOver, language: Language) -> None:
    figures = {"th": ("4 ราย", "7 ราย"), "en": ("4 people", "7 people")}[language]
    answer, _ = ask_over(_QUESTIONS["fire"][language], *_fire(language, *figures, days=("2024-03-01",) * 2))
    (disagreement,) = answer.disagreements
    numbers = [side.citation for side in disagreement.sides]
    assert 1 in numbers
    assert {number for number in numbers if number} <= {citation.number for citation in answer.citations}


@both
def test_later_days_overtake_a_figure_newest_last(ask_over: AskOver, language: Language) -> None:
    outlet, days = _OUTLETS[language][0], ("2024-03-11", "2024-03-01", "2024-03-04")
    bodies, wanted = {
        "th": (
            (
                "จังหวัดสรุปเหตุไฟไหม้ตลาดบางลำพู ผู้เสียชีวิตรวม 14 ราย จ่ายเงินช่วยเหลือครบทุกครอบครัวแล้ว",
                _FIRE["th"][0].format("3 ราย"),
                "ไฟไหม้ตลาดบางลำพู พบร่างผู้เสียชีวิตเพิ่ม 6 ราย รวมเป็น 9 ราย ญาติรอรับศพที่โรงพยาบาล",
            ),
            ("3 ราย", "9 ราย", "14 ราย"),
        ),
        "en": (
            (
                "The fire at the Bang Yai market killed 14 people, the province concluded, and paid all their families.",
                _FIRE["en"][0].format("at least three people"),
                "The death toll from the fire at the Bang Yai market has risen to nine after six more people died in hospital.",
            ),
            ("three people", "nine", "14 people"),
        ),
    }[language]
    told = [(outlet, day, body) for day, body in zip(days, bodies, strict=True)]
    answer, indexes = ask_over(_QUESTIONS["fire"][language], *told)
    assert _sides(answer) == [("update", list(zip(wanted, sorted(days), strict=True)))]
    _assert_sound(answer, indexes)


@pytest.mark.parametrize(
    ("language", "question", "first", "second", "wanted"),
    [
        (
            *(
                "th",
                "งานกาชาดนครคราม ปี 2567 มีรายได้เท่าไร",
                "งานกาชาดนครคราม ประจำปี 2567 มีรายได้ 5.4 ล้านบาท สูงสุดในรอบสิบปี",
            ),
            "ตามที่เสนอข่าวว่างานกาชาดนครครามมีรายได้ 5.4 ล้านบาทนั้น ตัวเลขที่ถูกต้องคือ 4.5 ล้านบาท กองบรรณาธิการขออภัย",
            ("5.4 ล้านบาท", "4.5 ล้านบาท"),
        ),
        (
            *("th", "เทศกาลดนตรีหาดทรายแก้วมีผู้ชมกี่คน", "เทศกาลดนตรีหาดทรายแก้วปีนี้มีผู้ชม 21,000 คน ผู้จัดเผยเกินเป้า"),
            "แก้ข่าว เทศกาลดนตรีหาดทรายแก้วปีนี้มีผู้ชม 12,000 คน ไม่ใช่ 21,000 คน ตามที่ผู้จัดแจ้งไว้ก่อนหน้านี้",
            ("21,000 คน", "12,000 คน"),
        ),
        (
            *(
                "en",
                "What share of patients did the LPV vaccine protect?",
                "The LPV vaccine protected 87% of patients, its makers said.",
            ),
            "The LPV vaccine protected 78% of patients, not 87% as its makers had said. We regret the error.",
            ("87%", "78%"),
        ),
        (
            *(
                "en",
                "How many students did the Tha Sala college admit?",
                "The Tha Sala college admitted 3,100 students, the rector said.",
            ),
            "An earlier version of our article said that the Tha Sala college had admitted 3,100 students. The correct number "
            "is 1,300 students.",
            ("3,100 students", "1,300 students"),
        ),
    ],
)
def test_later_article_corrects_an_earlier_one(
    ask_over: AskOver, language: Language, question: str, first: str, second: str, wanted: tuple[str, str]
) -> None:
    outlet = _OUTLETS[language][0]
    title = "Correction" if language == "en" else "แก้ข่าว"
    answer, indexes = ask_over(
        question, (outlet, "2024-03-05", second), (outlet, "2024-03-01", first), title=title
    )
    days = ("2024-03-01", "2024-03-05")
    assert _sides(answer) == [("correction", list(zip(wanted, days, strict=True)))]
    _assert_sound(answer, indexes)


@both
def test_article_says_from_what_to_what_a_figure_changed(ask_over: AskOver, language: Language) -> None:
    before, after, wanted = {
        "th": (
            "ค่าโดยสารเรือข้ามฟากท่าคลองแดงเที่ยวละ 20 บาท เรือออกทุก 15 นาที",
            "เทศบาลปรับค่าโดยสารเรือข้ามฟากท่าคลองแดงจาก 20 บาท เป็น 25 บาทต่อเที่ยว",
            ["20 บาท", "25 บาท"],
        ),
        "en": (
            "A ticket on the Tha Klong ferry costs 20 baht. Boats leave every 15 minutes.",
            "The price of a ticket on the Tha Klong ferry was raised from 20 baht to 25 baht on Friday.",
            ["20 baht", "25 baht"],
        ),
    }[language]
    outlet = _OUTLETS[language][0]
    answer, _ = ask_over(
        _QUESTIONS["fare"][language], (outlet, "2023-03-01", before), (outlet, "2024-03-01", after)
    )
    assert _sides(answer) == [("update", list(zip(wanted, ["2023-03-01", "2024-03-01"], strict=True)))]


@both
def test_things_measured_are_compared_too(ask_over: AskOver, language: Language) -> None:
    long, longer = {"th": ("840 เมตร", "910 เมตร"), "en": ("840 metres", "910 metres")}[language]
    told = [
        (outlet, "2024-03-01", body.format(figure))
        for outlet, body, figure in zip(_OUTLETS[language], _BRIDGE[language], (long, longer), strict=True)
    ]
    answer, _ = ask_over(_QUESTIONS["bridge"][language], *told)
    (disagreement,) = answer.disagreements
    assert disagreement.kind == "figures"
    assert {side.value for side in disagreement.sides} == {long, longer}


def test_thai_and_english_articles_that_share_their_numbers_tell_of_one_event(ask_over: AskOver) -> None:
    thai = "ไฟไหม้ตลาดบางลำพูเวลา 15.20 น. มีผู้เสียชีวิต 12 ราย บาดเจ็บ 47 ราย บ้านพัง 83 หลัง ห่างจากโรงเรียน 650 เมตร"
    english = "A fire killed 15 people and injured 47. It damaged 83 houses, 650 metres from a school, in the Lamphu market."
    other = "A storm killed 21 people and injured 52. It damaged 98 houses, 150 kilometres from a school, on Koh Tawan."
    told = [
        ("ข่าวคราม", "2024-03-01", thai),
        ("Khram Post", "2024-03-01", english),
        ("Khram Post", "2024-03-01", other),
    ]
    answer, _ = ask_over(_QUESTIONS["fire"]["th"], *told)
    (disagreement,) = answer.disagreements
    assert {(side.value, side.language) for side in disagreement.sides} == {
        ("12 ราย", "th"),
        ("15 people", "en"),
    }


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("th", "4 ราย", "4 คน"),
        ("th", "12 ราย", "สิบสองราย"),
        ("th", "1,840 คน", "1.84 พันคน"),
        ("th", "ราว 4,200 คน", "4,217 คน"),
        ("th", "กว่า 4,000 คน", "4,217 คน"),
        ("th", "๔ ราย", "4 ราย"),
        ("en", "three people", "3 people"),
        ("en", "twenty-one people", "21 people"),
        ("en", "about 4,200 people", "4,217 people"),
        ("en", "at least 12 people", "14 people"),
        ("en", "1.2 million people", "1,200,000 people"),
    ],
)
def test_one_figure_in_two_forms_is_no_disagreement(
    ask_over: AskOver, language: Language, one: str, other: str
) -> None:
    told = _fire(language, one, other, days=("2024-03-01", "2024-03-01"))
    assert _sides(ask_over(_QUESTIONS["fire"][language], *told)[0]) == []


_APART: dict[str, tuple[str, list[tuple[str, str, str]]]] = {
    "other event th": (
        _QUESTIONS["fire"]["th"],
        [
            ("ข่าวคราม", "2024-03-01", _FIRE["th"][0].format("4 ราย")),
            ("สยามรายวัน", "2024-03-01", "รถบัสพลิกคว่ำที่ทุ่งยาวเมื่อคืนวันพฤหัสบดี มีผู้เสียชีวิต 9 ราย ตำรวจเร่งหาสาเหตุ"),
        ],
    ),
    "other event en": (
        _QUESTIONS["fire"]["en"],
        [
            ("Tawan Times", "2024-03-01", _FIRE["en"][0].format("three people")),
            ("Khram Post", "2024-03-01", "A fire at a warehouse in Rom Klao on Thursday night killed seven people, the police said."),
        ],
    ),
    "other unit": (
        _QUESTIONS["bridge"]["en"],
        [
            ("Tawan Times", "2024-03-01", _BRIDGE["en"][0].format("840 metres")),
            ("Khram Post", "2024-03-01", "The Tha Phae bridge opened on Friday. It cost 910 million baht and is 4 lanes wide."),
        ],
    ),
    "other measure": (
        _QUESTIONS["bridge"]["en"],
        [
            ("Tawan Times", "2024-03-01", _BRIDGE["en"][0].format("840 metres")),
            ("Khram Post", "2024-03-01", "The Tha Phae bridge opened on Friday. Its towers are 112 metres high, the minister said."),
        ],
    ),
    "injured are not dead": (
        _QUESTIONS["fire"]["th"],
        [
            ("ข่าวคราม", "2024-03-01", _FIRE["th"][0].format("4 ราย")),
            ("สยามรายวัน", "2024-03-01", "ไฟไหม้ตลาดบางลำพูเมื่อคืนวันพฤหัสบดี มีผู้บาดเจ็บ 9 ราย ตำรวจเร่งหาสาเหตุ"),
        ],
    ),
    "some of them": (
        _QUESTIONS["fire"]["th"],
        [
            ("ข่าวคราม", "2024-03-01", _FIRE["th"][0].format("12 ราย")),
            ("สยามรายวัน", "2024-03-01", "ไฟไหม้ตลาดบางลำพูเมื่อคืนวันพฤหัสบดี มีเด็กเสียชีวิต 5 ราย ตำรวจเร่งหาสาเหตุ"),
        ],
    ),
    "more of them": (
        _QUESTIONS["fire"]["en"],
        [
            ("Tawan Times", "2024-03-01", _FIRE["en"][0].format("nine people")),
            ("Khram Post", "2024-03-01", "After the fire at the Bang Yai market on Thursday night 6 more people died, making nine dead."),
        ],
    ),
    "another year": (
        "How many people drowned on Koh Rang?",
        [
            ("Tawan Times", "2024-01-01", "Nine people drowned on Koh Rang in 2023, the lifeguards said."),
            ("Khram Post", "2024-01-02", "Seventeen people drowned on Koh Rang in 2022, the lifeguards said."),
        ],
    ),
    "share of another thing": (
        "What share of voters in Pla Thong backed the dam?",
        [
            ("Tawan Times", "2024-03-01", "In Pla Thong 61% of voters backed the dam on Thursday. The result is binding."),
            ("Khram Post", "2024-03-01", "In Pla Thong 43% of voters stayed away on Thursday, when the dam was voted on."),
        ],
    ),
    "planned": (
        "How many people joined the march in Doi Kham?",
        [
            ("Tawan Times", "2024-03-01", "About 4,200 people joined the march in Doi Kham on Friday."),
            ("Khram Post", "2024-03-01", "Organisers of the march in Doi Kham on Friday expected that 9,000 people joined it."),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("question", "told"), _APART.values(), ids=list(_APART))
def test_figures_of_different_things_are_no_disagreement(
    ask_over: AskOver, question: str, told: list[tuple[str, str, str]]
) -> None:
    assert _sides(ask_over(question, *told)[0]) == []


@both
def test_same_outlet_on_the_same_day_does_not_disagree_with_itself(
    ask_over: AskOver, language: Language
) -> None:
    figures = {"th": ("4 ราย", "7 ราย"), "en": ("4 people", "7 people")}[language]
    told = _fire(language, *figures, days=("2024-03-01",) * 2, outlets=_OUTLETS[language][:1] * 2)
    assert _sides(ask_over(_QUESTIONS["fire"][language], *told)[0]) == []


@both
def test_news_of_another_time_than_asked_for_is_left_out(ask_over: AskOver, language: Language) -> None:
    figures = {"th": ("4 ราย", "7 ราย"), "en": ("4 people", "7 people")}[language]
    day = {"th": " เมื่อวันที่ 1 มีนาคม 2567", "en": " On 1 March 2024, I mean."}[language]
    told = _fire(language, *figures, days=("2024-03-01", "2024-03-11"), outlets=_OUTLETS[language][:1] * 2)
    assert _sides(ask_over(_QUESTIONS["fire"][language] + day, *told)[0]) == []


@both
def test_undated_outlets_differ_but_overtake_nothing(ask_over: AskOver, language: Language) -> None:
    figures = {"th": ("4 ราย", "7 ราย"), "en": ("4 people", "7 people")}[language]
    told = _fire(language, *figures, days=(None, "2024-03-01"))
    answer, _ = ask_over(_QUESTIONS["fire"][language], *told)
    assert [
        (each.kind, [side.published is None for side in each.sides]) for each in answer.disagreements
    ] == [("figures", [True, False])]


@both
def test_question_for_no_figure_has_no_disagreement(ask_over: AskOver, language: Language) -> None:
    figures = {"th": ("4 ราย", "7 ราย"), "en": ("4 people", "7 people")}[language]
    question = {"th": "ไฟไหม้ตลาดบางลำพูเกิดเพราะอะไร", "en": "Why did the Bang Yai market burn?"}[language]
    assert _sides(ask_over(question, *_fire(language, *figures, days=("2024-03-01",) * 2))[0]) == []


def test_json_has_the_promised_keys(ask_over: AskOver) -> None:
    told = _fire("en", "4 people", "7 people", days=("2024-03-01", None))
    found = as_json(ask_over(_QUESTIONS["fire"]["en"], *told)[0])["disagreements"]
    assert [list(each) for each in found] == [["kind", "sides"]]
    side = [
        "value",
        "article_id",
        "title",
        "source",
        "published",
        "language",
        "quote",
        "start",
        "end",
        "citation",
    ]
    assert [list(each) for each in found[0]["sides"]] == [side, side]
    assert [each["published"] for each in found[0]["sides"]] == [None, "2024-03-01"]


# What a sentence says is replaced


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("มติคือ 1,480 ล้านบาท ไม่ใช่ 1,840 ล้านบาท", ("1,840 ล้านบาท", "1,480 ล้านบาท", "correction")),
        ("carrying 67 people, not the 64 on its manifest", ("64", "67 people", "correction")),
        ("ปรับจำนวนคนบนเรือจาก 64 คน เป็น 67 คน", ("64 คน", "67 คน", "update")),
        ("ค่าโดยสารเพิ่มเป็น 25 บาท จากเดิม 20 บาท", ("20 บาท", "25 บาท", "update")),
        ("cut the fare from 60 baht to 40 baht", ("60 baht", "40 baht", "update")),
        ("a wage of 520 baht, up from 480 baht", ("480 baht", "520 baht", "update")),
        ("The interval runs from 69% to 84%", None),
        ("เดินทางจาก 3 จังหวัด เป็น 5 วัน", None),
        ("more than 500 people, not counting 20 baht", None),
        ("from 20 to 25 baht", None),
    ],
)
def test_sentence_says_what_it_replaces(text: str, wanted: tuple[str, str, str] | None) -> None:
    found = [
        (text[old.start : old.end], text[new.start : new.end], kind) for old, new, kind in read_replaced(text)
    ]
    assert found == ([wanted] if wanted else [])


@pytest.mark.parametrize(
    "text",
    [
        "ขอแก้ข่าว ระบุจำนวนวันละ 9,200 คน คลาดเคลื่อน ที่ถูกต้องคือวันละ 2,900 คน",
        "Clarification: a report wrongly gave 9,200 people. It should have been 2,900 people.",
    ],
)
def test_notice_says_what_was_wrong_and_what_is_right(text: str) -> None:
    assert [(change.old.low, change.new.low, change.kind) for change in read_noticed(text)] == [
        (9150, 2850, "correction")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "1" * 1_000_000,
        "9,999 " * 160_000,
        "not 1% " * 140_000,
        "จาก 1 คน เป็น 2 คน " * 50_000,
        "ที่ถูกต้อง แก้ข่าว " * 50_000,
    ],
    ids=["digits", "numbers", "not", "changes", "notices"],
)
def test_hostile_text_takes_time_in_proportion_only(text: str) -> None:
    def seconds(length: int) -> float:
        start = time.process_time()
        for _ in read_replaced(text[:length]):
            pass
        for _ in read_noticed(text[:length]):
            pass
        return time.process_time() - start

    assert seconds(len(text)) < 40 * seconds(len(text) // 10) + 1


def test_disagreement_is_frozen() -> None:
    assert Disagreement("figures", ()).sides == ()
