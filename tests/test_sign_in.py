"""Signing in: over HTTP, and in a real browser that has nothing but the page; the chat is a small one that stands for it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from live_app import live

from app.api.bodies import BodyLimits
from app.api.guard import Guard
from app.api.problems import Problem, on_problem
from app.api.rates import Rates
from app.api.requests import Heads, Requests
from app.api.sign_in import sign_in_routes
from app.keys import ApiKey, add_key, list_keys, revoke_key
from app.ledger import Ledger
from rag.config import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

_HEADINGS = {"th": "เข้าสู่ระบบ · ข่าว", "en": "Sign in · Khao"}
_WRONG = {
    "th": "ไม่รู้จักคีย์ API นี้ หรือคีย์หมดอายุหรือถูกยกเลิกไปแล้ว",
    "en": "This API key is unknown, expired or revoked.",
}
_BLANK = {"th": "ยังไม่ได้ใส่คีย์ API", "en": "Enter an API key."}
_CHAT = """<!doctype html><title>chat</title><h1>chat {ui}</h1><form method="post" action="../sign-out?next=/{ui}/">
<button>out</button></form><script>
fetch("gradio_api/queue/join", {{method: "POST", body: "{{}}", headers: {{"Content-Type": "application/json"}}}})
  .then((response) => {{ document.querySelector("h1").textContent += " " + response.status + document.cookie }})
</script>"""
_POLICY = "default-src 'none'; script-src 'unsafe-inline'; connect-src 'self'; form-action 'self'"


class _Uncounted:
    """Stands where the metrics are."""

    def request(self, *_: Any) -> None:
        """Count nothing."""


@dataclass(frozen=True)
class _Site:
    """A served chat that asks for keys, and what it keeps them in."""

    url: str
    ledger: Ledger
    key: ApiKey
    secret: str
    client: httpx.Client

    def sign_in(self, secret: str | None = None, next: str = "/", **headers: str) -> httpx.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        form = {"key": self.secret if secret is None else secret, "next": next}
        return self.client.post("/sign-in", data=form, headers=sent)


def _chat(ui: str) -> FastAPI:
    chat = FastAPI()

    @chat.get("/")
    async def page() -> HTMLResponse:
        return HTMLResponse(_CHAT.format(ui=ui), headers={"Content-Security-Policy": _POLICY})

    @chat.post("/gradio_api/queue/join")
    async def join(request: Request) -> str:
        return request.state.key.name if request.state.key else "nobody"

    return chat


def _app(ledger: Ledger, settings: Settings, failures: Rates | None = None) -> FastAPI:
    """As application.py puts it together."""
    app, failures = FastAPI(redirect_slashes=False), failures or Rates(1_000_000)
    app.include_router(sign_in_routes(ledger, settings, failures))
    app.add_route("/", lambda request: RedirectResponse("./th/"))
    app.add_route("/v1/articles", lambda request: HTMLResponse("news"))
    for ui in ("th", "en"):
        app.mount(f"/{ui}", _chat(ui))
    app.add_exception_handler(Problem, on_problem)
    app.add_middleware(Heads)
    app.add_middleware(Guard, ledger=ledger, settings=settings, failures=failures)
    app.add_middleware(BodyLimits, settings=settings)
    app.add_middleware(Requests, telemetry=_Uncounted())
    return app


@pytest.fixture(scope="module")
def ledger(memory: Path) -> Iterator[Ledger]:
    with Ledger.open(memory / "signed-in") as opened:
        yield opened


@pytest.fixture(scope="module")
def site(ledger: Ledger) -> Iterator[_Site]:
    key, secret = add_key(ledger, "reader", ["read"])
    chosen = Settings(Path("/nowhere"), require_keys=True, rate_limit=1_000_000, allowed_hosts="news.example")
    with live(_app(ledger, chosen)) as port:
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=url, trust_env=False) as client:
            yield _Site(url, ledger, key, secret, client)


@pytest.fixture(autouse=True)
def nobody_signed_in(site: _Site) -> None:
    site.client.cookies.clear()


def _cookie(response: httpx.Response) -> dict[str, str]:
    """The attributes of the cookie that a response sets, its value among them."""
    ((_, morsel),) = SimpleCookie(response.headers["set-cookie"]).items()
    return {"value": morsel.value, **{name: str(value) for name, value in morsel.items() if value}}


# Over HTTP


@pytest.mark.parametrize(("language", "next"), [("th", "/th/"), ("en", "/en/"), ("th", "/th/?q=%E0%B8%81")])
def test_page_without_a_key_leads_to_sign_in_and_back(site: _Site, language: str, next: str) -> None:
    led = site.client.get(next, headers={"Accept": "text/html,*/*"})
    assert (led.status_code, led.headers["cache-control"]) == (303, "no-store")
    page = site.client.get(led.next_request.url if led.next_request else "")
    assert (page.status_code, page.headers["content-language"]) == (200, language)
    assert f"<h1>{_HEADINGS[language]}</h1>" in page.text
    kept = re.search(r'name="next" value="([^"]*)"', page.text)
    signed = site.sign_in(next=kept[1] if kept else "")
    assert (signed.status_code, signed.headers["location"]) == (303, f".{next}")
    shown = site.client.get(next)
    assert (shown.status_code, f"chat {language}" in shown.text) == (200, True)
    assert site.client.post(f"/{language}/gradio_api/queue/join").json() == "reader"


def test_cookie_is_kept_from_scripts_and_other_sites(site: _Site) -> None:
    told = _cookie(site.sign_in())
    assert told == {
        "value": site.secret,
        "path": "/",
        "max-age": "2592000",
        "httponly": "True",
        "samesite": "strict",
    }


@pytest.mark.parametrize(("proto", "secure"), [("https", True), ("HTTPS, http", True), ("http", False)])
def test_cookie_stays_with_https_where_that_is_spoken(site: _Site, proto: str, secure: bool) -> None:
    assert ("secure" in _cookie(site.sign_in(x_forwarded_proto=proto))) is secure


def test_cookie_is_kept_no_longer_than_the_key_is_good_for(site: _Site) -> None:
    secret = add_key(site.ledger, "week", ["read"], datetime.now(UTC) + timedelta(days=7))[1]
    assert 604_700 < int(_cookie(site.sign_in(secret))["max-age"]) <= 604_800


def test_cookie_and_links_keep_to_the_prefix_of_a_proxy(ledger: Ledger, site: _Site) -> None:
    app = _app(ledger, Settings(Path("/nowhere"), require_keys=True))

    async def under_khao(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "root_path": "/khao"}, receive, send)

    with live(under_khao, lifespan="off") as port, httpx.Client(trust_env=False) as client:
        url = f"http://127.0.0.1:{port}/khao"
        led = client.get(f"{url}/th/", headers={"Accept": "text/html"})
        assert led.next_request and str(led.next_request.url) == f"{url}/sign-in?next=%2Fth%2F"
        signed = client.post(f"{url}/sign-in", data={"key": site.secret, "next": "/th/"})
        assert signed.next_request and str(signed.next_request.url) == f"{url}/th/"
        assert _cookie(signed)["path"] == "/khao"
        assert client.get(f"{url}/th/").status_code == 200


def test_pasted_key_may_have_spaces_around_it(site: _Site) -> None:
    assert _cookie(site.sign_in(f" {site.secret}\n"))["value"] == site.secret


@pytest.mark.parametrize(
    "next",
    [
        *["//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example"],
        *[
            "javascript:alert(1)",
            "th/",
            " /th/",
            "/th/ x",
            "/th/\\x",
            "/th/\n",
            "/thx",
            "/th\t/",
            "/v1/articles",
        ],
        *[
            "/sign-out",
            "/docs",
            "/th//evil.example\r\nX: y",
            "/ข่าว",
            "/th/ก",
            "",
            "@evil.example",
            "/.evil.example",
        ],
        *["/th/../other", "/en/..", "/th/%2e%2e/other", "/th/.%2E/other", "/th/a/%2e%2e/%2e%2e/other?q=x"],
    ],
)
def test_signing_in_leads_nowhere_but_to_the_chat(site: _Site, next: str) -> None:
    assert site.sign_in(next=next).headers["location"] == "./"
    page = site.client.get("/sign-in", params={"next": next})
    assert page.headers["location"] == "./"
    site.client.cookies.clear()
    assert 'name="next" value="/"' in site.client.get("/sign-in", params={"next": next}).text


def test_address_to_come_back_to_stays_text(site: _Site) -> None:
    page = site.client.get("/sign-in", params={"next": '/th/?q="><script>x</script>'}).text
    assert "<script>" not in page
    assert 'value="/th/?q=&quot;&gt;&lt;script&gt;x&lt;/script&gt;"' in page


@pytest.mark.parametrize("language", ["th", "en"])
def test_what_is_wrong_is_told_and_nothing_is_kept(site: _Site, language: str) -> None:
    for secret, status, told in [("khao_wrong", 401, _WRONG), ("  ", 422, _BLANK)]:
        refused = site.sign_in(secret, next=f"/{language}/", accept_language="de")
        assert (refused.status_code, refused.headers["cache-control"]) == (status, "no-store")
        assert f'<p class="wrong" id="wrong" role="alert">{told[language]}</p>' in refused.text
        assert 'aria-invalid="true" aria-describedby="wrong hint"' in refused.text
        assert f'name="next" value="/{language}/"' in refused.text
        assert "set-cookie" not in refused.headers
        assert "khao_wrong" not in refused.text


def test_language_is_the_browsers_where_no_page_says_it(site: _Site) -> None:
    for accepted, language in [("th-TH,th;q=0.9,en;q=0.8", "th"), ("en-GB", "en"), ("", "en")]:
        page = site.client.get("/sign-in", headers={"Accept-Language": accepted})
        assert f'<html lang="{language}">' in page.text
        assert page.headers["vary"] == "Accept-Language"


@pytest.mark.parametrize("ended", ["revoked", "expired"])
def test_key_that_has_ended_is_asked_for_again(site: _Site, ended: str) -> None:
    expires = datetime.now(UTC) + timedelta(seconds=60) if ended == "expired" else None
    key, secret = add_key(site.ledger, f"to be {ended}", ["read"], expires)
    site.sign_in(secret)
    assert site.client.get("/th/").status_code == 200
    if ended == "revoked":
        revoke_key(site.ledger, key.id)
    else:
        with site.ledger.writing() as connection:
            connection.execute("UPDATE keys SET expires = '2020-01-01T00:00:00.000Z' WHERE id = ?", (key.id,))
    assert site.client.get("/th/", headers={"Accept": "text/html"}).status_code == 303
    assert site.client.post("/th/gradio_api/queue/join").status_code == 401
    assert site.client.get("/sign-in").status_code == 200


def test_who_tries_too_many_keys_waits_and_whoever_has_one_does_not(ledger: Ledger, site: _Site) -> None:
    chosen = Settings(Path("/nowhere"), require_keys=True)
    with live(_app(ledger, chosen, Rates(2))) as port, httpx.Client(trust_env=False) as client:
        url = f"http://127.0.0.1:{port}"

        def status(secret: str, next: str = "/en/") -> httpx.Response:
            return client.post(f"{url}/sign-in", data={"key": secret, "next": next})

        assert client.get(f"{url}/v1/articles").status_code == 401, "counted by the guard"
        assert [status("khao_a").status_code, status("khao_b").status_code] == [401, 429]
        refused = status("khao_c", "/th/")
        assert re.search("ส่งคำขอโดยไม่มีคีย์ API ที่ใช้ได้บ่อยเกินไป ลองใหม่ในอีก [0-9]+ วินาที</p>", refused.text)
        assert 58 <= int(refused.headers["retry-after"]) <= 60
        assert client.get(f"{url}/v1/articles").status_code == 429
        assert client.get(f"{url}/th/", headers={"Accept": "text/html"}).status_code == 303, "may sign in"
        assert status(site.secret).status_code == 303


def test_page_lets_nothing_in_but_its_own_style(site: _Site) -> None:
    told = site.client.get("/sign-in").headers
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; img-src data:; form-action 'self'; "
        r"base-uri 'none'; frame-ancestors 'none'",
        told["content-security-policy"],
    )
    assert (told["x-frame-options"], told["cache-control"]) == ("DENY", "no-store")
    # With no-referrer a browser would not say in Origin that a form is of our own page.
    assert told["referrer-policy"] == "same-origin"


def test_strangers_page_signs_nobody_in_or_out(site: _Site) -> None:
    assert site.sign_in(origin="https://evil.example").status_code == 403
    assert site.client.post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert "khao_key" not in site.client.cookies


def test_signing_out_takes_the_key_away(site: _Site) -> None:
    site.sign_in()
    left = site.client.post("/sign-out", params={"next": "/en/"})
    assert (left.status_code, left.headers["location"]) == (303, "sign-in?next=%2Fen%2F")
    assert "khao_key" not in site.client.cookies
    assert site.client.post("/en/gradio_api/queue/join").status_code == 401


@pytest.mark.parametrize("proxied", [False, True])
def test_where_no_key_is_needed_none_is_asked_for(ledger: Ledger, proxied: bool) -> None:
    headers = {"X-Forwarded-For": "203.0.113.9"} if proxied else {}
    with live(_app(ledger, Settings(Path("/nowhere")))) as port:
        response = httpx.get(f"http://127.0.0.1:{port}/sign-in?next=/en/", headers=headers, trust_env=False)
    assert (response.status_code, response.headers.get("location")) == (
        (200, None) if proxied else (303, "./en/")
    )


def test_form_may_not_be_large_or_of_many_fields(site: _Site) -> None:
    assert site.sign_in("x" * 2**14).status_code == 413
    assert site.client.post("/sign-in", content="a=1&" * 30).status_code == 400
    for body in (b"\xff\x00%ff=%ff", b"", b"key", b'{"key": "x"}'):
        assert site.client.post("/sign-in", content=body).status_code == 422


def test_what_is_looked_up_is_noted_as_a_use_of_the_key(site: _Site) -> None:
    key, secret = add_key(site.ledger, "used", ["read"])
    site.sign_in(secret)
    assert [each.last_used is not None for each in list_keys(site.ledger) if each.id == key.id] == [True]


# In a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, which these tests cannot do without; it takes news.example for this machine."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.fail("no chromium here to sign in with: apt-get install chromium fonts-thai-tlwg")
    with sync_playwright() as playwright:
        arguments = ["--host-resolver-rules=MAP news.example 127.0.0.1"]
        arguments += ["--no-sandbox"] if os.geteuid() == 0 else []
        opened = playwright.chromium.launch(executable_path=program, args=arguments)
        yield opened
        opened.close()


@pytest.fixture
def person(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of one person, who has not been here before."""
    with browser.new_context(locale="th-TH", viewport={"width": 360, "height": 740}) as context:
        yield context


def _asked_to_sign_in(page: Page, language: str) -> None:
    page.get_by_role("heading", level=1, name=_HEADINGS[language], exact=True).wait_for()


def _sign_in(page: Page, secret: str) -> None:
    page.locator("#key:focus").wait_for()
    page.keyboard.type(secret)
    page.keyboard.press("Enter")


# Browsers say where a request is from only to https and this machine; elsewhere they say it in Origin alone.
@pytest.mark.parametrize("name", ["127.0.0.1", "news.example"])
@pytest.mark.parametrize("language", ["th", "en"])
def test_person_signs_in_asks_and_signs_out(
    site: _Site, person: BrowserContext, language: str, name: str
) -> None:
    page, url = person.new_page(), site.url.replace("127.0.0.1", name)
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.goto(f"{url}/{language}/?q=1")
    _asked_to_sign_in(page, language)
    _sign_in(page, "khao_wrong")
    page.get_by_role("alert").filter(has_text=_WRONG[language]).wait_for()
    assert (
        page.get_by_role("textbox").evaluate("field => field === document.activeElement && field.value") == ""
    )
    _sign_in(page, site.secret)
    # Its script has asked with the cookie, and seen none.
    page.get_by_role("heading", name=f"chat {language} 200", exact=True).wait_for()
    assert page.url == f"{url}/{language}/?q=1"
    page.get_by_role("button", name="out").click()
    _asked_to_sign_in(page, language)
    page.goto(f"{url}/{language}/")
    _asked_to_sign_in(page, language)
    assert hosts - {""} == {urlsplit(url).netloc}


def test_other_language_is_one_link_away_and_leads_back_to_its_own_page(
    site: _Site, person: BrowserContext
) -> None:
    page = person.new_page()
    page.goto(f"{site.url}/th/?q=%E0%B8%81")
    _asked_to_sign_in(page, "th")
    page.get_by_role("link", name="English").click()
    _asked_to_sign_in(page, "en")
    page.get_by_role("link", name="ภาษาไทย").click()
    _asked_to_sign_in(page, "th")
    page.get_by_role("link", name="English").click()
    _asked_to_sign_in(page, "en")
    _sign_in(page, site.secret)
    page.get_by_role("heading", name="chat en 200").wait_for()
    assert page.url == f"{site.url}/en/?q=%E0%B8%81"


@pytest.mark.parametrize("signed_in", [True, False])
def test_link_of_another_site_opens_the_chat_for_whoever_is_signed_in(
    site: _Site, person: BrowserContext, signed_in: bool
) -> None:
    page, visits = person.new_page(), list[str]()
    if signed_in:
        page.goto(f"{site.url}/sign-in")
        _sign_in(page, site.secret)
        page.get_by_role("heading", name="chat th 200").wait_for()
    page.route("http://other.example/", lambda route: route.fulfill(
        body=f'<a href="{site.url}/en/?q=1">news</a>', content_type="text/html"
    ))  # fmt: skip
    page.goto("http://other.example/")
    page.on("request", lambda request: visits.append(urlsplit(request.url).path))
    page.get_by_role("link", name="news").click()
    if signed_in:
        page.get_by_role("heading", name="chat en 200").wait_for()
    else:
        page.wait_for_url("**/sign-in?again=*")
        _asked_to_sign_in(page, "en")
        page.wait_for_load_state("networkidle")
    assert [visit for visit in visits if visit == "/sign-in"] == ["/sign-in"] * 2, (
        "asked from there, then from here"
    )
    if not signed_in:
        _sign_in(page, site.secret)
        page.get_by_role("heading", name="chat en 200").wait_for()
    assert page.url == f"{site.url}/en/?q=1"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["th", "en"])
def test_page_is_for_everybody(site: _Site, person: BrowserContext, language: str, scheme: Any) -> None:
    page, complaints = person.new_page(), list[str]()
    page.on("console", lambda message: complaints.append(message.text))
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{site.url}/sign-in?{urlencode({'next': f'/{language}/'})}")
    for wrong in (False, True):
        if wrong:
            _sign_in(page, "khao_wrong")
            page.get_by_role("alert").wait_for()
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        field = page.get_by_label({"th": "คีย์ API", "en": "API key"}[language])
        assert (field.get_attribute("type"), field.get_attribute("autocomplete")) == (
            "password",
            "current-password",
        )
        assert field.evaluate("element => element === document.activeElement")
    assert [line for line in complaints if "401" not in line] == []
