"""Trains the reader: python -m eval.training.run DATA [--news FILE...] [--out FILE].

DATA is a folder with reading sets for training (*_train.jsonl), of which the articles that split.py keeps are only
measured on. NEWS, article files in both languages, adds questions made from news. Some two hours on two cores with
bfloat16, minutes on a GPU.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from eval.training.examples import Example, Rows, counted, read_examples
from eval.training.negatives import find_negatives
from eval.training.split import held_out
from eval.training.trainer import Plan, train
from rag.config import read_settings
from rag.embedding import SentenceTransformerEmbedder
from rag.reading.encoder_reader import WEIGHTS

if TYPE_CHECKING:
    from torch import Tensor


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, write the weights and print their figures on what was not trained on."""
    parser = argparse.ArgumentParser(prog="python -m eval.training.run", description=__doc__)
    parser.add_argument("data", type=Path, help="a folder with *_train.jsonl")
    parser.add_argument("--news", type=Path, nargs="*", default=[], help="article files")
    parser.add_argument("--made", type=Path, help="questions made from news earlier, instead of --news")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    defaults = Plan()
    parser.add_argument("--epochs", type=int, default=defaults.epochs)
    parser.add_argument("--rank", type=int, default=defaults.rank)
    parser.add_argument("--rate", type=float, default=defaults.rate)
    parser.add_argument("--stop-after", type=int, default=0, help="steps, to try things out")
    options = parser.parse_args(arguments)
    begun = perf_counter()

    def say(line: str) -> None:
        print(f"{perf_counter() - begun:6.0f} s  {line}", file=sys.stderr, flush=True)

    settings = read_settings()
    embedder = SentenceTransformerEmbedder(settings.model, settings.cache, settings.precision)
    examples = list(training_examples(options.data))
    say("finding texts that do not answer")
    negatives = find_negatives(examples, embedder)
    if options.made:
        examples += read_examples(options.made)
    say(f"questions: {json.dumps(counted(examples))}")
    bert, tokenizer = embedder.transformer
    plan = Plan(
        rank=options.rank, rate=options.rate, epochs=options.epochs, stop_after=options.stop_after
    )

    def keep(number: int, adapters: dict[str, Tensor]) -> None:
        save(adapters, options.out)
        say(f"epoch {number} is in {options.out}")

    train(bert, Rows(examples, tokenizer, negatives), plan, keep=keep, say=say)


def training_examples(data: Path) -> Iterator[Example]:
    """Yield the examples of a folder's training sets, without the articles that are kept to measure on."""
    files = sorted(data.glob("*_train.jsonl"))
    if not files:
        raise ValueError(f"{data} has no *_train.jsonl")
    for file in files:
        # A set with a valid file of its own is measured on that.
        whole = file.with_name(file.name.replace("_train", "_valid")).exists()
        yield from (one for one in read_examples(file) if whole or not held_out(one.title))


def save(adapters: dict[str, Tensor], file: Path) -> None:
    """Write the adapters as float16 safetensors, whole or not at all."""
    from safetensors.torch import save_file

    draft = file.with_suffix(".draft")
    save_file({name: tensor.half().cpu().contiguous() for name, tensor in adapters.items()}, draft)
    draft.replace(file)


if __name__ == "__main__":
    main()
