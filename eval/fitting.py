"""What every fit shares: searched questions, parts to fit and to judge on, and two kinds of regression."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zlib import crc32

from eval.figures import mean
from eval.questions import GoldQuestion
from rag.found import Found
from rag.question import Question
from rag.weighing import Weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Searched:
    """A gold question as search saw it in one library: all candidates, best first by the shipped weights."""

    library: str
    file: Path
    gold: GoldQuestion
    question: Question
    found: tuple[Found, ...]
    weights: Weights

    @property
    def groups(self) -> tuple[str, ...]:
        """What its figures are averaged under: all, and its type, with the language where that matters."""
        kind = self.gold.type
        return ("all", f"{kind} {self.gold.language}" if kind in ("same", "cross") else kind)


@dataclass(frozen=True, slots=True)
class Part:
    """Which of the questions to fit on and which to judge that fit on, by their numbers."""

    name: str
    fitted: tuple[int, ...]
    judged: tuple[int, ...]


def parts_of(searched: Sequence[Searched]) -> list[Part]:
    """Return a part for each gold file with answers, fitted on the others; of a single one, halves.

    A file without answers, as of questions off the subject, goes half to fitting, half to judging: by their
    ids, so that none is fitted on in one library and judged in another.
    """
    files = list(dict.fromkeys(one.file for one in searched if one.gold.evidence))
    loose = sorted({one.gold.id for one in searched if one.file not in files})
    half = {id: number % 2 for number, id in enumerate(loose)}
    if len(files) > 1:
        fold = {file: number for number, file in enumerate(files)}
        folds = [fold[one.file] if one.file in fold else -1 - half[one.gold.id] for one in searched]
        names = [file.stem for file in files]
    else:
        order = {id: number for number, id in enumerate(dict.fromkeys(one.gold.id for one in searched))}
        ids = [one.gold.id for one in searched]
        folds = [-1 - half[known] if known in half else order[known] % 2 for known in ids]
        names = ["even questions", "odd questions"]
    parts = []
    for number, name in enumerate(names):
        judged = {number, -1 - number % 2}
        parts.append(
            Part(
                name,
                tuple(at for at, fold in enumerate(folds) if fold not in judged),
                tuple(at for at, fold in enumerate(folds) if fold in judged),
            )
        )
    return parts


def fifths(items: Sequence[_T], id_of: Callable[[_T], str]) -> Iterator[tuple[list[_T], list[_T]]]:
    """Yield, for each fifth of the items by a hash of their ids, the items without it, to fit on, and it, to judge."""
    of = [crc32(id_of(item).encode()) % 5 for item in items]
    for fifth in range(5):
        yield (
            [item for item, own in zip(items, of, strict=True) if own != fifth],
            [item for item, own in zip(items, of, strict=True) if own == fifth],
        )


def grouped(
    title: str, metrics: Sequence[str], rows: Sequence[tuple[Searched, tuple[float, ...]]]
) -> Iterator[str]:
    """Yield lines: the mean of each metric over all questions and over those of each group."""
    yield f"{title}: {', '.join(metrics)}"
    groups: dict[str, list[tuple[float, ...]]] = {}
    for one, row in rows:
        for group in one.groups:
            groups.setdefault(group, []).append(row)
    for group, members in sorted(groups.items()):
        values = "  ".join(f"{mean(column):.3f}" for column in zip(*members, strict=True))
        yield f"    {group:14}{len(members):5}  {values}"


def fit_listwise(lists: Sequence[tuple[Array, Array]], penalty: float) -> Array:
    """Return weights (d,) that put first what is worth most: ListNet's top-one likelihood with an L2 penalty.

    Each list is the features (n, d) of a question's candidates and their worth (n,), 0 to 1; one in which
    nothing is worth anything is left out. ValueError if that leaves none.
    """
    import numpy as np

    kept = [(features, worth) for features, worth in lists if worth.sum() > 0]
    if not kept:
        raise ValueError("in none of the questions is the answer among what was found")
    rows, worth = np.concatenate([one for one, _ in kept]), np.concatenate([other for _, other in kept])
    spread = rows.std(axis=0) + 1e-6
    rows = rows / spread
    sizes = [len(other) for _, other in kept]
    starts = np.cumsum([0, *sizes[:-1]])

    def loss(weights: Array) -> tuple[float, Array]:
        scores = rows @ weights
        odds = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
        chance = odds / np.repeat(np.add.reduceat(odds, starts), sizes)
        right = np.maximum(np.add.reduceat(chance * worth, starts), 1e-12)
        slope = rows.T @ (chance - chance * worth / np.repeat(right, sizes)) / len(kept)
        return float(-np.log(right).mean() + penalty * weights @ weights), slope + 2 * penalty * weights

    return np.asarray(_minimise(loss, rows.shape[1]) / spread)


def fit_logistic(rows: Array, answered: Array, importance: Array, penalty: float = 0.5) -> Array:
    """Return a logistic regression's weights (d + 1,), the constant first, which the L2 penalty spares.

    `rows` is (n, d); `answered`, 0 or 1, and `importance`, how many times a row counts, are (n,).
    """
    import numpy as np

    centre, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    inputs = np.column_stack([np.ones(len(rows)), (rows - centre) / spread])
    signs = 2 * answered - 1
    spared = np.array([0.0] + [1.0] * rows.shape[1])

    def loss(weights: Array) -> tuple[float, Array]:
        margins = signs * (inputs @ weights)
        held = weights * spared
        slope = -inputs.T @ (importance * signs * np.exp(-np.logaddexp(0, margins)))
        total = importance @ np.logaddexp(0, -margins) + penalty * held @ held
        return float(total), slope + 2 * penalty * held

    found = _minimise(loss, inputs.shape[1])
    weights = found[1:] / spread
    return np.concatenate([[found[0] - weights @ centre], weights])


def _minimise(loss: Callable[[Array], tuple[float, Array]], count: int) -> Array:
    import numpy as np
    from scipy.optimize import minimize

    options = {"maxiter": 2000, "ftol": 1e-12}
    found = minimize(loss, np.zeros(count), jac=True, method="L-BFGS-B", options=options)
    return np.asarray(found.x, dtype=np.float64)
