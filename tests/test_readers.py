"""Every way in: files, folders, globs, feeds, pages, addresses and standard input, good and bad."""

from __future__ import annotations

import gzip
import io
import json
import threading
from collections.abc import Iterator
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from corpus.fetching import FetchLimits
from corpus.readers import Read, read_sources, read_upload

PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>ราคาข้าวพุ่ง | ข่าวทุ่งนา</title>
<meta property="og:title" content="ราคาข้าวหอมมะลิสูงสุดในรอบสิบปี">
<meta property="article:published_time" content="2024-03-05T08:00:00+07:00">
<link rel="canonical" href="https://www.example.com/news/1?utm_source=x"></head>
<body><nav><a href="/">หน้าแรก</a> <a href="/p">การเมือง</a></nav><article><h1>ราคาข้าวหอมมะลิสูงสุดในรอบสิบปี</h1>
<p>ราคาข้าวหอมมะลิในตลาดท้องถิ่นปรับขึ้นต่อเนื่องเป็นสัปดาห์ที่สี่ ชาวนาร้อยเอ็ดระบุว่าเป็นราคาที่ดีที่สุดในรอบสิบปี</p>
<table><tr><th>ชนิด</th><th>บาทต่อตัน</th></tr><tr><td>หอมมะลิ</td><td>15,200</td></tr></table>
<p>นายกสมาคมโรงสีข้าวกล่าวว่า ความต้องการจากต่างประเทศเพิ่มขึ้น <a href="/y">หลังอินเดียจำกัดการส่งออก</a></p>
<script>var x = "<p>hack</p>"</script></article><section class="comments"><p>ความเห็นที่ 1: ดีใจด้วย</p></section>
<footer>© 2024 ข่าวทุ่งนา สงวนลิขสิทธิ์</footer></body></html>"""
PAGE_BODY = (
    "ราคาข้าวหอมมะลิในตลาดท้องถิ่นปรับขึ้นต่อเนื่องเป็นสัปดาห์ที่สี่ ชาวนาร้อยเอ็ดระบุว่าเป็นราคาที่ดีที่สุดในรอบสิบปี\n"
    "ชนิด | บาทต่อตัน\nหอมมะลิ | 15,200\n"
    "นายกสมาคมโรงสีข้าวกล่าวว่า ความต้องการจากต่างประเทศเพิ่มขึ้น หลังอินเดียจำกัดการส่งออก"
)
RSS = """<?xml version="1.0" encoding="{charset}"?><!-- made --><rss version="2.0"
xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>ข่าว</title><link>https://www.example.com/</link>
<item><title>ฝนตก &amp; ลมแรง</title><link>https://www.example.com/1?utm_medium=rss</link><description>สรุป</description>
<content:encoded><![CDATA[<p>ฝนตกหนักทั้งวัน</p><p>ลมแรง</p>]]></content:encoded>
<pubDate>Mon, 11 Sep 2023 08:00:00 +0700</pubDate></item>
<item><title>ว่าง</title><link>/2</link></item>
<item><title>น้ำลด</title><link>/3</link><description>ระดับน้ำลดลงแล้ว</description>
<pubDate>11 ก.ย. 2566</pubDate></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry><title>Rain</title>
<link href="https://a.example/rain"/><updated>2023-09-11T01:00:00Z</updated>
<content type="html">&lt;p&gt;Rain fell all day.&lt;/p&gt;</content></entry></feed>"""


def _write(path: Path, content: str | bytes) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def _bodies(reads: Iterator[Read]) -> list[str | None]:
    return [read.article.body if read.article else read.problem for read in reads]


def _problem(read: Read) -> str:
    assert read.article is None and read.problem is not None
    assert "\n" not in read.problem and read.problem.startswith(read.origin)
    return read.problem.removeprefix(read.origin)


def test_jsonl_is_read_line_by_line_past_bad_ones(tmp_path: Path) -> None:
    lines = [
        '{"body": "ฝนตก"}',
        "",
        "{oops",
        "[1, 2]",
        '{"body": ""}',
        "[" * 100_000,
        '{"text": "Sun.", "headline": "H"}',
    ]
    path = _write(tmp_path / "news.jsonl", "\n".join(lines))
    reads = list(read_sources([path]))
    assert [read.origin for read in reads] == [f"{path}:{number}" for number in (1, 3, 4, 5, 6, 7)]
    assert reads[0].article and reads[0].article.body == "ฝนตก"
    assert _problem(reads[1]).startswith(": not JSON: Expecting property name")
    assert _problem(reads[2]) == ": not a JSON object: [1, 2]"
    assert _problem(reads[3]).startswith(": body: empty")
    assert _problem(reads[4]) == ": not JSON: nested too deeply"
    assert reads[5].article and (reads[5].article.title, reads[5].article.body) == ("H", "Sun.")


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp874"])
def test_jsonl_and_csv_come_in_thai_encodings(tmp_path: Path, codec: str) -> None:
    text = "ฝนตกหนักทั่วกรุงเทพ น้ำท่วมขังหลายจุด"
    lines = _write(
        tmp_path / "a.jsonl", (json.dumps({"body": text}, ensure_ascii=False) + "\n").encode(codec) * 1
    )
    table = _write(tmp_path / "a.csv", f"หัวข้อ,เนื้อหา\nฝน,{text}\n".encode(codec))
    assert _bodies(read_sources([lines, table])) == [text, text]


def test_jsonl_is_streamed() -> None:
    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            line = b'{"body": "Rain."}\n'
            buffer[: len(line)] = line
            return len(line)

    reads = read_sources(["-"], stdin=io.BufferedReader(Endless()))
    assert [next(reads).origin for _ in range(3)] == ["stdin:1", "stdin:2", "stdin:3"]


def test_line_without_end_is_refused_and_the_next_read(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.jsonl", b'{"body": "' + b"x" * 20_000_001 + b'"}\n{"body": "Rain."}\n')
    reads = list(read_sources([path]))
    assert _problem(reads[0]) == ": a line of more than 20,000,000 bytes"
    assert reads[1].origin == f"{path}:2" and reads[1].article is not None


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        ('[{"body": "A."}, 5, {"body": "B."}]', ["A.", "a.json:2: not a JSON object: 5", "B."]),
        ('{"body": "A."}', ["A."]),
        ('{"status": "ok", "articles": [{"content": "A."}]}', ["A."]),
        ('{"body": "A."}\n{"body": "B."}', ["A.", "B."]),
        ("[]", ["a.json: empty"]),
        ("{", ["a.json: not JSON: Expecting property name enclosed in double quotes at character 2: '{'"]),
    ],
)
def test_json_file_holds_articles_in_any_wrapping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, bodies: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.json").write_text(text)
    assert _bodies(read_sources(["a.json"])) == bodies


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_table_columns_go_by_many_names(tmp_path: Path, delimiter: str) -> None:
    rows = [
        ["วันที่", "Headline", "เนื้อหา", "Link", "แหล่งข่าว"],
        ["11 ก.ย. 2566", "ฝน", '"ฝนตก\nหนัก"', "https://a.example/1", "ข่าว"],
    ]
    path = _write(tmp_path / "news.csv", "\n".join(delimiter.join(row) for row in rows))
    (read,) = read_sources([path])
    assert read.article and read.origin == f"{path}:3"
    assert (read.article.title, read.article.body, read.article.source) == ("ฝน", "ฝนตก\nหนัก", "ข่าว")
    assert (read.article.url, read.article.published) == ("https://a.example/1", date(2023, 9, 11))


def test_table_without_body_column_or_with_ragged_rows_is_told(tmp_path: Path) -> None:
    none = _write(tmp_path / "a.csv", "title,author\nA,B\n")
    ragged = _write(tmp_path / "b.csv", f"title,body\nA,B,C\nT,{'long ' * 40_000}\n,\n")
    reads = list(read_sources([none, ragged]))
    assert _problem(reads[0]) == ": no column for the body among: title, author"
    assert _problem(reads[1]) == ": 3 fields under 2 columns"
    assert reads[2].article and len(reads[2].article.body) == 199_999
    assert len(reads) == 3


@pytest.mark.parametrize("charset", ["utf-8", "tis-620", "windows-874"])
def test_page_gives_its_article_only(tmp_path: Path, charset: str) -> None:
    codec = {"windows-874": "cp874", "tis-620": "cp874"}.get(charset, charset)
    page = PAGE.format(charset=charset).replace("©", "(c)" if codec == "cp874" else "©")
    (read,) = read_sources([_write(tmp_path / "a.html", page.encode(codec))])
    assert read.article and read.article.body == PAGE_BODY
    assert read.article.title == "ราคาข้าวหอมมะลิสูงสุดในรอบสิบปี"
    assert read.article.url == "https://www.example.com/news/1"
    assert (read.article.source, read.article.published) == ("example.com", date(2024, 3, 5))


def test_broken_page_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    (read,) = read_sources(
        [_write(tmp_path / "a.htm", "<p>The canal market opened <b>today<p>It was full by noon.")]
    )
    assert read.article and read.article.body == "The canal market opened today\nIt was full by noon."


@pytest.mark.parametrize("charset", ["utf-8", "tis-620", "windows-874"])
def test_feed_gives_an_article_an_entry(tmp_path: Path, charset: str) -> None:
    data = RSS.format(charset=charset).encode("utf-8" if charset == "utf-8" else "cp874")
    path = _write(tmp_path / "feed.xml", data)
    first, empty, last = read_sources([path])
    assert first.article and first.origin == f"{path}:1"
    assert (first.article.title, first.article.body) == ("ฝนตก & ลมแรง", "ฝนตกหนักทั้งวัน\n\nลมแรง")
    assert (first.article.url, first.article.published) == ("https://www.example.com/1", date(2023, 9, 11))
    assert _problem(empty) == ": body: missing"
    assert last.article and last.article.url == "https://www.example.com/3"
    assert (last.article.body, last.article.published) == ("ระดับน้ำลดลงแล้ว", date(2023, 9, 11))


def test_atom_feed_is_told_by_its_content(tmp_path: Path) -> None:
    (read,) = read_sources([_write(tmp_path / "download", ATOM)])
    assert read.article and (read.article.title, read.article.body) == ("Rain", "Rain fell all day.")
    assert (read.article.url, read.article.published) == ("https://a.example/rain", date(2023, 9, 11))


def test_entity_bomb_in_a_feed_is_harmless(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "ha">{entities}]>'
    bomb = f"{head}<rss><channel><item><title>&e11;</title></item></channel></rss>"
    assert all(len(_problem(read)) < 500 for read in read_sources([_write(tmp_path / "a.xml", bomb)]))


def test_markdown_and_text_files_are_one_article_each(tmp_path: Path) -> None:
    markdown = _write(tmp_path / "a.md", "# ตลาดน้ำเปิดแล้ว\n\nคนแน่น [แผนที่](https://a.example)\n")
    text = _write(tmp_path / "a.txt", "ตลาดน้ำเปิดแล้ว\n\nคนแน่น\n".encode("tis-620"))
    reads = list(read_sources([markdown, text]))
    assert [read.article.title if read.article else None for read in reads] == ["ตลาดน้ำเปิดแล้ว"] * 2
    assert _bodies(iter(reads)) == ["ตลาดน้ำเปิดแล้ว\n\nคนแน่น แผนที่", "ตลาดน้ำเปิดแล้ว\n\nคนแน่น"]


def test_folder_is_read_in_order_without_hidden_and_foreign_files(tmp_path: Path) -> None:
    for name in ("b/two.txt", "a/one.txt", ".hidden.txt", ".git/three.txt", "photo.jpg", "four.TXT.gz"):
        content = gzip.compress(b"News of four.") if name.endswith("gz") else f"News of {name}."
        _write(tmp_path / name, content)
    assert _bodies(read_sources([str(tmp_path)])) == [
        "News of four.",
        "News of a/one.txt.",
        "News of b/two.txt.",
    ]


def test_glob_is_expanded(tmp_path: Path) -> None:
    for name in ("a.txt", "deep/b.txt", "c.jpg"):
        _write(tmp_path / name, f"News of {name}.")
    assert _bodies(read_sources([f"{tmp_path}/**/*"])) == ["News of a.txt.", "News of deep/b.txt."]
    assert _bodies(read_sources([f"{tmp_path}/*.jpg"])) == ["News of c.jpg."]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", ": empty"),
        ("a.txt", b" \n", ": empty"),
        ("a.jsonl", b"", ": empty"),
        ("a.jsonl", b"\n\n", ": empty"),
        ("a.csv", b"", ": empty"),
        ("a.csv", b"body\n", ": empty"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\x00", r": b'\x89PNG\r\n\x1a\n\x00'... is binary, not text"),
        ("a.jsonl", b"%PDF-1.7\n1\n2\n3\n", r": b'%PDF-1.7\n1\n2'... is binary, not text"),
        ("a.html", b"<html><body></body></html>", ": no article text found in the page"),
        ("a.xml", b"<note>x</note>", ": not a feed: no rss, feed or rdf:RDF element"),
        ("a.rss", b"<rss></rss>", ": feed without entries"),
        ("a.txt.gz", b"not gzip", ": Not a gzipped file (b'no')"),
        (
            "a.jsonl.gz",
            gzip.compress(b'{"body": "x"}', mtime=0)[:-9],
            ": Compressed file ended before the end-of-stream marker was reached",
        ),
        ("a.txt", b"x" * 20_000_001, ": larger than 20,000,000 bytes"),
        ("a.txt.gz", gzip.compress(b"x" * 20_000_001, mtime=0), ": larger than 20,000,000 bytes"),
    ],
)
def test_bad_file_is_told_and_the_rest_read(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    bad, good = _write(tmp_path / name, content), _write(tmp_path / "good.txt", "Good news.")
    reads = list(read_sources([bad, good]))
    assert _problem(reads[0]) == reason
    assert len(reads) == 2 and reads[1].article and reads[1].article.body == "Good news."


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("no/such/file.txt", ": No such file or directory"),
        ("no/*.txt", ": matches no file"),
        ("a\x00b", ": embedded null byte"),
        ("ftp://a.example/x", ": not an http or https address"),
        ("http://127.0.0.1:1/", ": 127.0.0.1 is not on the public internet"),
        ("", ": names no source"),
    ],
)
def test_source_that_is_not_there_is_told(source: str, reason: str) -> None:
    (read,) = read_sources([source])
    assert read.problem and read.problem.endswith(reason) and "\n" not in read.problem


def test_message_cannot_steer_a_terminal(tmp_path: Path) -> None:
    (read,) = read_sources([_write(tmp_path / "a.jsonl", '{"body": "x", "id": {"\x7f\u202e": 1}}')])
    assert read.problem and read.problem.isprintable()


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize(
    ("name", "content", "origin", "title"),
    [
        ("ข่าว.jsonl", '{"title": "ฝน", "body": "ฝนตก"}'.encode(), "ข่าว.jsonl:1", "ฝน"),
        ("news.csv", "หัวข้อ,เนื้อหา\nฝน,ฝนตกหนักทั่วกรุงเทพ\n".encode("cp874"), "news.csv:2", "ฝน"),
        ("news.tsv", "title\tbody\nRain\tRain fell.\n".encode("utf-16"), "news.tsv:2", "Rain"),
        ("news.JSON", b'[{"title": "Rain", "body": "Rain fell."}]', "news.JSON:1", "Rain"),
        ("feed.atom", ATOM.encode(), "feed.atom:1", "Rain"),
        ("page.html", PAGE.format(charset="utf-8").encode(), "page.html", "ราคาข้าวหอมมะลิสูงสุดในรอบสิบปี"),
        ("../../etc/passwd.md", b"# Rain\n\nRain fell.", "../../etc/passwd.md", "Rain fell"),
    ],
)
def test_upload_is_read_by_its_name_from_its_stream_alone(
    name: str, content: bytes, origin: str, title: str, zipped: bool
) -> None:
    sent, ending = (gzip.compress(content), ".gz") if zipped else (content, "")
    (read,) = read_upload(name + ending, io.BytesIO(sent))
    assert read.article and read.article.title == title
    assert read.origin == origin.replace(name, name + ending)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", ": empty"),
        ("a.csv.gz", gzip.compress(b"", mtime=0), ": empty"),
        ("a.csv", b"title\nA\n", ": no column for the body among: title"),
        ("a.html.gz", b"<p>Rain", ": Not a gzipped file (b'<p')"),
        ("a.json", b"\x89PNG\r\n\x1a\n\x00", r": b'\x89PNG\r\n\x1a\n\x00'... is binary, not text"),
        ("a.jsonl.gz", gzip.compress(b'{"body": "x"}', mtime=0)[:-9], None),
        ("a.json", b"[" * 200_000, ": not JSON: nested too deeply"),
    ],
)
def test_bad_upload_is_told(name: str, content: bytes, reason: str | None) -> None:
    (read,) = read_upload(name, io.BytesIO(content))
    told = _problem(read)
    assert told == reason or (reason is None and told.startswith(": Compressed file ended"))


def test_upload_unpacks_no_further_than_it_may() -> None:
    line = b'{"body": "Rain fell all day."}\n'
    bomb = gzip.compress(line + b"\n" * 50_000_000, compresslevel=1)
    assert len(bomb) < 300_000
    kept, told = read_upload("bomb.jsonl.gz", io.BytesIO(bomb), most=1_000_000)
    assert kept.article and _problem(told) == ": larger than 1,000,000 bytes"
    rain = [b'{"body": "Rain fell all day."}\n'] * 3
    assert [read.article is None for read in read_upload("a.jsonl", io.BytesIO(b"".join(rain)), most=93)] == [
        False
    ] * 3


def test_standard_input_is_jsonl() -> None:
    reads = read_sources(["-"], stdin=io.BytesIO(b'{"body": "Rain."}\nnot json\n'))
    assert [(read.origin, read.article is not None) for read in reads] == [
        ("stdin:1", True),
        ("stdin:2", False),
    ]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_address_gives_page_feed_or_lines_by_content(tmp_path: Path, site: str) -> None:
    _write(tmp_path / "page.html", PAGE.format(charset="utf-8"))
    _write(tmp_path / "feed", ATOM)
    _write(tmp_path / "lines.jsonl", '{"body": "Rain."}\n{"body": "Sun."}\n')
    _write(tmp_path / "paper.pdf", b"%PDF-1.7")
    limits = FetchLimits(allow_private=True)
    sources = [f"{site}/{name}" for name in ("page.html", "feed", "lines.jsonl", "paper.pdf", "gone")]
    page, feed, rain, sun, paper, gone = read_sources(sources, limits=limits)
    # A page may name another site as its own address; it is filed under the one that it came from.
    assert page.article and (page.article.url, page.article.body) == (f"{site}/page.html", PAGE_BODY)
    assert page.article.published == date(2024, 3, 5)
    assert feed.article and feed.article.url == "https://a.example/rain"
    assert rain.origin == f"{site}/lines.jsonl:1" and sun.article and sun.article.body == "Sun."
    assert _problem(paper) == ": b'%PDF-1.7'... is binary, not text"
    assert _problem(gone) == ": the server answered 404"
