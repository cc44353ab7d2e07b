"""The tab of the system: what is looked at anew whenever the tab is chosen, or on request."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import gradio as gr

from app.api.sizes import Sizes
from app.chat.desk import Desk
from app.chat.extent import Extent, Remembered, read_extent
from app.chat.markup import render
from app.chat.refusals import refused
from app.chat.system_view import LlmFacts, OpenFacts, SystemFacts, show_system
from app.last_report import find_last_run
from app.newsroom import Newsroom
from app.open_library import NotOpen
from app.pools import Overloaded
from app.version import khao_version
from corpus.article import Language

_LLM_SECONDS = 2.0
_LOOKED_AT = 30  # jobs: no more than 20 wait


def system_tab(desk: Desk, ui: Language, page: gr.Blocks) -> None:
    """Build the tab."""
    extent = Remembered(desk.newsroom, read_extent)
    again = gr.HTML(
        render("system_again", ui),
        elem_id="system-again",
        apply_default_css=False,
        js_on_load="khao.view(element, trigger)",
    )
    view = gr.HTML(
        render("system_loading", ui),
        elem_id="system",
        apply_default_css=False,
        js_on_load="khao.view(element, trigger); khao.whenShown(element, () => trigger('shown', {}))",
    )

    async def look(request: gr.Request) -> str:
        try:
            # Whoever came without a key is at this machine: the guard asks all others for one.
            return show_system(
                await look_at(desk, extent), desk.settings, ui, local=desk.key_id(request) is None
            )
        except Exception as error:
            raise refused(error, ui) from error

    for looked in (view.shown, again.select):
        looked(
            look,
            outputs=view,
            api_visibility="private",
            show_progress="hidden",
            trigger_mode="always_last",
        )


async def look_at(desk: Desk, extent: Remembered[Extent]) -> SystemFacts:
    """Return how the system is, whatever its library is doing."""
    newsroom = desk.newsroom
    measured = await asyncio.to_thread(partial(_measure, newsroom))
    holds = None
    with suppress(NotOpen, Overloaded, TimeoutError):
        holds = await extent.now()
    jobs = Counter(job.state for job in await desk.runner.jobs(_LOOKED_AT))
    verdicts = await asyncio.to_thread(
        desk.ledger.rows, "SELECT verdict, count(*) FROM feedback GROUP BY verdict"
    )
    return SystemFacts(
        state=newsroom.state,
        asking=newsroom.reading,
        figures=measured,
        open=await asyncio.to_thread(_open_facts, newsroom),
        extent=holds,
        models_bytes=await asyncio.to_thread(_bytes_below, desk.settings.cache),
        running=jobs["running"],
        waiting=jobs["waiting"],
        verdicts=dict(verdicts),
        run=await asyncio.to_thread(find_last_run, desk.settings.home),
        llm=await _llm_facts(newsroom),
        writing=newsroom.writing,
    )


async def _llm_facts(newsroom: Newsroom) -> LlmFacts | None:
    """Return what is known of the language model without starting one; its server has a moment to tell its window."""
    llm, settings = newsroom.llm, newsroom.settings
    if llm is None:
        return None
    window: int | None = settings.llm_window or None
    if window is None and settings.llm_url:
        with suppress(TimeoutError):
            async with asyncio.timeout(_LLM_SECONDS):
                window = await asyncio.to_thread(lambda: llm.window)
    return LlmFacts(llm.name, _host(settings.llm_url), window)


def _host(url: str | None) -> str | None:
    """Return the host and port of an address, without a name and password that may be in it."""
    return urlsplit(url).netloc.rpartition("@")[2] if url else None


def _measure(newsroom: Newsroom) -> dict[tuple[str, ...], float]:
    """Return what /metrics tells of the library, by name and labels; what cannot be counted now is not there."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for metric in Sizes(newsroom, khao_version()).collect()
        for sample in metric.samples
    }


def _open_facts(newsroom: Newsroom) -> OpenFacts | None:
    try:
        indexes = newsroom.indexes
        embedder = indexes.embedder
        reader = indexes.reader.model.rpartition("|")[2] if indexes.reader else None
        return OpenFacts(embedder.precision, embedder.dimension, indexes.behind, tuple(indexes.notes), reader)
    except (NotOpen, ValueError):  # it is closed meanwhile
        return None


def _bytes_below(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
