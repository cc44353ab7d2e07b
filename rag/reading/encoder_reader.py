"""The trained reader: adapters that come with Khao, over the layers of the embedding model that is open already."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.library import StoredPassage
from rag.batches import even_batches, single_core_threads
from rag.embedding import SentenceTransformerEmbedder
from rag.reading.edges import trimmed, whole
from rag.reading.inputs import Row, Text, make_rows, padded
from rag.reading.network import adapted, answerable_logits, base_tensors, encode, span_logits
from rag.reading.spans import PassageReading, Span

if TYPE_CHECKING:
    from torch import Tensor

WEIGHTS = Path(__file__).with_name("reader.safetensors")
_BATCH_TOKENS = 1536
_SHARES = 2  # batches at least, however many threads there are: in other batches, or on two cores, bf16 gives other scores
_SPANS, _TRIED = 5, 60


class EncoderReader:
    """A PassageReader: the layers of an embedder with adapters added, and two heads."""

    def __init__(self, embedder: SentenceTransformerEmbedder, weights: Path = WEIGHTS) -> None:
        """Load the adapters; OSError or ValueError if the file is missing or not for this model."""
        from safetensors.torch import load

        content = weights.read_bytes()
        self._setup(embedder, load(content))
        self.model = f"{embedder.model}|reader|{sha256(content).hexdigest()[:12]}"

    def _setup(self, embedder: SentenceTransformerEmbedder, adapters: dict[str, Tensor]) -> None:
        import torch

        bert, self._tokenizer = embedder.transformer
        self._heads, self._layers = bert.config.num_attention_heads, bert.config.num_hidden_layers
        base = {name: tensor.detach() for name, tensor in base_tensors(bert).items()}
        missing = [name for name in adapters if name.endswith(".a") and f"{name[:-2]}.weight" not in base]
        if missing or adapters["0.qkv.a"].shape[1] != base["0.qkv.weight"].shape[1]:
            raise ValueError("the reader's weights are for another embedding model")
        adapters = {name: tensor.to(base["places"].device) for name, tensor in adapters.items()}
        self._tensors = adapted(base, adapters, base["places"].dtype)
        self._pool = single_core_threads(
            torch.get_num_threads() if base["places"].device.type == "cpu" else 1
        )

    @classmethod
    def of(cls, embedder: SentenceTransformerEmbedder, adapters: dict[str, Tensor]) -> EncoderReader:
        """Return a reader with adapters that are not in a file, as while training."""
        made = cls.__new__(cls)
        made._setup(embedder, adapters)
        made.model = f"{embedder.model}|reader|unsaved"
        return made

    def read(self, question: str, passages: Sequence[StoredPassage]) -> list[PassageReading]:
        """Return a reading of each passage, in the order given."""
        return self.read_texts(
            [question] * len(passages), [Text(passage.title, passage.text) for passage in passages]
        )

    def read_texts(self, questions: Sequence[str], texts: Sequence[Text]) -> list[PassageReading]:
        """Return a reading of each text for the question beside it, in the order given."""
        rows = make_rows(self._tokenizer, questions, texts)
        batches = even_batches([len(row.ids) for row in rows], _SHARES, _BATCH_TOKENS)

        def work(numbers: list[int]) -> list[PassageReading]:
            return self._read([rows[at] for at in numbers], [texts[at].text for at in numbers])

        order = [at for batch in batches for at in batch]
        readings = [reading for batch in self._pool.map(work, batches) for reading in batch]
        found = dict(zip(order, readings, strict=True))
        return [found[at] for at in range(len(texts))]

    def _read(self, rows: Sequence[Row], texts: Sequence[str]) -> list[PassageReading]:
        import torch

        device = self._tensors["places"].device
        ids, mask, spannable = padded(rows)
        with torch.inference_mode():
            states = encode(
                self._tensors,
                ids.to(device),
                mask.to(device),
                self._heads,
                self._layers,
                lambda values: values,
            )
            logits = span_logits(self._tensors, states, spannable.to(device))
            whether = answerable_logits(self._tensors, states).tolist()
            none = logits[:, 0, 0].tolist()
            logits[:, 0, 0] = -torch.inf
            best = logits.flatten(1).topk(min(_TRIED, logits[0].numel()), dim=1)
        depth = logits.shape[2]
        return [
            PassageReading(
                _spans(row, text, best.values[at].tolist(), best.indices[at].tolist(), depth, none[at]),
                whether[at],
            )
            for at, (row, text) in enumerate(zip(rows, texts, strict=True))
        ]


def _spans(
    row: Row, text: str, logits: Sequence[float], places: Sequence[int], depth: int, none: float
) -> tuple[Span, ...]:
    """Return the best spans, none overlapping a better one, without the punctuation around them."""
    chosen: list[Span] = []
    for logit, place in zip(logits, places, strict=True):
        if logit == -float("inf") or len(chosen) == _SPANS:
            break
        first, more = divmod(place, depth)
        start, end = row.offsets[first - row.first][0], row.offsets[first + more - row.first][1]
        start, end = whole(text, *trimmed(text, start, end))
        if start < end and all(end <= other.start or start >= other.end for other in chosen):
            chosen.append(Span(start, end, logit - none))
    return tuple(chosen)
