"""What a page sends to have something done, looked at before Gradio sees it: nothing in it may name a file.

A part that has the form of Gradio's record of an upload makes it copy the file that is named, from anywhere on this
machine, or fetch an address; an app that is mounted, not launched, checks neither (Gradio 6.31). Pages of the chat have
no such part: what they upload goes to routes of their own.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive


async def read_join(receive: Receive) -> tuple[object, Receive]:
    """Return the name of the session that calls, and a `receive` of the same body; HTTPException 400 if it names a file."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":  # whoever sent it has gone
            raise HTTPException(400)
        body += message.get("body", b"")
        more = message.get("more_body", False)
    try:
        sent = json.loads(body)
        # As it was read here: where a name comes twice, Gradio might take the other one.
        read = json.dumps(sent).encode()
    except (ValueError, RecursionError):
        raise HTTPException(400) from None
    if not isinstance(sent, dict) or _names_file(sent):
        raise HTTPException(400)
    whole: Message | None = {"type": "http.request", "body": read, "more_body": False}

    async def again() -> Message:
        nonlocal whole
        message, whole = whole, None
        return message or await receive()

    return sent.get("session_hash"), again


def _names_file(sent: Any) -> bool:
    waiting = [sent]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            meta = value.get("meta")
            if isinstance(meta, dict) and meta.get("_type") == "gradio.FileData":
                return True
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return False
