"""The reader's figures are those worked out by hand, whichever window holds the answer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from eval.training.examples import Example, read_examples
from eval.training.figures import measure, measured_sets, questions_of, read_all, record, sampled, table
from eval.training.outcomes import Asked, Outcome, abstaining, best_threshold, figures
from eval.training.scores import answer_words, exact, f1
from eval.training.split import held_out
from eval.training.windows import windows
from rag.reading.inputs import Text
from rag.reading.spans import PassageReading, Span


class PhraseReader:
    """Finds the phrase it was told for a question wherever it stands, with its score."""

    def __init__(self, phrases: Mapping[str, tuple[str, float]]) -> None:
        self._phrases = phrases
        self.texts: list[Text] = []

    def read_texts(self, questions: Sequence[str], texts: Sequence[Text]) -> list[PassageReading]:
        self.texts += texts
        return [
            self._reading(*self._phrases[question], text)
            for question, text in zip(questions, texts, strict=True)
        ]

    def _reading(self, phrase: str, score: float, text: Text) -> PassageReading:
        at = text.text.find(phrase)
        if at < 0:
            return PassageReading((), -9.0)
        return PassageReading((Span(at, at + len(phrase), score),), score)


def _word_starts(text: str) -> list[int]:
    return [word.start() for word in re.finditer(r"\S+", text)]


def _asked(
    id: str, answers: tuple[str, ...] = (), context: str = "It opened in 1999.", language: str = "en"
) -> Asked:
    return Asked(id, language, f"question {id}", "Bridge", context, answers)


def _outcome(id: str, right: bool | None, span: float, answerable: float = 0.0) -> Outcome:
    """An outcome, right or wrong; None where there is no answer."""
    return Outcome(
        _asked(id, () if right is None else ("1999",)), "1999" if right else "2001", span, answerable
    )


@pytest.mark.parametrize(
    ("language", "said", "answers", "same", "overlap"),
    [
        ("en", "The Bridge!", ("bridge",), 1.0, 1.0),
        ("en", "new bridge", ("the bridge",), 0.0, 2 / 3),
        ("en", "U.S.", ("us", "America"), 1.0, 1.0),
        ("en", "ferry", ("bridge",), 0.0, 0.0),
        ("en", "", ("bridge",), 0.0, 0.0),
        ("th", "พ.ศ. ๒๕๔๒", ("พ.ศ. 2542",), 1.0, 1.0),
        ("th", "สะพาน ยาว", ("สะพานยาว",), 1.0, 1.0),
        ("th", "ปี 2542", ("2542",), 0.0, 2 / 3),
        ("th", "๑,๒๕๐ บาท", ("1250 บาท", "พันบาท"), 1.0, 1.0),
    ],
)
def test_answers_are_compared_as_squad_does(
    language: str, said: str, answers: tuple[str, ...], same: float, overlap: float
) -> None:
    assert exact(said, answers, language) == same
    assert f1(said, answers, language) == pytest.approx(overlap)


def test_thai_words_are_those_of_the_segmenter() -> None:
    assert answer_words("แม่น้ำเจ้าพระยา (กรุงเทพฯ)", "th")[:1] == ["แม่น้ำ"]


def test_short_context_is_one_window() -> None:
    assert windows("One two. Three four.", _word_starts, 4) == [(0, 20)]
    assert windows("", _word_starts, 4) == [(0, 0)]


def test_windows_are_whole_sentences_that_overlap_and_hold_everything() -> None:
    context = " ".join(f"Sentence number {n} ends here." for n in range(20))
    cuts = windows(context, _word_starts, 20)
    assert [context[start:end].count("ends") for start, end in cuts][:2] == [4, 4]
    assert (cuts[0][0], cuts[-1][1]) == (0, len(context))
    for (start, end), (again, _) in zip(cuts, cuts[1:], strict=False):
        assert start < again < end and context[again:].startswith("Sentence")


def test_overlap_never_stands_still() -> None:
    context = "A long first sentence of nine words is here. And then another of equally many words here."
    cuts = windows(context, _word_starts, 10)
    assert [context[start:end][:5] for start, end in cuts] == ["A lon", "And t"]


@pytest.mark.parametrize(
    ("language", "filler", "phrase"),
    [("en", "Nothing happened on that day. ", "in 1999"), ("th", "วันนั้นไม่มีอะไรเกิดขึ้นเลย\n", "ปี 2542")],
)
def test_answer_in_a_later_window_is_cut_from_the_context(language: str, filler: str, phrase: str) -> None:
    context = filler * 12 + f"The line opened {phrase}."
    reader = PhraseReader({"question a": (phrase, 3.0)})
    (outcome,) = read_all(
        reader, [_asked("a", (phrase,), context, language)], lambda text: list(range(len(text)))
    )
    assert (outcome.said, outcome.span, outcome.answerable) == (phrase, 3.0, 3.0)
    assert len(reader.texts) > 1 and {text.title for text in reader.texts} == {"Bridge"}


def test_question_that_nothing_was_found_for_is_wrong_and_least_sure() -> None:
    (outcome,) = read_all(PhraseReader({"question a": ("2001", 1.0)}), [_asked("a", ("1999",))], _word_starts)
    assert (outcome.said, outcome.span, outcome.answerable, outcome.f1()) == ("", float("-inf"), -9.0, 0.0)


def test_abstaining_is_right_exactly_where_there_is_no_answer() -> None:
    right, absent = _outcome("a", True, 1.0), _outcome("b", None, 1.0)
    assert [right.f1(), right.f1(abstained=True), absent.f1(), absent.f1(abstained=True)] == [
        1.0,
        0.0,
        0.0,
        1.0,
    ]
    assert [absent.exact(), absent.exact(abstained=True)] == [0.0, 1.0]


def test_best_threshold_lies_between_what_to_answer_and_what_not() -> None:
    outcomes = [
        _outcome("a", True, 4.0),
        _outcome("b", True, 2.0),
        _outcome("c", None, 1.0),
        _outcome("d", None, -3.0),
    ]
    assert best_threshold(outcomes, "span") == 1.5
    assert best_threshold([_outcome("a", None, 4.0)], "span") > 4.0
    assert best_threshold([_outcome("a", True, 4.0)], "span") == 4.0
    assert best_threshold([], "span") == 0.0


def test_given_threshold_gives_the_figures_worked_out_by_hand() -> None:
    outcomes = [
        _outcome("a", True, 4.0),
        _outcome("b", False, 2.0),
        _outcome("c", None, 3.0),
        _outcome("d", None, -3.0),
    ]
    found = abstaining(outcomes, "span", 0.0)
    assert (found.thresholds, found.f1, found.exact) == ((0.0, 0.0), 0.5, 0.5)  # a, and d abstained
    assert (found.no_answer_accuracy, found.has_answer_share, found.auroc) == (0.5, 1.0, 0.75)


def test_threshold_of_a_half_is_chosen_on_the_other() -> None:
    outcomes = [_outcome(str(n), None if n % 2 else True, -1.0 if n % 2 else 5.0) for n in range(40)]
    found = figures(outcomes).abstaining["span"]
    assert found.thresholds == (2.0, 2.0)
    assert (found.f1, found.no_answer_accuracy, found.has_answer_share, found.auroc) == (1.0, 1.0, 1.0, 1.0)


def test_second_head_and_both_together_are_signals_too() -> None:
    outcomes = [_outcome("a", True, 1.0, 5.0), _outcome("b", None, 2.0, -5.0)]
    found = figures(outcomes, 0.0).abstaining
    assert {signal: one.auroc for signal, one in found.items()} == {
        "span": 0.0,
        "answerable": 1.0,
        "both": 1.0,
    }


def test_figures_of_a_set_without_unanswerable_questions_are_of_answering_alone() -> None:
    found = figures([_outcome("a", True, 1.0), _outcome("b", False, 1.0)])
    assert (found.questions, found.answerable, found.exact, found.f1, found.abstaining) == (
        2,
        2,
        0.5,
        0.5,
        {},
    )


def test_same_question_of_the_same_context_is_one_with_all_its_answers() -> None:
    def example(id: str, start: int, end: int) -> Example:
        return Example(id, "reading", "en", "When?", "Old_Bridge", "It opened in 1999.", start, end)

    (one,) = questions_of(
        [example("1", 13, 17), example("2", -1, -1), example("3", 10, 17), example("4", 13, 17)]
    )
    assert (one.id, one.title, one.answers) == ("1", "Old Bridge", ("1999", "in 1999"))


def _write(file: Path, titles: Sequence[str]) -> None:
    lines = [
        {"id": f"{file.stem}-{at}", "lang": "en", "title": title, "context": f"{title} opened in 1999.",
         "question": "When?", "answer": "1999", "start": len(title) + 11}
        for at, title in enumerate(titles)
    ]  # fmt: skip
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def test_of_a_set_for_training_only_articles_kept_from_it_are_measured(tmp_path: Path) -> None:
    titles = [f"Bridge {n}" for n in range(60)]
    kept = [title for title in titles if held_out(title)]
    assert 0 < len(kept) < 20
    _write(tmp_path / "a_train.jsonl", titles)
    _write(tmp_path / "b_train.jsonl", titles)
    _write(tmp_path / "b_valid.jsonl", titles[:3])
    sets = measured_sets(tmp_path)
    assert {name: [one.title for one in asked] for name, asked in sets.items()} == {
        "a_train": kept,
        "b_valid": titles[:3],
    }
    assert len(measured_sets(tmp_path / "b_train.jsonl")["b_train"]) == 60


def test_folder_without_questions_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=re.escape(str(tmp_path))):
        measured_sets(tmp_path)


def test_sample_is_always_the_same_whatever_the_order() -> None:
    questions = [_asked(str(n)) for n in range(50)]
    assert sampled(questions, 10) == sampled(questions[::-1], 10)
    assert len(sampled(questions)) == 50


def test_figures_are_printed_and_recorded_without_what_is_not_defined() -> None:
    asked = [_asked("a", ("1999",)), _asked("b")]
    reader = PhraseReader({"question a": ("1999", 2.0), "question b": ("opened", -1.0)})
    found = measure(reader, {"made": asked}, _word_starts, 0.0)
    plain: dict[str, Any] = json.loads(json.dumps(record(found), allow_nan=False))
    assert (plain["made"]["f1"], plain["made"]["abstaining"]["span"]["f1"]) == (1.0, 1.0)
    assert "no answer told 100.0%" in table(found)
    absent = record(measure(reader, {"made": asked[1:]}, _word_starts))
    assert "f1" not in absent["made"]


@pytest.mark.parametrize("signal", ["span", "answerable"])
def test_threshold_may_be_given_for_every_signal(signal: str) -> None:
    assert abstaining([_outcome("a", None, -1.0, -1.0)], signal, 0.5).no_answer_accuracy == 1.0


def test_tenth_of_titles_is_held_out_the_same_everywhere() -> None:
    assert held_out("Martin_Luther") and not held_out("Nikola_Tesla")
    assert 0.07 < sum(held_out(f"title {n}") for n in range(2000)) / 2000 < 0.13


def test_examples_are_read_as_the_trainer_reads_them(tmp_path: Path) -> None:
    _write(tmp_path / "set.jsonl", ["Bridge"])
    assert [one.answers for one in questions_of(read_examples(tmp_path / "set.jsonl"))] == [("1999",)]
