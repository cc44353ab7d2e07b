"""The reader's network: the embedding model's own layers with low-rank adapters, and two heads on them.

Adapters are LoRA (Hu et al. 2021, arXiv:2106.09685) on every matrix of every layer, added to it once when loaded, so
that reading costs what encoding costs. A span is scored by its start, its end and both together (biaffine, as in
Dozat & Manning 2017, arXiv:1611.01734), all spans of a text and "no answer" (its first token) against one another; the
second head says from the first token whether the text answers at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

    Tensors = Mapping[str, Tensor]
    Drop = Callable[[Tensor], Tensor]

LONGEST = 40  # tokens of an answer
PAIR = 64  # dimensions in which a start and an end are held against each other
_MATRICES = ("qkv", "out", "up", "down")
_LAYER = {
    "attention.output.dense": "out",
    "attention.output.LayerNorm": "norm1",
    "intermediate.dense": "up",
    "output.dense": "down",
    "output.LayerNorm": "norm2",
}


def base_tensors(bert: Any) -> dict[str, Tensor]:
    """Return the tensors of a transformers BertModel under the names that `encode` reads, shared, not copied."""
    import torch

    state = bert.state_dict()
    tensors = {
        "words": state["embeddings.word_embeddings.weight"],
        "places": state["embeddings.position_embeddings.weight"],
        "kinds": state["embeddings.token_type_embeddings.weight"],
        "norm.weight": state["embeddings.LayerNorm.weight"],
        "norm.bias": state["embeddings.LayerNorm.bias"],
    }
    for layer in range(bert.config.num_hidden_layers):
        for end in ("weight", "bias"):
            parts = [
                state[f"encoder.layer.{layer}.attention.self.{name}.{end}"]
                for name in ("query", "key", "value")
            ]
            tensors[f"{layer}.qkv.{end}"] = torch.cat(parts)
            for long, short in _LAYER.items():
                tensors[f"{layer}.{short}.{end}"] = state[f"encoder.layer.{layer}.{long}.{end}"]
    return tensors


def matrix_names(layers: int) -> list[str]:
    """Return the names, without their ends, of the matrices that have adapters."""
    return [f"{layer}.{name}" for layer in range(layers) for name in _MATRICES]


def adapted(base: Tensors, adapters: Tensors, dtype: Any) -> dict[str, Tensor]:
    """Return `base` with each matrix W + B A of its adapters (`name.a` (r, in), `name.b` (out, r)), and what replaces it.

    What of `adapters` is no pair (biases, norms, heads) stands in for the base's or joins it. All but the words in `dtype`.
    """
    tensors = {name: tensor if name == "words" else tensor.to(dtype) for name, tensor in base.items()}
    for name, tensor in adapters.items():
        if name.endswith(".a"):
            stem = name.removesuffix(".a")
            product = adapters[f"{stem}.b"].float() @ tensor.float()
            tensors[f"{stem}.weight"] = (base[f"{stem}.weight"].float() + product).to(dtype)
        elif not name.endswith(".b"):
            tensors[name] = tensor.to(dtype)
    return tensors


def encode(tensors: Tensors, ids: Tensor, mask: Tensor, heads: int, layers: int, drop: Drop) -> Tensor:
    """Return the hidden states (n, t, d) of token `ids` (n, t); `mask` (n, t) is 1 where there is a token."""
    import torch
    from torch.nn import functional

    rows, length = ids.shape
    states = functional.embedding(ids, tensors["words"]).to(tensors["places"].dtype)
    states = states + tensors["places"][:length] + tensors["kinds"][0]
    width = states.shape[-1]

    def norm(values: Tensor, name: str) -> Tensor:
        return functional.layer_norm(
            values, (width,), tensors[f"{name}.weight"], tensors[f"{name}.bias"], 1e-12
        )

    def linear(values: Tensor, name: str) -> Tensor:
        return functional.linear(values, tensors[f"{name}.weight"], tensors[f"{name}.bias"])

    states = drop(norm(states, "norm"))
    hidden = torch.where(mask.bool(), 0.0, -1e4).to(states.dtype)
    hidden = hidden[:, None, :].repeat_interleave(heads, dim=0)
    for layer in range(layers):
        # Plain products: the fused attention of CPUs is slower in training, most of all backwards.
        split = linear(states, f"{layer}.qkv").view(rows, length, 3, heads, width // heads)
        query, key, value = (part.reshape(rows * heads, length, -1) for part in split.permute(2, 0, 3, 1, 4))
        weights = torch.softmax(
            torch.baddbmm(hidden, query, key.transpose(1, 2), alpha=(width // heads) ** -0.5), dim=-1
        )
        mixed = (
            torch.bmm(weights, value)
            .view(rows, heads, length, -1)
            .transpose(1, 2)
            .reshape(rows, length, width)
        )
        states = norm(states + drop(linear(mixed, f"{layer}.out")), f"{layer}.norm1")
        wide = functional.gelu(linear(states, f"{layer}.up"))
        states = norm(states + drop(linear(wide, f"{layer}.down")), f"{layer}.norm2")
    return states


def span_logits(tensors: Tensors, states: Tensor, spannable: Tensor) -> Tensor:
    """Return (n, t, LONGEST) logits of spans by start and length - 1; at [:, 0, 0] that of no answer.

    `spannable` (n, t) is 1 where an answer may stand; all else is -inf.
    """
    import torch
    from torch.nn import functional

    states = states.float()
    rows, length, _ = states.shape
    ends = functional.linear(states, tensors["ends.weight"].float(), tensors["ends.bias"].float())
    first = functional.linear(states, tensors["first.weight"].float())
    last = functional.linear(states, tensors["last.weight"].float())
    both = torch.bmm(first, last.transpose(1, 2)) * PAIR**-0.5
    scores = both + ends[:, :, 0, None] + ends[:, None, :, 1]
    inside = spannable.bool()
    allowed = (inside[:, :, None] & inside[:, None, :]).triu().tril(LONGEST - 1)
    allowed[:, 0, 0] = True
    scores = scores.masked_fill(~allowed, -torch.inf)
    # Diagonals as rows: the span of token i and the k after it.
    places = torch.arange(length)[:, None] + torch.arange(LONGEST)[None, :]
    padded = functional.pad(scores, (0, LONGEST), value=-torch.inf)
    return padded.gather(2, places.to(padded.device).expand(rows, -1, -1))


def answerable_logits(tensors: Tensors, states: Tensor) -> Tensor:
    """Return (n,) logits that a text answers its question, from its first token."""
    import torch
    from torch.nn import functional

    first = states[:, 0].float()
    wide = functional.linear(first, tensors["whether.up.weight"].float(), tensors["whether.up.bias"].float())
    down = functional.linear(
        torch.tanh(wide), tensors["whether.down.weight"].float(), tensors["whether.down.bias"].float()
    )
    return down[:, 0]
