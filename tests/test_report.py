"""The report as a file: complete, escaped, and right in every number, whatever the run lacks."""

from __future__ import annotations

import json
import math
import re
import string
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from made_runs import HOSTILE, RIGHT, four_rows, made_row, made_run

from eval.charts import Bars, bar_chart, calibration_chart, latency_chart, number, risk_chart
from eval.difference import Difference
from eval.failures import failures_of, rows_for_page
from eval.figures import METRICS
from eval.metric_wording import FAMILIES, label, meaning
from eval.report import write_report
from eval.report_parts import about_run, bars_of, groups_of, interval, key_figures, metrics_by_family, signed
from eval.report_wording import TEXTS, moment_label, say
from eval.runs import Run

_ROOT = Path(__file__).parent.parent
_SVG = "{http://www.w3.org/2000/svg}"


class _Page(HTMLParser):
    """What a browser would make of the page: its elements in order, with their attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts.setdefault(self._open[-1], []).append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def _written(run: Run, folder: Path, comparison: list[Difference] | None = None) -> str:
    write_report(run, folder / "new" / "report.html", comparison)
    return (folder / "new" / "report.html").read_text(encoding="utf-8")


def _data(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    read: dict[str, object] = json.loads(found.group(1))
    return read


def _difference(**values: object) -> Difference:
    made = Difference("overall", "recall@5", 4, 0.75, 0.5, 0.25, 0.1, 0.4, 0.0004, "better")
    return replace(made, **values)  # type: ignore[arg-type]


def test_hostile_text_is_text_wherever_it_stands(tmp_path: Path) -> None:
    row = made_row(HOSTILE, RIGHT | {HOSTILE: 0.5}, type=HOSTILE, question=HOSTILE, title=HOSTILE)
    run = made_run([row], name=HOSTILE, commit=HOSTILE, model=HOSTILE, versions={HOSTILE: HOSTILE})
    run = replace(run, figures={name: {**of, HOSTILE: 0.5} for name, of in run.figures.items()})
    text = _written(run, tmp_path, [_difference(group=HOSTILE, metric=HOSTILE)])
    page = _Page(text)
    assert len(page.all("script")) == 2
    assert page.all("img") == []
    assert [name for _, attributes in page.elements for name in attributes if name.startswith("on")] == []
    assert "49 &amp;" not in text
    rows = _data(text)["rows"]
    assert isinstance(rows, list)
    assert (rows[0]["asked"], rows[0]["citations"][0]["title"]) == (HOSTILE, HOSTILE)
    assert "\u2028" not in text.split('id="data">')[1]
    assert "data-en" in text and "Evaluation of </script>" in "".join(page.texts["title"])


def test_page_may_fetch_nothing(tmp_path: Path) -> None:
    page = _Page(_written(made_run(four_rows()), tmp_path))
    policy = [
        meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy == [
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
    ]
    sources = [
        value
        for _, attributes in page.elements
        for name, value in attributes.items()
        if name in ("src", "href")
    ]
    assert all(value and value.startswith(("#", "data:")) for value in sources)


def test_address_of_a_citation_is_kept_only_if_it_is_of_the_web() -> None:
    row = made_row()
    cited = row.answer.citations[0]
    for url, kept in (
        ("https://a.example", True),
        ("HTTP://a.example", True),
        ("javascript:alert(1)", False),
        (None, False),
    ):
        answer = replace(row.answer, citations=(replace(cited, url=url),))
        page = rows_for_page([replace(row, answer=answer)])
        assert page["rows"][0]["citations"][0]["url"] == (url if kept else None)


@pytest.mark.parametrize(
    ("changed", "failed"),
    [
        ({}, []),
        ({"recall@5": 0.5}, ["retrieval"]),
        ({"answer_contained": 0.0}, ["answer"]),
        ({"abstention_correct": 0.0}, ["abstention"]),
        ({"citation_validity": 0.9}, ["citation"]),
        ({"citation_precision": 0.5, "recall@5": 0.0}, ["retrieval", "citation"]),
        ({"recall@5": math.nan, "answer_contained": math.nan}, []),
        ({"recall@1": 0.0, "ndcg@10": 0.1}, []),
    ],
)
def test_failures_are_what_the_values_say(changed: dict[str, float], failed: list[str]) -> None:
    assert failures_of(made_row(values=RIGHT | changed)) == failed


def test_silence_is_no_wrong_citation() -> None:
    row = made_row(values={"citation_precision": 0.0, "abstention_correct": 0.0}, abstained=True)
    assert failures_of(row) == ["abstention"]


def test_passage_found_twice_is_kept_once() -> None:
    page = rows_for_page([made_row("one"), made_row("two")])
    assert page["passages"] == ["เมื่อวานนี้ สะพานยาว 450 เมตร เปิดใช้", "The ferry leaves at nine."]
    assert [[hit["at"] for hit in row["hits"]] for row in page["rows"]] == [[0, 1], [0, 1]]
    assert page["days"] == {"2023-09-11": ("11 ก.ย. 2566", "11 Sep 2023")}


def _nan_everywhere() -> Run:
    row = made_row(values=dict.fromkeys(RIGHT, math.nan), confidence=math.nan, total_ms=math.nan)
    return Run({}, (row,), {"overall": {"questions": 1.0, "recall@5": math.nan}}, {"ask_p50": math.nan})


def _without_words() -> Run:
    return made_run([made_row("no-right", {"abstention_correct": 1.0})])


_THIN = {
    "no rows": Run({}, (), {}, {}),
    "nan everywhere": _nan_everywhere(),
    "one question": made_run([made_row()]),
    "one value": _without_words(),
    "one language": made_run([made_row("a"), made_row("b", confidence=0.3)]),
    "all abstained": made_run([made_row("a", RIGHT | {"abstention_correct": 0.0}, abstained=True)]),
    "no confidence at all": made_run([made_row(confidence=0.0, total_ms=0.0)]),
    "nothing retrieved": made_run([replace(made_row(), hits=())]),
}


@pytest.mark.parametrize("thin", list(_THIN))
def test_page_is_whole_whatever_the_run_lacks(thin: str, tmp_path: Path) -> None:
    text = _written(_THIN[thin], tmp_path, [])
    page = _Page(text)
    sections = [attributes["id"] for attributes in page.all("section")]
    assert sections == ["summary", "groups", "risk", "calibration", "latency", "comparison", "rows"]
    shown = "".join(
        part for tag, parts in page.texts.items() if tag not in ("script", "style") for part in parts
    )
    assert not re.search(r"\bnan\b|\binf\b|None|undefined", shown)
    assert "NaN" not in json.dumps(_data(text))


def test_all_abstained_is_said_in_words(tmp_path: Path) -> None:
    text = _written(_THIN["all abstained"], tmp_path)
    assert "As shipped (search’s confidence of 0.5 or more): abstains on every question." in text
    assert "เกณฑ์ที่ใช้อยู่ (ความเชื่อมั่นของการค้นตั้งแต่ 0.5): งดตอบทุกข้อ" in text


def _shape(chart: str) -> Element:
    return fromstring(chart)


def test_bars_are_as_long_as_their_values() -> None:
    groups = [
        Bars(("ก", "a"), 3, (("th", 0.5), ("en", math.nan))),
        Bars(("ข", "b"), 2, (("en", 1.5),)),
        Bars(("ค", "c"), 1, (("th", math.nan),)),
    ]
    chart = _shape(bar_chart("recall@5", groups, "x"))
    bars = [(bar.get("class"), bar.get("width")) for bar in chart.iter("rect") if bar.get("class") != "track"]
    assert bars == [("bar th", "34.00%"), ("bar en", "0.00%"), ("bar en", "68.00%")]
    described = chart.find("desc")
    assert described is not None
    assert described.text == "a: Thai 0.500, English –; b: English 1.500"
    assert described.get("data-th") == "ก: ไทย 0.500, อังกฤษ –; ข: อังกฤษ 1.500"


def test_risk_curve_and_shipped_point_are_those_computed_by_hand() -> None:
    # answered one by one from the surest: right, wrong, right, wrong; the last abstains
    chart = _shape(risk_chart([0.9, 0.8, 0.6, 0.2], [1.0, 0.0, 1.0, 0.0], (0.75, 1 / 3)))
    (curve,) = chart.iter("polyline")
    # of a plot that ends at 50%: risk 0, 1/2, 1/3, 1/2
    assert curve.get("points") == "250.0,1000.0 500.0,0.0 750.0,333.3 1000.0,0.0"
    (here,) = [dot for dot in chart.iter("circle") if dot.get("class") == "dot here"]
    assert (here.get("cx"), here.get("cy")) == (f"{13 + 84 * 0.75:.2f}%", "99.3")  # 26 + 220 / 3
    assert "75% · 33%" in [part.text for part in chart.iter("tspan")]


def test_risk_table_tells_what_each_share_costs(tmp_path: Path) -> None:
    text = _written(made_run(four_rows()), tmp_path)
    cells = re.findall(r'<td class="n">(\d+%)</td><td class="n">(\d+%)</td><td class="n">([\d.]+)</td>', text)
    assert cells == [
        ("25%", "0%", "0.900"),
        ("50%", "50%", "0.800"),
        ("75%", "33%", "0.600"),
        ("100%", "50%", "0.200"),
    ]
    assert (
        "As shipped (search’s confidence of 0.5 or more): answers 75% of the questions, 33% of them wrongly."
        in text
    )


def test_calibration_bars_stand_over_their_tenth() -> None:
    chart = _shape(calibration_chart([0.95, 0.97, 0.3, 1.0], [1.0, 0.0, 0.0, 1.0]))
    bars = [(bar.get("x"), bar.get("height")) for bar in chart.iter("rect")]
    assert bars == [(f"{13 + 84 * 0.308:.2f}%", "0.0"), (f"{13 + 84 * 0.908:.2f}%", f"{220 * 2 / 3:.1f}")]
    means = [line.get("y1") for line in chart.iter("line") if line.get("class") == "mean"]
    assert means == [str(round(26 + 220 * 0.7, 1)), str(round(26 + 220 * (1 - 2.92 / 3), 1))]
    assert [text.text for text in chart.iter("text")][-2:] == ["1", "3"]


def test_histogram_counts_every_question_and_folds_the_slowest_into_its_last_bar() -> None:
    times = [1.0, 2.0, 30.0, 5000.0]
    chart, more = latency_chart(times, 16.0, 40.0)
    told = [title.text for bar in _shape(chart).iter("rect") for title in bar.iter("title")]
    assert told == ["0–6 ms: 2 questions", "25–31 ms: 1 question", "144–150 ms: 1 question"]
    assert more


@pytest.mark.parametrize("times", [[0.0], [0.4], [99.0], [100.0], [123456.0]])
def test_latency_axis_is_round_and_holds_everything(times: list[float]) -> None:
    chart, more = latency_chart(times, times[0], times[0])
    assert not more
    assert len(list(_shape(chart).iter("rect"))) == 1


def test_groups_are_in_reading_order_and_bars_follow_them() -> None:
    run = made_run(four_rows())
    assert [(group.name, group.level) for group in groups_of(run)] == [
        ("overall", 0), ("th", 0), ("en", 0), ("same", 0), ("same.th", 1), ("cross", 0), ("cross.en", 1),
        ("multi", 0), ("multi.th", 1), ("unanswerable", 0), ("unanswerable.th", 1),
    ]  # fmt: skip
    bars = bars_of(run, "recall@5")
    assert bars[0] == Bars(("ทั้งหมด", "all"), 4, (("", 0.666667), ("th", 1.0), ("en", 0.0)))
    assert bars[2] == Bars(("ถามข้ามภาษา", "across languages"), 1, (("en", 0.0),))
    assert math.isnan(bars[4].values[0][1])


def test_metrics_stand_by_family_and_unknown_ones_last() -> None:
    figures = {
        "overall": {
            "questions": 2.0,
            "own": 1.0,
            "ece": 0.1,
            "recall@5": 1.0,
            "recall@1": 0.5,
            "brier": math.nan,
        }
    }
    assert metrics_by_family(figures) == {
        "articles": ["recall@1", "recall@5"],
        "abstention": ["ece"],
        "other": ["own"],
    }


def test_every_metric_of_the_harness_has_a_name_and_a_meaning() -> None:
    ours = [
        *METRICS,
        "abstention_precision",
        "abstention_recall",
        "abstention_f1",
        "confidence_auroc",
        "coverage@95",
        "ece",
        "brier",
    ]
    nameless = [metric for metric in ours if not metric.startswith("multihop_") and meaning(metric) is None]
    assert nameless == []
    assert label("own_metric") == ("own_metric", "own_metric")
    assert len([name for family in FAMILIES.values() for name in family]) == len(
        set(ours) - {m for m in ours if "multihop" in m}
    )


def test_key_figures_say_what_is_missing_and_what_changed() -> None:
    worse = _difference(verdict="worse", difference=-0.25)
    keys = key_figures(made_run([made_row()]), [worse, _difference(group="cross", metric="recall@1")])
    told = ["1.000", "1.000", "1.000", "–", "1.000", "1.000", "–", "–", "0.100", "100 ms"]
    assert [key.value[1] for key in keys] == told
    assert [key.difference for key in keys] == [worse, *[None] * 9]


def test_head_names_what_was_tested_and_leaves_out_what_is_not_known() -> None:
    told = {name: value for name, _, value in about_run(made_run([made_row()]).about)}
    assert told["created"] == ("2 ต.ค. 2568 เวลา 09.30 น. (UTC+07:00)", "2 Oct 2025, 09:30 (UTC+07:00)")
    assert told["corpus"] == ("1,234 ข่าว · 0123456789ab", "1,234 articles · 0123456789ab")
    assert told["today"] == ("1 ต.ค. 2568", "1 Oct 2025")
    assert "judge" not in told
    assert {name: value[1] for name, _, value in about_run({"judge": "judge-7b"})} == {"judge": "judge-7b"}
    assert moment_label("yesterday") == ("yesterday", "yesterday")


@pytest.mark.parametrize("verdict", ["better", "worse", "no evidence"])
def test_verdict_is_worded_in_both_languages(verdict: str, tmp_path: Path) -> None:
    text = _written(made_run(four_rows()), tmp_path, [_difference(verdict=verdict)])
    thai, english = TEXTS[f"verdict.{verdict}"]
    assert f'class="verdict {verdict.replace(" ", "-")}" data-th="{thai}" data-en="{english}"' in text
    assert "&lt; 0.001" in text


def test_rest_of_a_comparison_is_folded_away_but_no_verdict_is(tmp_path: Path) -> None:
    shown = [
        _difference(verdict="no evidence"),
        _difference(group="cross.en", metric="mrr@10", verdict="worse"),
    ]
    text = _written(
        made_run(four_rows()), tmp_path, [*shown, _difference(group="multi", verdict="no evidence")]
    )
    first, rest = text.split('id="differences"')[1].split('id="differences-rest"')
    assert first.count("<tr>") == 3 and "mrr@10" in first
    assert rest.split("</table>")[0].count("<tr>") == 2


def test_interval_without_width_is_not_shown() -> None:
    assert interval(_difference()) == "+0.100 … +0.400"
    assert interval(_difference(low=-0.1)) == "−0.100 … +0.400"
    assert interval(_difference(low=0.2, high=0.2)) == interval(_difference(low=math.nan)) == "–"
    assert (signed(0.0), signed(-0.0001), number(-0.0001)) == ("0.000", "0.000", "0.000")


@pytest.mark.parametrize("key", list(TEXTS))
def test_text_has_the_same_slots_in_both_languages(key: str) -> None:
    slots = [sorted(slot for _, slot, _, _ in string.Formatter().parse(text) if slot) for text in TEXTS[key]]
    assert slots[0] == slots[1]
    assert all(text.strip() for text in TEXTS[key])


def test_every_text_that_the_page_asks_for_is_there() -> None:
    script = (_ROOT / "eval" / "report.js").read_text(encoding="utf-8")
    asked = set(re.findall(r'"((?:row|rows|show)\.[a-z]+)"', script))
    assert asked and asked <= set(TEXTS)
    assert say("rows.found", shown=1, count=2) == ("แสดง 1 จาก 2 ข้อ", "1 of 2 questions")


def test_script_never_sets_markup() -> None:
    script = (_ROOT / "eval" / "report.js").read_text(encoding="utf-8")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|Storage", script
    )
