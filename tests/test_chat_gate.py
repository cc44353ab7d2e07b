"""What a browser can reach of the chat's pages: what they need, in their language, under a policy that lets nothing else in."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from served import Served, serving

from app.chat.wording import say
from corpus.article import Language

_LANGUAGES: tuple[Language, ...] = ("th", "en")


@pytest.fixture(scope="module")
def served(memory: Path, news_home: Path) -> Iterator[Served]:
    """The articles of made_news.py behind the whole server; to be read only."""
    with serving(shutil.copytree(news_home, memory / "gated")) as running:
        yield running


@pytest.mark.parametrize(
    ("accepted", "cookie", "where"),
    [
        ("th-TH,th;q=0.9,en;q=0.5", None, "/th/"),
        ("en-GB,en", None, "/en/"),
        ("de", None, "/en/"),
        ("en", "th", "/th/"),
        ("th", "en", "/en/"),
        ("th", "../x", "/th/"),
    ],
)
def test_root_leads_to_the_language_last_chosen_else_the_browsers(
    served: Served, accepted: str, cookie: str | None, where: str
) -> None:
    headers = {"Accept-Language": accepted} | ({"Cookie": f"khao_ui={cookie}"} if cookie else {})
    response = httpx.get(f"{served.url}/?q=%E0%B8%9D%E0%B8%99&lang=th", headers=headers)
    assert response.status_code == 307
    assert response.headers["location"] == f"{where}?q=%E0%B8%9D%E0%B8%99&lang=th"


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_page_is_in_its_language_from_this_server_alone(served: Served, ui: Language) -> None:
    response = httpx.get(f"{served.url}/{ui}/")
    html = response.text
    assert response.status_code == 200
    assert response.headers["content-language"] == ui
    assert re.search("<html[^>]*", html)[0].split()[1] == f'lang="{ui}"'  # type: ignore[index]
    assert say(ui, "page.tagline") in html
    tags = re.findall(r"<(?:link|script|img|meta)[^>]*>", html)
    assert [tag for tag in tags if re.search(r"https?:", tag)] == []
    assert response.cookies["khao_ui"] == ui


def test_scripts_bear_a_nonce_that_is_never_used_twice(served: Served) -> None:
    nonces = set()
    for _ in range(2):
        response = httpx.get(f"{served.url}/en/")
        nonce = re.search(r"'nonce-([\w-]+)'", response.headers["content-security-policy"])
        assert nonce
        assert set(re.findall(r"<script( nonce=\"[^\"]*\")?", response.text)) == {f' nonce="{nonce[1]}"'}
        nonces.add(nonce[1])
    assert len(nonces) == 2
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/th/config"),
        ("GET", "/th/gradio_api/info"),
        ("GET", "/th/gradio_api/openapi.json"),
        ("GET", "/th/gradio_api/proxy=http://127.0.0.1:1/"),
        ("GET", "/th/gradio_api/file=/etc/passwd"),
        ("GET", "/th/file=/etc/passwd"),
        ("GET", "/th/gradio_api/runs"),
        ("GET", "/th/gradio_api/vibe-code/"),
        ("POST", "/th/gradio_api/vibe-edit/"),
        ("POST", "/th/gradio_api/run/ask"),
        ("POST", "/th/gradio_api/call/ask"),
        ("POST", "/th/gradio_api/component_server"),
        ("POST", "/th/gradio_api/process_recording"),
        ("POST", "/th/login"),
        ("GET", "/th/monitoring"),
        ("GET", "/th/manifest.json"),
        ("GET", "/th/robots.txt"),
        ("GET", "/th/nothing"),
        ("DELETE", "/th/"),
        ("PUT", "/th/gradio_api/upload"),
        ("GET", "/chat/../desk.py"),
        ("GET", "/chat/"),
        ("GET", "/th/assets/%2e%2e/%2e%2e/index.html"),
    ],
)
def test_what_the_page_has_no_use_for_is_not_there(served: Served, method: str, path: str) -> None:
    with httpx.Client() as client:
        request = client.build_request(method, served.url)
        request.url = request.url.copy_with(raw_path=path.encode())
        response = client.send(request)
    assert response.status_code in (404, 405), response.text
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_page_without_its_slash_leads_to_the_page(served: Served, ui: Language) -> None:
    response = httpx.get(f"{served.url}/{ui}?q=x")
    assert (response.status_code, response.headers["location"]) == (307, f"/{ui}/?q=x")


def test_query_of_the_page_reaches_no_file_of_gradios(served: Served) -> None:
    assert httpx.get(f"{served.url}/th/?deep_link=../../etc&view=api").status_code == 200


def test_style_sheets_and_scripts_of_the_page_are_there(served: Served) -> None:
    html = httpx.get(f"{served.url}/th/").text
    addresses = re.findall(r"(?:href|src)=\"\.\./(chat/[^\"]+)\"", html)
    assert len(addresses) >= 5
    for address in addresses:
        assert httpx.get(f"{served.url}/{address}").status_code == 200, address


def test_analytics_are_off(served: Served) -> None:
    html = httpx.get(f"{served.url}/th/").text
    assert '"analytics_enabled":false' in html
    assert '"connect_heartbeat":false' in html  # nothing of a reader is kept by the server


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"[]",
        b"{}",
        b'{"data": [], "fn_index": 99999, "session_hash": "x"}',
        b'{"data": [], "fn_index": -1, "session_hash": "x"}',
        b'{"data": [], "fn_index": "../x", "session_hash": "x"}',
        b'{"data": null, "fn_index": 0, "session_hash": ["x"]}',
        b'{"data": {"a": 1}, "fn_index": 0}',
    ],
)
def test_join_that_makes_no_sense_is_refused_and_leaves_nothing(served: Served, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    response = httpx.post(f"{served.url}/th/gradio_api/queue/join", content=body, headers=headers)
    assert 400 <= response.status_code < 500, response.text
    assert "Traceback" not in response.text


@pytest.mark.parametrize(
    "named", ["/etc/passwd", "/dev/zero", "../../etc/passwd", "http://127.0.0.1:1/", "https://a.example/x"]
)
@pytest.mark.parametrize("escaped", [False, True])
def test_call_that_names_a_file_is_refused_before_gradio_copies_it(
    served: Served, named: str, escaped: bool
) -> None:
    file = json.dumps({"path": named, "meta": {"_type": "gradio.FileData"}})
    if escaped:
        file = file.replace("meta", "m\\u0065ta").replace("File", "\\u0046ile")
    for data in (f"[{file}]", f'[[{{"deep": {file}}}]]'):
        for function in range(3):
            body = f'{{"data": {data}, "fn_index": {function}, "session_hash": "x"}}'
            headers = {"Content-Type": "application/json"}
            response = httpx.post(f"{served.url}/th/gradio_api/queue/join", content=body, headers=headers)
            assert response.status_code == 400
