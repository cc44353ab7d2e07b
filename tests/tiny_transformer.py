"""A transformer of two small layers with a tokenizer of words, for what reads with the embedding model's own layers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

_WORD = re.compile(r"\w+|[^\w\s]")
_SIZE = 400


class WordTokenizer:
    """Gives each word the same number every time, from 5 on, and its offsets."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def __call__(self, texts: Sequence[str], **options: object) -> dict[str, list[Any]]:
        found = [list(_WORD.finditer(text)) for text in texts]
        ids = [[self._number(word[0].lower()) for word in words] for words in found]
        return {"input_ids": ids, "offset_mapping": [[word.span() for word in words] for words in found]}

    def _number(self, word: str) -> int:
        return self._known.setdefault(word, 5 + len(self._known) % (_SIZE - 5))


class TinyEmbedder:
    """What the reader takes of an embedder: its model, its tokenizer, and what they are called."""

    model = "tiny"

    def __init__(self, seed: int = 3, width: int = 32) -> None:
        import torch
        from transformers import BertConfig, BertModel

        torch.manual_seed(seed)
        config = BertConfig(
            vocab_size=_SIZE,
            hidden_size=width,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=2 * width,
            max_position_embeddings=512,
            pad_token_id=1,
        )
        self.transformer = BertModel(config, add_pooling_layer=False).eval(), WordTokenizer()
