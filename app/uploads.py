"""Uploaded files from their arrival to the end of their job: <home>/uploads/<job id>/<number>, never by a client's name.

Knows nothing of HTTP. A full disk is an OSError here as everywhere.
"""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
import time
import unicodedata
from contextlib import suppress
from pathlib import Path

from app.terminal import clip, one_line
from corpus.closing import Closing

FULL_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # the disk, a share of it, or the most of a file
_LONGEST_NAME = 100  # characters; what is said about a file has to leave room for what is wrong with it
_ENDINGS = re.compile(r"(?:\.[a-z]{2,6})?\.[a-z]{2,6}$", re.IGNORECASE)  # ".jsonl.gz"


class IncomingFile(Closing):
    """One file of a job's folder while it arrives."""

    def __init__(self, folder: Path, number: int) -> None:
        # Not buffered: what the disk refuses is known at the write, not when nobody looks any more.
        self._file = io.FileIO(folder / str(number), "xb")

    def write(self, data: bytes) -> None:
        """Append the bytes; OSError where the disk cannot hold them."""
        left = memoryview(data)
        while left:
            left = left[self._file.write(left) :]

    def finish(self) -> None:
        """Close the file once the disk holds it all; OSError where it cannot."""
        os.fsync(self._file.fileno())
        self.close()

    def close(self) -> None:
        """Close the file, whole or not."""
        self._file.close()


def uploads_folder(home: Path) -> Path:
    """Where the folders of jobs with files are."""
    return home / "uploads"


def make_folder(uploads: Path, id: str) -> Path:
    """Make the folder for the files of a job, for its owner's eyes only; OSError where it cannot be."""
    uploads.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = uploads / id
    folder.mkdir(mode=0o700)
    return folder


def safe_name(name: str) -> str:
    """Return a client's name of a file as one short line to be shown: no folders, nothing invisible, its ending kept."""
    last = one_line(unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1]))
    shown = "".join(char if char.isprintable() else "\ufffd" for char in last)
    if len(shown) <= _LONGEST_NAME:
        return shown
    found = _ENDINGS.search(shown)
    ending = found[0] if found else ""
    return clip(shown.removesuffix(ending)[: 2 * _LONGEST_NAME], _LONGEST_NAME - len(ending)) + ending


def discard(folder: Path) -> None:
    """Delete the folder with what is in it, as far as it can be; what is left goes at the next start."""
    shutil.rmtree(folder, ignore_errors=True)


def still_folders(uploads: Path, seconds: float) -> list[Path]:
    """Return the folders of jobs in which nothing has changed for so long."""
    if not uploads.is_dir():
        return []
    folders = [path for path in uploads.iterdir() if path.is_dir()]
    return [folder for folder in folders if _last_change(folder) <= time.time() - seconds]


def is_disk_full(error: BaseException | None) -> bool:
    """Tell whether a full disk is behind the error: SQLite, Chroma and tantivy say it each in their own way."""
    while error:
        if isinstance(error, OSError) and error.errno in FULL_DISK:
            return True
        if any(os.strerror(number) in str(error) for number in FULL_DISK):
            return True
        error = error.__cause__ or error.__context__
    return False


def _last_change(folder: Path) -> float:
    changes = [0.0]
    with suppress(FileNotFoundError):  # its job has just ended
        changes += [path.stat().st_mtime for path in (folder, *folder.glob("*"))]
    return max(changes)
