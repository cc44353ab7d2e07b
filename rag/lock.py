"""One owner for Chroma's folder, and a mark on it while it is being written.

Two processes on one folder lose vectors silently, and a process killed while it writes can leave files that crash
the next one beyond any `except`: so a folder found marked is deleted unread. Knows nothing of Chroma itself.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout


class OwnedFolder:
    """A folder that this process alone may open, until `release`."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; BlockingIOError if another process has it."""
        self.path = folder
        folder.parent.mkdir(parents=True, exist_ok=True)
        self._marker = folder.with_name(folder.name + ".writing")
        # The lock lies beside the folder, since the folder itself may have to be deleted while it is held.
        # Not the thread's own, as FileLock would have it: a server opens in one thread and closes in another.
        self._lock = FileLock(folder.with_name(folder.name + ".lock"), thread_local=False)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise BlockingIOError(
                f"{folder} is in use by another Khao process: stop that one, or let all of them share a Chroma "
                "server (`chroma run`) through KHAO_CHROMA_URL"
            ) from None
        if self._marker.exists():
            self.clear([folder])
            self.unmark()

    def subfolders(self) -> list[Path]:
        """Return the folders in the folder."""
        return [path for path in self.path.iterdir() if path.is_dir()]

    def clear(self, folders: Iterable[Path]) -> None:
        """Delete these folders, those that are there, with all that is in them."""
        for folder in folders:
            if folder.exists():
                shutil.rmtree(folder)

    def mark(self) -> None:
        """Note durably that the folder is about to be written."""
        with open(self._marker, "wb") as marker:
            os.fsync(marker.fileno())
        _sync_folder(self._marker.parent)

    def unmark(self) -> None:
        """Note that the folder is whole again."""
        self._marker.unlink(missing_ok=True)
        _sync_folder(self._marker.parent)

    def sync(self) -> None:
        """Have the disk hold the files of the subfolders: Chroma leaves those of its graphs to the system's leisure."""
        # Not the SQLite file beside them: it is synced already, and closing it here would drop SQLite's own locks.
        for file in self.path.glob("*/*"):
            with suppress(FileNotFoundError), open(file, "rb+") as handle:
                os.fsync(handle.fileno())

    def release(self) -> None:
        """Let other processes have the folder."""
        self._lock.release()


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # a folder cannot be opened there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
