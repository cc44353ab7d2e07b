"""Two runs compared question by question: what is better, what is worse, and what there is no evidence for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING
from zlib import crc32

from eval.abstention import abstention_f1, confidence_auroc, coverage_at, ece
from eval.difference import Difference, verdict
from eval.questions import GoldQuestion
from eval.rows import Row
from eval.runs import Run
from eval.significance import holm, mean_interval, measure_interval, sign_flip_p, swap_p

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike

    from eval.significance import Floats, Measure

    Pairs = Sequence[tuple[Row, Row]]
    Places = tuple[int, ...]  # among the pairs

# Per question. Other depths and means say much the same again, and each further test costs all of them power.
COMPARED = tuple(
    """recall@1 recall@5 mrr@10 ndcg@10 passage_recall@5 exact_match answer_f1 answer_contained short_answer_right
    citation_validity citation_precision citation_recall abstention_correct judged_faithfulness judged_correctness""".split()
)
_OF_ANSWERS = frozenset(("citation_validity", "judged_faithfulness", "judged_correctness"))
# Of the bootstrap, where Efron & Tibshirani ask for 1,000; figures of a whole set take longer to work out.
_MEAN_RESAMPLES, _SET_RESAMPLES = 9_999, 1_999
# Flips and swaps of the permutation tests: the least p is 1 in as many, .02 when corrected for that many tests.
_LEAST_FLIPS, _FLIPS_PER_TEST = 9_999, 50

# Of all questions at once, and what of each question it is made of. AUROC and coverage ask only how a run ranks its
# own confidences; ranks keep a swap from mixing two scales (Venkatraman & Begg 1996, Biometrika 83, on ROC curves).
_SETS: dict[str, tuple[Callable[[ArrayLike, ArrayLike], float], tuple[str, str]]] = {
    "confidence_auroc": (confidence_auroc, ("rank", "answerable")),
    "abstention_f1": (abstention_f1, ("abstained", "answerable")),
    "coverage@95": (coverage_at, ("rank", "right")),
    "ece": (ece, ("confidence", "right")),
}


def compare_runs(ours: Run, theirs: Run, seed: int = 0) -> list[Difference]:
    """Return ours against theirs in every metric that both runs have: overall, by type, by type and language.

    Holm's correction counts each metric of each set of questions once, whatever came out there. A question that one
    run abstained on has citation_validity, and perhaps judgements, in the other run only. Without it, a bad
    citation where the other run kept silent would go unseen; with 0 for silence, abstaining would count as citing
    badly. So each run's figure is its mean over the questions it has the metric for, as in its own table,
    and the test swaps whole outcomes, absences too. Where a run has no figure, there is no Difference.

    ValueError says that no question is in both runs, or names one that is not the same question in both.
    """
    import numpy as np

    pairs = _pairs(ours, theirs)
    tests = list(_tests(pairs))
    # Two groups of the same questions are one test.
    names = {(metric, at): group for group, metric, at in reversed(tests)}
    flips = max(_LEAST_FLIPS, _FLIPS_PER_TEST * len(names))
    measured: dict[tuple[str, Places], Difference] = {}
    for (metric, at), group in names.items():
        rng = np.random.default_rng([seed, crc32(f"{group} {metric}".encode())])
        measured[metric, at] = _measured(metric, [pairs[place] for place in at], flips, rng)
    corrected = dict(zip(measured, holm([found.p for found in measured.values()]), strict=True))
    differences = []
    for group, metric, at in tests:
        found = measured[metric, at]
        if not math.isnan(found.difference):
            p = corrected[metric, at]
            said = verdict(metric, found.difference, p)
            differences.append(replace(found, group=group, p=p, verdict=said))
    return differences


def unpaired(ours: Run, theirs: Run) -> tuple[int, int]:
    """Return how many questions only ours and only theirs has; `compare_runs` leaves them out."""
    mine, other = ({row.question.id for row in run.rows} for run in (ours, theirs))
    return len(mine - other), len(other - mine)


def _pairs(ours: Run, theirs: Run) -> Pairs:
    mine, other = _by_id(ours), _by_id(theirs)
    pairs = [(row, other[id]) for id, row in mine.items() if id in other]
    if not pairs:
        raise ValueError(f"no question is in both runs, of {len(mine)} and {len(other)} questions")
    for one, two in pairs:
        for field in fields(GoldQuestion):
            if getattr(one.question, field.name) != getattr(two.question, field.name):
                raise ValueError(
                    f"question {one.question.id!r} is not the same in both runs: {field.name} differs"
                )
    return pairs


def _by_id(run: Run) -> dict[str, Row]:
    rows = {row.question.id: row for row in run.rows}
    if len(rows) < len(run.rows):
        ids = [row.question.id for row in run.rows]
        raise ValueError(f"question {next(id for id in ids if ids.count(id) > 1)!r} is in one run twice")
    return rows


def _tests(pairs: Pairs) -> Iterable[tuple[str, str, Places]]:
    """Yield group, metric and places of every test; none is added or left out for what the answers were."""
    groups: dict[str, list[int]] = {"overall": list(range(len(pairs)))}
    for place, (row, _) in enumerate(pairs):
        for name in (row.question.type, f"{row.question.type}.{row.question.language}"):
            groups.setdefault(name, []).append(place)
    known = {
        metric: {place for place, pair in enumerate(pairs) if any(_has(row, metric) for row in pair)}
        for metric in COMPARED
        if all(any(_has(pair[run], metric) for pair in pairs) for run in (0, 1))
    }
    for group, members in groups.items():
        for metric, places in known.items():
            at = tuple(place for place in members if metric in _OF_ANSWERS or place in places)
            if at:
                yield group, metric, at
    right = [all(_has(row, "right_if_answered") for row in pair) for pair in pairs]
    for metric, (_, parts) in _SETS.items():
        at = tuple(place for place, known in enumerate(right) if known or "right" not in parts)
        if at:
            yield "overall", metric, at


def _has(row: Row, metric: str) -> bool:
    return math.isfinite(row.values.get(metric, math.nan))


def _measured(metric: str, pairs: Pairs, flips: int, rng: np.random.Generator) -> Difference:
    """Return the difference with its own p, not yet corrected; nan for what a run has no figure of."""
    import numpy as np

    ours, theirs = (_outcomes(metric, [pair[run] for pair in pairs]) for run in (0, 1))
    known = ~(np.isnan(ours) & np.isnan(theirs)).all(axis=0)
    ours, theirs = ours[:, known], theirs[:, known]
    measure = _measure(metric)
    one, two = float(measure(ours)), float(measure(theirs))
    result = Difference(
        "", metric, int(known.sum()), one, two, one - two, math.nan, math.nan, 1.0, "no evidence"
    )
    if math.isnan(result.difference):
        return result
    resamples = _SET_RESAMPLES if metric in _SETS else _MEAN_RESAMPLES
    if metric in _SETS or np.isnan([ours, theirs]).any():
        p = swap_p(measure, ours, theirs, flips, rng)
        low, high = measure_interval(measure, ours, theirs, resamples, rng)
    else:
        p = sign_flip_p((ours - theirs)[0], flips, rng)
        low, high = mean_interval((ours - theirs)[0], resamples, rng)
    return replace(result, low=low, high=high, p=p)


def _outcomes(metric: str, rows: Sequence[Row]) -> Floats:
    """Return (1, n) values, nan where a row has none, or the (2, n) that a figure of all is made of."""
    import numpy as np
    from scipy.stats import rankdata

    if metric not in _SETS:
        return np.array([[row.values[metric] if _has(row, metric) else math.nan for row in rows]])
    confidence = [row.answer.confidence for row in rows]
    parts = {
        "confidence": confidence,
        "rank": rankdata(confidence),
        "right": [row.values.get("right_if_answered", math.nan) for row in rows],
        "abstained": [row.answer.abstained for row in rows],
        "answerable": [row.question.answerable for row in rows],
    }
    return np.array([parts[name] for name in _SETS[metric][1]], dtype=float)


def _measure(metric: str) -> Measure:
    import numpy as np

    if metric not in _SETS:
        return _mean
    function = _SETS[metric][0]
    return np.vectorize(lambda parts: function(*parts), signature="(k,n)->()", otypes=[float])


def _mean(outcomes: Floats) -> Floats:
    """Return the means of (..., 1, n) values over those that are there, (...)."""
    import numpy as np

    values = outcomes[..., 0, :]
    there = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        mean: Floats = np.where(there, values, 0.0).sum(axis=-1) / there.sum(axis=-1)
    return mean
