"""/v1/embeddings over real HTTP: the model's own vectors, in both encodings, and what is refused."""

from __future__ import annotations

import base64
import json
import shutil
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from fakes import FakeEmbedder
from made_news import ASKED
from served import Served, serving

from app.api.models import embedding_model
from rag.config import Settings
from rag.embedding import PassageText

if TYPE_CHECKING:
    from rag.embedding import Vectors

_MODEL = "multilingual-e5-small"
_TEXTS = {
    "th": ["พะยูนในตลาดปลา", "สะพานยาวกี่เมตร", "พะยูนในตลาดปลา"],
    "en": ["a dugong", "How long is the bridge?", "ข้าว rice"],
}


class _Prompted(FakeEmbedder):
    """Tells passages from questions, as e5 does; `sizes` are the passes that questions were encoded in."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []

    def encode_questions(self, questions: Sequence[str]) -> Vectors:
        self.sizes.append(len(questions))
        return super().encode_questions([f"query {question}" for question in questions])


@pytest.fixture(scope="module")
def embedder() -> _Prompted:
    """The model that is served."""
    return _Prompted()


@pytest.fixture(scope="module")
def served(memory: Path, news_home: Path, embedder: _Prompted) -> Iterator[Served]:
    """The articles of made_news.py behind the API; to be read only."""
    with serving(shutil.copytree(news_home, memory / "embedded"), embedder) as running:
        yield running


def _embed(served: Served, input: Any, **more: Any) -> dict[str, Any]:
    response = served.client.post("/v1/embeddings", json={"model": _MODEL, "input": input, **more})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    return dict(response.json())


def _vectors(reply: dict[str, Any]) -> list[list[float]]:
    assert [each["index"] for each in reply["data"]] == list(range(len(reply["data"])))
    assert {each["object"] for each in reply["data"]} == {"embedding"}
    return [each["embedding"] for each in reply["data"]]


@pytest.mark.parametrize("language", ["th", "en"])
def test_vectors_are_the_models_own_and_of_length_one(served: Served, language: str) -> None:
    texts = _TEXTS[language]
    reply = _embed(served, texts)
    assert list(reply) == ["object", "data", "model", "usage"]
    assert (reply["object"], reply["model"]) == ("list", _MODEL)
    wanted = _Prompted().encode_questions(texts)
    assert _vectors(reply) == [row.tolist() for row in wanted]
    assert np.linalg.norm(_vectors(reply), axis=1) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("language", ["th", "en"])
def test_passages_are_embedded_as_passages(served: Served, language: str) -> None:
    texts = _TEXTS[language]
    wanted = [
        made.passage.tolist()
        for made in _Prompted().encode_passages([PassageText(text, ()) for text in texts])
    ]
    assert _vectors(_embed(served, texts, input_type="passage")) == wanted
    assert _vectors(_embed(served, texts, input_type="query")) == _vectors(_embed(served, texts)) != wanted


@pytest.mark.parametrize("language", ["th", "en"])
def test_one_text_is_a_list_of_one(served: Served, language: str) -> None:
    text = _TEXTS[language][0]
    assert _embed(served, text) == _embed(served, [text])


@pytest.mark.parametrize("language", ["th", "en"])
def test_base64_is_little_endian_float32_of_the_same_numbers(served: Served, language: str) -> None:
    packed = _vectors(_embed(served, _TEXTS[language], encoding_format="base64"))
    plain = _vectors(_embed(served, _TEXTS[language], encoding_format="float"))
    assert [np.frombuffer(base64.b64decode(str(row)), dtype="<f4").tolist() for row in packed] == plain


@pytest.mark.parametrize("language", ["th", "en"])
def test_usage_counts_the_models_tokens(served: Served, language: str) -> None:
    tokens = sum(len(FakeEmbedder().token_starts(text)) for text in _TEXTS[language])
    assert _embed(served, _TEXTS[language])["usage"] == {"prompt_tokens": tokens, "total_tokens": tokens}


def test_models_own_number_of_dimensions_may_be_asked_for(served: Served) -> None:
    assert len(_vectors(_embed(served, "x", dimensions=128))[0]) == 128


def test_most_that_is_allowed_is_allowed(served: Served) -> None:
    assert len(_vectors(_embed(served, [f"text {at}" for at in range(256)]))) == 256
    assert len(_vectors(_embed(served, "ข" * 8000))) == 1
    assert len(_vectors(_embed(served, ["ข" * 8000] * 25))) == 25


def test_long_request_lets_questions_in_between(served: Served, embedder: _Prompted) -> None:
    embedder.sizes.clear()
    _embed(served, [f"text {at}" for at in range(40)])
    assert embedder.sizes == [16, 16, 8]
    embedder.sizes.clear()
    long = [f"{at} " + "x" * 3990 for at in range(10)]
    reply = _embed(served, long)
    assert embedder.sizes == [4, 4, 2]
    assert _vectors(reply) == [row.tolist() for row in _Prompted().encode_questions(long)]
    assert reply["usage"]["total_tokens"] == sum(len(FakeEmbedder().token_starts(text)) for text in long)


def test_questions_are_answered_while_texts_are_embedded(served: Served) -> None:
    texts = [f"text {at}" for at in range(256)]
    replies: list[dict[str, Any]] = []
    busy = threading.Thread(target=lambda: replies.append(_embed(served, texts)))
    busy.start()
    answer = served.client.post("/v1/ask", json={"question": ASKED["en"][0]}).json()
    busy.join(20)
    assert answer["citations"][0]["article_id"] == ASKED["en"][1]
    assert _vectors(replies[0]) == _vectors(_embed(served, texts))


_REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "nothing": ({"input": []}, "many_texts", "body.input"),
    "too many": ({"input": ["x"] * 257}, "many_texts", "body.input"),
    "no input": ({}, "invalid", "body.input"),
    "null": ({"input": None}, "not_text", "body.input"),
    "a number": ({"input": 7}, "not_text", "body.input"),
    "an object": ({"input": {"a": 1}}, "not_text", "body.input"),
    "empty": ({"input": ""}, "blank_text", "body.input"),
    "blank among others": ({"input": ["x", " \n"]}, "blank_text", "body.input[1]"),
    "token ids": ({"input": [1, 2, 3]}, "token_ids", "body.input[0]"),
    "lists of token ids": ({"input": [[1, 2], [3]]}, "token_ids", "body.input[0]"),
    "null among others": ({"input": ["x", None]}, "not_text", "body.input[1]"),
    "too long": ({"input": ["x", "x" * 8001]}, "long_text", "body.input[1]"),
    "too long together": ({"input": ["x" * 8000] * 25 + ["x"]}, "long_texts", "body.input"),
    "half a character among others": ({"input": ["x", "x \ud800"]}, "not_unicode", "body.input[1]"),
    "half a character": ({"input": "x \ud800"}, "not_unicode", "body.input"),
    "other dimensions": ({"input": "x", "dimensions": 64}, "dimensions", "body.dimensions"),
    "another encoding": ({"input": "x", "encoding_format": "hex"}, "invalid", "body.encoding_format"),
    "another type": ({"input": "x", "input_type": "document"}, "invalid", "body.input_type"),
}  # fmt: skip


@pytest.mark.parametrize(("fields", "code", "field"), _REFUSED.values(), ids=list(_REFUSED))
def test_what_cannot_be_embedded_is_named(
    served: Served, fields: dict[str, Any], code: str, field: str
) -> None:
    # As ASCII: half a character can be written no other way.
    body = json.dumps({"model": _MODEL, **fields})
    response = served.client.post(
        "/v1/embeddings", content=body, headers={"Content-Type": "application/json"}
    )
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["param"]) == (422, code, field)


@pytest.mark.parametrize(
    ("language", "input", "message"),
    [
        ("th", [1], "ต้องส่งเป็นข้อความ ไม่ใช่รหัสโทเคน"),
        ("en", [1], "Send texts, not token ids."),
        ("th", ["x" * 3000] * 256, "ข้อความทั้งหมดรวมกันยาวเกิน 200000 ตัวอักษร"),
        ("en", ["x" * 3000] * 256, "The texts are longer than 200000 characters together."),
    ],
    ids=["th ids", "en ids", "th long", "en long"],
)
def test_refusal_is_in_the_clients_language(
    served: Served, language: str, input: list[Any], message: str
) -> None:
    body = {"model": _MODEL, "input": input}
    response = served.client.post("/v1/embeddings", json=body, headers={"Accept-Language": language})
    assert response.json()["error"]["message"] == message


@pytest.mark.parametrize("model", ["khao", "text-embedding-3-small", "intfloat/multilingual-e5-small"])
def test_unknown_model_is_not_found(served: Served, model: str) -> None:
    response = served.client.post("/v1/embeddings", json={"model": model, "input": "x"})
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "model_not_found"
    assert response.json()["error"]["message"] == f"There is no model {model} for this; there is {_MODEL}."


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("intfloat/multilingual-e5-small", _MODEL),
        ("BAAI/bge-m3", "bge-m3"),
        ("all-MiniLM-L6-v2", "all-MiniLM-L6-v2"),
        ("/models/e5-large/", "e5-large"),
        (r"C:\models\e5-base", "e5-base"),
        ("/", "embedding"),
    ],
)
def test_model_is_called_by_the_last_part_of_its_id(model: str, name: str) -> None:
    assert embedding_model(Settings(home=Path("unused"), model=model)) == name
