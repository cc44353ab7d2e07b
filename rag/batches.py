"""Batches of texts for a model: which rows go together, and how a CPU's cores share them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

_T = TypeVar("_T")


def batches_by_length(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Yield row numbers, longest first, each batch at most `budget` tokens once padded to its longest."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > budget:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def even_batches(lengths: Sequence[int], shares: int, budget: int) -> list[list[int]]:
    """Return row numbers, longest first, in batches of about as many tokens each, so that no thread waits for another.

    A multiple of `shares` that keeps them near `budget` tokens, fewer where there are fewer rows.
    """
    if not lengths:
        return []
    total = sum(lengths)
    count = min(len(lengths), shares * max(1, round(total / (shares * budget))))
    batches: list[list[int]] = [[]]
    done = 0
    for row in sorted(range(len(lengths)), key=lambda row: -lengths[row]):
        if batches[-1] and done + lengths[row] / 2 > total * len(batches) / count:
            batches.append([])
        batches[-1].append(row)
        done += lengths[row]
    return batches


def spread(work: Callable[[list[int]], _T], batches: Sequence[list[int]], threads: int) -> Iterator[_T]:
    """Yield `work` of every batch, in order, done in `threads` threads where there are batches for all.

    One core a batch is a third faster than all cores on every batch: they never wait for one another, which
    costs most when another process holds one. An error or ^C surfaces here once the batches begun are done.
    """
    if threads < 2 or len(batches) < threads:
        yield from map(work, batches)
        return
    pool = single_core_threads(threads)
    try:
        yield from pool.map(work, batches)
    finally:
        pool.shutdown(cancel_futures=True)


def single_core_threads(count: int) -> ThreadPoolExecutor:
    """Return `count` started threads in each of which the model uses one core; all others keep as many as they use."""
    import torch

    before = torch.get_num_threads()
    pool = ThreadPoolExecutor(count, "batches", initializer=_use_cores, initargs=(1,))
    started = threading.Barrier(count + 1)
    for _ in range(count):
        pool.submit(started.wait)
    started.wait()
    torch.set_num_threads(before)  # what a thread sets for itself, later threads would get too
    return pool


def _use_cores(count: int) -> None:
    import torch

    torch.get_num_threads()  # a thread's first look takes over what another set last, so it comes before setting
    torch.set_num_threads(count)


@contextmanager
def on_one_core(threads: int) -> Iterator[None]:
    """Let the model use one core, and `threads` of them again afterwards.

    Threads that share one short text wait for one another at every layer, and where anything else wants a core, some
    100 ms at a time: of 220 questions one in four took 100 ms instead of 20; on one core they all take 12.
    """
    _use_cores(1)
    try:
        yield
    finally:
        _use_cores(threads)
