"""What training begins with, and what it ends with: adapters of a rank for every matrix, biases, norms and heads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from eval.training.plan import Plan
from rag.reading.network import PAIR, matrix_names

if TYPE_CHECKING:
    from torch import Tensor


def first_adapters(base: Mapping[str, Tensor], plan: Plan, layers: int) -> dict[str, Tensor]:
    """Return adapters that change nothing yet, copies of biases and norms, and heads of small random weights."""
    import torch

    dice = torch.Generator().manual_seed(plan.seed)
    width = int(base["places"].shape[1])

    def normal(*shape: int, scale: float) -> Tensor:
        return torch.randn(*shape, generator=dice) * scale

    made: dict[str, Tensor] = {}
    for name in matrix_names(layers):
        out, into = base[f"{name}.weight"].shape
        if plan.whole:
            made[f"{name}.weight"] = base[f"{name}.weight"].float().clone()
        else:
            made[f"{name}.a"] = normal(plan.rank, into, scale=into**-0.5)
            made[f"{name}.b"] = torch.zeros(out, plan.rank)
        made[f"{name}.bias"] = base[f"{name}.bias"].float().clone()
    for layer in range(layers):
        for norm in ("norm1", "norm2"):
            for end in ("weight", "bias"):
                made[f"{layer}.{norm}.{end}"] = base[f"{layer}.{norm}.{end}"].float().clone()
    made |= {
        "ends.weight": normal(2, width, scale=0.02),
        "ends.bias": torch.zeros(2),
        "first.weight": normal(PAIR, width, scale=width**-0.5),
        "last.weight": normal(PAIR, width, scale=0.02),
        "whether.up.weight": normal(width, width, scale=width**-0.5),
        "whether.up.bias": torch.zeros(width),
        "whether.down.weight": normal(1, width, scale=0.02),
        "whether.down.bias": torch.zeros(1),
    }
    return made


def factored(base: Mapping[str, Tensor], trained: Mapping[str, Tensor], rank: int) -> dict[str, Tensor]:
    """Return `trained` with each whole matrix as adapters of `rank`: the nearest there are to its change (Eckart-Young)."""
    import torch

    made: dict[str, Tensor] = {}
    for name, tensor in trained.items():
        stem = name.removesuffix(".weight")
        if name not in base or tensor.ndim != 2:
            made[name] = tensor
            continue
        left, sizes, right = torch.linalg.svd(tensor - base[name].float(), full_matrices=False)
        roots = sizes[:rank].sqrt()
        made[f"{stem}.a"] = roots[:, None] * right[:rank]
        made[f"{stem}.b"] = left[:, :rank] * roots
    return made
