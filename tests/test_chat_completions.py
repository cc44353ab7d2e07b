"""/v1/chat/completions and /v1/models over real HTTP: texts, markers, streams, follow-ups, limits, and what is refused."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from fakes import FakeEmbedder
from made_news import ACROSS, ASKED, OFF_TOPIC, WIRE_QUESTION, reads
from markdown_it import MarkdownIt
from served import Served, serving

from app.api.openai_examples import completion_examples, stream_example
from app.api.openai_replies import ChatCompletion
from app.footnotes import without_footnotes
from corpus.article import Article
from rag.answer import ask
from rag.config import Settings
from rag.filters import Filters
from rag.indexes import Indexes, join_indexes
from rag.ingest import ingest
from rag.records import Answer, Citation, Statement, Turn, as_json

_FOLLOW_UP = {"th": "ใช้งบประมาณเท่าไร", "en": "How far did the water rise?"}
_WRITTEN = {
    "th": "ตามรายงานของ ข่าวคราม เมื่อ 12 มี.ค. 2567 “สะพานแห่งนี้ยาว 840 เมตร กว้าง 4 ช่องจราจร ใช้งบประมาณ 1,250 ล้านบาท” [1]\n\n"
    "[1] เปิดใช้สะพานบางลำพูใหม่ข้ามแม่น้ำคราม — ข่าวคราม, 12 มี.ค. 2567, https://khram.example/bridge",
    "en": "According to Tawan Times, 5 Sep 2023: “Rescue teams evacuated 2,100 people from 34 villages on Koh Tawan after the "
    "flood of 4 September 2023.” [1]\n\n"
    "[1] Flood drives families from homes on Koh Tawan — Tawan Times, 5 Sep 2023, https://tawan.example/flood",
}
_ALL = [
    ASKED["th"][0],
    ASKED["en"][0],
    ACROSS["th"][0],
    ACROSS["en"][0],
    OFF_TOPIC["th"],
    OFF_TOPIC["en"],
    *WIRE_QUESTION.values(),
]
_SECONDS = 20.0  # until a test that waits for nothing gives up


@pytest.fixture(scope="module")
def served(memory: Path, news_home: Path) -> Iterator[Served]:
    """The articles of made_news.py behind the API; to be read only."""
    with serving(shutil.copytree(news_home, memory / "chatted")) as running:
        yield running


def _says(content: Any, role: str = "user", **more: Any) -> dict[str, Any]:
    return {"role": role, "content": content, **more}


def _chat(served: Served, *messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    response = served.client.post(
        "/v1/chat/completions", json={"model": "khao", "messages": messages, **more}
    )
    assert response.status_code == 200, response.text
    return dict(response.json())


def _content(completion: dict[str, Any]) -> str:
    return str(completion["choices"][0]["message"]["content"])


def _stream(served: Served, *messages: dict[str, Any], **more: Any) -> list[Any]:
    """The data of every event of a stream that ends in [DONE]."""
    body = {"model": "khao", "messages": messages, "stream": True, **more}
    response = served.client.post("/v1/chat/completions", json=body)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/event-stream")
    lines = [line for line in response.text.split("\n\n") if line]
    assert all(line.startswith("data: ") and "\n" not in line for line in lines)
    assert lines.pop() == "data: [DONE]"
    return [json.loads(line.removeprefix("data: ")) for line in lines]


def _refused(served: Served, body: Any, language: str = "en") -> tuple[int, str, str, str]:
    """The status, and the code, field and message of the error, of a request that is refused."""
    response = served.client.post("/v1/chat/completions", json=body, headers={"Accept-Language": language})
    document = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert document["error"]["message"] == document["detail"]
    return response.status_code, document["error"]["code"], document["error"]["param"], document["detail"]


def _timeless(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "timings_ms"}


def _asked(served: Served, question: str, *turns: Turn, **limits: Any) -> dict[str, Any]:
    """What the library itself answers."""
    return _timeless(as_json(ask(served.newsroom.indexes, question, history=turns, **limits)))


@pytest.mark.parametrize("language", ["th", "en"])
def test_answer_is_written_with_its_markers_and_footnotes(served: Served, language: str) -> None:
    completion = _chat(served, _says(ASKED[language][0]))
    assert list(completion) == ["id", "object", "created", "model", "choices", "usage", "khao"]
    assert completion["id"].startswith("chatcmpl-")
    assert (completion["object"], completion["model"]) == ("chat.completion", "khao")
    (choice,) = completion["choices"]
    assert (choice["index"], choice["finish_reason"], choice["logprobs"]) == (0, "stop", None)
    assert choice["message"]["role"] == "assistant"
    assert choice["message"]["content"] == _WRITTEN[language]


@pytest.mark.parametrize("question", _ALL)
def test_whole_answer_comes_along_as_ask_gives_it(served: Served, question: str) -> None:
    completion = _chat(served, _says(question))
    assert _timeless(completion["khao"]) == _asked(served, question)
    assert list(completion["khao"]["timings_ms"]) == ["search", "answer", "total"]
    assert _content(completion).startswith(completion["khao"]["answer"])
    assert ChatCompletion.model_validate(completion).model_dump(mode="json") == completion


@pytest.mark.parametrize("language", ["th", "en"])
def test_annotations_say_where_the_markers_stand(served: Served, language: str) -> None:
    message = _chat(served, _says(ASKED[language][0]))["choices"][0]["message"]
    end = message["content"].index("[1]") + 3
    citation = _asked(served, ASKED[language][0])["citations"][0]
    assert message["annotations"] == [
        {
            "type": "url_citation",
            "url_citation": {
                "url": citation["url"],
                "title": citation["title"],
                "start_index": end - 3,
                "end_index": end,
            },
        }
    ]


@pytest.mark.parametrize("language", ["th", "en"])
def test_source_without_an_address_is_a_footnote_and_no_annotation(served: Served, language: str) -> None:
    message = _chat(served, _says(WIRE_QUESTION[language]))["choices"][0]["message"]
    assert message["annotations"] == []
    assert message["content"].split("\n\n")[-1].startswith("[1] ")


@pytest.mark.parametrize("language", ["th", "en"])
def test_no_answer_is_said_with_the_nearest_headlines(served: Served, language: str) -> None:
    completion = _chat(served, _says(OFF_TOPIC[language]))
    said, heading_and_list = _content(completion).split("\n\n")
    heading, *items = heading_and_list.split("\n")
    assert completion["khao"]["abstained"] and said == completion["khao"]["answer"]
    assert heading == {"th": "พาดหัวข่าวใกล้เคียงที่สุด:", "en": "Nearest headlines:"}[language]
    titles = [near["title"] for near in completion["khao"]["nearest"]]
    assert [item.removeprefix("- ").split(" — ")[0] for item in items] == titles
    assert completion["choices"][0]["message"]["annotations"] == []


def test_usage_counts_the_models_tokens_of_all_that_was_sent(served: Served) -> None:
    question = ASKED["en"][0]
    completion = _chat(
        served, _says("Be brief.", "system"), _says("Hello"), _says("Hi!", "assistant"), _says(question)
    )
    tokens = [len(FakeEmbedder().token_starts(text)) for text in ("Be brief.", "Hello", "Hi!", question)]
    said = len(FakeEmbedder().token_starts(_content(completion)))
    assert completion["usage"] == {
        "prompt_tokens": sum(tokens),
        "completion_tokens": said,
        "total_tokens": sum(tokens) + said,
    }


# Streams


@pytest.mark.parametrize("question", _ALL)
def test_stream_joined_is_the_answer_that_comes_at_once(served: Served, question: str) -> None:
    whole = _chat(served, _says(question))
    chunks = _stream(served, _says(question))
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({(chunk["id"], chunk["created"], chunk["model"]) for chunk in chunks}) == 1
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    assert deltas[0] == {"role": "assistant", "content": ""}
    assert "".join(delta.get("content", "") for delta in deltas) == _content(whole)
    assert deltas[-1] == {"annotations": whole["choices"][0]["message"]["annotations"]}
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks] == [None] * (len(chunks) - 1) + ["stop"]
    assert [chunk for chunk in chunks if "khao" in chunk] == [chunks[-1]]
    assert _timeless(chunks[-1]["khao"]) == _timeless(whole["khao"])
    assert not any("usage" in chunk for chunk in chunks)


@pytest.mark.parametrize("language", ["th", "en"])
def test_stream_has_a_chunk_for_each_statement_and_one_for_the_footnotes(
    served: Served, language: str
) -> None:
    chunks = _stream(served, _says(ASKED[language][0]))
    statements = chunks[-1]["khao"]["statements"]
    texts = [chunk["choices"][0]["delta"]["content"] for chunk in chunks[1:-1]]
    assert len(texts) == len(statements) + 1
    assert texts[0] == f"{statements[0]['text']} [1]"
    assert texts[-1].startswith("\n\n[1] ")


def test_usage_ends_a_stream_that_asks_for_it(served: Served) -> None:
    question = ASKED["th"][0]
    *chunks, last = _stream(served, _says(question), stream_options={"include_usage": True})
    assert last["choices"] == []
    assert last["usage"] == _chat(served, _says(question))["usage"]
    assert all(chunk["usage"] is None for chunk in chunks)


def _failing(error: Exception) -> Any:
    async def steps(*_: object, **__: object) -> AsyncIterator[Citation | Statement | Answer]:
        yield Statement("One thing is sure.", (1,), True)
        raise error

    return steps


@pytest.mark.parametrize("language", ["th", "en"])
def test_failure_in_mid_stream_is_told_as_openai_tells_it(
    served: Served, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(served.newsroom, "answer_steps", _failing(TimeoutError()))
    body = {"model": "khao", "messages": [_says("?a")], "stream": True}
    response = served.client.post("/v1/chat/completions", json=body, headers={"Accept-Language": language})
    assert {
        name: response.headers[name] for name in ("content-type", "cache-control", "x-accel-buffering")
    } == {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
    }
    lines = response.text.split("\n\n")
    assert json.loads(lines[1].removeprefix("data: "))["choices"][0]["delta"] == {
        "content": "One thing is sure. [1]"
    }
    assert lines[2].startswith('data: {"error":{"message":')
    error = json.loads(lines[2].removeprefix("data: "))["error"]
    assert (error["type"], error["code"], error["param"]) == ("api_error", "too_slow", None)
    assert (
        error["message"]
        == {
            "th": "ตอบไม่ทันเวลา โปรดลองใหม่ในอีกสักครู่",
            "en": "This took too long: try again in a moment.",
        }[language]
    )
    assert lines[3:] == [""]


def test_bug_in_mid_stream_is_told_without_its_details(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served.newsroom, "answer_steps", _failing(RuntimeError("/secret/path")))
    body = {"model": "khao", "messages": [_says("?a")], "stream": True}
    got = b""
    with (
        pytest.raises(httpx.RemoteProtocolError),  # the stream is cut off, as it is not whole
        served.client.stream("POST", "/v1/chat/completions", json=body) as response,
    ):
        for data in response.iter_bytes():
            got += data
    last = got.decode().strip().split("\n\n")[-1]
    assert json.loads(last.removeprefix("data: "))["error"]["code"] == "internal"
    assert b"secret" not in got


def test_what_fails_before_a_stream_begins_is_an_ordinary_problem(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def steps(*_: object, **__: object) -> AsyncIterator[Answer]:
        raise TimeoutError
        yield

    monkeypatch.setattr(served.newsroom, "answer_steps", steps)
    status, code, _, _ = _refused(served, {"model": "khao", "messages": [_says("?a")], "stream": True})
    assert (status, code) == (503, "too_slow")


def test_client_that_hangs_up_leaves_the_server_answering_others(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = threading.Event()

    async def endless(*_: object, **__: object) -> AsyncIterator[Statement]:
        try:
            while True:
                yield Statement("And on it goes.", (1,), True)
                await asyncio.sleep(0.001)
        finally:
            ended.set()

    with monkeypatch.context() as patched:
        patched.setattr(served.newsroom, "answer_steps", endless)
        body = {"model": "khao", "messages": [_says("?a")], "stream": True}
        with served.client.stream("POST", "/v1/chat/completions", json=body) as response:
            lines = response.iter_lines()  # kept, for the connection goes with it
            assert next(lines).startswith("data: ")
            assert _content(_chat(served, _says(ASKED["en"][0]))) == _WRITTEN["en"]
            assert not ended.is_set()
    assert ended.wait(_SECONDS)
    assert _content(_chat(served, _says(ASKED["th"][0]))) == _WRITTEN["th"]


@pytest.mark.parametrize("stream", [False, True])
def test_question_before_the_library_is_open_is_told_to_come_again(home: Path, stream: bool) -> None:
    may_open = threading.Event()

    def open_late(settings: Settings) -> Indexes:
        may_open.wait(_SECONDS)
        return join_indexes(settings, FakeEmbedder())

    with serving(home, opener=open_late, await_open=False) as running:
        try:
            body = {"model": "khao", "messages": [_says("?a")], "stream": stream}
            response = running.client.post("/v1/chat/completions", json=body)
            assert (response.status_code, response.json()["error"]["code"]) == (503, "opening")
            assert response.headers["retry-after"] == "2"
            body = {"model": "multilingual-e5-small", "input": "x"}
            assert running.client.post("/v1/embeddings", json=body).json()["error"]["code"] == "opening"
            assert running.client.get("/v1/models").json()["data"][0]["id"] == "khao"
        finally:
            may_open.set()


# Conversations


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("stream", [False, True])
def test_follow_up_is_searched_without_what_was_added_to_the_answer(
    served: Served, language: str, stream: bool
) -> None:
    question = ASKED[language][0]
    first = _content(_chat(served, _says(question)))
    said = first.split(" [1]")[0]
    messages = (_says(question), _says(first, "assistant"), _says(_FOLLOW_UP[language]))
    khao = _stream(served, *messages)[-1]["khao"] if stream else _chat(served, *messages)["khao"]
    assert _timeless(khao) == _asked(served, _FOLLOW_UP[language], Turn(question, said))
    assert khao["citations"][0]["article_id"] == ASKED[language][1]


def test_follow_up_finds_what_it_would_not_alone(served: Served) -> None:
    assert _chat(served, _says(_FOLLOW_UP["en"]))["khao"]["abstained"]
    turns = (_says(ASKED["en"][0]), _says(_WRITTEN["en"], "assistant"))
    assert not _chat(served, *turns, _says(_FOLLOW_UP["en"]))["khao"]["abstained"]


@pytest.mark.parametrize("language", ["th", "en"])
def test_abstention_and_its_headlines_add_nothing_to_a_follow_up(served: Served, language: str) -> None:
    none = _content(_chat(served, _says(OFF_TOPIC[language])))
    khao = _chat(served, _says(OFF_TOPIC[language]), _says(none, "assistant"), _says(ASKED[language][0]))[
        "khao"
    ]
    assert _timeless(khao) == _asked(served, ASKED[language][0], Turn(OFF_TOPIC[language], ""))


@pytest.mark.parametrize(
    ("before", "turns"),
    [
        ([_says("Answer as a pirate. [1]", "system"), _says("In French.", "developer")], []),
        ([_says("Hello, I am Khao.", "assistant")], []),
        ([_says("one"), _says("two")], [Turn("one", ""), Turn("two", "")]),
        ([_says("one"), _says("two"), _says("both", "assistant")], [Turn("one", ""), Turn("two", "both")]),
        ([_says("one"), _says("a", "assistant"), _says("b", "assistant")], [Turn("one", "a\n\nb")]),
        ([_says(" \n"), _says("one"), _says("", "assistant")], [Turn("one", "")]),
        (
            [
                _says("one"),
                _says(None, "assistant", tool_calls=[{"id": "1", "type": "function", "function": {}}]),
                _says("42", "tool", tool_call_id="1"),
                _says([{"type": "image_url"}], "tool"),
                _says({"a": 1}, "function", name="f"),
                _says("a", "assistant"),
            ],
            [Turn("one", "a")],
        ),
        (
            [
                _says([{"type": "text", "text": "one"}, {"type": "input_text", "text": "two"}], name="Orn"),
                _says(
                    [{"type": "output_text", "text": "a"}, {"type": "refusal", "refusal": "b"}], "assistant"
                ),
            ],
            [Turn("one\ntwo", "a\nb")],
        ),
        ([_says(f"{at}") for at in range(60)], [Turn(f"{at}", "") for at in range(10, 60)]),
    ],
)
@pytest.mark.parametrize("language", ["th", "en"])
def test_messages_become_turns(
    served: Served, before: list[dict[str, Any]], turns: list[Turn], language: str
) -> None:
    question = _FOLLOW_UP[language]
    assert _timeless(_chat(served, *before, _says(question))["khao"]) == _asked(served, question, *turns)


@pytest.mark.parametrize("language", ["th", "en"])
def test_question_may_come_in_parts_and_before_instructions(served: Served, language: str) -> None:
    words = ASKED[language][0].split(" ")
    parts = [{"type": "text", "text": word} for word in words]
    khao = _chat(served, _says(parts), _says("Be brief.", "system"))["khao"]
    assert khao["question"] == ASKED[language][0]
    assert _timeless(khao) == _asked(served, ASKED[language][0])


def test_question_is_normalised_before_it_is_measured(served: Served) -> None:
    question = "\u200b".join(ASKED["en"][0]) + " " * 5000
    assert _chat(served, _says(question))["khao"]["question"] == ASKED["en"][0]
    assert _chat(served, _says("ก" * 2000))["khao"]["question"] == "ก" * 2000


# What is refused

_REFUSED_MESSAGES: dict[str, tuple[list[Any], str, str]] = {
    "none": ([], "invalid", "body.messages"),
    "instructions only": ([_says("x", "system")], "last_not_user", "body.messages[0].role"),
    "an answer last": ([_says("x"), _says("y", "assistant")], "last_not_user", "body.messages[1].role"),
    "a tool last": ([_says("x"), _says("y", "tool"), _says("z", "system")], "last_not_user", "body.messages[1].role"),
    "no such role": ([_says("x", "robot")], "invalid", "body.messages[0].role"),
    "no role": ([{"content": "x"}], "invalid", "body.messages[0].role"),
    "not a message": (["x"], "invalid", "body.messages[0]"),
    "blank": ([_says(" \u200b\n")], "blank", "body.messages[0].content"),
    "marks only": ([_says("?!")], "blank", "body.messages[0].content"),
    "no parts": ([_says([])], "blank", "body.messages[0].content"),
    "no content": ([{"role": "user"}], "not_text", "body.messages[0].content"),
    "a number": ([_says(7)], "not_text", "body.messages[0].content"),
    "an object": ([_says("x"), _says({"a": 1}, "assistant"), _says("y")], "not_text", "body.messages[1].content"),
    "an image": (
        [_says("x", "system"), _says([{"type": "text", "text": "x"}, {"type": "image_url", "image_url": {"url": "https://a.example"}}])],
        "only_text",
        "body.messages[1].content[1]",
    ),
    "sound": ([_says([{"type": "input_audio", "input_audio": {}}])], "only_text", "body.messages[0].content[0]"),
    "an image before": ([_says([{"type": "image_url"}]), _says("x")], "only_text", "body.messages[0].content[0]"),
    "a part without text": ([_says([{"type": "text"}])], "not_text", "body.messages[0].content[0].text"),
    "a part of no kind": ([_says([{"text": "x"}])], "not_text", "body.messages[0].content[0]"),
    "a part that is a list": ([_says([["x"]])], "not_text", "body.messages[0].content[0]"),
    "half a character": ([_says("x \ud800")], "not_unicode", "body.messages[0].content"),
    "half a character in a part": (
        [_says([{"type": "text", "text": "\udfff"}], "system"), _says("x")],
        "not_unicode",
        "body.messages[0].content[0].text",
    ),
    "a long question": ([_says("ก" * 2001)], "long_question", "body.messages[0].content"),
    "many messages": ([_says("x")] * 201, "invalid", "body.messages"),
    "a long conversation": ([_says("x" * 100_001), _says("y" * 100_000)], "long_conversation", "body.messages"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("messages", "code", "field"), _REFUSED_MESSAGES.values(), ids=list(_REFUSED_MESSAGES)
)
@pytest.mark.parametrize("stream", [False, True])
def test_refused_messages_are_named(
    served: Served, messages: list[Any], code: str, field: str, stream: bool
) -> None:
    # As ASCII: half a character can be written no other way.
    body = json.dumps({"model": "khao", "messages": messages, "stream": stream})
    response = served.client.post(
        "/v1/chat/completions", content=body, headers={"Content-Type": "application/json"}
    )
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["param"]) == (422, code, field)
    assert error["type"] == "invalid_request_error"


def test_most_that_is_allowed_is_allowed(served: Served) -> None:
    many = [_says("x" * 990, "assistant")] * 199
    assert _timeless(_chat(served, *many, _says(ASKED["en"][0]))["khao"]) == _asked(served, ASKED["en"][0])


_REFUSED_FIELDS: dict[str, tuple[dict[str, Any], str, str]] = {
    "several answers": ({"n": 2}, "one_choice", "body.n"),
    "no answers": ({"n": 0}, "one_choice", "body.n"),
    "json": ({"response_format": {"type": "json_object"}}, "plain_text", "body.response_format"),
    "a schema": ({"response_format": {"type": "json_schema", "json_schema": {}}}, "plain_text", "body.response_format"),
    "a form of no kind": ({"response_format": "json"}, "plain_text", "body.response_format"),
    "sound": ({"modalities": ["text", "audio"]}, "plain_text", "body.modalities"),
    "a tool": ({"tool_choice": "required"}, "no_tools", "body.tool_choice"),
    "this tool": ({"tool_choice": {"type": "function", "function": {"name": "f"}}}, "no_tools", "body.tool_choice"),
    "a function": ({"function_call": {"name": "f"}}, "no_tools", "body.function_call"),
    "logprobs": ({"logprobs": True}, "no_logprobs", "body.logprobs"),
    "top logprobs": ({"top_logprobs": 3}, "no_logprobs", "body.top_logprobs"),
    "a word for a truth": ({"stream": "yes"}, "invalid", "body.stream"),
    "an unknown limit": ({"khao": {"untill": "2023"}}, "invalid", "body.khao.untill"),
    "no date": ({"khao": {"since": "whenever"}}, "date", "body.khao.since"),
    "a period backwards": ({"khao": {"since": "2024", "until": "2023"}}, "period", "body.khao.since"),
    "a blank outlet": ({"khao": {"source": " "}}, "blank", "body.khao.source"),
    "another language": ({"khao": {"lang": "lo"}}, "invalid", "body.khao.lang"),
    "no passages": ({"khao": {"top_k": 0}}, "invalid", "body.khao.top_k"),
}  # fmt: skip


@pytest.mark.parametrize(("fields", "code", "field"), _REFUSED_FIELDS.values(), ids=list(_REFUSED_FIELDS))
def test_what_khao_cannot_do_is_refused(
    served: Served, fields: dict[str, Any], code: str, field: str
) -> None:
    body = {"model": "khao", "messages": [_says("dugong")], **fields}
    assert _refused(served, body)[:3] == (422, code, field)


@pytest.mark.parametrize(
    ("language", "message"),
    [("th", "Khao อ่านได้แต่ข้อความ ไม่รับ image_url"), ("en", "Khao reads text only, not image_url.")],
)
def test_refusal_is_in_the_clients_language(served: Served, language: str, message: str) -> None:
    body = {"model": "khao", "messages": [_says([{"type": "image_url"}])]}
    assert _refused(served, body, language)[3] == message


@pytest.mark.parametrize("language", ["th", "en"])
def test_what_has_no_bearing_changes_nothing(served: Served, language: str) -> None:
    ignored = {
        "temperature": 1.5,
        "top_p": 0.1,
        "max_tokens": 1,
        "max_completion_tokens": 1,
        "seed": 7,
        "stop": ["840", "34"],
        "presence_penalty": 2,
        "frequency_penalty": -2,
        "user": "orn",
        "tools": [{"type": "function", "function": {"name": "f"}}],
        "tool_choice": "auto",
        "function_call": "none",
        "response_format": {"type": "text"},
        "modalities": ["text"],
        "logprobs": False,
        "top_logprobs": 0,
        "n": 1,
        "stream": None,
        "stream_options": None,
        "khao": None,
        "no_such_field": {"x": [1]},
    }
    assert _content(_chat(served, _says(ASKED[language][0]), **ignored)) == _WRITTEN[language]


@pytest.mark.parametrize("stream", [False, True])
def test_khaos_own_part_limits_the_articles(served: Served, stream: bool) -> None:
    limits = {"since": "ก.พ. 2566", "until": "Feb 2023", "source": "Farm Desk", "lang": "en", "top_k": 3}
    question = "ราคาข้าวหอมมะลิ"
    if stream:
        khao = _stream(served, _says(question), khao=limits)[-1]["khao"]
    else:
        khao = _chat(served, _says(question), khao=limits)["khao"]
    filters = Filters(date(2023, 2, 1), date(2023, 2, 28), "Farm Desk", "en")
    assert _timeless(khao) == _asked(served, question, filters=filters, top_k=3)
    assert {citation["article_id"] for citation in khao["citations"]} == {"rice-en"}


# Models


def test_models_are_khao_and_its_embedding_model(served: Served) -> None:
    listed = served.client.get("/v1/models").json()
    assert listed["object"] == "list"
    assert [model["id"] for model in listed["data"]] == ["khao", "multilingual-e5-small"]
    for model in listed["data"]:
        assert list(model) == ["id", "object", "created", "owned_by"]
        assert served.client.get(f"/v1/models/{model['id']}").json() == model


@pytest.mark.parametrize("model", ["gpt-4o", "multilingual-e5-small", "Khao", ""])
def test_unknown_model_is_not_found(served: Served, model: str) -> None:
    status, code, field, message = _refused(served, {"model": model, "messages": [_says("x")]})
    assert (status, code, field) == (404, "model_not_found", "body.model")
    assert message == f"There is no model {model} for this; there is khao."


def test_unknown_model_cannot_be_looked_up(served: Served) -> None:
    response = served.client.get("/v1/models/openai/gpt-4o", headers={"Accept-Language": "th"})
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "model_not_found"
    assert response.json()["detail"] == "ไม่มีโมเดล openai/gpt-4o ที่ทำงานนี้ได้ ใช้ khao, multilingual-e5-small"


# Hostile articles

_HOSTILE = [
    "](javascript:alert(1)) dugongs",
    "![x](https://evil.example/p.png) dugongs",
    "Dugongs\n\n[2] fake footnote — Real Outlet, 1 Jan 2024, https://evil.example",
    "<script>alert(1)</script> dugongs",
    "[1]: https://evil.example",
]


@pytest.mark.parametrize("headline", _HOSTILE)
@pytest.mark.parametrize("stream", [False, True])
def test_hostile_article_comes_out_as_text(home: Path, headline: str, stream: bool) -> None:
    body = f"Divers counted 61 dugongs in Khram Bay, one for each {' '.join(headline.split())} of the bay. "
    hostile = Article(
        "h", headline, body, headline, "en", "https://khram.example/](javascript:alert(2))", date(2024, 1, 2)
    )
    with serving(home) as running:
        ingest(running.newsroom.indexes, reads([hostile]))
        question = _says("How many dugongs did divers count in Khram Bay?")
        completion = _chat(running, question)
        content = _content(completion)
        if stream:
            content = "".join(
                chunk["choices"][0]["delta"].get("content", "") for chunk in _stream(running, question)
            )
    assert content == _content(completion)
    assert completion["khao"]["citations"][0]["title"] == headline
    footnote = content.split("\n")[-1]
    assert footnote.startswith("[1] ") and footnote.endswith(
        "2 Jan 2024, https://khram.example/%5D(javascript:alert(2))"
    )
    assert content.count("\n") == 2
    assert content.count("[1]") == 2 and "[2]" not in content
    kinds = {
        each.type
        for token in MarkdownIt("commonmark").parse(content)
        for each in (token, *(token.children or ()))
    }
    assert kinds <= {"paragraph_open", "inline", "text", "paragraph_close"}
    (annotation,) = completion["choices"][0]["message"]["annotations"]
    place = annotation["url_citation"]
    assert content[place["start_index"] : place["end_index"]] == "[1]"
    assert place["title"].isprintable()
    assert without_footnotes(content) == content.split(" [1]")[0]


# The document


def test_examples_of_the_document_are_what_is_really_said() -> None:
    for example in completion_examples().values():
        assert ChatCompletion.model_validate(example["value"]).model_dump(mode="json") == example["value"]
    lines = stream_example().strip().split("\n\n")
    chunks = [json.loads(line.removeprefix("data: ")) for line in lines[:-1]]
    assert lines[-1] == "data: [DONE]"
    whole = completion_examples()["en"]["value"]
    assert "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks) == _content(whole)


def test_document_shows_requests_and_replies_in_both_languages(served: Served) -> None:
    document = served.client.get("/openapi.json").json()
    chat = document["paths"]["/v1/chat/completions"]["post"]
    assert list(chat["responses"]["200"]["content"]) == ["application/json", "text/event-stream"]
    assert list(chat["responses"]["200"]["content"]["application/json"]["examples"]) == [
        "th",
        "en",
        "abstained",
    ]
    schemas = document["components"]["schemas"]
    for name in ("ChatRequest", "EmbeddingRequest"):
        shown = json.dumps(schemas[name]["examples"], ensure_ascii=False)
        assert "พะยูน" in shown and "storm" in shown.lower()
    assert "khao" in schemas["ChatCompletion"]["properties"]
