"""`khao serve`: the library behind HTTP, until stopped."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from typing import Annotated

import typer

from app.options import listening_at, settings_now
from app.progress import ShownProgress
from app.reasons import explain
from app.screen import Screen

Host = Annotated[str | None, typer.Option("--host", metavar="ADDRESS", help="help.host")]
Open = Annotated[bool, typer.Option("--open", help="help.open")]
Port = Annotated[str | None, typer.Option("--port", metavar="N", help="help.port")]


def serve(context: typer.Context, host: Host = None, port: Port = None, open: Open = False) -> None:
    """Serve the chat and the API until stopped."""
    screen: Screen = context.obj
    settings = listening_at(settings_now(), host, port)

    from app.server import run_server

    with ShownProgress(screen) as progress:

        def on_opened(address: str, notes: list[str]) -> None:
            for note in notes:
                progress.warn(explain(note, screen.ui))
            screen.tell("serve.ready", address=address)
            if open:
                _show(address)

        run_server(
            settings, lambda address: screen.tell("serve.opening", address=address), on_opened, progress
        )


def _show(address: str) -> None:
    """Open the address in the person's browser, where the machine has a screen for one."""
    # Without one, what is found may be a browser that takes over the terminal.
    if sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()
