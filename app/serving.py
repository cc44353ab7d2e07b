"""`khao serve`: the library behind HTTP, until stopped."""

from __future__ import annotations

from typing import Annotated

import typer

from app.options import listening_at, settings_now
from app.progress import ShownProgress
from app.reasons import explain
from app.screen import Screen

Host = Annotated[str | None, typer.Option("--host", metavar="ADDRESS", help="help.host")]
Port = Annotated[str | None, typer.Option("--port", metavar="N", help="help.port")]


def serve(context: typer.Context, host: Host = None, port: Port = None) -> None:
    """Serve the API until stopped."""
    screen: Screen = context.obj
    settings = listening_at(settings_now(), host, port)

    from app.server import run_server

    with ShownProgress(screen) as progress:

        def on_opened(address: str, notes: list[str]) -> None:
            for note in notes:
                progress.warn(explain(note, screen.ui))
            screen.tell("serve.ready", address=address)

        run_server(
            settings, lambda address: screen.tell("serve.opening", address=address), on_opened, progress
        )
