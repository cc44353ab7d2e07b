"""An OpenAI-compatible endpoint on this machine, or Ollama, that replies as a test tells it to, and notes what it was sent."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    """What comes back; `body` in place of a reply that says `text`, or `pieces` where it is streamed."""

    text: str = ""
    status: int = 200
    body: bytes | None = None
    content_type: str = "application/json"
    retry_after: str = ""
    after: float = 0.0  # seconds
    cut: bool = False  # off in the middle of the body
    pieces: tuple[str, ...] = ()
    thoughts: tuple[str, ...] = ()  # which come first, told apart by the server
    every: float = 0.0  # seconds before each piece
    endless: bytes | None = None  # what is sent after the pieces again and again, until the client has left
    counted: tuple[int, int] | None = (1, 1)  # tokens of prompt and reply, which the server says
    ends: bool = True  # whether the server says that the reply is whole

    def bytes(self) -> bytes:
        if self.body is not None:
            return self.body
        choice = {
            "index": 0,
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": self.text},
        }
        return json.dumps(_COMPLETION | {"usage": _usage(1, 1), "choices": [choice]}).encode()

    def events(self) -> Iterator[bytes]:
        """What is sent one after the other to whoever asked an OpenAI-compatible endpoint for a stream."""
        deltas = [
            {"role": "assistant", "content": None},
            *({"reasoning_content": said} for said in self.thoughts),
        ]
        for delta in [*deltas, *({"content": said} for said in self._said())]:
            yield _event(choices=[{"index": 0, "finish_reason": None, "delta": delta}])
        if self.ends:
            yield _event(choices=[{"index": 0, "finish_reason": "stop", "delta": {}}])
            if self.counted:
                yield _event(choices=[], usage=_usage(*self.counted))
            yield b"data: [DONE]\n\n"

    def lines(self) -> Iterator[bytes]:
        """The same of Ollama."""
        thoughts = [{"content": "", "thinking": said} for said in self.thoughts]
        for part in [*thoughts, *({"content": said} for said in self._said())]:
            yield _line(message={"role": "assistant", **part}, done=False)
        if self.ends:
            counts = dict(zip(("prompt_eval_count", "eval_count"), self.counted or (), strict=False))
            yield _line(message={"role": "assistant", "content": ""}, done=True, done_reason="stop", **counts)

    def _said(self) -> tuple[str, ...]:
        return self.pieces or (self.text,)


_COMPLETION = {"id": "1", "object": "chat.completion", "created": 1, "model": "scripted"}


def _usage(prompt: int, reply: int) -> dict[str, int]:
    return {"prompt_tokens": prompt, "completion_tokens": reply, "total_tokens": prompt + reply}


def _event(**fields: Any) -> bytes:
    chunk = _COMPLETION | {"object": "chat.completion.chunk"} | fields
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode()


def _line(**fields: Any) -> bytes:
    chunk = {"model": "scripted", "created_at": "2026-12-01T00:00:00Z"} | fields
    return f"{json.dumps(chunk, ensure_ascii=False)}\n".encode()


Script = Callable[[str], Reply | str]  # what is replied to a prompt


@dataclass(slots=True)
class Endpoint:
    """A running endpoint; `requests` and `prompts` are what came in, `most_at_once` how many were being served."""

    url: str
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # the other paths
    most_at_once: int = 0
    left: threading.Event = field(default_factory=threading.Event)  # a client, in the middle of a reply

    @property
    def prompts(self) -> list[str]:
        return [request["messages"][-1]["content"] for request in self.requests]


@contextmanager
def serving(
    script: Script, pages: Mapping[str, Any] = MappingProxyType({}), port: int = 0
) -> Iterator[Endpoint]:
    """Serve /v1/chat/completions, or /api/chat where `pages` has Ollama's /api/version, until left.

    `pages` is what other paths answer, as JSON, to GET and POST.
    """
    endpoint, serves, lock = Endpoint(""), 0, threading.Lock()
    chat = "/api/chat" if "/api/version" in pages else "/v1/chat/completions"

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            with lock:
                endpoint.asked.append(self.path)
            found = self.path in pages
            page = pages[self.path] if found else {"error": {"message": "no such path"}}
            self._send(Reply(status=200 if found else 404, body=json.dumps(page).encode()))

        def do_POST(self) -> None:
            nonlocal serves
            with suppress(BrokenPipeError, ConnectionResetError):  # a client that has given up
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.path != chat:
                    self.do_GET()
                    return
                with lock:
                    serves += 1
                    endpoint.most_at_once = max(endpoint.most_at_once, serves)
                    endpoint.requests.append(request)
                    endpoint.headers.append({name.lower(): value for name, value in self.headers.items()})
                try:
                    said = script(request["messages"][-1]["content"])
                    reply = Reply(said) if isinstance(said, str) else said
                    time.sleep(reply.after)
                    if request.get("stream") and reply.body is None and reply.status == 200:
                        self._stream(reply)
                    else:
                        self._send(reply)
                finally:
                    with lock:
                        serves -= 1

        def _send(self, reply: Reply) -> None:
            body = reply.bytes()
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(body)))
            if reply.retry_after:
                self.send_header("Retry-After", reply.retry_after)
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if reply.cut else body)
            self.close_connection = reply.cut

        def _stream(self, reply: Reply) -> None:
            ollama = chat == "/api/chat"
            chunks = list(reply.lines() if ollama else reply.events())
            if reply.cut:
                chunks = chunks[: len(chunks) // 2]
            self.send_response(200)
            self.send_header("Content-Type", "application/x-ndjson" if ollama else "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            try:
                for chunk in chunks:
                    time.sleep(reply.every)
                    self._write(chunk)
                while reply.endless is not None:
                    time.sleep(reply.every or 0.01)
                    self._write(reply.endless)
            except (BrokenPipeError, ConnectionResetError):
                endpoint.left.set()
                raise
            if reply.cut:
                self.close_connection = True
            else:
                self._write(b"")

        def _write(self, chunk: bytes) -> None:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    host = f"http://127.0.0.1:{server.server_address[1]}"
    endpoint.url = host if chat == "/api/chat" else f"{host}/v1"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
