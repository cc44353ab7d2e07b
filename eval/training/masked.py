"""Questions that nobody wrote: a sentence of a passage without words that also stand elsewhere in it.

Recurring span selection (Ram et al. 2021, Splinter, arXiv:2101.00438): where a name or a term comes twice, one of its
sentences is taken out of the passage and asked with "what" in the place of the words; they are to be found where they still
stand. It teaches little of how people ask, but how words are found by what is said of them, before the few real
questions there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from random import Random

from corpus.article import Language
from corpus.language import segment_spans
from corpus.sentences import sentence_spans
from eval.training.examples import Example
from rag.question import content_words

KIND = "masked"
_LONGEST = 6  # words of a span
_AROUND = 12  # words kept on either side of it in the question
_EACH = 2  # questions of a passage
_LEAST = {"en": 4, "th": 5}  # characters of a span
_ASKING: dict[Language, tuple[str, ...]] = {
    "en": ("what", "which", "who", "what"),
    "th": ("อะไร", "อะไร", "สิ่งใด", "ใคร"),
}


def masked_examples(texts: Iterable[tuple[str, str, Language]], random: Random, most: int) -> list[Example]:
    """Return at most `most` examples of (title, passage, language), two a passage, over all of them by chance."""
    made = [
        one
        for number, (title, text, language) in enumerate(texts)
        for one in _of_passage(f"masked-{language}-{number}", title, text, language, random)
    ]
    random.shuffle(made)
    return made[:most]


def _of_passage(id: str, title: str, text: str, language: Language, random: Random) -> Iterator[Example]:
    spans = list(_recurring(text, language).items())
    random.shuffle(spans)
    for number, (_, places) in enumerate(spans[:_EACH]):
        sentence, start, end = random.choice(places)
        context, at = _without(text, sentence, [place for place in places if place[0] != sentence], random)
        answer = text[start:end]
        if context.count(answer) and context[at : at + len(answer)].lower() == answer.lower():
            yield Example(
                id=f"{id}-{number}",
                kind=KIND,
                language=language,
                question=_asked(text, sentence, start, end, random.choice(_ASKING[language])),
                title=title,
                context=context,
                start=at,
                end=at + len(answer),
            )


def _recurring(text: str, language: Language) -> dict[str, list[tuple[tuple[int, int], int, int]]]:
    """Return the longest runs of words in two sentences or more: (sentence, start, end) of each, by the words folded."""
    places: dict[str, list[tuple[tuple[int, int], int, int]]] = defaultdict(list)
    for first, last in sentence_spans(text):
        words = [(first + start, first + end) for start, end in segment_spans(text[first:last])]
        for at, (start, _) in enumerate(words):
            for until in range(at, min(at + _LONGEST, len(words))):
                end = words[until][1]
                if until > at and words[until][0] - words[until - 1][1] > 1:
                    break
                places[text[start:end].lower()].append(((first, last), start, end))
    kept = {
        folded: found
        for folded, found in places.items()
        if len(folded) >= _LEAST[language]
        and len({sentence for sentence, _, _ in found}) > 1
        and _is_telling(folded)
        and "\n" not in folded
    }
    longer = sorted(kept, key=len, reverse=True)
    return {
        folded: kept[folded]
        for folded in longer
        if not any(
            folded in other and len(kept[other]) >= len(kept[folded])
            for other in longer
            if len(other) > len(folded)
        )
    }


def _is_telling(folded: str) -> bool:
    """Tell whether a run begins and ends with words that say something."""
    spans = segment_spans(folded)
    return all(content_words(folded[start:end]) for start, end in (spans[0], spans[-1]))


def _without(
    text: str, sentence: tuple[int, int], others: list[tuple[tuple[int, int], int, int]], random: Random
) -> tuple[str, int]:
    """Return the passage without a sentence, and where in that one of the other places is."""
    _, start, _ = random.choice(others)
    first, last = sentence
    before, after = text[:first].rstrip(" "), text[last:].lstrip(" ")
    joined = before + (" " if before and after and not before.endswith("\n") else "")
    return joined + after, start if start < first else start - (len(text) - len(after)) + len(joined)


def _asked(text: str, sentence: tuple[int, int], start: int, end: int, asking: str) -> str:
    """Return the words around a span with a question word in its place."""
    first, last = sentence
    spans = [(first + one, first + other) for one, other in segment_spans(text[first:last])]
    before = [one for one, other in spans if other <= start]
    after = [other for one, other in spans if one >= end]
    low = before[-_AROUND] if len(before) > _AROUND else first
    high = after[_AROUND - 1] if len(after) > _AROUND else last
    return " ".join(f"{text[low:start]}{asking}{text[end:high]}".split()).rstrip(".")
