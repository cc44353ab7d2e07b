"""The reader's network is the encoder's own arithmetic with adapters added, and its spans lie where they are said to."""

from __future__ import annotations

import math

import pytest
import torch

from eval.training.adapters import first_adapters
from eval.training.plan import Plan
from rag.reading.network import LONGEST, adapted, answerable_logits, base_tensors, encode, span_logits

HEADS, LAYERS = 2, 2


@pytest.fixture(scope="module")
def bert():
    from transformers import BertConfig, BertModel

    torch.manual_seed(3)
    config = BertConfig(
        vocab_size=50,
        hidden_size=16,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        intermediate_size=32,
        max_position_embeddings=64,
        pad_token_id=1,
    )
    return BertModel(config, add_pooling_layer=False).eval()


def rows(*lengths: int):
    longest = max(lengths)
    ids, mask = torch.ones(len(lengths), longest, dtype=torch.long), torch.zeros(len(lengths), longest)
    for at, length in enumerate(lengths):
        ids[at, :length] = torch.arange(2, 2 + length)
        mask[at, :length] = 1
    return ids, mask


def test_without_adapters_it_is_the_encoder_itself(bert):
    ids, mask = rows(9, 5)
    with torch.inference_mode():
        expected = bert(input_ids=ids, attention_mask=mask).last_hidden_state
        states = encode(base_tensors(bert), ids, mask, HEADS, LAYERS, lambda values: values)
    assert torch.allclose(states[0], expected[0], atol=1e-5)
    assert torch.allclose(states[1, :5], expected[1, :5], atol=1e-5)


def test_first_adapters_change_nothing(bert):
    base = base_tensors(bert)
    whole = adapted(base, first_adapters(base, Plan(rank=4), LAYERS), torch.float32)
    assert all(torch.equal(whole[name], base[name].float()) for name in base)


def test_adapter_is_added_to_its_matrix(bert):
    base = base_tensors(bert)
    adapters = first_adapters(base, Plan(rank=4), LAYERS)
    adapters["1.up.b"] = torch.ones_like(adapters["1.up.b"])
    whole = adapted(base, adapters, torch.float32)
    added = whole["1.up.weight"] - base["1.up.weight"]
    assert torch.allclose(added, adapters["1.up.a"].sum(dim=0).expand_as(added), atol=1e-6)
    assert torch.equal(whole["0.up.weight"], base["0.up.weight"])


def test_row_reads_the_same_alone_and_beside_a_longer_one(bert):
    base = base_tensors(bert)
    tensors = adapted(base, first_adapters(base, Plan(rank=4), LAYERS), torch.float32)
    scores = []
    for lengths in ((6, 12), (6,)):
        ids, mask = rows(*lengths)
        spannable = mask.clone()
        spannable[:, :3] = 0
        with torch.inference_mode():
            states = encode(tensors, ids, mask, HEADS, LAYERS, lambda values: values)
            spans = span_logits(tensors, states, spannable)[0]
            scores.append(
                (spans[3, 0].item(), spans[3, 2].item(), answerable_logits(tensors, states)[0].item())
            )
    assert scores[0] == pytest.approx(scores[1], abs=1e-5)


def test_span_starts_and_ends_where_an_answer_may_stand(bert):
    base = base_tensors(bert)
    tensors = adapted(base, first_adapters(base, Plan(rank=4), LAYERS), torch.float32)
    ids, mask = rows(10)
    spannable = torch.zeros_like(mask)
    spannable[0, 4:9] = 1
    with torch.inference_mode():
        logits = span_logits(
            tensors, encode(tensors, ids, mask, HEADS, LAYERS, lambda values: values), spannable
        )
    assert logits.shape == (1, 10, LONGEST)
    possible = {(start, start + more) for start, more in (logits[0] > -math.inf).nonzero().tolist()}
    assert possible == {(0, 0)} | {(start, end) for start in range(4, 9) for end in range(start, 9)}


def test_no_span_is_longer_than_the_longest(bert):
    base = base_tensors(bert)
    tensors = adapted(base, first_adapters(base, Plan(rank=4), LAYERS), torch.float32)
    states = torch.zeros(1, 60, 16)
    logits = span_logits(tensors, states, torch.ones(1, 60))
    assert (logits[0, 2] > -math.inf).sum().item() == LONGEST
    assert (logits[0, 57] > -math.inf).sum().item() == 3
