"""`khao serve`: the library behind HTTP, until stopped."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from app.failures import Refused
from app.options import settings_now
from app.progress import ShownProgress
from app.reasons import explain
from app.screen import Screen

Host = Annotated[str | None, typer.Option("--host", metavar="ADDRESS", help="help.host")]
Port = Annotated[str | None, typer.Option("--port", metavar="N", help="help.port")]


def serve(context: typer.Context, host: Host = None, port: Port = None) -> None:
    """Serve the API until stopped."""
    screen: Screen = context.obj
    settings = settings_now()
    try:
        if host is not None:
            settings = replace(settings, host=host)
        if port is not None:
            settings = replace(settings, port=int(port))
    except ValueError as error:
        raise Refused(2, "error.port", value=repr(port)) from error

    from app.server import run_server

    with ShownProgress(screen) as progress:

        def on_opened(address: str, notes: list[str]) -> None:
            for note in notes:
                progress.warn(explain(note, screen.ui))
            screen.tell("serve.ready", address=address)

        run_server(
            settings, lambda address: screen.tell("serve.opening", address=address), on_opened, progress
        )
