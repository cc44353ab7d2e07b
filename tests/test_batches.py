"""Batches: their size, and that threads change neither results nor what goes wrong."""

from __future__ import annotations

import threading

import pytest
import torch

from rag.batches import batches_by_length, even_batches, spread


def test_longest_rows_go_first_and_together() -> None:
    assert list(batches_by_length([3, 9, 4, 10], budget=20)) == [[3, 1], [2, 0]]


def test_row_over_the_budget_is_a_batch_of_its_own() -> None:
    assert list(batches_by_length([50, 2], budget=20)) == [[0], [1]]


def test_no_rows_make_no_batch() -> None:
    assert list(batches_by_length([], budget=20)) == []


@pytest.mark.parametrize("threads", [1, 2, 3, 9])
def test_results_come_in_order_whatever_the_threads(threads: int) -> None:
    before = torch.get_num_threads()
    try:
        assert list(spread(sum, [[1], [2, 3], [4], [5]], threads)) == [1, 5, 4, 5]
    finally:
        torch.set_num_threads(before)


def test_each_thread_keeps_to_one_core_and_later_ones_do_not() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        assert set(spread(lambda rows: torch.get_num_threads(), [[1], [2], [3]], 2)) == {1}
        later: list[int] = []
        thread = threading.Thread(target=lambda: later.append(torch.get_num_threads()))
        thread.start()
        thread.join()
        assert later == [2]
    finally:
        torch.set_num_threads(before)


@pytest.mark.parametrize("error", [ValueError("bad row"), KeyboardInterrupt()])
def test_error_in_a_thread_surfaces_and_the_rest_is_not_begun(error: BaseException) -> None:
    begun: list[int] = []

    def work(rows: list[int]) -> int:
        begun.append(rows[0])
        if rows[0] == 0:
            raise error
        threading.Event().wait(0.05)
        return rows[0]

    before = torch.get_num_threads()
    try:
        with pytest.raises(type(error)):
            list(spread(work, [[row] for row in range(100)], 2))
    finally:
        torch.set_num_threads(before)
    assert len(begun) < 10
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("batches")]


def test_even_batches_share_the_tokens_among_the_threads() -> None:
    assert even_batches([94, 208, 224, 235, 274, 264, 242, 212], shares=2, budget=1536) == [
        [4, 5, 6],
        [3, 2, 7, 1, 0],
    ]


def test_even_batches_are_no_more_than_there_are_rows() -> None:
    assert even_batches([10], shares=2, budget=5) == [[0]]
    assert even_batches([], shares=2, budget=5) == []


def test_even_batches_grow_in_number_with_the_tokens() -> None:
    batches = even_batches([100] * 40, shares=2, budget=1000)
    assert [len(batch) for batch in batches] == [10, 10, 10, 10]
    assert sorted(row for batch in batches for row in batch) == list(range(40))
