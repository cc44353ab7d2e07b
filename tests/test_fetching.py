"""Fetching from real servers on this machine: what it returns, and what it refuses."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from corpus.connecting import is_public
from corpus.fetching import FetchLimits, fetch

LOCAL = FetchLimits(allow_private=True, seconds=5)
PAGE = "<html><body><p>ข่าวเช้านี้</p></body></html>".encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # a client that has had enough
            getattr(self, "get_" + self.path.strip("/").split("?")[0], self.get_missing)()

    def get_page(self) -> None:
        self._send(200, PAGE, Content_Type="Text/HTML; charset=TIS-620")

    def get_missing(self) -> None:
        self._send(404, b"no such page")

    def get_gzip(self) -> None:
        self._send(200, gzip.compress(PAGE), Content_Encoding="gzip")

    def get_deflate(self) -> None:
        self._send(200, zlib.compress(PAGE), Content_Encoding="deflate")

    def get_rawdeflate(self) -> None:
        self._send(200, zlib.compress(PAGE)[2:-4], Content_Encoding="deflate")

    def get_halfgzip(self) -> None:
        self._send(200, gzip.compress(PAGE)[:-12], Content_Encoding="gzip")

    def get_brotli(self) -> None:
        self._send(200, b"\x0b", Content_Encoding="br")

    def get_bomb(self) -> None:
        self._send(200, gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")

    def get_large(self) -> None:
        self._send(200, bytes(200_000))

    def get_endless(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while True:
            self.wfile.write(b"1000\r\n" + b"a" * 4096 + b"\r\n")

    def get_drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b"a")
            time.sleep(0.05)

    def get_dripheader(self) -> None:
        for _ in range(100):
            self.wfile.write(b"H")
            time.sleep(0.05)

    def get_loop(self) -> None:
        self._send(302, b"", Location="/loop")

    def get_moved(self) -> None:
        self._send(301, b"", Location="page?utm_source=x")

    def get_tofile(self) -> None:
        self._send(302, b"", Location="file:///etc/hostname")

    def get_cut(self) -> None:
        self._send(200, PAGE, Content_Length="500")
        self.close_connection = True


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_page_comes_with_type_and_charset(site: str) -> None:
    found = fetch(f"{site}/page", limits=LOCAL)
    assert (found.url, found.content_type, found.charset) == (f"{site}/page", "text/html", "TIS-620")
    assert found.data == PAGE


@pytest.mark.parametrize("path", ["gzip", "deflate", "rawdeflate"])
def test_compressed_page_comes_unpacked(site: str, path: str) -> None:
    assert fetch(f"{site}/{path}", limits=LOCAL).data == PAGE


def test_redirect_is_followed_and_final_address_told(site: str) -> None:
    assert fetch(f"{site}/moved", limits=LOCAL).url == f"{site}/page?utm_source=x"


@pytest.mark.parametrize(
    ("path", "kind", "reason"),
    [
        ("missing", ConnectionError, "the server answered 404"),
        ("loop", ConnectionError, "more than 5 redirects"),
        ("tofile", ValueError, "not an http or https address: 'file:/etc/hostname'"),
        ("brotli", ValueError, "unasked content encoding 'br'"),
        ("halfgzip", ValueError, "gzip data that ends early"),
    ],
)
def test_unusable_answer_is_told_in_one_line(
    site: str, path: str, kind: type[Exception], reason: str
) -> None:
    with pytest.raises(kind) as caught:
        fetch(f"{site}/{path}", limits=LOCAL)
    assert str(caught.value) == f"{site}/{path}: {reason}"


def test_answer_cut_off_is_no_answer(site: str) -> None:
    with pytest.raises((ConnectionError, TimeoutError), match="/cut: "):
        fetch(f"{site}/cut", limits=FetchLimits(allow_private=True, seconds=1))


@pytest.mark.parametrize("path", ["large", "endless", "bomb"])
def test_large_answer_stops_at_limit(site: str, path: str) -> None:
    with pytest.raises(ValueError, match=f"/{path}: larger than 100,000 bytes"):
        fetch(f"{site}/{path}", limits=FetchLimits(max_bytes=100_000, allow_private=True, seconds=5))


@pytest.mark.parametrize("path", ["drip", "dripheader"])
def test_dripping_server_meets_wall_limit(site: str, path: str) -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError, match=f"/{path}: no whole answer within 0.3 seconds"):
        fetch(f"{site}/{path}", limits=FetchLimits(seconds=0.3, allow_private=True))
    assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "127.1", "2130706433", "0.0.0.0"]
)
def test_private_host_is_refused_however_written(site: str, host: str) -> None:
    port = site.rpartition(":")[2]
    with pytest.raises(ValueError, match="not on the public internet"):
        fetch(f"http://{host}:{port}/page", limits=FetchLimits(seconds=5))


def test_redirect_to_private_host_is_refused(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # A name that the world resolves to a public address cannot be had here: this one machine plays both.
    checked: list[str] = []

    def first_is_public(address: str) -> bool:
        checked.append(address)
        return len(checked) == 1

    monkeypatch.setattr("corpus.connecting.is_public", first_is_public)
    with pytest.raises(ValueError, match="/moved: 127.0.0.1 is not on the public internet"):
        fetch(f"{site}/moved", limits=FetchLimits(seconds=5))
    assert checked == ["127.0.0.1", "127.0.0.1"]


def test_name_is_resolved_once_a_connection(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    system, asked = socket.getaddrinfo, []

    def rebinding(host: str, *rest: Any, **named: Any) -> Any:
        asked.append(host)
        address = "127.0.0.1" if asked.count(host) == 1 or host != "rebinding.example" else "127.0.0.9"
        return system(address, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    port = int(site.rpartition(":")[2])
    assert fetch(f"http://rebinding.example:{port}/page", limits=LOCAL).data == PAGE
    assert asked.count("rebinding.example") == 1


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.com/x", "javascript:alert(1)", "", "http://", "news"]
)
def test_only_web_addresses_are_fetched(url: str) -> None:
    with pytest.raises(ValueError, match="not an http or https address|not a web address"):
        fetch(url, limits=LOCAL)


def test_closed_port_is_connection_error() -> None:
    with pytest.raises(ConnectionError, match="http://127.0.0.1:1/: "):
        fetch("http://127.0.0.1:1/", limits=LOCAL)


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "240.0.0.1",
     "0.0.0.0", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1",
     "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"],
)  # fmt: skip
def test_address_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_address_outside_is_public(address: str) -> None:
    assert is_public(address)
