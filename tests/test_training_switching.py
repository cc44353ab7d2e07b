"""Questions with words in the other language: which words are swapped, by a lexicon of a few entries."""

from __future__ import annotations

from random import Random

import pytest

from corpus.article import Language
from eval.training.examples import Example
from eval.training.switching import switched_questions
from rag.terms import stem

_LEXICON = {
    "citi": {"เมือง": 0.8, "กรุง": 0.4},
    "the": {"เดอะ": 0.25},  # a word list's spelling
    "flood": {"ท่วม": 0.2},  # hardly ever its translation
    "เมือง": {"citi": 0.8},
}


class _Always(Random):
    def random(self) -> float:
        return 0.0


class _Never(Random):
    def random(self) -> float:
        return 0.99


def _example(question: str, language: Language) -> Example:
    return Example("a", "reading", language, question, "", "Two cities flood, one city stays.", 4, 10)


@pytest.mark.parametrize(
    ("language", "question", "switched"),
    [
        ("en", "Which city did the flood reach?", "ใด เมือง did the flood reach?"),
        ("en", "How many cities are there?", "กี่ เมือง are there?"),
        ("en", "In the experiment, who asked where?", "In the experiment, ใคร asked where?"),
        ("th", "น้ำท่วมเมืองกี่แห่ง", "น้ำท่วม cities how many แห่ง"),
        ("th", "เมืองเกี่ยวข้องกับอะไร", "cities เกี่ยวข้องกับ what"),
    ],
)
def test_words_with_a_likely_translation_and_the_asking_word_are_swapped(
    language: Language, question: str, switched: str
) -> None:
    assert switched_questions([_example(question, language)], _LEXICON, _Always()) == {"a": switched}


@pytest.mark.parametrize(("language", "question"), [("en", "Which city?"), ("th", "เมืองใด")])
def test_question_in_which_no_word_was_swapped_is_left_out(language: Language, question: str) -> None:
    assert switched_questions([_example(question, language)], _LEXICON, _Never()) == {}


def test_of_two_forms_as_common_the_one_met_first_is_taken():
    """In sets of texts the order is another in each process, and so the training would be."""
    stems = "flood town road bridge school market temple river storm train boat farmer worker doctor teacher".split()
    thai = "น้ำท่วม เมือง ถนน สะพาน โรงเรียน ตลาด วัด แม่น้ำ พายุ รถไฟ เรือ เกษตรกร คนงาน แพทย์ ครู".split()
    lexicon = {word: {stem(name): 0.9} for word, name in zip(thai, stems, strict=True)}
    texts = [text for name in stems for text in (f"Many {name}s here.", f"One {name} there.")]
    examples = [
        Example(str(number), "reading", "th", thai[number // 2], "", text, 0, 4)
        for number, text in enumerate(texts)
    ]
    switched = switched_questions(examples, lexicon, _Always())
    assert [switched[str(2 * at)] for at in range(len(stems))] == [f"{name}s" for name in stems]
