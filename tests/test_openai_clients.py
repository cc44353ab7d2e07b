"""The official openai client and LlamaIndex's OpenAILike talk to Khao as they would to OpenAI."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from fakes import FakeEmbedder
from llama_index.core.base.llms.types import ChatMessage, MessageRole
from llama_index.llms.openai_like import OpenAILike
from made_news import ASKED, OFF_TOPIC
from openai.types.chat import ChatCompletion
from served import Served, serving

from app.footnotes import written
from rag.answer import ask
from rag.records import Turn, as_json

_FOLLOW_UP = {"th": "ใช้งบประมาณเท่าไร", "en": "How far did the water rise?"}
_MODEL = "multilingual-e5-small"


@pytest.fixture(scope="module")
def served(memory: Path, news_home: Path) -> Iterator[Served]:
    """The articles of made_news.py behind the API; to be read only."""
    with serving(shutil.copytree(news_home, memory / "clients")) as running:
        yield running


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[openai.OpenAI]:
    """The official client."""
    with openai.OpenAI(base_url=f"{served.url}/v1", api_key="none", max_retries=0) as opened:
        yield opened


@pytest.fixture
def llm(served: Served) -> OpenAILike:
    """LlamaIndex's client, a new one for each test: it keeps connections of the event loop it is first used in."""
    return OpenAILike(
        model="khao", api_base=f"{served.url}/v1", api_key="none", is_chat_model=True, max_retries=0
    )


def _chat(client: openai.OpenAI, question: str, **more: Any) -> ChatCompletion:
    return client.chat.completions.create(
        model="khao", messages=[{"role": "user", "content": question}], **more
    )


def _timeless(document: Any) -> dict[str, Any]:
    return {name: value for name, value in dict(document).items() if name != "timings_ms"}


def _wanted(served: Served, question: str, *turns: Turn) -> dict[str, Any]:
    return _timeless(as_json(ask(served.newsroom.indexes, question, history=turns)))


def _text(served: Served, question: str, *turns: Turn) -> str:
    return written(ask(served.newsroom.indexes, question, history=turns))


@pytest.mark.parametrize("language", ["th", "en"])
def test_official_client_chats(served: Served, client: openai.OpenAI, language: str) -> None:
    question = ASKED[language][0]
    completion = _chat(client, question, temperature=0, max_tokens=10, seed=1)
    (choice,) = completion.choices
    assert choice.message.content == _text(served, question)
    assert (choice.finish_reason, completion.model) == ("stop", "khao")
    assert choice.message.annotations is not None
    (place,) = [annotation.url_citation for annotation in choice.message.annotations]
    assert choice.message.content[place.start_index : place.end_index] == "[1]"
    assert completion.model_extra is not None
    assert _timeless(completion.model_extra["khao"]) == _wanted(served, question)
    assert completion.usage is not None
    assert (
        completion.usage.total_tokens
        == completion.usage.prompt_tokens + completion.usage.completion_tokens
        > 0
    )


@pytest.mark.parametrize("question", [ASKED["th"][0], ASKED["en"][0], OFF_TOPIC["th"], OFF_TOPIC["en"]])
def test_official_client_streams_the_same_text(served: Served, client: openai.OpenAI, question: str) -> None:
    stream = client.chat.completions.create(
        model="khao",
        messages=[{"role": "user", "content": question}],
        stream=True,
        stream_options={"include_usage": True},
    )
    *chunks, last = list(stream)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == _text(served, question)
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert _timeless(getattr(chunks[-1], "khao")) == _wanted(served, question)  # noqa: B009
    assert last.choices == [] and last.usage is not None
    assert last.usage == _chat(client, question).usage


@pytest.mark.parametrize("language", ["th", "en"])
def test_official_clients_own_helper_gathers_a_stream(
    served: Served, client: openai.OpenAI, language: str
) -> None:
    question = ASKED[language][0]
    with client.chat.completions.stream(
        model="khao", messages=[{"role": "user", "content": question}]
    ) as stream:
        completion = stream.get_final_completion()
    assert completion.choices[0].message.content == _text(served, question)


@pytest.mark.parametrize("language", ["th", "en"])
def test_official_async_client_chats_and_streams(served: Served, language: str) -> None:
    question = ASKED[language][0]

    async def talk() -> tuple[str | None, str]:
        async with openai.AsyncOpenAI(base_url=f"{served.url}/v1", api_key="none", max_retries=0) as client:
            messages: Any = [{"role": "user", "content": question}]
            whole, stream = await asyncio.gather(
                client.chat.completions.create(model="khao", messages=messages),
                client.chat.completions.create(model="khao", messages=messages, stream=True),
            )
            parts = [chunk.choices[0].delta.content or "" async for chunk in stream]
            return whole.choices[0].message.content, "".join(parts)

    assert asyncio.run(talk()) == (_text(served, question),) * 2


@pytest.mark.parametrize("language", ["th", "en"])
def test_official_client_follows_up(served: Served, client: openai.OpenAI, language: str) -> None:
    question = ASKED[language][0]
    said = _chat(client, question).choices[0].message
    completion = client.chat.completions.create(
        model="khao",
        messages=[
            {"role": "system", "content": "You are helpful."},
            {"role": "user", "content": question},
            said.model_dump(exclude_none=True),  # type: ignore[list-item]
            {"role": "user", "content": [{"type": "text", "text": _FOLLOW_UP[language]}]},
        ],
    )
    turn = Turn(question, str(said.content).split(" [1]")[0])
    assert _timeless(getattr(completion, "khao")) == _wanted(served, _FOLLOW_UP[language], turn)  # noqa: B009


@pytest.mark.parametrize("language", ["th", "en"])
def test_extra_body_limits_the_articles(client: openai.OpenAI, language: str) -> None:
    completion = _chat(client, ASKED[language][0], extra_body={"khao": {"until": "2022", "lang": language}})
    khao: Any = getattr(completion, "khao")  # noqa: B009
    assert {near["published"] for near in khao["nearest"]} | {
        c["article_id"][:4] for c in khao["citations"]
    } <= {"2022-06-01", "wire"}


@pytest.mark.parametrize("language", ["th", "en"])
def test_official_client_embeds(client: openai.OpenAI, language: str) -> None:
    texts = [ASKED[language][0], OFF_TOPIC[language]]
    wanted = [row.tolist() for row in FakeEmbedder().encode_questions(texts)]
    packed = client.embeddings.create(model=_MODEL, input=texts)  # which this client asks for in base64
    plain = client.embeddings.create(model=_MODEL, input=texts, encoding_format="float")
    assert [each.embedding for each in packed.data] == [each.embedding for each in plain.data] == wanted
    assert packed.usage.prompt_tokens == plain.usage.total_tokens > 0
    passages = client.embeddings.create(model=_MODEL, input=texts[0], extra_body={"input_type": "passage"})
    assert len(passages.data[0].embedding) == 128


def test_official_client_lists_the_models(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["khao", _MODEL]
    assert client.models.retrieve("khao").owned_by == "khao"


def test_official_client_raises_its_own_errors(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as unknown:
        client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "x"}])
    assert (unknown.value.code, unknown.value.param) == ("model_not_found", "body.model")
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-4o")
    with pytest.raises(openai.UnprocessableEntityError) as several:
        _chat(client, "x", n=2)
    assert (several.value.code, several.value.type) == ("one_choice", "invalid_request_error")
    with pytest.raises(openai.UnprocessableEntityError) as blank:
        _chat(client, " ", stream=True)
    assert blank.value.param == "body.messages[0].content"
    with pytest.raises(openai.UnprocessableEntityError) as tokens:
        client.embeddings.create(model=_MODEL, input=[1, 2, 3])
    assert tokens.value.code == "token_ids"
    with pytest.raises(openai.BadRequestError) as broken:
        client.post(
            "/chat/completions",
            content=b"{",
            cast_to=ChatCompletion,
            options={"headers": {"Content-Type": "application/json"}},
        )
    assert broken.value.code == "not_json"


def test_official_client_raises_what_fails_in_mid_stream(
    served: Served, client: openai.OpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = served.newsroom.answer_steps

    async def steps(*given: Any, **options: Any) -> Any:
        async for step in whole(*given, **options):
            yield step
            break
        raise TimeoutError

    monkeypatch.setattr(served.newsroom, "answer_steps", steps)
    with pytest.raises(openai.APIError) as failed:
        list(_chat(client, ASKED["en"][0], stream=True))
    assert failed.value.code == "too_slow"
    assert failed.value.message == "This took too long: try again in a moment."


# LlamaIndex


@pytest.mark.parametrize("language", ["th", "en"])
def test_llama_index_completes(served: Served, llm: OpenAILike, language: str) -> None:
    question = ASKED[language][0]
    assert llm.complete(question).text == _text(served, question)
    *_, last = llm.stream_complete(question)
    assert last.text == _text(served, question)


@pytest.mark.parametrize("language", ["th", "en"])
def test_llama_index_chats_and_follows_up(served: Served, llm: OpenAILike, language: str) -> None:
    question = ASKED[language][0]
    messages = [
        ChatMessage(role=MessageRole.SYSTEM, content="Be kind."),
        ChatMessage(role=MessageRole.USER, content=question),
    ]
    said = llm.chat(messages).message
    assert said.content == _text(served, question)
    turn = Turn(question, str(said.content).split(" [1]")[0])
    asked = ChatMessage(role=MessageRole.USER, content=_FOLLOW_UP[language])
    *_, last = llm.stream_chat([*messages, said, asked])
    assert last.message.content == _text(served, _FOLLOW_UP[language], turn)
    assert asyncio.run(llm.achat([*messages, said, asked])).message.content == last.message.content
