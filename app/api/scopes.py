"""Which scope of an API key a request needs, by its method and path.

Whatever is not known to be a reading needs "write" when it is sent by a method that writes to anything like /v1, and
"read" otherwise: what is forgotten here is closed, not open.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

from starlette.types import Scope as AsgiScope

from app.keys import Scope

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

# What anybody may see; the documentation's own files too.
_OPEN = re.compile(r"/|/healthz|/readyz|/openapi\.json|/docs/?|/docs(/\w[\w.-]*)+", re.ASCII)
# Questions, which are asked by POST because they are long, and verdicts, which readers give.
_READ_BY_POST = frozenset({"/v1/ask", "/v1/search", "/v1/chat/completions", "/v1/embeddings", "/v1/feedback"})
_MOST_ENCODINGS = 5


def route_path(scope: AsgiScope) -> str:
    """Return the path that routes are looked up by: without the prefix that a proxy knows the server under."""
    path, prefix = str(scope["path"]), str(scope.get("root_path", ""))
    rest = path.removeprefix(prefix)
    return rest if prefix and path.startswith(prefix) and rest[:1] in ("", "/") else path


def scope_needed(method: str, path: str) -> Scope | None:
    """Return the scope that a request needs, None where it needs no key. `method` is as it was sent."""
    if method in ("GET", "HEAD"):
        if _OPEN.fullmatch(path):
            return None
        return "write" if _within(path, "v1", "feedback") else "read"
    if method == "OPTIONS" or method == "POST" and path.removesuffix("/") in _READ_BY_POST:
        return "read"
    return "write" if _within(path, "v1") else "read"


def _within(path: str, *folders: str) -> bool:
    """Return whether `path` could be taken for one within `folders` by anyone who reads paths more freely than we do."""
    for _ in range(_MOST_ENCODINGS):
        path = unquote(path)
    plain = unicodedata.normalize("NFKC", path).casefold()
    parts = [part.partition(";")[0].strip() for part in re.split(r"[/\\]", plain)]
    parts = [part for part in parts if part not in ("", ".")]
    return any(parts[index : index + len(folders)] == [*folders] for index in range(len(parts)))
