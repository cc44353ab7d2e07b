"""`khao ask`: an answer with its sources; where a language model writes it, sentence by sentence as they are checked."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, redirect_stdout
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.opening import searching
from app.options import (
    AsJson,
    Lang,
    Since,
    Source,
    TopK,
    Until,
    read_asked,
    read_history,
    settings_llm,
)
from app.progress import ShownProgress
from app.render import render_answer, render_rest, render_statement
from app.screen import Line, Screen
from rag.config import Settings
from rag.filters import Filters
from rag.records import Answer, Citation, Statement
from rag.records import as_json as contract

if TYPE_CHECKING:
    from rag.indexes import Indexes
    from rag.llms.language_model import LanguageModel

NoLlm = Annotated[bool, typer.Option("--no-llm", help="help.no_llm")]
Stream = Annotated[bool, typer.Option("--stream", help="help.stream")]
_NAMES: dict[type, str] = {Citation: "citation", Statement: "statement", Answer: "answer"}


def ask(
    context: typer.Context,
    question: Annotated[list[str], typer.Argument(metavar="QUESTION", help="help.question")],
    since: Since = None,
    until: Until = None,
    source: Source = None,
    lang: Lang = None,
    top_k: TopK = None,
    history: Annotated[Path | None, typer.Option("--history", metavar="FILE", help="help.history")] = None,
    no_llm: NoLlm = False,
    stream: Stream = False,
    as_json: AsJson = False,
) -> None:
    """Answer a question, with its sources."""
    screen: Screen = context.obj
    asked, settings, filters, most = read_asked("QUESTION", question, (since, until, source, lang), top_k)
    turns = read_history(history)
    with ExitStack() as stack:
        llm = None if no_llm else stack.enter_context(_model(settings))
        results = sys.stdout
        indexes = stack.enter_context(_opened(settings, filters, screen))
        if not (stream or llm and not as_json and results.isatty()):
            from rag.answer import ask as find_answer

            answer = find_answer(indexes, asked, history=turns, filters=filters, top_k=most, llm=llm)
            stack.close()
            if as_json:
                screen.document(contract(answer))
            else:
                screen.show(render_answer(answer))
            return
        from rag.answer import answer_in_steps

        steps = answer_in_steps(indexes, asked, history=turns, filters=filters, top_k=most, llm=llm)
        stack.enter_context(closing(steps))  # type: ignore[type-var]  # a generator: what the model is at ends with it
        with ShownProgress(screen) as progress:  # a model takes its time to the first sentence
            progress("writing", 0, 0)
            first = next(steps)
        stated = False
        for step in chain([first], steps):
            with redirect_stdout(results):
                if as_json:
                    screen.document({_NAMES[type(step)]: contract(step)})
                else:
                    screen.show(_lines(step, stated))
                results.flush()
            stated = stated or isinstance(step, Statement)


def _lines(step: Citation | Statement | Answer, stated: bool) -> list[Line]:
    if isinstance(step, Citation):
        return []
    if isinstance(step, Statement):
        return [*([Line("")] if stated else []), render_statement(step)]
    return render_rest(step) if stated else render_answer(step)


@contextmanager
def _opened(settings: Settings, filters: Filters, screen: Screen) -> Iterator[Indexes]:
    """The indexes, and no bar of their opening any more beside what is printed."""
    with ExitStack() as stack:
        with ShownProgress(screen) as progress:
            indexes = stack.enter_context(searching(settings, filters, screen, progress))
        yield indexes


@contextmanager
def _model(settings: Settings) -> Iterator[LanguageModel | None]:
    llm = settings_llm(settings)
    try:
        yield llm
    finally:
        if llm is not None:
            llm.close()
