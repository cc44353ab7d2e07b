"""What keeps a handler from doing its work, as the toast that Gradio shows; its texts are HTML there, so they are escaped."""

from __future__ import annotations

import logging

import gradio as gr
from markupsafe import escape

from app.api.problems import library_problem
from app.chat.wording import say
from app.jobs import TooManyJobs
from app.reasons import explain
from corpus.article import Language

_log = logging.getLogger(__name__)


def refused(error: Exception, ui: Language) -> gr.Error:
    """Return the error to be raised in place of `error`; one that is not understood is logged and told of in general."""
    return refusal(reason(error, ui), ui)


def refusal(text: str, ui: Language) -> gr.Error:
    """Return an error that shows `text`, which may hold anything."""
    return gr.Error(str(escape(text)), title=say(ui, "page.refused"), print_exception=False)


def reason(error: Exception, ui: Language) -> str:
    """Return in one sentence why something was not done."""
    problem = library_problem(error)
    if problem is not None:
        return problem.detail(ui)
    if isinstance(error, TooManyJobs | ValueError | OSError):
        return explain(error, ui)
    _log.error("a handler of the chat failed", exc_info=error)
    return say(ui, "page.failed")
