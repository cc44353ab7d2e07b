"""Whether a sentence of a written answer is supported by what it cites, and which sources would support it.

In order of cost: figures, dates, names and quotations that the sources lack; denials and opposites; meaning, by words
and by vectors. Knows nothing of markers, language models or how an answer is shown.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.language import detect_language, normalise, words
from rag.background import Background
from rag.bilingual import Lexicon
from rag.checking.binding import misbound
from rag.checking.clauses import Part, ways_to_part
from rag.checking.figures import wrong_ways
from rag.checking.lacking import near_by, undated, unfigured
from rag.checking.meaning import Encoded, coverage, encode, likeness, strangest, unattributed
from rag.checking.names import Named, NameReader, count_names, missing_names
from rag.checking.polarity import contrast, swaps_roles
from rag.checking.quotations import missing_quotations
from rag.checking.support import Signals, is_supported, probability
from rag.embedding import Embedder
from rag.evidence import Source

_KEPT = 512  # vectors of sentences kept: those of one long answer's sources and statements
_LIKELY = 6  # sources worth a full check when support is looked for
_OWN = 0.3  # share of a clause's own words that its source must have, as they are or translated


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
        # A sentence is held against one source when its citations are checked, and again when support is looked for.
        self._measured: dict[tuple[str, tuple[Source, ...]], Signals] = {}

    def check(self, statement: str, cited: Sequence[Source]) -> Verdict:
        """Return whether a source cited supports `statement`, a sentence without markers, or each a clause of it."""
        said = normalise(statement).strip()
        if not cited or not words(said):
            return Verdict(False, 0.0, ())
        if wrong := wrong_ways(said):
            return Verdict(False, 0.0, tuple(wrong))
        alone = [self.measure(said, [source]) for source in cited]
        best = max(alone, key=lambda signals: (is_supported(signals), probability(signals)))
        if is_supported(best) or len(cited) == 1:
            return Verdict(is_supported(best), probability(best), (*best.missing, *best.misbound))
        if (joined := self._joined(said, cited)) and set(joined[1]) == set(cited):
            return Verdict(True, joined[0], ())
        if (shared := self._shared(said, cited)) and len(shared[1]) == len(cited):
            return Verdict(True, shared[0], ())
        lost = set.intersection(*({*signals.missing, *signals.misbound} for signals in alone))
        named = dict.fromkeys(name for signals in alone for name in (*signals.missing, *signals.misbound))
        return Verdict(False, probability(best), tuple(name for name in named if name in lost))

    def find_support(self, statement: str, sources: Sequence[Source]) -> tuple[Source, ...]:
        """Return the source that supports `statement` best, else the two or three that each support a clause, else ()."""
        said = normalise(statement).strip()
        if not sources or not words(said) or wrong_ways(said):
            return ()
        if found := self._best(said, sources):
            return (found[1],)
        shared = self._joined(said, sources) or self._shared(said, sources)
        return shared[1] if shared else ()

    def _best(self, statement: str, sources: Sequence[Source]) -> tuple[float, Source] | None:
        """Return the source that supports `statement` best and how surely, None where none does."""
        having = [source for source in sources if self._has_all(statement, source)]
        measured = [
            (probability(signals), source)
            for source in self._most_like(statement, having)
            if is_supported(signals := self.measure(statement, [source]))
        ]
        return max(measured, key=lambda pair: pair[0], default=None)

    def _joined(self, statement: str, sources: Sequence[Source]) -> tuple[float, tuple[Source, ...]] | None:
        """Return two pieces of one Thai sentence, which has no full stop to end it, that support `statement` as one."""
        thai = sorted(
            (one for one in sources if one.language == "th"), key=lambda one: (one.article_id, one.start)
        )
        found: list[tuple[float, tuple[Source, ...]]] = []
        for first, second in pairwise(thai):
            if first.article_id != second.article_id or f"{first.text} {second.text}" not in first.around:
                continue
            whole = replace(first, text=f"{first.text} {second.text}", end=second.end)
            if self._has_all(statement, whole) and is_supported(signals := self.measure(statement, [whole])):
                found.append((probability(signals), (first, second)))
        return max(found, key=lambda pair: pair[0], default=None)

    def _shared(self, statement: str, sources: Sequence[Source]) -> tuple[float, tuple[Source, ...]] | None:
        """Return the sources that each support a part of `statement`, clauses in a row, and how surely; None for none."""
        likely = self._most_like(statement, sources)
        if self._lacks(statement, likely)[0]:
            return None
        best: dict[Part, tuple[float, Source] | None] = {}
        shared: list[tuple[float, tuple[Source, ...]]] = []
        for parts in ways_to_part(statement):
            carried: list[tuple[float, Source]] = []
            for part in parts:
                if part not in best:
                    fit = [
                        one
                        for one in likely
                        if coverage(part.own, f"{one.text}\n{one.title}", self._lexicon) >= _OWN
                    ]
                    best[part] = self._best(part.full, fit) if fit else None
                if not (found := best[part]):
                    break
                carried.append(found)
            else:
                group = tuple(dict.fromkeys(source for _, source in carried))
                if len(group) > 1:
                    shared.append((min(sure for sure, _ in carried), group))
        return max(shared, key=lambda pair: pair[0], default=None)

    def measure(self, statement: str, cited: Sequence[Source]) -> Signals:
        """Return all that is measured of `statement` and the sources it cites, of which there must be at least one."""
        key = (statement, tuple(cited))
        if key not in self._measured:
            self._measured[key] = self._measure(statement, cited)
        return self._measured[key]

    def _measure(self, statement: str, cited: Sequence[Source]) -> Signals:
        missing, named, own, near = self._lacks(statement, cited)
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
            missing=missing,
            misbound=self._misbound(statement, cited, named),
            strangest=strangest(claim, said, held, known, self._lexicon),
            known=coverage(claim, known, self._lexicon),
        )

    def _has_all(self, statement: str, source: Source) -> bool:
        """Tell whether the source lacks no figure, date, name or quotation: what is quickly seen first."""
        return (
            not unfigured(statement, [source], near_by([source])) and not self._lacks(statement, [source])[0]
        )

    def _lacks(
        self, statement: str, cited: Sequence[Source]
    ) -> tuple[tuple[str, ...], list[Named], str, str]:
        """Return what the sources cited lack, the names of the statement, the sentences cited and what is around them."""
        own = "\n".join(source.text for source in cited)
        near = near_by(cited)
        outlets = "\n".join(source.outlet for source in cited)
        named = self._names.read(statement, f"{own}\n{outlets}", near)
        missing = [
            *unfigured(statement, cited, near),
            *undated(statement, cited),
            *missing_names(named, statement),
            *missing_quotations(statement, cited),
        ]
        return tuple(dict.fromkeys(missing)), named, own, near

    def _misbound(self, statement: str, cited: Sequence[Source], named: Sequence[Named]) -> tuple[str, ...]:
        names = [(name.start, name.end) for name in named if name.met == "own"]
        lost: list[str] = []
        for source in cited:
            said, held = self._vectors([statement, source.text])
            lost += misbound(statement, source.text, source.published, names, (said, held), self._lexicon)
        return tuple(dict.fromkeys(lost))

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
