"""A model in a GGUF file, run by llama.cpp in a child process, which ends with this one. Needs khao[local]."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

from rag.llms.endpoint import Endpoint
from rag.llms.installed import check_installed
from rag.llms.windows import DEFAULT_WINDOW

_MAGIC = b"GGUF"
_TO_END = 5.0  # seconds, for a process that has closed its output
_AGAIN = 60.0  # seconds in which a server that ended is started again once and no more


class LocalServer:
    """The server of one file: started when it is first asked for, and again if it has ended."""

    def __init__(self, file: Path, seconds: float, window: int = 0, threads: int | None = None) -> None:
        """`seconds` a reply may take, or the loading; ValueError where `file` is no GGUF file."""
        if not file.is_file():
            raise ValueError(f"llm_model {file}: there is no such file")
        with file.open("rb") as opened:
            if opened.read(len(_MAGIC)) != _MAGIC:
                raise ValueError(f"llm_model {file} is no GGUF file")
        check_installed("xllamacpp", "a GGUF file needs khao[local]")
        self._file, self._seconds, self._window = file, seconds, window
        self._threads = threads or _processors()
        self._process: subprocess.Popen[str] | None = None
        self._endpoint: Future[Endpoint] = Future()
        self._restarted = -_AGAIN
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The file's name."""
        return self._file.stem

    @property
    def process_id(self) -> int | None:
        """The running process, None where there is none."""
        return self._process.pid if self._process else None

    def find(self) -> Endpoint:
        """Return the running server; TimeoutError while it still loads, ConnectionError where it cannot run."""
        with self._lock:
            if self._process is None:
                self._start()
            elif self._process.poll() is not None:
                if time.monotonic() - self._restarted >= _AGAIN:
                    self._restarted = time.monotonic()
                    self._start()
                elif self._endpoint.done() and self._endpoint.exception() is None:
                    code = self._process.returncode
                    raise ConnectionError(f"{self._file}: the model's process ended again, with {code}")
            endpoint = self._endpoint
        try:
            return endpoint.result(self._seconds)
        except TimeoutError:
            if endpoint.done():
                return endpoint.result()
            raise TimeoutError(f"{self._file}: still being loaded after {self._seconds:g} seconds") from None

    def close(self) -> None:
        """End the process."""
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            _end(process)

    def _start(self) -> None:
        if self._process is not None:
            _end(self._process)
        key = secrets.token_urlsafe()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "rag.llms.local_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C is for this process, which may have a reply to finish
        )
        self._endpoint = Future()
        window = self._window or DEFAULT_WINDOW
        wanted = {"model": str(self._file), "key": key, "window": window, "threads": self._threads}
        threading.Thread(
            target=self._await, args=(self._process, wanted, self._endpoint), name="local-llm", daemon=True
        ).start()

    def _await(
        self, process: subprocess.Popen[str], wanted: dict[str, str | int], found: Future[Endpoint]
    ) -> None:
        """Tell the process what to run and wait until it says where."""
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(json.dumps(wanted) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
            said = json.loads(line) if line else {}
            if "url" not in said:
                why = said.get("error") or f"the process ended with {process.wait(_TO_END)}"
                raise ConnectionError(f"{self._file}: the model cannot be loaded: {why}")
            found.set_result(Endpoint(said["url"], self.name, str(wanted["key"]), self._seconds))
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            found.set_exception(ConnectionError(str(error)))


def _processors() -> int:
    """Return how many processors to use: all but one, which is for what Khao does with each piece."""
    all_of_them = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, all_of_them - 1)


def _end(process: subprocess.Popen[str]) -> None:
    """End a process, which has nothing to put away."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):  # what was left to write is of no use to a process that has ended
                pipe.close()
