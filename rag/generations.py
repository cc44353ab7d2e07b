"""Where the vector index lives in Chroma: the client, and generations of collections of which one serves.

One build of the index is a generation: a collection for each language, its number in their names. Its state (what it
was made from, the journal position it has reached) is metadata of the first one, so that one write switches from
an old generation to a new one. With `rag.vectors` the only file that knows Chroma.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from corpus.article import Language
from rag.lock import OwnedFolder

LANGUAGES: tuple[Language, ...] = ("th", "en")  # the first one's collection carries the state
SYNC_THRESHOLD = 1000  # writes after which Chroma saves its graph; those since are made again at every open
# recall@50 over 16,000 news passages, against exact search: .999, and .996 for questions in the other language,
# which lie far from everything; ef_search 200 has .987 of those. 2.5 ms either way.
_HNSW = {
    "space": "cosine",
    "max_neighbors": 16,
    "ef_construction": 100,
    "ef_search": 300,
    "sync_threshold": SYNC_THRESHOLD,
}
_ABANDONED_AFTER = 600  # seconds; a write on a server that is older than this was cut short


@dataclass(frozen=True, slots=True)
class Generation:
    """One build of the index: a collection for each language, and the journal position it has reached."""

    number: int
    seq: int  # -1 while it is being built, 0 when it is known to be wrong
    collections: Mapping[Language, Any]


class Generations:
    """The generations of one library's index, in a folder this process owns or on a server."""

    def __init__(self, client: Any, place: str, library: str, owned: OwnedFolder | None) -> None:
        self._client = client
        self._owned = owned
        self._replaced: list[Path] = []  # what the generation being built will leave without use
        self._torn = False  # whether the folder holds a generation known to be wrong
        self.place = place
        # A server may hold the indexes of several libraries.
        self._prefix = f"khao-{hashlib.sha256(library.encode()).hexdigest()[:10]}-"

    @classmethod
    def open(cls, home: Path, url: str | None, library: str) -> Self:
        """Open Chroma's folder under `home`, or the server at `url`; a folder that cannot be read is begun anew."""
        if url is not None:
            return cls(_connect(url), url, library, None)
        import chromadb  # before anything is deleted for not opening  # noqa: F401

        owned = OwnedFolder(home / "chroma")
        try:
            return cls(_open_folder(owned), str(owned.path), library, owned)
        except BaseException:
            owned.release()
            raise

    @property
    def shared(self) -> bool:
        """Whether other processes may write here too."""
        return self._owned is None

    def close(self) -> None:
        """Close Chroma and let other processes have the folder."""
        self._client.close()
        if self._owned:
            self._owned.release()

    def find(self, stamp: Mapping[str, str | int]) -> Generation | None:
        """Return the latest whole generation that was made from just this, or None."""
        states = {
            c.name: c.metadata or {}
            for c in self._client.list_collections()
            if c.name.startswith(self._prefix)
        }
        numbers = {self._number(name) for name in states}
        for number in sorted(numbers, reverse=True):
            names = {language: self._name(number, language) for language in LANGUAGES}
            state = states.get(names[LANGUAGES[0]], {})
            seq, writing = state.get("seq", -1), state.get("writing", 0)
            cut_short = writing and time.time() - writing > _ABANDONED_AFTER
            if seq < 0 or cut_short or any(state.get(key) != value for key, value in stamp.items()):
                continue
            if all(name in states for name in names.values()):
                return Generation(
                    number,
                    seq,
                    {
                        language: self._client.get_collection(name, embedding_function=None)
                        for language, name in names.items()
                    },
                )
        return None

    def create(self, stamp: Mapping[str, str | int]) -> Generation:
        """Return a new, empty generation that nobody will find until `switch_to`."""
        number = time.time_ns()  # the later, the higher
        self._replaced = self._owned.subfolders() if self._owned else []
        made = {
            language: self._client.create_collection(
                self._name(number, language),
                embedding_function=None,
                configuration={"hnsw": _HNSW},
                metadata={**stamp, "seq": -1, "writing": 0},
            )
            for language in LANGUAGES
        }
        return Generation(number, -1, made)

    def advance(self, generation: Generation, stamp: Mapping[str, str | int], seq: int) -> Generation:
        """Record, durably and at once, where the generation stands."""
        generation.collections[LANGUAGES[0]].modify(metadata={**stamp, "seq": seq, "writing": 0})
        return replace(generation, seq=seq)

    def condemn(self, generation: Generation, stamp: Mapping[str, str | int]) -> Generation:
        """Record that the generation is wrong: it serves until it is replaced, but no other process may trust it."""
        self._torn = True
        return self.advance(generation, stamp, 0)

    def switch_to(self, generation: Generation, stamp: Mapping[str, str | int], seq: int) -> Generation:
        """Let this generation serve from now on and delete what it replaces: in our own folder, everything else."""
        serving = self.advance(generation, stamp, seq)
        for collection in self._client.list_collections():
            name: str = collection.name
            ours = name.startswith(self._prefix)
            replaced = self._number(name) < generation.number if ours else not self.shared
            if replaced:
                self._client.delete_collection(name)
        if self._owned:
            self._owned.clear(self._replaced)  # Chroma leaves the files of collections it had not loaded
        self._torn = False
        return serving

    @contextmanager
    def writing(self, generation: Generation | None, stamp: Mapping[str, str | int]) -> Iterator[None]:
        """Mark what is being written for as long as it is, and for good if it ends by an exception or a kill.

        A folder is marked by a file, since a torn one can crash whoever opens it; on a server, which has outlived the
        writer, only `generation` is marked.
        """
        if self._owned:
            self._owned.mark()
            yield
            self._owned.sync()
            if not self._torn:
                self._owned.unmark()
        else:
            if generation:
                self.touch(generation, stamp)
            yield  # ends with `advance`, which takes the mark away

    def touch(self, generation: Generation, stamp: Mapping[str, str | int]) -> None:
        """Mark a served generation on a server as being written at this moment."""
        if self.shared and generation.seq > 0:
            state = {**stamp, "seq": generation.seq, "writing": int(time.time())}
            generation.collections[LANGUAGES[0]].modify(metadata=state)

    @contextmanager
    def plain_errors(self) -> Iterator[None]:
        """Turn Chroma's errors into built-in ones of one line that name the place."""
        try:
            yield
        except Exception as error:
            import httpx
            from chromadb.errors import ChromaError

            if isinstance(error, httpx.TransportError):
                raise ConnectionError(f"no Chroma server answers at {self.place}: {error}") from None
            if isinstance(error, ChromaError):
                raise RuntimeError(f"vector index {self.place}: {error}") from error
            raise

    def _name(self, number: int, language: Language) -> str:
        return f"{self._prefix}{number}-{language}"

    def _number(self, name: str) -> int:
        return int(name.removeprefix(self._prefix).partition("-")[0])


def _settings() -> Any:
    from chromadb.config import Settings

    # Chroma would read any .env of the working folder, which is not ours.
    return Settings(_env_file=None, anonymized_telemetry=False)  # type: ignore[call-arg]


def _open_folder(owned: OwnedFolder) -> Any:
    """Return a client on the folder; one that cannot be read is as good as none."""
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient

    for attempt in (1, 2):
        client: Any = None
        try:
            client = chromadb.PersistentClient(str(owned.path), settings=_settings())
            client.list_collections()
            return client
        except BaseException as error:  # a panic in Chroma's Rust is no Exception
            if client is not None:
                client.close()
            # It keeps even a client that did not start.
            SharedSystemClient._identifier_to_system.pop(str(owned.path), None)
            if attempt == 2 or isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            owned.clear([owned.path])
    raise AssertionError


def _connect(url: str) -> Any:
    import chromadb

    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise ValueError(f"the address of a Chroma server is http://host:port, not {url!r}")
    tls = parts.scheme == "https"
    try:
        return chromadb.HttpClient(
            parts.hostname, parts.port or (443 if tls else 8000), tls, settings=_settings()
        )
    except Exception as error:  # it raises ValueError, Exception and httpx's own
        raise ConnectionError(f"no Chroma server answers at {url}: {error}") from None
