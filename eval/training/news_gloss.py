"""Questions of a reading set put word for word into the other language, over their own passages.

    python -m eval.training.news_gloss OUT.jsonl READING.jsonl... --wordnet FOLDER [--most N] [--seed N]

FOLDER holds WordNet 3.0's index files (index.noun ...; Debian's wordnet-base has them); its synsets are those of the Thai
WordNet in the pythainlp package. Word order is mended only roughly: question words go where the other language has them,
English modifiers behind their nouns. A question of which too little can be put is left out.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

from corpus.language import detect_language, fold_digits, segment_spans
from eval.training.glosses import EnglishGlosses, ThaiGlosses, read_glosses
from eval.training.news_lines import MadeLine, write_lines

_ENOUGH = 0.85  # of the content words that must have a translation
_LONGEST = 16  # words
_DROPPED = frozenset(
    "the a an did does do was were is are has have had been be being that which who's it its there s".split()
)
_ASKS_ENGLISH = (
    (
        re.compile(
            r"^(?:in |during |of |by )?(?:what|which) year (?:did|was|were|is|does|has|had)?\b(?P<rest>.*)",
            re.I,
        ),
        "{rest} เมื่อปีใด|{rest} ในปีใด|{rest} ปีไหน",
    ),
    (
        re.compile(
            r"^(?:on what date|on which date|when) (?:did|was|were|is|does|has|had|will)?\b(?P<rest>.*)", re.I
        ),
        "{rest} เมื่อใด|{rest} เมื่อไร|{rest} เมื่อไหร่",
    ),
    (
        re.compile(r"^how many (?P<noun>[a-z]+)\b(?P<rest>.*)", re.I),
        "{rest} {noun} จำนวนเท่าใด|มี {noun} {rest} กี่คน|{noun} {rest} มีจำนวนเท่าไร",
    ),
    (re.compile(r"^how much\b(?P<rest>.*)", re.I), "{rest} เท่าไร|{rest} เท่าใด"),
    (re.compile(r"^how (?:long|old)\b(?P<rest>.*)", re.I), "{rest} นานเท่าไร|{rest} กี่ปี"),
    (
        re.compile(
            r"^(?:where|in what (?:city|country|place)) (?:did|was|were|is|does|are)?\b(?P<rest>.*)", re.I
        ),
        "{rest} ที่ไหน|{rest} ที่ใด",
    ),
    (re.compile(r"^who (?:is|was|are|were) (?P<rest>the .*|[A-Z].*)", re.I), "{rest} คือใคร|ใครคือ {rest}"),
    (re.compile(r"^(?:who|whom) (?:did |does )?(?P<rest>.*)", re.I), "ใคร {rest}|ผู้ใด {rest}"),
    (re.compile(r"^what (?:is|was|are|were) the name of (?P<rest>.*)", re.I), "{rest} ชื่ออะไร"),
    (re.compile(r"^what (?:is|was|are|were) (?P<rest>.*)", re.I), "{rest} คืออะไร|อะไรคือ {rest}"),
    (re.compile(r"^what (?:did|does|do|has|had) (?P<rest>.*)", re.I), "{rest} อะไร"),
    (
        re.compile(
            r"^(?:in |on |by |from |to )?(?:what|which) (?P<noun>[a-z]+(?: of [a-z]+)?)\b "
            r"(?:did|does|do|is|was|are|were)?(?P<rest>.*)",
            re.I,
        ),
        "{noun} ใด {rest}|{rest} {noun} อะไร|{noun} ไหน {rest}",
    ),
    (re.compile(r"^what (?P<rest>.*)", re.I), "อะไร {rest}"),
)
_ASKS_THAI = (
    (
        re.compile(
            r"(?P<rest>.*?)(?:เมื่อ|ใน)?(?:ปี|พ\.ศ\.|ค\.ศ\.)(?: ?(?:พ\.ศ\.|ค\.ศ\.))?(?:ใด|อะไร|ไหน|ที่เท่าไหร่|เท่าไร)"
        ),
        "in what year {rest}|which year {rest}",
    ),
    (
        re.compile(r"(?P<rest>.*?)(?:เมื่อ|ใน)?(?:วันที่|วัน)(?:เท่าไร|เท่าไหร่|เท่าใด|ใด|ไหน|อะไร)"),
        "on what date {rest}|when {rest}",
    ),
    (re.compile(r"(?P<rest>.*?)(?:เมื่อไร|เมื่อไหร่|เมื่อใด|ตอนไหน)"), "when {rest}"),
    (re.compile(r"(?P<rest>.*?)(?:มี)?(?:จำนวน)?กี่(?P<noun>[ก-๎]{2,10})"), "how many {noun} {rest}"),
    (re.compile(r"(?P<rest>.*?)(?:เท่าไร|เท่าไหร่|เท่าใด)"), "how much {rest}|what is the {rest}"),
    (re.compile(r"(?P<rest>.*?)(?:อยู่)?(?:ที่|ใน)?(?:ไหน|ใด|แห่งใด)\b"), "where {rest}|in which {rest}"),
    (re.compile(r"(?P<rest>.*?)(?:มีชื่อว่า|ชื่อว่า|มีชื่อ|ชื่อ)อะไร"), "what is the name of {rest}"),
    (re.compile(r"(?P<rest>.*?)คือใคร"), "who is {rest}|who was {rest}"),
    (re.compile(r"ใคร(?:คือ|เป็น)?(?P<rest>.*)"), "who {rest}"),
    (re.compile(r"(?P<rest>.*?)(?:คืออะไร|หมายถึงอะไร)"), "what is {rest}"),
    (re.compile(r"(?P<rest>.*?)(?:อะไร)"), "what {rest}"),
)


def gloss_to_thai(question: str, glosses: EnglishGlosses, random: Random) -> str | None:
    """Return an English question word for word in Thai, None where too little of it can be put."""
    bare = question.strip().rstrip("?").strip()
    for form, worded in _ASKS_ENGLISH:
        if found := form.match(bare):
            parts = {name: _thai(part or "", glosses) for name, part in found.groupdict().items()}
            return _filled(random.choice(worded.split("|")), parts)
    return None


def gloss_to_english(question: str, glosses: ThaiGlosses, random: Random) -> str | None:
    """Return a Thai question word for word in English, None where too little of it can be put."""
    bare = " ".join(question.split()).rstrip("? ").strip()
    for form, worded in _ASKS_THAI:
        found = form.match(bare)
        if found and len(bare) - found.end() <= (len(bare) if found.end() < len(bare) / 2 else 6):
            parts = {name: _english(part or "", glosses) for name, part in found.groupdict().items()}
            filled = _filled(random.choice(worded.split("|")), parts)
            return filled[0].upper() + filled[1:] + "?" if filled else None
    return None


def gloss_lines(
    files: list[Path], glosses: tuple[EnglishGlosses, ThaiGlosses], random: Random, most: int
) -> Iterator[MadeLine]:
    """Yield the questions that can be glossed, of at most `most` of each reading set, over their own passages."""
    for file in files:
        rows = file.read_text(encoding="utf-8").splitlines()
        for line in random.sample(rows, min(len(rows), most)):
            row: Mapping[str, object] = json.loads(line)
            context, question, answer = str(row["context"]), str(row["question"]), row.get("answer")
            if row["lang"] == "en":
                glossed = gloss_to_thai(question, glosses[0], random)
            else:
                glossed = gloss_to_english(question, glosses[1], random)
            if glossed and detect_language(glossed) != row["lang"]:
                start = row.get("start")
                yield MadeLine(
                    "gloss",
                    "th" if row["lang"] == "en" else "en",
                    str(row["title"]),
                    context,
                    glossed,
                    str(answer) if answer is not None else None,
                    start if answer is not None and isinstance(start, int) else None,
                    "reading",
                    str(row["id"]),
                )


def _filled(worded: str, parts: Mapping[str, tuple[str, int, int]]) -> str | None:
    known, all_ = sum(part[1] for part in parts.values()), sum(part[2] for part in parts.values())
    text = worded.format(**{name: part[0] for name, part in parts.items()})
    if known < 2 or known < _ENOUGH * all_ or len(text.split()) > _LONGEST:
        return None
    return " ".join(text.split())


def _thai(text: str, glosses: EnglishGlosses) -> tuple[str, int, int]:
    """Return an English part in Thai, how many of its content words are put, and how many it has."""
    words = re.findall(r"[A-Za-z][\w’'-]*|\d[\d,.]*%?|,", text)
    out: list[str] = []
    run: list[str] = []  # a noun behind its modifiers, in English order
    known = count = 0

    def close() -> None:
        out.extend(reversed(run))
        run.clear()

    for word in words:
        lower = word.lower().removesuffix("'s").removesuffix("’s")
        if lower in _DROPPED or word == ",":
            continue
        if function := glosses.function(lower):
            close()
            out.append(function)
            continue
        count += 1
        if word[0].isupper() or word[0].isdigit():
            known += 1
            if out and run == [] and (out[-1][0].isascii() and out[-1] != "–"):
                out[-1] = f"{out[-1]} {word}"
                continue
            close()
            out.append(glosses.name(word))
            continue
        found = glosses.word(lower)
        known += found is not None
        if glosses.is_verb(lower):
            close()
            out.append(found or lower)
        else:
            run.append(found or lower)
    close()
    joined = ""
    for piece in out:
        thai = joined and joined[-1] >= "\u0e00" and piece[0] >= "\u0e00"
        joined += piece if thai else f" {piece}"
    return joined.strip(), known, count


def _english(text: str, glosses: ThaiGlosses) -> tuple[str, int, int]:
    """Return a Thai part in English, how many of its content words are put, and how many it has."""
    folded = fold_digits(text)
    words = [folded[start:end] for start, end in segment_spans(folded)]
    out: list[str] = []
    known = count = 0
    for word in words:
        if word[0] < "\u0e00":
            out.append(word)
            count, known = count + 1, known + 1
            continue
        function = glosses.function(word)
        if function is not None:
            out.append(function)
            continue
        count += 1
        found = glosses.word(word)
        known += found is not None
        out.append(found or glosses.name(word))
    return " ".join(out), known, count


def main() -> None:
    """Read the arguments, gloss, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path, metavar="OUT.jsonl")
    parser.add_argument("files", type=Path, nargs="+", metavar="READING.jsonl")
    parser.add_argument("--wordnet", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--most", type=int, default=2400, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    random = Random(options.seed)
    lines = list(gloss_lines(options.files, read_glosses(options.wordnet), random, 2 * options.most))
    chosen = random.sample(lines, min(options.most, len(lines)))
    print(f"{write_lines(chosen, options.out)} lines of {len(lines)}")


if __name__ == "__main__":
    main()
