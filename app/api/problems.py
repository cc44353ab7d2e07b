"""What goes wrong, told to the client: RFC 9457 problem documents that name the field, in Thai or English.

Where a client of OpenAI's looks for `error.message`, the document carries that too. No path, trace or secret
gets in: only texts of wording.py, with the client's own values in them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import compile_path

from app.api.scopes import route_path
from app.api.wording import PROBLEMS, STATUSES, TITLES, wrong_value
from app.open_library import NotOpen
from app.pools import Overloaded
from app.uploads import FULL_DISK
from corpus.article import Language

_LONGEST = 120  # characters of a client's value that are sent back to it
_MOST_FIELDS = 20  # fields told of at once
_MOST_READ = 1_000  # of pydantic's errors
# Of a value that is of another kind altogether.
_KINDS = frozenset({"list_type", "dict_type", "model_type", "model_attributes_type"})
_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    429: "rate_limit_error",
}  # as OpenAI's API has


class Problem(Exception):
    """A request refused, or failed: `status`, the wording `code` with its values, and the field at fault."""

    def __init__(
        self,
        status: int,
        code: str,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> None:
        super().__init__(code, values)
        self.status, self.code, self.field = status, code, field
        self.headers, self.values = dict(headers or {}), values

    def detail(self, ui: Language) -> str:
        """Return what is wrong, in one sentence."""
        values = {name: _shown(value) for name, value in self.values.items()}
        return PROBLEMS[self.code][ui == "en"].format(**values)


def problem_response(
    request: Request, problem: Problem, errors: Sequence[Mapping[str, str]] = ()
) -> JSONResponse:
    """Return the problem as the response to `request`."""
    ui = client_language(request)
    detail = problem.detail(ui)
    if not errors and problem.field:
        errors = [{"field": problem.field, "detail": detail}]
    document: dict[str, Any] = {
        "type": f"urn:khao:problem:{problem.code}",
        "title": TITLES.get(problem.code, STATUSES[problem.status])[ui == "en"],
        "status": problem.status,
        "detail": detail,
        "request_id": getattr(request.state, "request_id", ""),
        "errors": list(errors),
        "error": {
            "message": detail,
            "type": _TYPES.get(
                problem.status, "invalid_request_error" if problem.status < 500 else "api_error"
            ),
            "param": errors[0]["field"] if errors else None,
            "code": problem.code,
        },
    }
    return JSONResponse(
        document,
        problem.status,
        headers={**problem.headers, "Content-Language": ui, "Vary": "Accept-Language"},
        media_type="application/problem+json",
    )


def client_language(request: Request) -> Language:
    """Return the language in which to speak to whoever sent the request."""
    return preferred_language(request.headers.get("accept-language", ""))


def preferred_language(accepted: str) -> Language:
    """Return which of Thai and English an Accept-Language header prefers; English where it names neither."""
    weights: dict[Language, float] = {"th": 0.0, "en": 0.0}
    for part in accepted.split(","):
        tag, *parameters = (each.strip().lower() for each in part.split(";"))
        sure = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                sure = _weight(value)
        for language in weights:
            if tag.partition("-")[0] == language:
                weights[language] = max(weights[language], sure)
    return "th" if weights["th"] > weights["en"] else "en"


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if math.isfinite(weight) else 0.0


async def on_problem(request: Request, error: Exception) -> Response:
    """Answer a Problem."""
    assert isinstance(error, Problem)
    return problem_response(request, error)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer what the router itself refuses: no such address, no such method, a form that cannot be read."""
    assert isinstance(error, HTTPException)
    code = {404: "no_address", 405: "no_method"}.get(error.status_code, "bad_request")
    status = error.status_code if error.status_code in STATUSES else 400
    values = {"path": request.url.path, "method": request.method}
    headers = dict(error.headers or {})
    if status == 405:
        headers["Allow"] = ", ".join(_methods(request)) or headers.get("Allow", "")
    return problem_response(request, Problem(status, code, headers=headers, **values))


def _methods(request: Request) -> list[str]:
    """Return what the address takes; the router tells only of the first route that has it."""
    allowed: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        if route.path and compile_path(route.path)[0].match(route_path(request.scope)):
            allowed |= set(route.methods or ())
    return sorted(allowed | {"HEAD"} if "GET" in allowed else allowed)


async def on_invalid(request: Request, error: Exception) -> Response:
    """Answer a request whose fields are not as the OpenAPI document has them."""
    assert isinstance(error, RequestValidationError)
    ui = client_language(request)
    found = error.errors()[:_MOST_READ]
    if any(item["type"] == "json_invalid" for item in found):
        return problem_response(request, Problem(400, "not_json"))
    # Of a value that may be of several kinds, every kind's errors are here: those that are of the wrong kind altogether
    # say nothing where another fits.
    misfits = [item["type"] in _KINDS and _field(item, error.body) == "body" for item in found]
    if not all(misfits):
        found = [item for item, misfit in zip(found, misfits, strict=True) if not misfit]
    errors = [
        {"field": _field(item, error.body), "detail": wrong_value(item, ui)} for item in found[:_MOST_FIELDS]
    ]
    told = "; ".join(f"{item['field']}: {item['detail']}" for item in errors[:3])
    return problem_response(request, Problem(422, "invalid", told=told), errors)


def library_problem(error: Exception) -> Problem | None:
    """Return the problem that an exception is to a client, itself or one of the newsroom's; None for an unknown one."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, NotOpen):
        return Problem(503, "opening", headers={"Retry-After": "2"})
    if isinstance(error, Overloaded):
        return Problem(503, "busy", headers={"Retry-After": "1"})
    if isinstance(error, TimeoutError):
        return Problem(503, "too_slow", headers={"Retry-After": "5"})
    if isinstance(error, OSError) and error.errno in FULL_DISK:
        return Problem(507, "disk_full")
    return None


async def on_library_error(request: Request, error: Exception) -> Response:
    """Answer an exception that `library_problem` knows; any other goes on to the log, and to the client as a 500."""
    problem = library_problem(error)
    if problem is None:
        raise error
    return problem_response(request, problem)


def _field(error: Mapping[str, Any], body: Any) -> str:
    """Return where in a request a value is: body.history[0].question."""
    first, *rest = error["loc"]
    path, value = str(first), body
    for number, part in enumerate(rest, 1):
        missing = error["type"] == "missing" and number == len(rest)
        # Pydantic puts the names of our classes between the others where a value may be of several.
        known = missing or isinstance(value, dict) and part in value
        if first == "body" and body is not None and isinstance(part, str) and not known:
            continue
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
        value = _inner(value, part)
    return path[:200]


def _inner(value: Any, part: str | int) -> Any:
    """Return the part of a request's value, None where it has none."""
    if isinstance(value, dict):
        return value.get(part)
    return value[part] if isinstance(value, list) and isinstance(part, int) and part < len(value) else None


def _shown(value: object) -> object:
    if not isinstance(value, str):
        return value
    line = "".join(char if char.isprintable() else "\ufffd" for char in value)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
