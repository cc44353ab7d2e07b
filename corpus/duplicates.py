"""The same wire story told twice: a short signature of an article's words by which near-copies are found.

The first part of a signature is a MinHash over runs of words: the share of equal slots estimates the Jaccard
similarity of two articles' runs. The second part holds the article's numbers: reports filled into one
template share nearly all their words and few of their figures, copies of one story share both. Knows nothing
of storage.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Articles at least this alike are copies. Among 5,405 government notices, the 6 pairs at 0.7 or more whose
# numbers agree are all copies; from 0.66 down come rounds of the same report.
COPY = 0.7
_SLOTS = 128
_RUN = 3  # words in a shingle: runs of 2 and 5 tell copies from templates no better
_ROWS = 5  # slots in a band: of pairs 0.7 alike 99 % share one of the 25 bands, of pairs 0.3 alike 6 %
_AGREE = 0.85  # the share of the shorter list of numbers that copies have in common; templates reached 0.75
_SHORTEST = 8  # articles of fewer words are copies only when equal
_NUMBERS = 64  # at most so many of an article's numbers are kept, the same ones in every article
_BLOCK = 4096  # shingles hashed at a time, so that a 1 MB article needs no more memory than a short one


def signature(words: Sequence[str]) -> bytes:
    """Return the signature of an article's words, those of its body: empty for none, 8 bytes for few."""
    import numpy as np

    if not words:
        return b""
    if len(words) < _SHORTEST:
        return hashlib.blake2b("\0".join(words).encode(), digest_size=8).digest()
    known = {word: zlib.crc32(word.encode()) for word in set(words)}
    hashes = np.fromiter((known[word] for word in words), dtype=np.uint64, count=len(words))
    numbers = sorted(number for word, number in known.items() if word[0].isdigit())[:_NUMBERS]
    return _minhash(hashes).tobytes() + np.array(numbers, dtype="<u4").tobytes()


def _minhash(hashes: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """Return each slot's smallest hash over the runs of words; shape (n_words,) -> (_SLOTS,)."""
    import numpy as np

    runs = np.zeros(len(hashes) - _RUN + 1, dtype=np.uint64)
    for i in range(_RUN):  # a polynomial of the run's words, so that their order counts
        runs = runs * np.uint64(0x9E3779B97F4A7C15) + hashes[i : i + len(runs)]
    runs = _mix(np.unique(runs))
    factors, offsets = _mix(np.arange(2 * _SLOTS, dtype=np.uint64)).reshape(2, _SLOTS, 1)
    least = np.full(_SLOTS, 0xFFFFFFFF, dtype="<u4")
    for at in range(0, len(runs), _BLOCK):
        slots = (runs[at : at + _BLOCK] * (factors | np.uint64(1)) + offsets) >> np.uint64(32)
        np.minimum(least, slots.min(axis=1).astype("<u4"), out=least)
    return least


def _mix(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread each number over all 64 bits (the finaliser of splitmix64)."""
    import numpy as np

    numbers = numbers + np.uint64(0x9E3779B97F4A7C15)
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


def similarity(a: bytes, b: bytes) -> float:
    """Return how alike two signatures' articles are, 0 to 1; 0 where their numbers tell of other events."""
    import numpy as np

    if len(a) < 4 * _SLOTS or len(b) < 4 * _SLOTS:
        return float(a == b != b"")
    first, second = np.frombuffer(a, dtype="<u4"), np.frombuffer(b, dtype="<u4")
    alike = float((first[:_SLOTS] == second[:_SLOTS]).mean())
    if alike < COPY or _shared_numbers(first[_SLOTS:].tolist(), second[_SLOTS:].tolist()) >= _AGREE:
        return alike
    return 0.0


def _shared_numbers(a: list[int], b: list[int]) -> float:
    """Return how much of the shorter list of numbers is in the other; 1 where one is empty."""
    # A full list holds every number of its article up to its last, and says nothing of those beyond.
    limit = min((numbers[-1] for numbers in (a, b) if len(numbers) == _NUMBERS), default=0xFFFFFFFF)
    first, second = ({number for number in numbers if number <= limit} for numbers in (a, b))
    fewer = min(len(first), len(second))
    return len(first & second) / fewer if fewer else 1.0


def bands(signature: bytes) -> list[int]:
    """Return signed 64-bit keys, of which near-copies share at least one."""
    if len(signature) < 4 * _SLOTS:
        return [int.from_bytes(signature, "little", signed=True)] if signature else []
    return [
        int.from_bytes(
            hashlib.blake2b(bytes([at]) + signature[4 * at : 4 * (at + _ROWS)], digest_size=8).digest(),
            "little",
            signed=True,
        )
        for at in range(0, _SLOTS - _ROWS + 1, _ROWS)
    ]
