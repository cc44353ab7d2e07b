"""Training draws its rows as it says, learns what it is shown, and leaves what answering can load."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from tiny_transformer import TinyEmbedder, WordTokenizer

from eval.training.adapters import factored
from eval.training.examples import Example, Rows, batches, counted, read_examples, without_evidence
from eval.training.plan import Plan
from eval.training.run import save, train_in_cycles, training_examples
from eval.training.split import held_out
from eval.training.trainer import train
from rag.reading.encoder_reader import EncoderReader
from rag.reading.inputs import Text, make_rows

CITIES = "Nan Trat Yala Loei Phrae Krabi Satun Tak Surin Rayong Phuket Trang".split()


def example(number: int, *, answered: bool = True) -> Example:
    """The mayor of a town and the year of its bridge: the question asks for the mayor, or for what is not told."""
    town, mayor = CITIES[number], f"Mayor{number}"
    context = f"The mayor of {town} is {mayor}. The bridge opened in {1950 + number}."
    start = context.index(mayor) if answered else -1
    question = f"Who is the mayor of {town}?" if answered else f"Who built the school of {town}?"
    return Example(
        f"{number}-{answered}",
        "reading",
        "en",
        question,
        "Towns",
        context,
        start,
        start + len(mayor) if answered else -1,
    )


def test_row_holds_its_answer_at_the_tokens_it_names():
    tokenizer = WordTokenizer()
    one = example(3)
    rows = Rows([one], tokenizer)
    row = next(row for row in rows.draw(random.Random(1)) if row.start)
    answer = tokenizer(["Mayor3"])["input_ids"][0]
    assert row.ids[row.start : row.last + 1] == answer
    assert row.ids[0] == 0 and row.ids[-1] == 2
    assert row.first <= row.start <= row.last < len(row.ids) - 1


def test_window_of_a_long_context_holds_the_answer():
    filler = " ".join(f"word{number}" for number in range(350))
    one = example(3)
    long = replace(
        one,
        context=f"{filler} {one.context} {filler}",
        start=one.start + len(filler) + 1,
        end=one.end + len(filler) + 1,
    )
    tokenizer = WordTokenizer()
    rows = Rows([long], tokenizer)
    answer = tokenizer(["Mayor3"])["input_ids"][0]
    drawn = [row for seed in range(20) for row in rows.draw(random.Random(seed)) if row.start]
    assert len(drawn) == 20
    assert {tuple(row.ids[row.start : row.last + 1]) for row in drawn} == {tuple(answer)}
    assert max(len(row.ids) for row in drawn) < 300
    assert len({row.start for row in drawn}) > 5


@pytest.mark.parametrize("language", ["th", "en"])
def test_evidence_taken_out_leaves_no_answer(language):
    context, answer = {
        "en": ("The bridge opened in 1999. It is 840 metres long. Boats pass under it.", "1999"),
        "th": ("สะพานเปิดใช้เมื่อปี 2542 โดยนายกรัฐมนตรี\nสะพานยาว 840 เมตร\nเรือลอดผ่านได้ทุกวัน", "2542"),
    }[language]
    start = context.index(answer)
    one = Example("a", "reading", language, "?", "", context, start, start + len(answer))
    without = without_evidence(one)
    assert without is not None
    assert answer not in without.context and "840" in without.context
    assert (without.start, without.end, without.kind) == (-1, -1, "without")


def test_answer_told_twice_cannot_be_taken_out():
    context = "The bridge opened in 1999. In 1999 it was the longest."
    assert without_evidence(Example("a", "reading", "en", "?", "", context, 21, 25)) is None


def test_batches_hold_every_row_once_within_their_budget():
    rows = Rows([example(number) for number in range(12)], WordTokenizer()).draw(random.Random(1))
    made = list(batches(rows, 90, random.Random(2)))
    assert sorted(id(row) for batch in made for row in batch) == sorted(map(id, rows))
    assert all(len(batch) * max(len(row.ids) for row in batch) <= 90 for batch in made)


def test_reader_trained_on_towns_finds_their_mayors_and_abstains():
    embedder = TinyEmbedder()
    examples = [example(number, answered=answered) for number in range(12) for answered in (True, False)]
    rows = Rows(examples, embedder.transformer[1])
    plan = Plan(rank=8, rate=2e-2, epochs=40, tokens=512, dropout=0.0, dtype="fp32")
    adapters = train(embedder.transformer[0], rows, plan, say=lambda line: None)
    reader = EncoderReader.of(embedder, adapters)
    readings = reader.read_texts(
        [one.question for one in examples], [Text(one.title, one.context) for one in examples]
    )
    answered = [
        one.context[reading.spans[0].start : reading.spans[0].end] if reading.spans[0].score > 0 else ""
        for one, reading in zip(examples, readings, strict=True)
    ]
    assert answered == [one.answer for one in examples]
    assert [reading.answerable > 0 for reading in readings] == [one.end > 0 for one in examples]


def test_change_of_a_whole_matrix_is_kept_by_adapters_of_its_rank():
    generator = torch.Generator().manual_seed(1)
    base = {"0.up.weight": torch.randn(6, 4, generator=generator), "0.up.bias": torch.zeros(6)}
    change = torch.randn(6, 2, generator=generator) @ torch.randn(2, 4, generator=generator)
    trained = {"0.up.weight": base["0.up.weight"] + change, "0.up.bias": torch.ones(6)}
    made = factored(base, trained, 2)
    assert sorted(made) == ["0.up.a", "0.up.b", "0.up.bias"]
    assert torch.allclose(made["0.up.b"] @ made["0.up.a"], change, atol=1e-5)
    assert torch.equal(made["0.up.bias"], torch.ones(6))


@pytest.mark.parametrize("whole", [False, True])
def test_adapters_and_whole_matrices_learn_alike(whole):
    embedder = TinyEmbedder()
    examples = [example(number) for number in range(8)]
    plan = Plan(rank=32, whole=whole, rate=1e-2, epochs=30, tokens=512, dropout=0.0, dtype="fp32")
    adapters = train(
        embedder.transformer[0], Rows(examples, embedder.transformer[1]), plan, say=lambda line: None
    )
    readings = EncoderReader.of(embedder, adapters).read_texts(
        [one.question for one in examples], [Text(one.title, one.context) for one in examples]
    )
    found = [
        one.context[reading.spans[0].start : reading.spans[0].end]
        for one, reading in zip(examples, readings, strict=True)
    ]
    assert found == [one.answer for one in examples]


def test_same_seed_trains_the_same_weights():
    made = []
    for _ in range(2):
        embedder = TinyEmbedder()
        rows = Rows([example(number) for number in range(6)], embedder.transformer[1])
        plan = Plan(rank=4, epochs=2, tokens=128, dtype="fp32", threads=1)
        made.append(train(embedder.transformer[0], rows, plan, say=lambda line: None))
    assert made[0].keys() == made[1].keys()
    assert all(torch.equal(made[0][name], made[1][name]) for name in made[0])


def test_second_cycle_goes_on_from_the_first_with_other_draws():
    examples = [example(number) for number in range(6)]
    plan = Plan(rank=4, epochs=1, cycles=2, tokens=128, dtype="fp32", threads=1, switched=1.0)
    lexicon = {"mayor": {"นายก": 0.9}}
    bert, tokenizer = TinyEmbedder().transformer

    def trained(plan: Plan, start: dict[str, torch.Tensor] | None = None) -> dict[str, torch.Tensor]:
        return train_in_cycles(bert, tokenizer, examples, {}, lexicon, plan, start, say=lambda line: None)

    both = trained(plan)
    first = trained(replace(plan, cycles=1))
    second = trained(replace(plan, cycles=1, seed=plan.seed + 1), first)
    assert all(torch.equal(both[name], second[name]) for name in both)
    again = trained(replace(plan, cycles=1), first)
    assert not all(torch.equal(both[name], again[name]) for name in both)


def test_saved_weights_read_as_those_trained(tmp_path: Path):
    embedder = TinyEmbedder()
    rows = Rows([example(number) for number in range(6)], embedder.transformer[1])
    kept: list[int] = []
    plan = Plan(rank=4, rate=2e-2, epochs=3, tokens=256, dtype="fp32")
    adapters = train(
        embedder.transformer[0],
        rows,
        plan,
        keep=lambda number, found: kept.append(number),
        say=lambda line: None,
    )
    save(adapters, tmp_path / "reader.safetensors")
    one = example(2)
    texts = [Text("Towns", one.context)]
    before = EncoderReader.of(embedder, adapters).read_texts([one.question], texts)[0]
    after = EncoderReader(embedder, tmp_path / "reader.safetensors").read_texts([one.question], texts)[0]
    assert kept == [1, 2, 3]
    assert [(span.start, span.end) for span in after.spans] == [
        (span.start, span.end) for span in before.spans
    ]
    assert after.answerable == pytest.approx(before.answerable, abs=0.02)
    assert [path.name for path in tmp_path.iterdir()] == ["reader.safetensors"]


def test_weights_for_another_model_are_refused(tmp_path: Path):
    narrow, wide = TinyEmbedder(width=16), TinyEmbedder(width=32)
    rows = Rows([example(1)], narrow.transformer[1])
    save(
        train(narrow.transformer[0], rows, Plan(rank=2, epochs=1, dtype="fp32"), say=lambda line: None),
        tmp_path / "reader.safetensors",
    )
    with pytest.raises(ValueError, match="another embedding model"):
        EncoderReader(wide, tmp_path / "reader.safetensors")


def test_articles_measured_on_are_not_trained_on(tmp_path: Path):
    kept = next(f"Title{number}" for number in range(100) if held_out(f"Title{number}"))
    free = next(f"Title{number}" for number in range(100) if not held_out(f"Title{number}"))

    def write(name: str, *titles: str) -> None:
        lines = [
            {
                "id": title,
                "lang": "en",
                "title": title,
                "context": "A b c.",
                "question": "q",
                "answer": "b",
                "start": 2,
            }
            for title in titles
        ]
        (tmp_path / name).write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")

    write("one_train.jsonl", kept, free)
    write("two_train.jsonl", kept, free, "Shared")
    write("two_valid.jsonl", "Shared")
    assert [one.title for one in training_examples(tmp_path)] == [free, kept, free]


def test_folder_without_a_set_is_named(tmp_path: Path):
    with pytest.raises(ValueError, match=str(tmp_path)):
        list(training_examples(tmp_path))


def test_answer_that_is_not_where_it_is_said_names_its_line(tmp_path: Path):
    file = tmp_path / "x.jsonl"
    line = {
        "id": "1",
        "lang": "en",
        "title": "",
        "context": "A b.",
        "question": "q",
        "answer": "b",
        "start": 1,
    }
    file.write_text(json.dumps(line), encoding="utf-8")
    with pytest.raises(ValueError, match="line 1: 'b' is not at 1"):
        read_examples(file)


def test_examples_are_counted_by_kind_and_language():
    assert counted([example(1), example(2), example(3, answered=False)]) == {
        "reading en answered": 2,
        "reading en absent": 1,
    }


def test_question_and_text_are_read_between_their_marks():
    tokenizer = WordTokenizer()
    row = make_rows(tokenizer, ["Who?"], [Text("Towns", "A b.")])[0]
    asked, title, text = (tokenizer([part])["input_ids"][0] for part in ("query: Who?", "Towns", "A b."))
    assert list(row.ids) == [0, *asked, 2, 2, *title, *text, 2]
    assert row.first == len(asked) + len(title) + 3
    assert row.offsets == ((0, 1), (2, 3), (3, 4))
