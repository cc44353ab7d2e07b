"""Trains the reader: python -m eval.training.run DATA [--news SOURCE...] [--leave-out GOLD...] [--out FILE].

DATA is a folder with reading sets for training (*_train.jsonl), of which the articles that split.py keeps are only
measured on. SOURCE, articles in both languages as `khao ingest` reads them, adds questions made from news; articles that
the questions of GOLD are proved by are left out. Some three hours on two cores with bfloat16, minutes on a GPU.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from time import perf_counter
from typing import TYPE_CHECKING, Any

from eval.training import figures, news
from eval.training.examples import READING, Example, Rows, counted, example_of, read_examples
from eval.training.masked import masked_examples
from eval.training.negatives import find_negatives
from eval.training.plan import Plan
from eval.training.split import held_out
from eval.training.switching import switched_questions
from eval.training.trainer import train
from rag.bilingual import Lexicon, read_lexicon
from rag.config import read_settings
from rag.embedding import SentenceTransformerEmbedder
from rag.reading.encoder_reader import WEIGHTS

if TYPE_CHECKING:
    from torch import Tensor


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, write the weights and print their figures on what was not trained on; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m eval.training.run", description="Train the reader.")
    parser.add_argument("data", type=Path, help="a folder with *_train.jsonl")
    parser.add_argument("--news", nargs="*", default=[], metavar="SOURCE", help="articles in both languages")
    parser.add_argument("--leave-out", type=Path, nargs="*", default=[], metavar="GOLD.jsonl")
    parser.add_argument("--made", type=Path, help="questions made earlier (eval.training.news), not made now")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    plan = Plan()
    for name in ("epochs", "cycles", "rank", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(plan, name))
    parser.add_argument("--rate", type=float, default=plan.rate)
    parser.add_argument(
        "--whole", action="store_true", help="train matrices whole, then bring them to the rank"
    )
    parser.add_argument(
        "--masked", type=int, default=0, metavar="N", help="first, N sentences with words left out"
    )
    parser.add_argument("--start", type=Path, metavar="FILE", help="weights to go on from")
    parser.add_argument("--stop-after", type=int, default=0, metavar="STEPS", help="to try things out")
    options = parser.parse_args(arguments)
    from safetensors.torch import load_file

    begun = perf_counter()

    def say(line: str) -> None:
        print(f"{perf_counter() - begun:6.0f} s  {line}", file=sys.stderr, flush=True)

    def keep(number: int, adapters: dict[str, Tensor]) -> None:
        save(adapters, options.out)
        say(f"epoch {number} is in {options.out}")

    settings = read_settings()
    embedder = SentenceTransformerEmbedder(settings.model, settings.cache, settings.precision)
    plan = Plan(
        rank=options.rank,
        whole=options.whole,
        rate=options.rate,
        epochs=options.epochs,
        cycles=options.cycles,
        seed=options.seed,
        stop_after=options.stop_after,
    )
    try:
        examples = list(training_examples(options.data))
        if options.made:
            examples += read_examples(options.made)
        elif options.news:
            lines = news.make_questions(options.news, options.leave_out, embedder.token_starts, say=say)
            records = [line.record(number) for number, line in enumerate(lines, 1)]
            examples += [example_of(record, str(record["id"])) for record in records]
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    say(f"{len(examples)} questions: {json.dumps(counted(examples))}")
    bert, tokenizer = embedder.transformer
    lexicon, negatives = read_lexicon(), find_negatives(examples, embedder)
    say("texts that do not answer are found")
    first = load_file(options.start) if options.start else None
    if options.masked:
        texts = dict.fromkeys((one.title, one.context, one.language) for one in examples)
        masked = masked_examples(texts, Random(plan.seed), options.masked)
        say(f"{len(masked)} sentences with words left out")
        first = train(bert, Rows(masked, tokenizer), replace(plan, epochs=1, made=1.0), first, say=say)
    train_in_cycles(bert, tokenizer, examples, negatives, lexicon, plan, first, keep=keep, say=say)
    return figures.main([str(options.data), "--reader", str(options.out), "--all"])


def train_in_cycles(
    bert: Any,
    tokenizer: Any,
    examples: Sequence[Example],
    negatives: Mapping[str, Sequence[tuple[str, str]]],
    lexicon: Lexicon,
    plan: Plan,
    start: Mapping[str, Tensor] | None = None,
    keep: Callable[[int, dict[str, Tensor]], None] = lambda number, adapters: None,
    say: Callable[[str], None] = print,
) -> dict[str, Tensor]:
    """Return the adapters after `plan.cycles` of training, each begun from the one before with a seed one higher."""
    written = [one for one in examples if one.kind == READING]
    trained = dict(start or {})
    for seed in range(plan.seed, plan.seed + plan.cycles):
        rows = Rows(examples, tokenizer, negatives, switched_questions(written, lexicon, Random(seed)))
        trained = train(bert, rows, replace(plan, seed=seed), trained, keep=keep, say=say)
    return trained


def training_examples(data: Path) -> Iterator[Example]:
    """Yield the examples of a folder's training sets, less the articles that are measured on.

    Those are the ones that split.py keeps, and where a set has a valid file of its own, the articles of that.
    """
    files = sorted(data.glob("*_train.jsonl"))
    if not files:
        raise ValueError(f"{data} has no *_train.jsonl")
    for file in files:
        valid = file.with_name(file.name.replace("_train", "_valid"))
        known = {one.title for one in read_examples(valid)} if valid.exists() else set[str]()
        for one in read_examples(file):
            if one.title not in known and (valid.exists() or not held_out(one.title)):
                yield one


def save(adapters: dict[str, Tensor], file: Path) -> None:
    """Write the adapters as float16 safetensors, whole or not at all."""
    from safetensors.torch import save_file

    draft = file.with_suffix(".draft")
    save_file({name: tensor.half().cpu().contiguous() for name, tensor in adapters.items()}, draft)
    draft.replace(file)


if __name__ == "__main__":
    raise SystemExit(main())
