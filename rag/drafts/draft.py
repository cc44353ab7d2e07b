"""A drafted question before it is chosen, and the ways in which its answer may be written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from corpus.article import Article, Language
from corpus.dates import BUDDHIST_ERA, ENGLISH_SHORT, THAI_SHORT, MentionedDate, format_date
from corpus.language import fold_digits

DraftKind = Literal["number", "date", "person", "meaning", "story", "cloze", "written"]
# How much of a person's work a draft leaves, judged by its form; lower is better.
STANDING, ANCHORED, CLOZE = 0, 3, 20
_LONGEST_TITLE = 90  # characters of a headline within a question
THAI_MONTHS = "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม".split()
ENGLISH_MONTHS = (
    "January February March April May June July August September October November December".split()
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A question that `body[start:end]` of its article answers; `name` is the person asked for, "" without one."""

    kind: DraftKind
    question: str
    answers: tuple[str, ...]
    start: int
    end: int
    grade: int
    name: str = ""


def anchored(question: str, article: Article) -> str | None:
    """Return the question with the headline of the story it is about, or None where there is no usable headline."""
    title = " ".join(article.title.translate(str.maketrans("", "", '“”"')).split())
    if len(title) > _LONGEST_TITLE:
        title = title[:_LONGEST_TITLE].rsplit(" ", 1)[0] + "…"
    if len(title) < 12 or article.body.startswith(article.title[:40]):
        return None
    if article.language == "th":
        return f"ในข่าว “{title}” {question}"
    return f"In the story “{title}”, {question[0].lower()}{question[1:]}"


def month_of(day: date, language: Language) -> str:
    """Return the month of `day` in words: มีนาคม 2567, March 2024."""
    if language == "th":
        return f"{THAI_MONTHS[day.month - 1]} {day.year + BUDDHIST_ERA}"
    return f"{ENGLISH_MONTHS[day.month - 1]} {day.year}"


def number_answers(number: str, rest: str, language: Language) -> tuple[str, ...]:
    """Return how a count such as ("1,250", "ล้านบาท") may be written; `number` is as the article has it."""
    plain = fold_digits(number).replace(",", "")
    whole, _, part = plain.partition(".")
    grouped = (f"{int(whole):,}" if whole.isdigit() else whole) + (f".{part}" if part else "")
    space = "" if rest[:1] == "%" else " "
    forms = [number, grouped, plain] + ([_thai_digits(grouped)] if language == "th" else [])
    written = [f"{form}{space}{rest}" for form in forms] if rest else []
    # A bare number of one or two figures would be met by chance.
    return _once(written + (forms if len(plain) > 2 or not rest else []))


def date_answers(written: str, mention: MentionedDate) -> tuple[str, ...]:
    """Return how the day, month or year that `written` names may be written in either language and era."""
    first, last = mention.first, mention.last
    thai_year, year = first.year + BUDDHIST_ERA, first.year
    if first == last:
        forms = [
            f"{first.day} {THAI_MONTHS[first.month - 1]} {thai_year}",
            format_date(first, "th"),
            f"{first.day} {ENGLISH_MONTHS[first.month - 1]} {year}",
            f"{ENGLISH_MONTHS[first.month - 1]} {first.day}, {year}",
            format_date(first, "en"),
        ]
    elif (last - first).days < 32:
        forms = [
            month_of(first, "th"),
            f"{THAI_SHORT[first.month - 1]} {thai_year}",
            month_of(first, "en"),
            f"{ENGLISH_SHORT[first.month - 1]} {year}",
        ]
    else:
        forms = [str(thai_year), str(year), _thai_digits(str(thai_year))]
    return _once([written, *forms])


def _thai_digits(text: str) -> str:
    return text.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))


def _once(forms: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(forms))
