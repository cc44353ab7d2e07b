"""Questions made from news for training the reader: their answers stand where they say, across languages too."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest

from corpus.article import Article, Language
from eval.training.news import Made, choose, cross_lines, same_lines
from eval.training.news_absent import changed_question, titled, without_answer
from eval.training.news_asked import Asked, placed, varied
from eval.training.news_cross import cross_questions
from eval.training.news_english import english_asked
from eval.training.news_facts import Fact, may_be_same, read_facts, same_fact
from eval.training.news_lines import MadeLine, write_lines
from eval.training.news_pairs import make_bridge, pair_articles
from eval.training.news_reading import read_article
from eval.training.news_thai import thai_asked
from rag.bilingual import read_lexicon

_DAY = date(2023, 7, 13)
_ENGLISH = Article(
    "one-en",
    "Rice exports rise",
    "Thailand exported 4,217,350 tonnes of rice to China in the first half of the year. The cabinet approved a budget of "
    "1,840 million baht on July 11, 2023. Minister Suriya Juangroongruangkit presided over the opening of the rice centre.",
    "thaigov.go.th",
    "en",
    None,
    _DAY,
)
_THAI = Article(
    "one-th",
    "ส่งออกข้าวเพิ่ม",
    "ประเทศไทยส่งออกข้าวไปจีน 4,217,350 ตัน ในช่วงครึ่งปีแรก คณะรัฐมนตรีเห็นชอบงบประมาณ 1.84 พันล้านบาท เมื่อวันที่ 11 กรกฎาคม 2566 "
    "นายสุริยะ จึงรุ่งเรืองกิจ รัฐมนตรีว่าการกระทรวงอุตสาหกรรม เป็นประธานเปิดศูนย์ข้าวชุมชนแห่งใหม่ของจังหวัดเชียงราย",
    "thaigov.go.th",
    "th",
    None,
    _DAY,
)


def _starts(text: str) -> list[int]:
    return list(range(0, len(text), 4))


def _facts(article: Article) -> list[Fact]:
    return read_facts(article.body, article.language, article.published)


def _fact(article: Article, written: str) -> Fact:
    return next(fact for fact in _facts(article) if written in article.body[fact.start : fact.end])


@pytest.mark.parametrize(
    ("english", "thai"),
    [("4,217,350", "4,217,350"), ("1,840", "1.84"), ("July 11", "11 กรกฎาคม"), ("Suriya", "สุริยะ")],
)
def test_a_fact_is_the_same_in_both_languages(english: str, thai: str) -> None:
    assert same_fact(_fact(_ENGLISH, english), _fact(_THAI, thai))


def test_a_small_number_without_a_unit_is_not_taken_for_another() -> None:
    five = Fact("number", 0, 1, 5.0)
    assert not same_fact(five, replace(five, unit="person"))
    assert not same_fact(five, five)
    assert may_be_same(five, five)


def test_a_number_that_names_something_is_no_fact() -> None:
    text = "Under Section 44, COVID-19 patients came at 0930hrs on Highway 3296."
    assert [fact for fact in read_facts(text, "en", None) if fact.kind == "number"] == []


def test_an_english_sentence_is_asked_for_its_numbers_days_and_persons() -> None:
    asked = {question: fact.kind for question, fact in _english()}
    assert asked["Who presided over the opening of the rice centre?"] == "person"
    assert {"number", "person"} <= set(asked.values())


def _english() -> list[tuple[str, Fact]]:
    made = []
    for start, end in ((0, 83), (84, 149), (150, len(_ENGLISH.body))):
        sentence = _ENGLISH.body[start:end]
        made += list(english_asked(sentence, read_facts(sentence, "en", _DAY), Random(1)))
    return made


def test_a_thai_sentence_is_asked_for_its_numbers_in_place() -> None:
    sentence = "กระทรวงพาณิชย์ส่งออกข้าวหอมมะลิไปจีนแล้ว 4,217,350 ตัน"
    asked = list(thai_asked(sentence, read_facts(sentence, "th", _DAY), Random(1)))
    assert [question for question, _ in asked] == ["กระทรวงพาณิชย์ส่งออกข้าวหอมมะลิไปจีนแล้วกี่ตัน"]


def test_a_question_is_located_in_the_other_language() -> None:
    one, other = read_article(_ENGLISH, _starts), read_article(_THAI, _starts)
    bridge = make_bridge([_ENGLISH, _THAI], read_lexicon())
    found = [
        located
        for located in cross_questions(one, other, replace(bridge, rarity={}), Random(1))
        if located.fact
    ]
    written = {one.passage.text[one.fact.start : one.fact.end] for one in found if one.fact}
    assert "4,217,350 ตัน" in written
    assert all(located.passage.language == "th" and located.asked.language == "en" for located in found)


def test_translations_are_paired_by_their_ids() -> None:
    bridge = make_bridge([_ENGLISH, _THAI], read_lexicon())
    undated = [replace(_ENGLISH, published=None), replace(_THAI, published=None)]
    assert [(one.id, other.id) for one, other in pair_articles(undated, bridge)] == [("one-en", "one-th")]


@pytest.mark.parametrize("article", [_ENGLISH, _THAI], ids=["en", "th"])
def test_every_answer_stands_where_it_says(article: Article, tmp_path: Path) -> None:
    lines = list(same_lines([article], Made(_starts, Random(3))))
    assert lines
    for line in lines:
        if line.answer is not None and line.start is not None:
            assert line.context[line.start : line.start + len(line.answer)] == line.answer
    assert write_lines(lines, tmp_path / "made.jsonl") == len(lines)


def test_the_same_seed_makes_the_same_lines() -> None:
    pair = [(_ENGLISH, _THAI)]
    bridge = make_bridge([_ENGLISH, _THAI], read_lexicon())
    first, second = (
        [*cross_lines(pair, bridge, Made(_starts, Random(5))), *same_lines([_THAI], Made(_starts, Random(5)))]
        for _ in range(2)
    )
    assert first == second
    assert choose(first, {"same": 9, "cross": 9, "absent": 9}, Random(1)) == choose(
        second, {"same": 9, "cross": 9, "absent": 9}, Random(1)
    )


def test_the_answering_sentence_is_taken_out() -> None:
    body = (
        "The ministry opened a bridge of 840 metres over the river in the north of the province this week. "
        + (
            "The governor thanked the builders and the people who live beside the river for their patience over years of work. "
            "More bridges are planned for the coming year, and the ministry will pay for all of them."
        )
    )
    read = read_article(replace(_ENGLISH, body=body), _starts)
    fact = next(fact for fact in read.facts[0] if fact.unit == "m")
    left = without_answer(read.passages[0], fact, read.facts[0])
    assert left is not None
    assert "840" not in left and left.startswith("The governor")


@pytest.mark.parametrize(
    ("question", "language", "told"),
    [("How much rice did Thailand export in 2023?", "en", "2023"), ("ไทยส่งออกข้าวปี 2566 กี่ตัน", "th", "2566")],
)
def test_a_changed_question_names_another_year(question: str, language: Language, told: str) -> None:
    body = f"{told} 10,000"
    passage = read_article(replace(_ENGLISH, body=body, language=language), _starts).passages[0]
    asked = Asked(question, language, passage, Fact("number", 5, 11, 10000.0))
    changed = changed_question(asked, Random(1))
    assert changed is not None and told not in changed
    assert len(changed) == len(question)


def test_a_headline_with_the_answer_is_known() -> None:
    read = read_article(replace(_ENGLISH, title="Exports reach 4,217,350 tonnes"), _starts)
    fact = next(fact for fact in read.facts[0] if fact.unit == "tonne")
    assert titled(Asked("How many tonnes?", "en", read.passages[0], fact), read.passages[0])


@pytest.mark.parametrize(("question", "language"), [("ราคาเท่าไร", "th"), ("On what date did it open?", "en")])
def test_a_question_is_put_in_several_forms(question: str, language: Language) -> None:
    assert len({varied(question, language, Random(seed)) for seed in range(20)}) > 1


def test_the_story_is_not_named_where_its_headline_tells_the_answer() -> None:
    forms = {
        placed("เปิดวันใด", "th", "เปิดสะพาน 11 กรกฎาคม 2566", None, Random(seed), "11 กรกฎาคม")
        for seed in range(40)
    }
    assert forms == {"เปิดวันใด"}


def test_an_answer_out_of_place_is_refused(tmp_path: Path) -> None:
    line = MadeLine("same", "en", "t", "five men", "How many?", "six", 0, "number", "a")
    with pytest.raises(ValueError, match="six"):
        write_lines([line], tmp_path / "made.jsonl")
    assert not (tmp_path / "made.jsonl").exists()


def test_a_line_without_an_answer_has_no_start(tmp_path: Path) -> None:
    line = MadeLine("absent", "en", "t", "five men", "How many women?", None, None, "number", "a")
    write_lines([line], tmp_path / "made.jsonl")
    record = json.loads((tmp_path / "made.jsonl").read_text("utf-8"))
    assert record["answer"] is None and "start" not in record
