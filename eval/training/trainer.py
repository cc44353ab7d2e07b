"""The training run: adapters and heads in fp32, everything they act on in bf16, two threads a step on a CPU.

Each step's batches are shared among the threads, which run forwards and backwards on their own, and their gradients
are summed: two cores so do nearly twice what both do together on one batch.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import TYPE_CHECKING, Any

from eval.training.adapters import factored, first_adapters
from eval.training.examples import Row, Rows, batches
from eval.training.plan import Plan
from rag.batches import single_core_threads
from rag.reading.inputs import padded
from rag.reading.network import adapted, answerable_logits, base_tensors, encode, span_logits

if TYPE_CHECKING:
    from torch import Tensor

    from rag.reading.network import Drop


class Noise:
    """Dropout from one pool of random masks, read at random places: drawing new ones took a tenth of the time."""

    def __init__(self, share: float, dtype: Any, device: Any, seed: int) -> None:
        import torch

        size = 1 << 23
        pool = torch.rand(size, generator=torch.Generator().manual_seed(seed)) >= share
        self._pool = (pool / (1 - share)).to(dtype).to(device)
        self._dice = random.Random(seed)

    def __call__(self, values: Tensor) -> Tensor:
        size = values.numel()
        at = self._dice.randrange(self._pool.numel() - size)
        return values * self._pool[at : at + size].view(values.shape)


def loss_of(
    tensors: Mapping[str, Tensor], rows: Sequence[Row], heads: int, layers: int, plan: Plan, drop: Drop
) -> Tensor:
    """Return the summed loss of a batch: of its spans against all others, and of whether each row has one."""
    import torch
    from torch.nn import functional

    device = tensors["places"].device
    ids, mask, spannable = (part.to(device) for part in padded(rows))
    target = torch.tensor([[row.start, row.last - row.start] for row in rows], device=device)
    states = drop(encode(tensors, ids, mask, heads, layers, drop))
    spans = span_logits(tensors, states, spannable)
    depth = spans.shape[2]
    flat = (target[:, 0] * depth + target[:, 1]).long()
    found = functional.cross_entropy(spans.flatten(1), flat, reduction="sum")
    answered = (target[:, 0] > 0).float()
    whether = functional.binary_cross_entropy_with_logits(
        answerable_logits(tensors, states), answered, reduction="sum"
    )
    return found + plan.whether * whether


def train(
    bert: Any,
    rows: Rows,
    plan: Plan,
    start: Mapping[str, Tensor] | None = None,
    keep: Callable[[int, dict[str, Tensor]], None] = lambda number, adapters: None,
    say: Callable[[str], None] = print,
) -> dict[str, Tensor]:
    """Return the trained adapters, fp32, begun from `start` or from ones that change nothing.

    `keep(number, adapters)` is called after each epoch, `say` with a line now and then.
    """
    import torch

    heads, layers = bert.config.num_attention_heads, bert.config.num_hidden_layers
    dtype = torch.bfloat16 if plan.dtype == "bf16" else torch.float32
    base = {name: tensor.detach() for name, tensor in base_tensors(bert).items()}
    device = base["places"].device
    first = start or first_adapters(base, plan, layers)
    adapters = {name: tensor.detach().float().clone().to(device) for name, tensor in first.items()}
    for tensor in adapters.values():
        tensor.requires_grad_()
    held = [tensor for name, tensor in adapters.items() if tensor.ndim > 1]
    free = [tensor for name, tensor in adapters.items() if tensor.ndim == 1]
    optimizer = torch.optim.AdamW(
        [{"params": held, "weight_decay": plan.decay}, {"params": free, "weight_decay": 0.0}],
        lr=plan.rate,
        betas=(0.9, 0.98),
    )
    dice = random.Random(plan.seed)
    threads = plan.threads if device.type == "cpu" else 1
    pool = single_core_threads(threads)
    each = threads * plan.batches
    noises = [Noise(plan.dropout, dtype, device, plan.seed + at) for at in range(each)]
    drawn = [
        list(batches(rows.draw(dice, plan.made, plan.switched), plan.tokens, dice))
        for _ in range(plan.epochs)
    ]
    total = sum(math.ceil(len(epoch) / each) for epoch in drawn)
    say(f"{total} steps, {sum(len(row.ids) for epoch in drawn for batch in epoch for row in batch)} tokens")
    step, started, seen, recent = 0, perf_counter(), 0, 0.0
    kept: dict[str, Tensor] = {}
    for number, epoch in enumerate(drawn, 1):
        for at in range(0, len(epoch), each):
            shares = epoch[at : at + each]
            for group in optimizer.param_groups:
                group["lr"] = plan.rate * _schedule(step / total)
            whole = adapted(base, adapters, dtype)
            loss = _backward(whole, shares, pool, noises, (heads, layers), plan)
            torch.nn.utils.clip_grad_norm_(list(adapters.values()), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            step += 1
            seen += sum(len(row.ids) for share in shares for row in share)
            recent = loss if step == 1 else 0.98 * recent + 0.02 * loss
            if step % 25 == 0:
                rate = seen / (perf_counter() - started)
                say(f"epoch {number}, step {step} of {total}: loss {recent:.3f}, {rate:.0f} tokens/s")
            if step == plan.stop_after:
                break
        kept = factored(base, {name: tensor.detach() for name, tensor in adapters.items()}, plan.rank)
        keep(number, kept)
        if step == plan.stop_after:
            break
    pool.shutdown()
    return kept


def _backward(
    whole: Mapping[str, Tensor],
    shares: Sequence[list[Row]],
    pool: ThreadPoolExecutor,
    noises: Sequence[Noise],
    shape: tuple[int, int],
    plan: Plan,
) -> float:
    """Add the step's gradients to what `whole` was made of, and return its loss; the threads take its batches in turn."""
    import torch

    count = sum(map(len, shares))
    leaves = {
        name: tensor.detach().requires_grad_() for name, tensor in whole.items() if tensor.requires_grad
    }
    tensors = {**whole, **leaves}

    def work(share: list[Row], noise: Noise) -> tuple[float, Sequence[Tensor]]:
        loss = loss_of(tensors, share, *shape, plan, noise) / count
        return float(loss.detach()), torch.autograd.grad(loss, list(leaves.values()))

    results = list(pool.map(work, shares, noises))
    slopes = [sum(parts) for parts in zip(*(grads for _, grads in results), strict=True)]
    torch.autograd.backward([whole[name] for name in leaves], slopes)
    return sum(loss for loss, _ in results)


def _schedule(done: float, warm: float = 0.08) -> float:
    """Return the share of the peak learning rate: up in a line, then down in a cosine."""
    if done < warm:
        return (done + 1e-4) / warm
    return 0.5 * (1 + math.cos(math.pi * (done - warm) / (1 - warm)))
