"""The OpenAPI document: FastAPI's own account of the routes, with what it cannot know of keys, problems and languages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request

from app.api.documentation import DOCUMENTATION, TAGS
from app.api.problems import Problem, problem_response
from app.api.scopes import scope_needed
from app.api.wording import STATUSES
from app.version import khao_version

_KEY = "key"
_RETRY = {"Retry-After": {"description": "seconds to wait", "schema": {"type": "integer"}}}
_FASTAPIS = ("HTTPValidationError", "ValidationError")  # its own form of a 422, which nobody gets here
# A problem that each status stands for: what the examples say is what is really sent.
_EXAMPLES: Mapping[str, Problem] = MappingProxyType(
    {
        "400": Problem(400, "not_json"),
        "401": Problem(401, "no_key"),
        "403": Problem(403, "scope", scope="write"),
        "404": Problem(404, "no_address", path="/v1/question"),
        "413": Problem(413, "too_large", most=10_485_760),
        "422": Problem(422, "blank", "body.question"),
        "429": Problem(429, "rate", most=600, seconds=12),
        "503": Problem(503, "opening"),
        "default": Problem(500, "internal", request_id="7d0c1f5a9b3e4c62"),
    }
)


def openapi_document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the routes that `app` has now."""
    about = [DOCUMENTATION[text][language] for language in (0, 1) for text in ("about", "errors")]
    document = get_openapi(
        title="Khao ข่าว",
        version=khao_version(),
        description="\n\n".join(about),
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        routes=app.routes,
    )
    components = document.setdefault("components", {})
    components["securitySchemes"] = {
        _KEY: {"type": "http", "scheme": "bearer", "description": _both(*DOCUMENTATION["key"])}
    }
    shared: dict[str, Any] = {}
    used: set[str] = set()
    for path, method, operation in _operations(document):
        _mark_events(operation)
        operation["tags"] = list(dict.fromkeys(operation.get("tags", ())))
        used.update(operation["tags"])
        if needed := scope_needed(method, path):
            operation["security"] = [{_KEY: [needed]}, {}]
            for status in _problems(path, operation):
                shared[f"Problem-{status}"] = _response(status)
                if status not in operation["responses"] or _is_fastapis(operation["responses"][status]):
                    operation["responses"][status] = {"$ref": f"#/components/responses/Problem-{status}"}
            operation["responses"] = dict(sorted(operation["responses"].items()))
    components["responses"] = dict(sorted(shared.items()))
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = _problem_schema()
    for name in _FASTAPIS:
        if f'"#/components/schemas/{name}"' not in json.dumps(document["paths"]):
            schemas.pop(name, None)
    document["tags"] = [
        {"name": tag, "description": _both(*texts)} for tag, texts in TAGS.items() if tag in used
    ]
    return document


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield path, method.upper(), operation


def _mark_events(operation: dict[str, Any]) -> None:
    """Keep what streams are made of as an extension: it is of OpenAPI 3.2, which few tools read yet."""
    for response in operation["responses"].values():
        for media in response.get("content", {}).values():
            if "itemSchema" in media:
                media["x-itemSchema"] = media.pop("itemSchema")


def _problems(path: str, operation: dict[str, Any]) -> list[str]:
    """Return the statuses of the problems that an operation may answer with."""
    sends, told = "requestBody" in operation, bool(operation.get("parameters"))
    fitting = {
        "400": sends,
        "401": True,
        "403": True,
        "404": "{" in path,
        "413": sends,
        "422": sends or told,
        "429": True,
        "503": True,
        "default": True,
    }
    return [status for status, fits in fitting.items() if fits]


def _is_fastapis(response: dict[str, Any]) -> bool:
    return any(name in json.dumps(response) for name in _FASTAPIS)


def _response(status: str) -> dict[str, Any]:
    texts = DOCUMENTATION["other"] if status == "default" else STATUSES[int(status)]
    examples = {language: {"value": _example(status, language)} for language in ("th", "en")}
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}
    headers = {"headers": _RETRY} if status in ("429", "503") else {}
    return {"description": _both(*texts), "content": {"application/problem+json": content}, **headers}


def _example(status: str, language: str) -> Any:
    accepted = [(b"accept-language", language.encode())]
    asked = Request({"type": "http", "headers": accepted, "state": {"request_id": "7d0c1f5a9b3e4c62"}})
    return json.loads(bytes(problem_response(asked, _EXAMPLES[status]).body))


def _both(thai: str, english: str) -> str:
    return f"{thai} · {english}"


def _problem_schema() -> dict[str, Any]:
    """Return the schema of what `app.api.problems.problem_response` sends."""
    text = {"type": "string"}
    field = {"type": "object", "required": ["field", "detail"], "properties": {"field": text, "detail": text}}
    openai = {
        "type": "object",
        "description": "the same, where clients of OpenAI's API look for it",
        "required": ["message", "type", "param", "code"],
        "properties": {"message": text, "type": text, "param": {"type": ["string", "null"]}, "code": text},
    }
    properties = {
        "type": {"type": "string", "format": "uri", "description": "urn:khao:problem: and the code"},
        "title": {"type": "string", "description": "what the status means"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "what is wrong, in one sentence"},
        "request_id": {"type": "string", "description": "also in the header X-Request-ID"},
        "errors": {"type": "array", "items": field, "description": "the fields at fault"},
        "error": openai,
    }
    return {
        "title": "Problem",
        "description": "What went wrong, by RFC 9457, in the language of Content-Language.",
        "type": "object",
        "required": list(properties),
        "properties": properties,
    }
