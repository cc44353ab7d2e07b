"""The chat under calls that nobody waits for, or that only do harm: it stays small, and goes on for everybody else."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import threading
from collections.abc import Coroutine, Iterator
from pathlib import Path

import gradio as gr
import httpx
import pytest
from gradio.routes import App
from served import Served, serving

from app.chat import sessions
from app.chat.sessions import Sessions

_HEADERS = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def attacked(memory: Path, news_home: Path) -> Iterator[Served]:
    """The articles of made_news.py behind the whole server."""
    with serving(shutil.copytree(news_home, memory / "attacked")) as running:
        yield running


def _export(client: httpx.Client) -> int:
    """Return the number of a handler that is quick: of the button that saves the conversation."""
    found = re.search(r"window\.gradio_config = (\{.*?\});\s*</script>", client.get("/en/").text, re.DOTALL)
    assert found
    config = json.loads(found[1])
    (target,) = [each["id"] for each in config["components"] if each["props"].get("elem_id") == "toolbar"]
    return next(each["id"] for each in config["dependencies"] if [target, "download"] in each["targets"])


def _join(client: httpx.Client, handler: int, session: object) -> httpx.Response:
    sent = {"data": [[]], "fn_index": handler, "session_hash": session}
    return client.post("/en/gradio_api/queue/join", content=json.dumps(sent), headers=_HEADERS)


def _told(client: httpx.Client, session: str) -> str:
    return client.get("/en/gradio_api/queue/data", params={"session_hash": session}).text


def test_thousands_of_calls_that_nobody_waits_for_do_not_end_the_chat(attacked: Served) -> None:
    handler, codes = _export(attacked.client), set[int]()

    def flood(name: int) -> None:
        with httpx.Client(base_url=attacked.url, timeout=60, trust_env=False) as client:
            codes.update(_join(client, handler, f"flood-{name}-{at}").status_code for at in range(300))

    threads = [threading.Thread(target=flood, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes <= {200, 503}
    assert _join(attacked.client, handler, "afterwards").status_code == 200
    assert '"process_completed"' in _told(attacked.client, "afterwards")


def test_what_nobody_listens_to_is_forgotten_first() -> None:
    page, known = _page()
    for number in range(sessions._MOST_UNHEARD + 50):
        _run(known.joins(f"s{number}"))
        page._queue.pending_event_ids_session[f"s{number}"] = {"event"}
    assert len(known._unheard) == sessions._MOST_UNHEARD
    assert "s49" not in page._queue.pending_event_ids_session
    assert "s50" in page._queue.pending_event_ids_session


def test_one_page_has_only_so_many_calls_open(attacked: Served) -> None:
    handler = _export(attacked.client)
    codes = [_join(attacked.client, handler, "greedy").status_code for _ in range(sessions._MOST_OF_ONE + 2)]
    assert codes == [200] * sessions._MOST_OF_ONE + [503] * 2
    assert _join(attacked.client, handler, "modest").status_code == 200


def test_page_that_has_heard_all_may_listen_once_more_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    page, known = _page()

    async def listens(name: str) -> None:
        page._queue.pending_event_ids_session[name] = set()
        page._queue.pending_messages_per_session[name] = object()  # type: ignore[assignment]
        async with known.listens(name):
            assert known._listening[name] == 1

    _run(listens("page"))
    assert not known._unheard and not known._listening
    assert "page" in page._queue.pending_messages_per_session
    monkeypatch.setattr(sessions, "_PATIENCE", 0.0)
    _run(known.joins("another"))
    assert "page" not in page._queue.pending_event_ids_session
    assert "page" not in page._queue.pending_messages_per_session


def test_no_more_than_so_many_pages_that_have_heard_all_are_kept() -> None:
    page, known = _page()

    async def listens(name: str) -> None:
        page._queue.pending_messages_per_session[name] = object()  # type: ignore[assignment]
        async with known.listens(name):
            pass

    for number in range(sessions._MOST_HEARD + 1):
        _run(listens(f"s{number}"))
    assert len(known._heard) == sessions._MOST_HEARD == len(page._queue.pending_messages_per_session)
    assert "s0" not in page._queue.pending_messages_per_session


def test_stream_of_a_page_that_has_heard_all_goes_on_to_its_next_call(attacked: Served) -> None:
    handler, heard = _export(attacked.client), []
    assert _join(attacked.client, handler, "again").status_code == 200
    assert '"close_stream"' in _told(attacked.client, "again")
    with attacked.client.stream(
        "GET", "/en/gradio_api/queue/data", params={"session_hash": "again"}
    ) as stream:
        assert _join(attacked.client, handler, "again").status_code == 200
        heard += [json.loads(line[5:])["msg"] for line in stream.iter_lines() if line]
    assert heard[-2:] == ["process_completed", "close_stream"]


def test_page_that_leaves_is_forgotten() -> None:
    page, known = _page()

    async def left() -> None:
        page._queue.pending_event_ids_session["page"] = set()
        async with known.listens("page"):
            pass  # Gradio drops what was to be told

    _run(left())
    assert not known._unheard and not known._heard and not known._listening
    assert "page" not in page._queue.pending_event_ids_session


def test_page_that_is_cut_off_may_come_back_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    page, known = _page()

    async def cut_off() -> None:
        page._queue.pending_event_ids_session["page"] = {"event"}
        async with known.listens("page"):
            pass
        await known.joins("another")

    _run(cut_off())
    assert "page" in page._queue.pending_event_ids_session
    monkeypatch.setattr(sessions, "_PATIENCE", 0.0)
    _run(known.joins("third"))
    assert "page" not in page._queue.pending_event_ids_session


def test_nothing_of_a_page_is_held(attacked: Served) -> None:
    page, _ = _page()
    page.app.state_holder["one"]
    assert not page.app.state_holder.session_data and page.state_holder is page.app.state_holder


@pytest.mark.parametrize("session", ["", "x" * 65, "a/b", "ก", "\x00", 5, None, ["x"], {"a": 1}])
def test_session_without_a_plain_name_is_refused(attacked: Served, session: object) -> None:
    assert _join(attacked.client, _export(attacked.client), session).status_code == 400


@pytest.mark.parametrize("depth", [300, 900, 940, 950, 960, 970, 980, 990, 1000, 5000])
def test_nested_calls_are_no_failure_of_the_server(attacked: Served, depth: int) -> None:
    nested = f'{{"data": [{"[" * depth}{"]" * depth}], "fn_index": 0, "session_hash": "nested"}}'
    response = attacked.client.post("/en/gradio_api/queue/join", content=nested, headers=_HEADERS)
    assert response.status_code in (200, 400)


def test_stream_of_an_unknown_session_ends_with_a_word_on_it(
    attacked: Served, caplog: pytest.LogCaptureFixture
) -> None:
    assert '"session_not_found":true' in _told(attacked.client, "nobody")
    assert [record for record in caplog.records if record.exc_info] == []


def _page() -> tuple[gr.Blocks, Sessions]:
    with gr.Blocks(analytics_enabled=False) as page:
        gr.HTML("")
    page.queue()
    return page, Sessions(page, App.create_app(page))


def _run(coroutine: Coroutine[None, None, None]) -> None:
    asyncio.run(coroutine)
