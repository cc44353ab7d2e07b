"""SQuAD and flat reading sets; which format a path is in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.language import normalise
from eval.benchmark import Benchmark
from eval.formats import read_benchmark
from eval.formats.collection import Collection
from eval.formats.reading import read_reading
from eval.formats.squad import read_squad

CONTEXT = {
    "th": "รถไฟฟ้าสายแรกเปิดเมื่อวันที่ 5 ธันวาคม 2542\n\nปัจจุบันมี 62 สถานี และมีผู้โดยสารวันละ 700,000 คน",
    "en": "The first line opened in 1999. It now has 62 stations. The fare was 10 baht in 1999.",
}
QUESTION = {"th": "รถไฟฟ้ามีกี่สถานี", "en": "How many stations does the line have?"}
SENTENCE = {"th": "ปัจจุบันมี 62 สถานี และมีผู้โดยสารวันละ 700,000 คน", "en": "It now has 62 stations."}


def squad(context: str, *qas: dict[str, Any], title: str = "Bangkok_Transit") -> dict[str, Any]:
    return {
        "version": "1.1",
        "data": [{"title": title, "paragraphs": [{"context": context, "qas": list(qas)}]}],
    }


def asked(id: str, question: str, *answers: tuple[str, int], **more: Any) -> dict[str, Any]:
    spans = [{"text": text, "answer_start": start} for text, start in answers]
    return {"id": id, "question": question, "answers": spans, **more}


def written(file: Path, *records: Any) -> Path:
    """One record a line."""
    lines = (
        record if isinstance(record, str) else json.dumps(record, ensure_ascii=False) for record in records
    )
    file.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return file


def assert_quotes_stand(benchmark: Benchmark) -> None:
    bodies = {article.id: article.body for article in benchmark.articles}
    for question in benchmark.questions:
        for found in question.evidence:
            assert found.quote in bodies[found.article_id]


@pytest.mark.parametrize("language", ["th", "en"])
def test_context_becomes_an_article_and_the_answers_sentence_its_evidence(
    tmp_path: Path, language: str
) -> None:
    context = CONTEXT[language]
    spans = [
        ("62", context.index("62")),
        ("62", context.index("62")),
        ("62 ส" if language == "th" else "62 s", context.index("62")),
    ]
    qas = [asked("q1", QUESTION[language], *spans), asked("q2", QUESTION[language])]
    benchmark = read_squad(written(tmp_path / "xquad.th.json", squad(context, *qas)))
    assert (benchmark.name, benchmark.format) == ("xquad.th", "squad")
    (article,) = benchmark.articles
    assert (article.title, article.body, article.source) == ("Bangkok Transit", context, "xquad.th")
    assert article.language == language
    answered, impossible = benchmark.questions
    assert answered.answers == ("62", spans[2][0])
    assert [(found.article_id, found.quote) for found in answered.evidence] == [
        (article.id, SENTENCE[language])
    ]
    assert (answered.type, answered.language, answered.evidence_mode) == ("same", language, "any")
    assert (impossible.type, impossible.answerable) == ("unanswerable", False)


def test_answer_is_where_its_offset_says_not_where_it_first_stands(tmp_path: Path) -> None:
    context = CONTEXT["en"]
    record = squad(context, asked("q", "What year was the fare?", ("1999", context.rindex("1999"))))
    (question,) = read_squad(written(tmp_path / "a.json", record)).questions
    assert question.evidence[0].quote == "The fare was 10 baht in 1999."


@pytest.mark.parametrize("odd", ["\u200bก\u200bา\u200b", "นํา้ เเม่", "  \u00a0", "e\u0301\r\n\r\n"])
def test_offsets_are_followed_through_normalising(tmp_path: Path, odd: str) -> None:
    # Thirty of each move the answer by more than its own sentence.
    context = f"{odd * 30} 62 ขบวน\n\nเดินรถเเล้ว 62 ขบวน\n\nตัวเลขนี้ไม่ใช่คำตอบของคำถามข้างต้นแต่อย่างใด 62 ขบวน"
    record = squad(context, asked("q", "เดินรถกี่ขบวน", ("เเล้ว 62", context.index("เเล้ว 62"))))
    benchmark = read_squad(written(tmp_path / "a.json", record))
    assert benchmark.articles[0].body == normalise(context).strip() != context
    assert benchmark.questions[0].evidence[0].quote == "เดินรถแล้ว 62 ขบวน"


def test_answer_over_two_sentences_is_quoted_from_both(tmp_path: Path) -> None:
    context = CONTEXT["en"]
    text = "1999. It now"
    record = squad(context, asked("q", "When?", (text, context.index(text))))
    (question,) = read_squad(written(tmp_path / "a.json", record)).questions
    assert question.evidence[0].quote == "The first line opened in 1999. It now has 62 stations."


def test_question_in_the_other_language_is_cross(tmp_path: Path) -> None:
    context = CONTEXT["th"]
    record = squad(context, asked("q", QUESTION["en"], ("62", context.index("62"))))
    (question,) = read_squad(written(tmp_path / "a.json", record)).questions
    assert (question.type, question.language) == ("cross", "en")


def test_impossible_question_has_no_answer_whatever_it_lists(tmp_path: Path) -> None:
    context = CONTEXT["en"]
    more = {"is_impossible": True, "plausible_answers": [{"text": "1999", "answer_start": 25}]}
    record = squad(context, asked("q", "When did it close?", ("1999", context.index("1999")), **more))
    (question,) = read_squad(written(tmp_path / "a.json", record)).questions
    assert (question.type, question.answers, question.evidence) == ("unanswerable", (), ())


@pytest.mark.parametrize(
    ("answer", "start"),
    [
        ("62", 0),
        ("62", -7),
        ("62", "43"),
        ("62", None),
        ("62", True),
        ("", 0),
        (" ", 2),
        ("\u200b", 13),
        ("sixty", 10_000),
    ],
)
def test_answer_that_does_not_stand_at_its_offset_is_refused_by_question_id(
    tmp_path: Path, answer: str, start: Any
) -> None:
    context = "It has 62 cars\u200b"
    file = written(tmp_path / "a.json", squad(context, asked("q7", "How many?", (answer, start))))
    with pytest.raises(ValueError, match=r"a\.json: question 'q7': .*answer"):
        read_squad(file)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", r"a\.json: not JSON"),
        ("[1, 2]", r"a\.json: data is not a list of objects: None"),
        ('{"data": []}', r"a\.json: no questions"),
        ('{"data": ["x"]}', r"a\.json: data is not a list of objects"),
        ('{"data": [{"title": "t"}]}', r"a\.json: data\[0\]: paragraphs is not a list"),
        ('{"data": [{"title": 5, "paragraphs": []}]}', r"a\.json: data\[0\]: title is no text: 5"),
        (json.dumps(squad(" ", asked("q", "Who?"))), r"a\.json: data\[0\]\.paragraphs\[0\]: context is blank"),
        (json.dumps(squad("It rains.", asked("", "Who?"))), r"paragraphs\[0\]: id is missing or blank"),
        (json.dumps(squad("It rains.", asked("q", " "))), r"question 'q': question 'q' is blank"),
        (json.dumps(squad("It rains.", asked("q", "Who?"), asked("q", "When?"))), r"question id 'q' is that of an earlier"),
        (json.dumps(squad("It rains.", {"id": "q", "question": "Who?"})), r"question 'q': answers is not a list"),
        ('{"data": ' + "[" * 100_000, r"a\.json: JSON nested too deeply"),
    ],
)  # fmt: skip
def test_bad_squad_file_is_refused_by_name_and_place(tmp_path: Path, content: str, complaint: str) -> None:
    file = tmp_path / "a.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=complaint):
        read_squad(file)


@pytest.mark.parametrize("language", ["th", "en"])
def test_reading_lines_of_one_context_are_one_article(tmp_path: Path, language: str) -> None:
    context = CONTEXT[language]
    line = {"id": "r1", "lang": language, "title": "A_b", "context": context, "question": QUESTION[language]}
    file = written(
        tmp_path / "set.jsonl",
        line | {"answer": "62", "start": context.index("62")},
        "",
        line | {"id": 2, "answer": None, "start": None},
    )
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    benchmark = read_reading(file)
    assert (benchmark.name, benchmark.format, len(benchmark.articles)) == ("set", "reading", 1)
    assert benchmark.articles[0].title == "A b"
    assert [(question.id, question.type) for question in benchmark.questions] == [
        ("r1", "same"),
        ("2", "unanswerable"),
    ]
    assert benchmark.questions[0].evidence[0].quote == SENTENCE[language]
    assert_quotes_stand(benchmark)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", r":2: not JSON"),
        ("[]", r":2: not a JSON object"),
        ('{"id": "b", "context": "It rains.", "question": "Who?", "answer": "It", "start": 1}', r":2: answer 'It' does not stand at 1"),
        ('{"id": "b", "context": "It rains.", "question": "Who?", "answer": 5, "start": 1}', r":2: answer is no text"),
        ('{"id": "a", "context": "It rains.", "question": "Who?", "answer": null}', r":2: question id 'a' is that of an earlier"),
        ('{"id": "b", "context": "", "question": "Who?", "answer": null}', r":2: context is blank"),
        ('{"context": "It rains.", "question": "Who?", "answer": null}', r":2: id is missing"),
    ],
)  # fmt: skip
def test_bad_reading_line_is_refused_by_number(tmp_path: Path, line: str, complaint: str) -> None:
    good = {"id": "a", "context": "It rains.", "question": "What falls?", "answer": None}
    with pytest.raises(ValueError, match=r"set\.jsonl" + complaint):
        read_reading(written(tmp_path / "set.jsonl", good, line))


def test_file_that_is_not_utf8_is_refused_by_line(tmp_path: Path) -> None:
    (tmp_path / "set.jsonl").write_bytes(b"\n" + "ข่าว".encode("cp874"))
    with pytest.raises(ValueError, match=r"set\.jsonl:2: not UTF-8"):
        read_reading(tmp_path / "set.jsonl")


def test_half_a_character_is_replaced_without_moving_the_answer(tmp_path: Path) -> None:
    context = "\ud800It has 62 cars."
    line = {
        "id": "a",
        "title": "\udfff",
        "context": context,
        "question": "How many?",
        "answer": "62",
        "start": 8,
    }
    benchmark = read_reading(written(tmp_path / "set.jsonl", json.dumps(line)))
    assert benchmark.articles[0].body == "\ufffdIt has 62 cars."
    assert benchmark.questions[0].evidence[0].quote == "\ufffdIt has 62 cars."


def test_document_without_text_is_its_title_and_without_either_only_evidence_misses_it(
    tmp_path: Path,
) -> None:
    collection = Collection("set", "beir", tmp_path)
    collection.add_article("titled", " Rain\nin Nan ", " \u200b", url="not an address", published="soon")
    collection.add_article("blank", "", "\n")
    collection.add_article(
        "untitled", "", "ฝนตกหนักที่น่าน", url="http://a.example/?utm_source=x", published="11 ก.ย. 2566"
    )
    titled, untitled = collection.articles.values()
    assert (titled.title, titled.body, titled.url, titled.published) == (
        "Rain in Nan",
        "Rain in Nan",
        None,
        None,
    )
    assert (untitled.title, untitled.url, str(untitled.published)) == (
        "ฝนตกหนักที่น่าน",
        "http://a.example/",
        "2023-09-11",
    )
    with pytest.raises(ValueError, match="document 'blank' has neither text nor title"):
        collection.evidence("blank")
    with pytest.raises(ValueError, match="document 'lost' is not in the corpus"):
        collection.evidence("lost")


def test_document_given_twice_is_one_and_two_of_one_id_are_refused(tmp_path: Path) -> None:
    collection = Collection("set", "beir", tmp_path)
    collection.add_article("d", "Rain", "It rains.")
    collection.add_article("d", "Rain", "It rains. ")
    assert [article.body for article in collection.articles.values()] == ["It rains."]
    with pytest.raises(ValueError, match="document id 'd'"):
        collection.add_article("d", "Rain", "It snows.")


GOLD = {"id": "g1", "lang": "th", "type": "same", "question": "ใคร", "answers": ["เขา"], "evidence": []}


def test_each_path_is_read_by_its_shape(tmp_path: Path) -> None:
    context = CONTEXT["en"]
    line = {
        "id": "r",
        "context": context,
        "question": "How many?",
        "answer": "62",
        "start": context.index("62"),
    }
    table = tmp_path / "table.csv"
    table.write_text("question,answer\nHow many?,62\n", encoding="utf-8")
    paths = [
        written(tmp_path / "squad.json", squad(context, asked("q", "How many?"))),
        written(tmp_path / "one.jsonl", GOLD),
        written(tmp_path / "reading.jsonl", line),
        table,
        written(tmp_path / "two.jsonl", GOLD | {"id": "g2"}),
    ]
    benchmarks = read_benchmark(paths)
    assert [(found.name, found.format) for found in benchmarks] == [
        ("squad", "squad"), ("one+two", "khao"), ("reading", "reading"), ("table", "csv"),
    ]  # fmt: skip
    assert [question.id for question in benchmarks[1].questions] == ["g1", "g2"]
    assert benchmarks[1].articles == ()
    assert read_benchmark([]) == []


def test_format_given_goes_before_shape(tmp_path: Path) -> None:
    file = written(tmp_path / "table.txt", "question\tanswer", "Who?\tShe")
    (benchmark,) = read_benchmark([file], format="csv")
    assert benchmark.questions[0].answers == ("She",)
    with pytest.raises(ValueError, match="format 'parquet' is none of khao, squad, reading, beir"):
        read_benchmark([file], format="parquet")


def test_gold_files_with_one_id_are_both_named(tmp_path: Path) -> None:
    one, two = written(tmp_path / "one.jsonl", GOLD), written(tmp_path / "two.jsonl", GOLD)
    with pytest.raises(ValueError, match=r"two\.jsonl: question id 'g1' is in .*one\.jsonl too"):
        read_benchmark([one, two])


@pytest.mark.parametrize("name", ["notes.txt", "other.json", "folder/", "corpus.json"])
def test_path_of_no_known_shape_is_named_with_the_shapes_there_are(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith("/"):
        path.mkdir()
    else:
        path.write_text('{"version": 1}', encoding="utf-8")
    with pytest.raises(
        ValueError, match=rf"{path}: no benchmark .*khao.*squad.*csv.*beir.*multihop.*nomiracl"
    ):
        read_benchmark([path])


def test_missing_path_is_an_oserror_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        read_benchmark([tmp_path / "lost.jsonl"])
    assert caught.value.filename == str(tmp_path / "lost.jsonl")


def test_empty_gold_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"empty\.jsonl: no questions"):
        read_benchmark([written(tmp_path / "empty.jsonl")])
