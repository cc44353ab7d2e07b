"""BEIR, TREC judgements and NoMIRACL: folders of a corpus, questions and what is relevant."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import OpenHome

from corpus.readers import Read
from eval.formats import read_benchmark
from eval.formats.beir import read_beir
from eval.formats.judgements import read_judgements
from eval.formats.nomiracl import read_nomiracl
from rag.ingest import ingest

CORPUS = [
    {"_id": "d1", "title": "Rubber prices", "text": "The floor price is 60 baht.", "metadata": {}},
    {"_id": "d2", "title": "ราคายาง", "text": "ราคาพื้นกิโลกรัมละ 60 บาท"},
    {"_id": 3, "title": "", "text": "Rain fell in Nan."},
    {"_id": "void", "title": "", "text": ""},
]
QUERIES = [
    {"_id": "q1", "text": "rubber floor price"},
    {"_id": "q2", "text": "ราคายางพื้นฐาน"},
    {"_id": "q3", "text": "snow in Phuket"},
    {"_id": "q4", "text": "asked in another split"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t1\nq1\t3\t0\nq2\td1\t1\nq3\t3\t0\nq3\tgone\t0\n"


def lines(file: Path, records: list[dict[str, Any]]) -> None:
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    if file.suffix == ".gz":
        file.write_bytes(gzip.compress(text.encode()))
    else:
        file.write_text(text, encoding="utf-8")


def beir(folder: Path, qrels: str = QRELS, suffix: str = "", split: str = "test.tsv") -> Path:
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    lines(folder / f"corpus.jsonl{suffix}", CORPUS)
    lines(folder / f"queries.jsonl{suffix}", QUERIES)
    (folder / "qrels" / split).write_text(qrels, encoding="utf-8")
    return folder


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_beir_folder_gives_graded_evidence(tmp_path: Path, suffix: str) -> None:
    (benchmark,) = read_benchmark([beir(tmp_path / "rubber", suffix=suffix)])
    assert (benchmark.name, benchmark.format) == ("rubber", "beir")
    assert [article.id for article in benchmark.articles] == ["d1", "d2", "3"]
    assert [article.language for article in benchmark.articles] == ["en", "th", "en"]
    assert benchmark.articles[2].title == "Rain fell in Nan"
    graded, cross, nothing = benchmark.questions
    assert [(found.article_id, found.quote, found.grade) for found in graded.evidence] == [
        ("d1", "", 2),
        ("d2", "", 1),
    ]
    assert (graded.type, graded.answers, graded.answerable, graded.evidence_mode) == ("same", (), True, "all")
    assert (cross.type, cross.language) == ("cross", "th")
    assert (nothing.id, nothing.type, nothing.answerable) == ("q3", "unanswerable", False)


def test_articles_of_a_benchmark_go_into_a_library_whole(tmp_path: Path, open_home: OpenHome) -> None:
    folder = beir(tmp_path / "rubber")
    hostile = [
        {"_id": "half\ud800", "title": "\x00\u202e", "text": "\ud800 ก\u200bา\r\n\x07"},
        {"_id": "signs", "title": "", "text": "... !!! ..."},
        {"_id": "long", "title": "t " * 9000, "text": "ก" * 9000},
    ]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(line) + "\n" for line in CORPUS + hostile))
    articles = read_beir(folder).articles
    indexes = open_home()
    ingest(indexes, [Read(article.id, article, None) for article in articles])
    assert indexes.library.get_many({article.id for article in articles}) == {
        article.id: article for article in articles
    }
    assert len(articles) == 6


def test_beir_split_is_chosen_by_its_file(tmp_path: Path) -> None:
    folder = beir(tmp_path / "rubber")
    (folder / "qrels" / "dev.tsv").write_text("query-id\tcorpus-id\tscore\nq4\t3\t1\n", encoding="utf-8")
    (benchmark,) = read_benchmark([folder / "qrels" / "dev.tsv"])
    assert (benchmark.name, [question.id for question in benchmark.questions]) == ("rubber.dev", ["q4"])
    assert [question.id for question in read_beir(folder).questions] == ["q1", "q2", "q3"]


def test_beir_folder_with_only_one_split_has_no_choice_to_make(tmp_path: Path) -> None:
    folder = beir(tmp_path / "rubber", split="dev.tsv")
    (folder / "qrels" / ".DS_Store").write_bytes(b"\x00")
    assert read_beir(folder).name == "rubber.dev"
    (folder / "qrels" / "train.tsv").write_text(QRELS, encoding="utf-8")
    with pytest.raises(ValueError, match=r"several files of judgements \(qrels/dev\.tsv, qrels/train\.tsv\)"):
        read_beir(folder)


def test_beir_folder_without_judgements_is_refused(tmp_path: Path) -> None:
    folder = beir(tmp_path / "rubber")
    (folder / "qrels" / "test.tsv").unlink()
    with pytest.raises(ValueError, match="rubber: no judgements"):
        read_beir(folder)


@pytest.mark.parametrize("name", ["qrels.txt", "trec.qrels"])
def test_trec_judgements_beside_the_corpus_are_read(tmp_path: Path, name: str) -> None:
    folder = beir(tmp_path / "rubber")
    (folder / name).write_text("q1 0 d1 1\nq1\tQ0\td2\t-2\n\nq2   0  d2   3\n", encoding="utf-8")
    (benchmark,) = read_benchmark([folder / name])
    evidence = [
        [(found.article_id, found.grade) for found in asked.evidence] for asked in benchmark.questions
    ]
    assert evidence == [[("d1", 1)], [("d2", 3)]]


def test_judgements_keep_the_later_of_two_and_read_quoted_ids(tmp_path: Path) -> None:
    file = tmp_path / "test.tsv"
    file.write_text('q\td\t1\nq\td\t0\nq\t"<the ""Weird"" one>"\t1\n', encoding="utf-8")
    judged = read_judgements(file)["q"]
    assert [(one.place, one.article_id, one.grade) for one in judged] == [
        (f"{file}:2", "d", 0), (f"{file}:3", '<the "Weird" one>', 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("qrels", "complaint"),
    [
        ("query-id\tcorpus-id\tscore\nq1\tgone\t1\n", r"test\.tsv:2: document 'gone' is not in the corpus"),
        ("query-id\tcorpus-id\tscore\nq1\tvoid\t1\n", r"test\.tsv:2: document 'void' has neither text nor title"),
        ("query-id\tcorpus-id\tscore\nq9\td1\t1\n", r"test\.tsv:2: query 'q9' is not in .*queries\.jsonl"),
        ("q1\td1\t1\nq2\td1\tmuch\n", r"test\.tsv:2: score 'much' is no whole number"),
        ("q1\td1\t1\nq2\td1\tnan\n", r"test\.tsv:2: score 'nan' is no whole number"),
        ("q1 0 d1 x\n", r"test\.tsv:1: score 'x' is no whole number"),
        ("q1\td1\n", r"test\.tsv:1: neither 3 fields"),
        ("q1\t\t1\n", r"test\.tsv:1: neither 3 fields"),
        ("a b c d e\n", r"test\.tsv:1: neither 3 fields"),
        ("", r"test\.tsv: no questions"),
        ("query-id\tcorpus-id\tscore\n", r"test\.tsv: no questions"),
        ("q1\t" + "d" * 20_000_001 + "\t1\n", r"test\.tsv:1: (broken line|document 'd)"),
    ],
)  # fmt: skip
def test_bad_judgement_is_refused_by_line(tmp_path: Path, qrels: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        read_beir(beir(tmp_path / "rubber", qrels))


@pytest.mark.parametrize(
    ("name", "line", "complaint"),
    [
        ("corpus.jsonl", '{"title": "t", "text": "x"}', r"corpus\.jsonl:1: _id is missing or blank"),
        ("corpus.jsonl", '{"_id": "d1", "text": ["x"]}', r"corpus\.jsonl:1: text is no text"),
        ("corpus.jsonl", "d1\tRubber", r"corpus\.jsonl:1: not JSON"),
        ("queries.jsonl", '{"_id": "q1", "text": ""}\n{"_id": "q2", "text": "x"}', r"test\.tsv:2: question 'q1' is blank"),
        ("queries.jsonl", '{"_id": true, "text": "x"}', r"queries\.jsonl:1: _id is no text"),
    ],
)  # fmt: skip
def test_bad_beir_line_is_refused_by_number(tmp_path: Path, name: str, line: str, complaint: str) -> None:
    folder = beir(tmp_path / "rubber")
    (folder / name).write_text(line + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=complaint):
        read_beir(folder)


@pytest.mark.parametrize("data", [b"no gzip", gzip.compress(b'{"_id": "d1"}\n' * 99, mtime=0)[:-12]])
def test_broken_gzip_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    folder = beir(tmp_path / "rubber", suffix=".gz")
    (folder / "corpus.jsonl.gz").write_bytes(data)
    with pytest.raises(ValueError, match=r"corpus\.jsonl\.gz:\d+: broken gzip"):
        read_beir(folder)


PASSAGES = {
    "thai": [
        {"docid": "87#3", "title": "เชียงใหม่", "text": "เมืองมีประชากรราว 127,000 คน"},
        {"docid": "90#0", "title": "น่าน", "text": "แม่น้ำน่านไหลผ่านเมือง"},
    ],
    "english": [
        {"docid": "87#3", "title": "Chiang Mai", "text": "The city has about 127,000 people."},
        {"docid": "90#0", "title": "Nan", "text": "The river flows through the town."},
    ],
}
TOPICS = {
    "thai": ("เชียงใหม่มีประชากรเท่าไร", "BTS คืออะไร"),
    "english": ("How many people live in Chiang Mai?", "Who founded the BTS?"),
}


def nomiracl(folder: Path, split: str = "test", suffix: str = ".gz", known: str = "thai") -> Path:
    for part in ("topics", "qrels"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    lines(folder / f"corpus.jsonl{suffix}", PASSAGES[known])
    asked, unanswered = TOPICS[known]
    parts = {
        f"topics/{split}.relevant.tsv": f"12#0\t{asked}\n13#0\tnever judged\n",
        f"qrels/{split}.relevant.tsv": "12#0\tQ0\t87#3\t1\n12#0\tQ0\t90#0\t0\n",
        f"topics/{split}.non_relevant.tsv": f'14#0\t{unanswered} "\n',
        f"qrels/{split}.non_relevant.tsv": "14#0\tQ0\t87#3\t0\n14#0\tQ0\t90#0\t0\n",
    }
    for name, text in parts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("known", "language"), [("thai", "th"), ("english", "en")])
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_nomiracl_folder_gives_answerable_and_unanswerable_questions(
    tmp_path: Path, known: str, language: str, suffix: str
) -> None:
    (benchmark,) = read_benchmark([nomiracl(tmp_path / known, suffix=suffix, known=known)])
    assert (benchmark.name, benchmark.format) == (f"nomiracl.{known}.test", "nomiracl")
    assert [(article.id, article.language) for article in benchmark.articles] == [
        ("87#3", language),
        ("90#0", language),
    ]
    relevant, other = benchmark.questions
    assert [(found.article_id, found.quote, found.grade) for found in relevant.evidence] == [("87#3", "", 1)]
    assert (relevant.id, relevant.type, relevant.language, relevant.evidence_mode) == (
        "12#0",
        "same",
        language,
        "any",
    )
    assert (other.type, other.answerable, other.language) == ("unanswerable", False, language)
    assert other.question == TOPICS[known][1] + ' "'


def test_nomiracl_split_is_test_unless_only_dev_is_there_or_named(tmp_path: Path) -> None:
    folder = nomiracl(tmp_path / "thai", "dev")
    assert read_nomiracl(folder).name == "nomiracl.thai.dev"
    nomiracl(folder, "test")
    assert read_nomiracl(folder).name == "nomiracl.thai.test"
    (named,) = read_benchmark([folder / "topics" / "dev.relevant.tsv"])
    assert named.name == "nomiracl.thai.dev"


def test_nomiracl_in_another_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="NoMIRACL in german: Khao reads Thai and English"):
        read_nomiracl(nomiracl(tmp_path / "german"))


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("topics/test.relevant.tsv", "12#0 no tab\n", r"topics/test\.relevant\.tsv:1: no tab"),
        ("topics/test.relevant.tsv", "12#0\t \n", r"topics/test\.relevant\.tsv:1: question '12#0' is blank"),
        ("qrels/test.relevant.tsv", "12#0\tQ0\t5#5\t1\n", r"qrels/test\.relevant\.tsv:1: document '5#5' is not in the corpus"),
        ("qrels/test.relevant.tsv", "12#0\tQ0\t87#3\t0\n", r"topics/test\.relevant\.tsv:1: .*0 relevant passages"),
        ("qrels/test.non_relevant.tsv", "14#0\tQ0\t87#3\t1\n", r"topics/test\.non_relevant\.tsv:1: .*1 relevant passages"),
    ],
)  # fmt: skip
def test_bad_nomiracl_line_is_refused_by_number(tmp_path: Path, name: str, text: str, complaint: str) -> None:
    folder = nomiracl(tmp_path / "thai")
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=complaint):
        read_nomiracl(folder)


def test_nomiracl_without_a_part_is_an_oserror(tmp_path: Path) -> None:
    folder = nomiracl(tmp_path / "thai")
    (folder / "qrels" / "test.non_relevant.tsv").unlink()
    with pytest.raises(FileNotFoundError, match=r"test\.non_relevant\.tsv"):
        read_nomiracl(folder)
