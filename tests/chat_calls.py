"""Handlers of the chat's pages called by raw HTTP, as anybody can call them who never opens a page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

import httpx

from corpus.article import Language


def call(
    url: str,
    ui: Language,
    view: str,
    event: str,
    told: object,
    *,
    data: Sequence[object] = (),
    headers: Mapping[str, str] | None = None,
) -> list[Any]:
    """Return what the handler of `event` of the view with this id sets last; AssertionError holds its refusal's text."""
    with httpx.Client(base_url=f"{url}/{ui}", headers=headers, timeout=30, trust_env=False) as client:
        number, target = _handler(client.get("/").text, view, event)
        session = uuid4().hex
        sent = {
            "data": [*data],
            "event_data": told,
            "fn_index": number,
            "trigger_id": target,
            "session_hash": session,
        }
        joined = client.post(
            "/gradio_api/queue/join", content=json.dumps(sent), headers={"content-type": "application/json"}
        )
        assert joined.status_code == 200, joined.text
        with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
            for line in stream.iter_lines():
                said = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                if said.get("msg") == "process_completed":
                    assert said["success"], said["output"].get("error")
                    return list(said["output"]["data"])
    raise AssertionError("the server closed before it answered")


def _handler(html: str, view: str, event: str) -> tuple[int, int]:
    found = re.search(r"window\.gradio_config = (\{.*?\});\s*</script>", html, re.DOTALL)
    assert found
    config = json.loads(found[1])
    (target,) = [each["id"] for each in config["components"] if each["props"].get("elem_id") == view]
    (number,) = [each["id"] for each in config["dependencies"] if [target, event] in each["targets"]]
    return number, target
