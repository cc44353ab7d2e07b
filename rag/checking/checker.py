"""Whether a sentence of a written answer is supported by what it cites, and which sources would support it.

In order of cost: figures, dates, names and quotations that the sources lack; denials and opposites; meaning, by words
and by vectors. Knows nothing of markers, language models or how an answer is shown.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from corpus.language import detect_language, normalise, words
from rag.background import Background
from rag.bilingual import Lexicon
from rag.checking.days import date_spans, missing_dates
from rag.checking.figures import missing_figures
from rag.checking.meaning import Encoded, coverage, encode, likeness, strangest, unattributed
from rag.checking.names import NameReader, count_names, missing_names
from rag.checking.polarity import contrast, swaps_roles
from rag.checking.quotations import missing_quotations
from rag.checking.support import Signals, is_supported, probability
from rag.embedding import Embedder
from rag.evidence import Source

_KEPT = 512  # vectors of sentences kept: those of one long answer's sources and statements
_LIKELY = 6  # sources worth a full check when support is looked for


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a statement is supported, how sure that is, and what its sources lack, as the statement prints it."""

    supported: bool
    probability: float
    missing: tuple[str, ...]


class Checker:
    """Checks statements against sources; keeps the vectors of the sentences it has met, so one serves one thread."""

    def __init__(self, embedder: Embedder, background: Background, lexicon: Lexicon, asked: str = "") -> None:
        """`asked` is the question: a statement may repeat its words, whatever its sources call the same."""
        self._asked = asked
        self._embedder = embedder
        self._background = background
        self._lexicon = lexicon
        self._names = NameReader(lexicon)
        self._encoded: OrderedDict[str, Encoded] = OrderedDict()

    def check(self, statement: str, cited: Sequence[Source]) -> Verdict:
        """Return whether the cited sources together support `statement`, a sentence without markers."""
        said = normalise(statement).strip()
        if not cited or not words(said):
            return Verdict(False, 0.0, ())
        signals = self.measure(said, cited)
        return Verdict(is_supported(signals), probability(signals), signals.missing)

    def find_support(self, statement: str, sources: Sequence[Source]) -> tuple[Source, ...]:
        """Return the source that supports `statement` best, else the two or three that do together, else ()."""
        said = normalise(statement).strip()
        if not sources or not words(said):
            return ()
        likely = self._most_like(said, sources)
        for number in (1, 2, 3):
            pool = likely if number == 1 else likely[:4]
            found = [
                (probability(signals), group)
                for group in combinations(pool, number)
                if is_supported(signals := self.measure(said, group))
            ]
            if found:
                return max(found, key=lambda pair: pair[0])[1]
        return ()

    def measure(self, statement: str, cited: Sequence[Source]) -> Signals:
        """Return all that is measured of `statement` and the sources it cites, of which there must be at least one."""
        own = "\n".join(source.text for source in cited)
        near = "\n".join(
            dict.fromkeys(
                part
                for source in cited
                for part in (source.title, source.around, source.outlet, *source.also)
                if part
            )
        )
        outlets = "\n".join(source.outlet for source in cited)
        named = self._names.read(statement, f"{own}\n{outlets}", near)
        missing = [
            *missing_figures(
                statement,
                [span for source in cited for span in date_spans(statement, source)],
                [(source.text, date_spans(source.text, source)) for source in cited],
                (near, date_spans(near, cited[0])),
                len({source.outlet for source in cited}),
            ),
            *missing_dates(statement, cited),
            *missing_names(named, statement),
            *missing_quotations(statement, cited),
        ]
        claim = unattributed(statement, cited)
        said, *held = self._vectors([claim, *(source.text for source in cited)])
        covered = coverage(claim, own, self._lexicon)
        known = f"{own}\n{near}\n{self._asked}"
        language = detect_language(statement)
        same = any(source.language == language for source in cited)
        return Signals(
            same_language=same,
            likeness=likeness(said, held),
            covered=covered,
            around=coverage(claim, f"{own}\n{near}", self._lexicon) - covered,
            displaced=any(name.met == "near" and name.proper for name in named)
            and count_names(own) > sum(name.met == "own" for name in named),
            contrast=contrast(statement, own),
            swapped=swaps_roles(statement, own, [statement[name.start : name.end] for name in named]),
            missing=tuple(dict.fromkeys(missing)),
            strangest=strangest(claim, said, held, known, self._lexicon),
            known=coverage(claim, known, self._lexicon),
        )

    def _most_like(self, statement: str, sources: Sequence[Source]) -> list[Source]:
        """Return the sources most like the statement in words and vectors, best first."""
        claim = unattributed(statement, sources)
        said, *held = self._vectors([claim, *(source.text for source in sources)])
        scored = []
        for source, vectors in zip(sources, held, strict=True):
            near = likeness(said, [vectors])
            scored.append(near.mean + 0.3 * coverage(claim, source.text, self._lexicon))
        order = sorted(range(len(sources)), key=lambda at: -scored[at])
        return [sources[at] for at in order[:_LIKELY]]

    def _vectors(self, texts: Sequence[str]) -> list[Encoded]:
        """Return the texts' vectors, those not kept from before in one batch."""
        new = [text for text in dict.fromkeys(texts) if text not in self._encoded]
        if new:
            for text, made in zip(new, encode(new, self._embedder, self._background), strict=True):
                self._encoded[text] = made
        found = [self._encoded[text] for text in texts]
        for text in texts:
            self._encoded.move_to_end(text)
        while len(self._encoded) > _KEPT:
            self._encoded.popitem(last=False)
        return found
