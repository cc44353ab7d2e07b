"""How the reader is trained."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train: rank of the adapters, peak learning rate, epochs, padded tokens a batch, batches a thread and step.

    The learning rate rises and falls once a cycle (warm restarts, Loshchilov & Hutter 2017, arXiv:1608.03983); each cycle
    draws its epochs anew.

    Batches this small stay in a core's cache: they take two thirds of the time that twice as many tokens take.
    With `whole`, the first cycle trains the matrices themselves, and their changes are brought to that rank afterwards.
    """

    rank: int = 64
    whole: bool = False
    rate: float = 5e-4
    epochs: int = 2  # of a cycle
    cycles: int = 2
    tokens: int = 1400
    batches: int = 2
    dropout: float = 0.1
    whether: float = 0.5  # weight of the second head's loss
    seed: int = 1
    threads: int = 2
    stop_after: int = 0  # steps, 0 for all: to try things out
    decay: float = 0.01
    made: float = 0.35  # share of the questions made from news that an epoch reads
    switched: float = 0.2  # share of the sets' questions asked with some words in the other language
    dtype: str = "bf16"
