"""What requests in OpenAI's form hold. Fields that are not known are ignored, as every server of this form does."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from app.api.fields import Day, Exact, Outlet, TopK, read_limits
from app.api.problems import Problem
from corpus.article import Language
from rag.filters import Filters

MOST_TEXTS = 256  # of one request for embeddings
LONGEST_TEXT = 8_000  # characters of each; the model reads about 2,000 of them
LONGEST_TEXTS = 200_000  # characters of all together
_MOST_MESSAGES = 200

_PART = {
    "type": "object",
    "required": ["type", "text"],
    "properties": {"type": {"enum": ["text", "input_text"]}, "text": {"type": "string"}},
}
_CONTENT = {"anyOf": [{"type": "string"}, {"type": "array", "items": _PART}, {"type": "null"}]}
_TEXT = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT, "pattern": r"\S"}
_TEXTS = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT, "minItems": 1, "maxItems": MOST_TEXTS}]}
_ONE = {"anyOf": [{"const": 1}, {"type": "null"}]}
_PLAIN = {"type": "object", "required": ["type"], "properties": {"type": {"const": "text"}}}
_FORM = {"anyOf": [_PLAIN, {"type": "null"}]}
_TEXT_ONLY = {"anyOf": [{"const": ["text"]}, {"type": "null"}]}
_NO_TOOL = {"enum": ["auto", "none", None]}

Ignored = Annotated[
    Any, Field(description="accepted, and changes nothing: what is quoted from the news is not sampled")
]


class _Openly(BaseModel):
    """A request, or a part of one, that may hold more than we read."""

    model_config = ConfigDict(extra="ignore", strict=True)


class Message(_Openly):
    """What was said: by the user, or by Khao before, or an instruction, which is not followed."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    # Read by hand (conversation.py): of a union, pydantic would report what is wrong once for every member.
    content: Annotated[Any, WithJsonSchema(_CONTENT)] = Field(
        None, description="a text, or parts that are texts"
    )


class StreamOptions(_Openly):
    """What a stream holds besides the answer."""

    include_usage: bool | None = Field(None, description="end with a chunk that holds `usage`")


class Scope(Exact):
    """Khao's own part of a request (`extra_body={"khao": {...}}`): the articles that an answer may rest on."""

    since: Day = None
    until: Day = None
    source: Outlet = None
    lang: Language | None = Field(default=None, description="only articles in this language")
    top_k: TopK = None
    llm: bool = Field(default=True, description="false: quote the articles, though a language model is set")

    def filters(self) -> Filters:
        """Return the filters; a Problem names the field that is wrong."""
        return read_limits(self.since, self.until, self.source, self.lang, "body.khao")


class ChatRequest(_Openly):
    """A conversation whose last message is the question."""

    model_config = ConfigDict(
        extra="ignore",
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "model": "khao",
                    "messages": [{"role": "user", "content": "ปี 2566 นับพะยูนในอ่าวแสงครามได้กี่ตัว"}],
                },
                {
                    "model": "khao",
                    "messages": [
                        {
                            "role": "user",
                            "content": "How fast were Storm Lanthom's winds when it came ashore?",
                        }
                    ],
                    "stream": True,
                    "khao": {"since": "2024-09"},
                },
            ]
        },
    )
    model: str = Field(max_length=200)
    messages: list[Message] = Field(min_length=1, max_length=_MOST_MESSAGES, description="oldest first")
    stream: bool | None = Field(None, description="server-sent events, a chunk for each statement")
    stream_options: StreamOptions | None = None
    khao: Scope | None = None
    # What follows can say only that nothing else is wanted; `check_supported` tells whoever wants more.
    n: Annotated[int | None, WithJsonSchema(_ONE)] = None
    response_format: Annotated[Any, WithJsonSchema(_FORM)] = None
    modalities: Annotated[Any, WithJsonSchema(_TEXT_ONLY)] = None
    logprobs: Annotated[bool | None, WithJsonSchema({"enum": [False, None]})] = None
    top_logprobs: Annotated[int | None, WithJsonSchema({"enum": [0, None]})] = None
    tool_choice: Annotated[Any, WithJsonSchema(_NO_TOOL)] = None
    function_call: Annotated[Any, WithJsonSchema(_NO_TOOL)] = None
    tools: Ignored = None
    temperature: Ignored = None
    top_p: Ignored = None
    max_tokens: Ignored = None
    max_completion_tokens: Ignored = None
    seed: Ignored = None
    stop: Ignored = None
    presence_penalty: Ignored = None
    frequency_penalty: Ignored = None
    user: Ignored = None


class EmbeddingRequest(_Openly):
    """Texts to be embedded."""

    model_config = ConfigDict(
        extra="ignore",
        strict=True,
        json_schema_extra={
            "examples": [
                {"model": "multilingual-e5-small", "input": "จำนวนพะยูนในอ่าวแสงคราม"},
                {
                    "model": "multilingual-e5-small",
                    "input": ["The storm made landfall at 3:30 a.m.", "พบพะยูน 61 ตัว เพิ่มขึ้นจาก 53 ตัว"],
                    "input_type": "passage",
                },
            ]
        },
    )
    model: str = Field(max_length=200)
    input: Annotated[Any, WithJsonSchema(_TEXTS)] = Field(
        description=f"a text, or up to {MOST_TEXTS} of them, of {LONGEST_TEXTS:,} characters together"
    )
    input_type: Literal["query", "passage"] = Field(
        "query",
        description="What the texts are. The model was trained on questions and passages under prompts of their own "
        "(`query: ` and `passage: `), which are set here: embed what is searched for as `query`, what is searched as "
        "`passage`, and two texts to be compared with each other both as `query`.",
    )
    encoding_format: Literal["float", "base64"] | None = Field(
        None, description="`base64`: little-endian 32-bit floats; `float` if not given"
    )
    dimensions: int | None = Field(
        None, description="the model's own number, or nothing: vectors are not shortened"
    )
    user: Ignored = None


def read_unicode(text: str, field: str) -> str:
    """Return `text`; JSON can escape half of a character, which no tokenizer takes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Problem(422, "not_unicode", field) from None
    return text


def check_supported(asked: ChatRequest) -> None:
    """Raise a Problem that names the first field asking for what Khao cannot do."""
    if asked.n not in (None, 1):
        raise Problem(422, "one_choice", "body.n")
    if asked.logprobs or asked.top_logprobs:
        raise Problem(422, "no_logprobs", "body.logprobs" if asked.logprobs else "body.top_logprobs")
    form = asked.response_format
    if form is not None and not (isinstance(form, dict) and form.get("type") == "text"):
        raise Problem(422, "plain_text", "body.response_format")
    if asked.modalities not in (None, ["text"]):
        raise Problem(422, "plain_text", "body.modalities")
    for field in ("tool_choice", "function_call"):
        if getattr(asked, field) not in (None, "auto", "none"):
            raise Problem(422, "no_tools", f"body.{field}")
