"""The tab of the system: exact figures of a made library, whatever it is doing, and nothing that is nobody's business."""

from __future__ import annotations

import platform
import re
import shutil
import threading
from collections.abc import Iterator
from datetime import date, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeEmbedder
from served import Served, serving
from test_chat_adding import LANGUAGES, call
from test_job_runner import Gate
from test_last_report import evaluated

from app.chat.extent import Extent
from app.chat.system_view import LlmFacts, OpenFacts, SystemFacts, show_system
from app.chat.wording import say
from app.feedback import Feedback, add_feedback
from app.keys import add_key
from app.last_report import LastRun
from app.version import khao_version
from corpus.article import Language
from rag.config import Settings
from rag.indexes import Indexes, join_indexes

_UNKNOWN = "–"


@pytest.fixture(scope="module")
def served(memory: Path, news_home: Path) -> Iterator[Served]:
    """The articles of made_news.py, opinions of readers, and a run of the harness."""
    home = shutil.copytree(news_home, memory / "looked-at")
    evaluated(home)
    with serving(home) as running:
        for verdict in ("up", "down", "up"):
            add_feedback(running.ledger, Feedback(verdict, "สะพานยาวกี่เมตร", "th"))  # type: ignore[arg-type]
        yield running


def _look(served: Served, ui: Language, **headers: str) -> str:
    html: str = call(served.client, ui, "system", "shown", headers=headers)[-1][0]
    return html


def _facts(html: str) -> dict[str, str]:
    """What is shown, by its name; of two of one name the first."""
    pairs = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", html)
    return {unescape(name): unescape(value) for name, value in reversed(pairs)}


def _made(**changes: Any) -> SystemFacts:
    facts: dict[str, Any] = {
        "state": "ready",
        "asking": 0,
        "figures": {
            ("khao_passages",): 10.0,
            ("khao_vectors",): 10.0,
            ("khao_lexical_documents",): 10.0,
            ("khao_articles", "th"): 1234.0,
            ("khao_articles", "en"): 1.0,
            ("khao_library_bytes",): 125_517_824.0,
            ("khao_index_bytes", "vectors"): 999_600.0,
            ("khao_index_bytes", "lexical"): 400.0,
        },
        "open": OpenFacts("fp32", 128, False, ()),
        "extent": Extent(1235, date(2024, 3, 12), date(2024, 3, 12), (2024,), (("ข่าวคราม", 1),)),
        "models_bytes": 1_500_000_000,
        "running": 0,
        "waiting": 0,
        "verdicts": {},
        "run": None,
    }
    return SystemFacts(**facts | changes)


def _shown(ui: Language, local: bool = False, settings: Settings | None = None, **changes: Any) -> str:
    return show_system(_made(**changes), settings or Settings(home=Path("/srv/khao")), ui, local=local)


# Over HTTP


@pytest.mark.parametrize("ui", LANGUAGES)
def test_figures_of_the_library_are_exact(served: Served, ui: Language) -> None:
    facts = _facts(_look(served, ui))
    indexes = served.newsroom.indexes
    passages = str(indexes.library.passage_count())
    days = {"th": "1 มิ.ย. 2565 – 14 มี.ค. 2567", "en": "1 Jun 2022 – 14 Mar 2024"}
    expected = {
        "state": say(ui, "system.state.ready"),
        "asking": "0",
        "version": f"Khao {khao_version()}, Python {platform.python_version()}",
        "articles": "14",
        "articles.th": "6",
        "articles.en": "8",
        "outlets": "7",
        "days": days[ui],
        "passages": passages,
        "vectors": passages,
        "words": passages,
        "agree": say(ui, "system.agree.yes"),
        "model": "intfloat/multilingual-e5-small",
        "precision": "fp32",
        "dimension": "128",
        "reader": say(ui, "system.reader.unfit"),
        "reach": say(ui, "system.reach.local", host="127.0.0.1"),
        "keys": say(ui, "system.no"),
        "llm": say(ui, "system.llm.none"),
        "top_k": "10",
        "abstain": "0.5",
        "upload": "100 MB",
        "private": say(ui, "system.no"),
        "home": str(served.ledger.path.parent),
        "verdicts.up": "2",
        "verdicts.down": "1",
        "jobs": say(ui, "system.jobs.count", running=0, waiting=0),
    }
    assert {key: facts[say(ui, f"system.{key}")] for key in expected} == expected
    for key in ("library.size", "vectors.size", "words.size", "models.size"):
        assert re.fullmatch(r"[\d,]+\.\d (kB|MB)", facts[say(ui, f"system.{key}")]), key


@pytest.mark.parametrize("ui", LANGUAGES)
def test_latest_run_is_shown_with_its_report(served: Served, ui: Language) -> None:
    html = _look(served, ui)
    run = _facts(html[html.index(say(ui, "system.run")) :])
    assert run == {
        say(ui, f"system.run.{key}"): value
        for key, value in {
            "name": "made",
            "created": {"th": "2 ต.ค. 2568", "en": "2 Oct 2025"}[ui],
            "commit": "abc1234",
            "questions": "4",
            "articles": "1,234",
            "recall@5": "66.7%",
            "answer_contained": "66.7%",
            "short_answer_right": _UNKNOWN,
            "citation_precision": "50.0%",
            "abstention_correct": "100.0%",
        }.items()
    }
    assert 'href="../reports/last"' in html


@pytest.mark.parametrize("ui", LANGUAGES)
@pytest.mark.parametrize(
    ("reader", "on", "shown"),
    [("e058961aaf6c", True, "on"), (None, False, "off"), (None, True, "unfit")],
)
def test_reader_is_named_or_why_there_is_none(ui: Language, reader: str | None, on: bool, shown: str) -> None:
    settings = Settings(home=Path("/srv/khao"), reader=on, reader_passages=6)
    facts = _facts(_shown(ui, settings=settings, open=OpenFacts("fp32", 128, False, (), reader)))
    assert facts[say(ui, "system.reader")] == say(ui, f"system.reader.{shown}", name=reader, count="6")


@pytest.mark.parametrize("ui", LANGUAGES)
def test_whoever_comes_with_a_key_is_told_no_path(memory: Path, empty_home: Path, ui: Language) -> None:
    home = shutil.copytree(empty_home, memory / f"keyed-system-{ui}")
    with serving(
        home,
        require_keys=True,
        llm_url="http://me:secret@a.example/v1",
        llm_model="typhoon",
        llm_key="k-secret",
    ) as served:
        secret = add_key(served.ledger, "reader", ("read",))[1]
        html = _look(served, ui, Authorization=f"Bearer {secret}")
        facts = _facts(html)
    assert facts[say(ui, "system.keys")] == say(ui, "system.yes")
    assert facts[say(ui, "system.llm")] == "typhoon"
    assert str(home) not in html and say(ui, "system.home") not in html
    assert "secret" not in html and "a.example" not in html


@pytest.mark.parametrize("ui", LANGUAGES)
def test_model_that_writes_is_shown_with_its_host_and_what_is_done_with_its_sentences(ui: Language) -> None:
    settings = Settings(home=Path("/srv/khao"), llm_unsupported="mark", llm_key="k-secret", llm_seconds=120)
    llm = LlmFacts("typhoon <2>", "llm.example:8080", 8192)
    html = _shown(ui, True, settings, llm=llm, writing=3)
    facts = _facts(html)
    assert facts[say(ui, "system.llm")] == "typhoon <2>"
    assert facts[say(ui, "system.llm.host")] == "llm.example:8080"
    assert facts[say(ui, "system.llm.window")] == "8,192"
    assert facts[say(ui, "system.llm.unsupported")] == say(ui, "system.llm.mark")
    assert facts[say(ui, "system.llm.seconds")] == say(ui, "system.seconds", count="120")
    assert facts[say(ui, "system.llm.writing")] == "3"
    assert "k-secret" not in html and "<2>" not in html
    assert "llm.example" not in _shown(ui, False, settings, llm=llm)
    unknown = _facts(_shown(ui, True, settings, llm=LlmFacts("m", None, None)))
    assert unknown[say(ui, "system.llm.host")] == say(ui, "system.llm.here")
    assert unknown[say(ui, "system.llm.window")] == "–"


@pytest.mark.parametrize("ui", LANGUAGES)
def test_empty_library_is_shown_as_such(home: Path, ui: Language) -> None:
    with serving(home) as served:
        html = _look(served, ui)
    facts = _facts(html)
    named = ("articles", "outlets", "days", "passages", "vectors", "words", "agree")
    assert [facts[say(ui, f"system.{key}")] for key in named] == [
        *("0", "0", _UNKNOWN, "0", "0", "0"),
        say(ui, "system.agree.yes"),
    ]
    assert say(ui, "system.run.none") in html and "reports/last" not in html


@pytest.mark.parametrize("ui", LANGUAGES)
def test_library_that_is_being_opened_is_told_of(news_of_own: Path, ui: Language) -> None:
    go_on = threading.Event()

    def slow(settings: Settings) -> Indexes:
        assert go_on.wait(30)
        return join_indexes(settings, FakeEmbedder())

    with serving(news_of_own, opener=slow, await_open=False) as served:
        facts = _facts(_look(served, ui))
        go_on.set()
    assert facts[say(ui, "system.state")] == say(ui, "system.state.opening")
    unknown = ("articles", "outlets", "days", "passages", "vectors", "words", "agree")
    assert {facts[say(ui, f"system.{key}")] for key in unknown} == {_UNKNOWN}
    assert say(ui, "system.precision") not in facts


@pytest.mark.parametrize("ui", LANGUAGES)
def test_jobs_under_way_are_counted(home: Path, ui: Language) -> None:
    gate = Gate()
    with serving(home, gate) as served:
        for text in ("The ferry left at nine.", "It came back at ten.", "Then it rained."):
            served.client.post("/en/add/text", json={"body": text})
        assert gate.reached.wait(10)
        facts = _facts(_look(served, ui))
        gate.open.set()
    assert facts[say(ui, "system.jobs")] == say(ui, "system.jobs.count", running=1, waiting=2)


# As it is shown


@pytest.mark.parametrize("ui", LANGUAGES)
@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({}, "yes"),
        ({"running": 1}, "yes"),
        ({"state": "rebuilding"}, "rebuilding"),
        ({"open": OpenFacts("fp32", 128, True, ())}, "yes"),
    ],
)
def test_indexes_that_agree(ui: Language, changes: dict[str, Any], key: str) -> None:
    assert _facts(_shown(ui, **changes))[say(ui, "system.agree")] == say(ui, f"system.agree.{key}")


@pytest.mark.parametrize("ui", LANGUAGES)
@pytest.mark.parametrize("short", ["khao_vectors", "khao_lexical_documents"])
def test_index_that_holds_less_is_told_of_and_while_articles_come_in_expected(
    ui: Language, short: str
) -> None:
    figures = {**_made().figures, (short,): 9.0}
    behind = OpenFacts("fp32", 128, True, ())
    told = [
        _facts(_shown(ui, figures=figures, **changes))[say(ui, "system.agree")]
        for changes in ({}, {"running": 1}, {"open": behind})
    ]
    assert told == [say(ui, f"system.agree.{key}") for key in ("no", "behind", "behind")]


def test_sizes_are_in_units_that_fit() -> None:
    facts = _facts(_shown("en"))
    assert [facts[f"Size of the {what}"] for what in ("library", "vector index", "word index", "models")] == [
        *("125.5 MB", "1.0 MB", "0.4 kB", "1.5 GB")
    ]
    assert (facts["Articles"], facts["Published"]) == ("1,235", "12 Mar 2024")


@pytest.mark.parametrize("ui", LANGUAGES)
def test_place_of_the_home_is_for_this_machine_alone(ui: Language) -> None:
    assert "/srv/khao" not in _shown(ui)
    assert _facts(_shown(ui, local=True))[say(ui, "system.home")] == "/srv/khao"


def test_model_that_is_a_folder_is_shown_by_its_name(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, model=str(tmp_path), chroma_url="http://u:pw@c.example:8000")
    html = _shown("en", settings=settings)
    assert _facts(html)["Embedding model"] == tmp_path.name
    assert _facts(html)["Size of the vector index"] == "on a Chroma server"
    assert str(tmp_path.parent) not in html and "c.example" not in html


@pytest.mark.parametrize("ui", LANGUAGES)
def test_what_was_found_wrong_on_opening_is_told(ui: Language) -> None:
    notes = ("the lexical index holds 9 passages, the library 10", "<b>odd</b>")
    html = _shown(ui, open=OpenFacts("fp32", 128, False, notes))
    told = {"th": "ดัชนีคำมี 9 ข้อความ แต่คลังข่าวมี 10 ข้อความ", "en": notes[0]}
    assert told[ui] in html and "&lt;b&gt;odd&lt;/b&gt;" in html


@pytest.mark.parametrize("ui", LANGUAGES)
def test_run_that_tells_little_is_shown_with_gaps(ui: Language) -> None:
    run = LastRun("<i>x</i>", "no-lexical", None, None, None, None, {"recall@5": 1.0}, None)
    html = _shown(ui, run=run)
    facts = _facts(html[html.index(say(ui, "system.run")) :])
    assert facts[say(ui, "system.run.name")] == "<i>x</i> (no-lexical)" and "<i>" not in html
    assert facts[say(ui, "system.run.recall@5")] == "100.0%"
    assert facts[say(ui, "system.run.citation_precision")] == _UNKNOWN
    assert "reports/last" not in html
    dated = LastRun("x", None, datetime(2025, 10, 2), None, None, None, {"ece": 1.0}, Path("report.html"))
    assert "reports/last" in _shown(ui, run=dated)


@pytest.mark.parametrize("ui", LANGUAGES)
def test_server_that_others_reach_says_so(ui: Language) -> None:
    facts = _facts(_shown(ui, settings=Settings(home=Path("/srv/khao"), host="0.0.0.0")))
    assert facts[say(ui, "system.reach")] == say(ui, "system.reach.network", host="0.0.0.0")
    assert facts[say(ui, "system.keys")] == say(ui, "system.yes")
