"""The reader to answer with, where there is one: switched on, for the embedding model in use, its weights at hand."""

from __future__ import annotations

from pathlib import Path

from rag.config import Settings
from rag.embedding import Embedder, SentenceTransformerEmbedder
from rag.reading.encoder_reader import WEIGHTS, EncoderReader
from rag.reading.spans import PassageReader
from rag.weights import MODEL_ID


def open_reader(settings: Settings, embedder: Embedder, weights: Path = WEIGHTS) -> PassageReader | None:
    """Return the shipped reader over the embedding model that is loaded; None where it is off or does not fit that.

    Its adapters change the layers of one model; on another they would mean nothing. ValueError or OSError if its weights
    are there and cannot be read.
    """
    if not settings.reader or not weights.is_file() or embedder.model.partition("|")[0] != MODEL_ID:
        return None
    return EncoderReader(embedder, weights) if isinstance(embedder, SentenceTransformerEmbedder) else None
