"""`khao eval` as it is typed: usage, refusals in both languages, and what a small evaluation prints and keeps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fakes import FakeEmbedder
from made_news import ASKED
from scripted_endpoint import serving

import eval.places
from app.cli import app
from corpus.article import Language
from eval.options import OPTIONS
from eval.run import main
from eval.runs import read_run
from eval.wording import TEXTS

_ANSWERS = {"th": "840 เมตร", "en": "34 villages"}
_LANGUAGES: tuple[Language, ...] = ("th", "en")


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """A gold file over the articles of made_news.py: one question in each language, and one off the subject."""
    file = tmp_path / "gold.jsonl"
    records: list[dict[str, Any]] = [
        {"id": language, "lang": language, "type": "same", "question": question, "answers": [_ANSWERS[language]],
         "evidence": [{"article_id": article, "quote": quote}]}
        for language, (question, article, quote) in ASKED.items()
    ]  # fmt: skip
    records.append(
        {"id": "off", "lang": "en", "type": "offtopic", "question": "Who recorded Sibelius in Helsinki?"}
    )
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return file


@pytest.fixture
def at_home(news_of_own: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """KHAO_HOME with the articles of made_news.py and the small embedder in the model's place."""
    monkeypatch.setenv("KHAO_HOME", str(news_of_own))
    monkeypatch.setattr(eval.places, "SentenceTransformerEmbedder", lambda *_: FakeEmbedder())
    return news_of_own


def test_every_text_is_there_in_both_languages_with_the_same_slots() -> None:
    import string

    for key, texts in TEXTS.items():
        slots = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in texts]
        assert all(texts) and slots[0] == slots[1], key


@pytest.mark.parametrize("ui", _LANGUAGES)
@pytest.mark.parametrize("command", OPTIONS)
def test_help_lists_every_option(command: str, ui: Language, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--help"] if command == "eval" else [command, "--help"]
    assert main(arguments, ui) == 0
    page = capsys.readouterr().out
    assert [option.name for option in OPTIONS[command] if option.name not in page] == []


@pytest.mark.parametrize(
    ("arguments", "english", "thai"),
    [
        (["--speed"], "there is no option --speed", "ไม่มีตัวเลือก --speed"),
        (["--seed"], "option --seed: its value is missing, or it takes none", "ตัวเลือก --seed: ขาดค่า หรือมีค่าเกินมา"),
        (["--seed", "x"], "--seed 'x': not a whole number from 0 up", "--seed 'x': ต้องเป็นจำนวนเต็มตั้งแต่ 0"),
        (["--today", "soon"], "--today 'soon': not a date like 2025-10-01", "--today 'soon': ไม่ใช่วันที่แบบ 2025-10-01"),
        (["--fail-under", "recall"], "--fail-under 'recall': not NAME=VALUE, as recall@5=0.95",
         "--fail-under 'recall': ต้องเป็น ชื่อ=ค่า เช่น recall@5=0.95"),
        (["--fail-on-regression"], "--fail-on-regression wants a --baseline", "--fail-on-regression ต้องใช้คู่กับ --baseline"),
        (["--judge"], "--judge: KHAO_LLM_URL and KHAO_LLM_MODEL are not set",
         "--judge: ยังไม่ได้ตั้งค่า KHAO_LLM_URL และ KHAO_LLM_MODEL"),
        (
            ["--gate", "gold.jsonl"],
            "--gate is for the bundled questions; others take --fail-under",
            "--gate ใช้กับชุดคำถามที่ให้มาเท่านั้น ชุดอื่นใช้ --fail-under",
        ),
        (["compare", "one"], "BASELINE is missing", "ขาด BASELINE"),
        (["compare", "1", "2", "3"], "'3': one too many", "'3': เกินมา"),
        (["check-gold"], "GOLD is missing", "ขาด GOLD"),
        (["make-gold", "--count", "0"], "--count '0': not a whole number from 1 up",
         "--count '0': ต้องเป็นจำนวนเต็มตั้งแต่ 1"),
    ],
)  # fmt: skip
def test_wrong_usage_is_one_line_and_exit_2(
    arguments: list[str], english: str, thai: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for ui, said in (("en", english), ("th", thai)):
        assert main(arguments, "th" if ui == "th" else "en") == 2
        assert capsys.readouterr() == ("", f"khao eval: {said}\n")


def test_unknown_variant_is_refused_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--variant", "fast"]) == 2
    assert "--variant 'fast': only full, dense-only, " in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["nowhere.jsonl"], ["--baseline", "nowhere.jsonl"], ["compare", "nowhere.jsonl", "x"]]
)
def test_missing_file_is_named(arguments: list[str]) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        main(arguments)
    assert caught.value.filename == "nowhere.jsonl"


def test_bad_gold_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text(
        '{"id": "1", "lang": "en", "type": "same", "question": "?"}\n{"id": "2"}\n', encoding="utf-8"
    )
    with pytest.raises(ValueError, match=r"gold.jsonl:2: .*lang is missing"):
        main([str(file)])


def test_gold_over_no_library_says_how_to_get_one(
    gold: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KHAO_HOME", str(tmp_path / "empty"))
    with pytest.raises(ValueError, match="no articles to ask: read some with khao ingest first"):
        main([str(gold)])


def test_json_is_one_object_with_what_was_measured_and_with_what(
    at_home: Path, gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(gold), "--json", "--out", str(tmp_path / "run")]) == 0
    record = json.loads(capsys.readouterr().out)
    overall = record["metrics"]["overall"]
    assert (overall["questions"], overall["recall@5"], overall["answer_contained"]) == (3, 1.0, 1.0)
    assert set(record["metrics"]) == {"overall", "by_language", "by_type", "by_type_and_language"}
    assert (record["model"], record["corpus"]["articles"], record["variant"]) == ("fake|concepts", 14, "full")
    assert record["today"] == "2024-03-15"
    assert {file.name for file in (tmp_path / "run").iterdir()} == {"run.json", "rows.jsonl", "report.html"}
    assert read_run(tmp_path / "run").figures["overall"] == overall


def test_runs_are_kept_under_home_without_overwriting(
    at_home: Path, gold: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = []
    for _ in range(2):
        main([str(gold), "--json"])
        folders.append(json.loads(capsys.readouterr().out)["run"])
    assert len(set(folders)) == 2
    assert all(Path(folder).parent == at_home / "runs" for folder in folders)


def test_two_runs_of_the_same_thing_give_the_same_figures_and_no_evidence_of_a_difference(
    at_home: Path, gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    assert main([str(gold), "--out", one]) == 0
    assert main([str(gold), "--out", two, "--baseline", one, "--fail-on-regression", "--json"]) == 0
    record = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert {found["verdict"] for found in record["comparison"]} == {"no evidence"}
    assert {found["difference"] for found in record["comparison"]} == {0.0}
    assert record["lost"] == []
    runs = [read_run(Path(folder)) for folder in (one, two)]
    assert runs[0].figures == runs[1].figures
    changing = {"created"}
    assert {k: v for k, v in runs[0].about.items() if k not in changing} == {
        k: v for k, v in runs[1].about.items() if k not in changing
    }


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_gate_that_fails_says_so_and_exits_1(
    at_home: Path, gold: Path, tmp_path: Path, ui: Language, capsys: pytest.CaptureFixture[str]
) -> None:
    gates = [
        "--fail-under",
        "recall@5=0.9",
        "--fail-under",
        "answer_f1=0.99",
        "--fail-under",
        "cross/recall@5=0",
    ]
    assert main([str(gold), "--out", str(tmp_path / "run"), *gates], ui) == 1
    said = capsys.readouterr().err.splitlines()
    failed = {"th": "ไม่ผ่าน", "en": "FAILED:"}[ui]
    assert [line.startswith(failed) for line in said] == [False, True, True]


def test_metric_that_the_baseline_has_and_the_run_lacks_is_a_regression(
    at_home: Path, gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = tmp_path / "one"
    main([str(gold), "--out", str(one)])
    record = json.loads((one / "run.json").read_text(encoding="utf-8"))
    record["metrics"]["overall"]["judged_correctness"] = 0.7
    (one / "run.json").write_text(json.dumps(record), encoding="utf-8")
    again = [str(gold), "--out", str(tmp_path / "two"), "--baseline", str(one)]
    assert main(again) == 0
    capsys.readouterr()
    assert main([*again, "--fail-on-regression"]) == 1
    assert "not measured in this run: judged_correctness" in capsys.readouterr().err


def test_ablation_measures_every_variant_against_the_whole(
    at_home: Path, gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(gold), "--ablate", "--json", "--out", str(tmp_path / "run")]) == 0
    ablation = json.loads(capsys.readouterr().out)["ablation"]
    assert list(ablation) == [
        "full", "dense-only", "lexical-only", "no-language-correction", "no-means", "no-lexicon", "no-reranking", "no-reader", "no-dates",
    ]  # fmt: skip
    assert ablation["full"]["against_full"] == []
    assert ablation["no-dates"]["against_full"] != []


def test_evidence_that_stands_in_no_article_is_told(
    at_home: Path, gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = gold.read_text(encoding="utf-8").replace("from 34 villages", "from 43 villages")
    gold.write_text(text, encoding="utf-8")
    assert main([str(gold), "--out", str(tmp_path / "run"), "--json"]) == 0
    seen = capsys.readouterr()
    assert "evidence quotes that stand in no article of the library, counted as not found: 1" in seen.err
    assert json.loads(seen.out)["metrics"]["by_language"]["en"]["passage_recall@5"] == 0.0


def test_benchmark_with_articles_of_its_own_gets_a_library_of_its_own_and_keeps_it(
    at_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    context = "The lighthouse on Peacock Rock is 31 metres high. It was lit in 1911."
    answers = [{"text": "31 metres", "answer_start": context.index("31 metres")}]
    qas = [{"id": "q1", "question": "How high is the lighthouse on Peacock Rock?", "answers": answers}]
    squad = {
        "version": "1.1",
        "data": [{"title": "Lights", "paragraphs": [{"context": context, "qas": qas}]}],
    }
    file = tmp_path / "lights.json"
    file.write_text(json.dumps(squad), encoding="utf-8")
    for _ in range(2):
        assert main([str(file), "--json"]) == 0
        record = json.loads(capsys.readouterr().out)
        assert (record["corpus"]["articles"], record["metrics"]["overall"]["answer_contained"]) == (1, 1.0)
    assert len(list((at_home / "benchmarks").iterdir())) == 1


def test_khao_finds_the_harness_without_importing_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        app(["--ui", "th", "eval", "--speed"])
    assert stop.value.code == 2
    assert capsys.readouterr().err == "khao eval: ไม่มีตัวเลือก --speed\n"


def test_judge_is_asked_over_http_and_named_in_the_run(
    at_home: Path,
    gold: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serving(lambda prompt: "YES" if "YES or NO" in prompt else "5\nRight.") as endpoint:
        monkeypatch.setenv("KHAO_LLM_URL", endpoint.url)
        monkeypatch.setenv("KHAO_LLM_MODEL", "scripted")
        assert main([str(gold), "--judge", "--json", "--out", str(tmp_path / "run")]) == 0
    record = json.loads(capsys.readouterr().out)
    overall = record["metrics"]["overall"]
    assert (record["judge"], overall["judged_faithfulness"], overall["judged_correctness"]) == (
        "scripted",
        1.0,
        1.0,
    )
    assert (
        len(endpoint.requests) == 4
    )  # two judgements of either answer; the third question abstained rightly


def test_run_is_kept_when_its_judge_cannot_be_reached(
    at_home: Path, gold: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(lambda prompt: "") as endpoint:
        pass
    monkeypatch.setenv("KHAO_LLM_URL", endpoint.url)
    monkeypatch.setenv("KHAO_LLM_MODEL", "gone")
    with pytest.raises(ConnectionError, match="the judge cannot be reached"):
        main([str(gold), "--judge", "--out", str(tmp_path / "run")])
    assert read_run(tmp_path / "run").figures["overall"]["recall@5"] == 1.0


@pytest.mark.parametrize("ui", _LANGUAGES)
def test_drafted_gold_passes_its_own_check_and_can_be_run(
    at_home: Path, tmp_path: Path, ui: Language, capsys: pytest.CaptureFixture[str]
) -> None:
    drafts = tmp_path / "drafts.jsonl"
    assert main(["make-gold", "--count", "4", "--output", str(drafts)], ui) == 0
    count = len(drafts.read_text(encoding="utf-8").splitlines())
    assert 1 <= count <= 4
    capsys.readouterr()
    assert main(["check-gold", str(drafts)], ui) == 0
    said = {"en": f"questions checked: {count}, errors: 0", "th": f"ตรวจ {count} คำถาม: ผิด 0"}[ui]
    assert capsys.readouterr().out.splitlines()[-1].startswith(said)
    assert main([str(drafts), "--out", str(tmp_path / "run"), "--json"], ui) == 0
    assert json.loads(capsys.readouterr().out)["metrics"]["overall"]["passage_recall@10"] > 0


def test_gold_with_a_quote_that_is_not_exact_fails_its_check(
    at_home: Path, gold: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gold.write_text(
        gold.read_text(encoding="utf-8").replace("from 34 villages", "of 34 villages"), encoding="utf-8"
    )
    assert main(["check-gold", str(gold), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["errors"], found["findings"][0]["question_id"]) == (1, "en")
