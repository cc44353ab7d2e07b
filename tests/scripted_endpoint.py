"""An OpenAI-compatible endpoint on this machine that replies as a test tells it to, and notes what it was sent."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Reply:
    """What comes back; `body` in place of a chat completion that says `text`."""

    text: str = ""
    status: int = 200
    body: bytes | None = None
    content_type: str = "application/json"
    after: float = 0.0  # seconds
    cut: bool = False  # off in the middle of the body

    def bytes(self) -> bytes:
        if self.body is not None:
            return self.body
        choice = {
            "index": 0,
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": self.text},
        }
        usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        completion = {
            "id": "1",
            "object": "chat.completion",
            "created": 1,
            "model": "scripted",
            "usage": usage,
        }
        return json.dumps(completion | {"choices": [choice]}).encode()


Script = Callable[[str], Reply | str]  # what is replied to a prompt


@dataclass(slots=True)
class Endpoint:
    """A running endpoint; `requests` and `prompts` are what came in, `most_at_once` how many were being served."""

    url: str
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    most_at_once: int = 0

    @property
    def prompts(self) -> list[str]:
        return [request["messages"][-1]["content"] for request in self.requests]


@contextmanager
def serving(script: Script) -> Iterator[Endpoint]:
    """Serve /v1/chat/completions until left."""
    endpoint, serves, lock = Endpoint(""), 0, threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            nonlocal serves
            with suppress(BrokenPipeError, ConnectionResetError):  # a client that has given up
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with lock:
                    serves += 1
                    endpoint.most_at_once = max(endpoint.most_at_once, serves)
                    endpoint.requests.append(request)
                    endpoint.headers.append({name.lower(): value for name, value in self.headers.items()})
                try:
                    self._reply(request)
                finally:
                    with lock:
                        serves -= 1

        def _reply(self, request: dict[str, Any]) -> None:
            if self.path != "/v1/chat/completions":
                said: Reply | str = Reply(status=404, body=b'{"error": {"message": "no such path"}}')
            else:
                said = script(request["messages"][-1]["content"])
            reply = Reply(said) if isinstance(said, str) else said
            time.sleep(reply.after)
            body = reply.bytes()
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if reply.cut else body)
            self.close_connection = reply.cut

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    endpoint.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
