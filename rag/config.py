"""Khao's settings: one frozen object, read at entry points only, from KHAO_* in the environment or a khao.toml."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from rag.weights import MODEL_ID


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting; each is `KHAO_<NAME>` in the environment and `<name>` in khao.toml."""

    home: Path  # holds the library, its indexes and the unpacked model
    model: str = MODEL_ID  # a sentence-transformers id or folder
    precision: str = "auto"  # bf16, fp32, or auto: whichever is the faster on this CPU
    chroma_url: str | None = None  # a `chroma run` server; None keeps Chroma inside this process
    top_k: int = 10  # passages a search returns
    abstain_below: float = 0.5  # chance, by search, that an answer is there under which Khao says it has none
    reader: bool = True  # read the best passages with the trained reader, where it fits the model
    reader_passages: int = 6  # that the reader reads for a question
    allow_private_urls: bool = False  # let ingest read addresses of private networks
    llm_url: str | None = None  # an OpenAI-compatible endpoint, or Ollama, such as http://localhost:11434
    llm_model: str | None = None  # what is there called so; a GGUF file where no llm_url is set; None: no LLM
    llm_seconds: int = 90  # that a reply of the LLM may take as a whole
    llm_window: int = 0  # tokens that it may be given and write together; 0: as many as it says that it takes
    llm_sentences: int = 20  # of the news that the LLM is shown to answer a question of fact
    llm_unsupported: str = "drop"  # sentences of the LLM that no article supports: drop, or mark them as such
    llm_judge: bool = False  # ask the LLM about each checked sentence once more; it can refuse, never admit
    llm_cache: bool = True  # keep written answers for whoever asks the same of the same library
    llm_key: str | None = field(default=None, repr=False)  # only where the endpoint wants one; shown nowhere

    host: str = "127.0.0.1"  # what `khao serve` binds; elsewhere than on this machine, API keys are required
    port: int = 8000  # 0: any that is free
    require_keys: bool = False  # ask for API keys on this machine too
    allowed_hosts: str = (
        ""  # names that clients may call the server by, with commas; its address and localhost always
    )
    cors_origins: str = (
        ""  # web origins whose pages may call the API, with commas, such as https://news.example
    )
    rate_limit: int = 600  # requests a minute of one API key
    max_upload_mb: int = 100  # megabytes of one upload to be ingested

    def __post_init__(self) -> None:
        least_of = {"port": 0, "rate_limit": 1, "max_upload_mb": 1}
        least_of |= {"llm_seconds": 1, "llm_window": 0, "llm_sentences": 1, "reader_passages": 1}
        for name, least in least_of.items():
            if getattr(self, name) < least:
                raise ValueError(f"{name} {getattr(self, name)} is less than {least}")
        if self.port > 65535:
            raise ValueError(f"port {self.port} is more than 65535")
        if self.top_k < 1:
            raise ValueError(f"top_k {self.top_k} is less than 1")
        if not 0 <= self.abstain_below <= 1:
            raise ValueError(f"abstain_below {self.abstain_below} is not between 0 and 1")
        if self.llm_unsupported not in ("drop", "mark"):
            raise ValueError(f"llm_unsupported {self.llm_unsupported!r} is neither drop nor mark")
        if self.precision not in ("auto", "bf16", "fp32"):
            raise ValueError(f"precision {self.precision!r} is none of auto, bf16, fp32")

    @property
    def library_file(self) -> Path:
        """Where the library is."""
        return self.home / "library.sqlite3"

    @property
    def cache(self) -> Path:
        """Where unpacked model weights are."""
        return self.home / "models"


def read_settings(environment: Mapping[str, str] = os.environ, folder: Path | None = None) -> Settings:
    """Return the settings: defaults, then khao.toml in `folder` (the working folder) or KHAO_HOME, then the environment.

    ValueError names the setting that is unknown or cannot be read.
    """
    import platformdirs

    home = Path(
        environment.get("KHAO_HOME") or platformdirs.user_data_dir("khao", appauthor=False)
    ).expanduser()
    settings = Settings(home=home)
    for place in (home, folder or Path.cwd()):
        file = place / "khao.toml"
        if file.is_file():
            try:
                values = tomllib.loads(file.read_text(encoding="utf-8"))
            except ValueError as error:
                raise ValueError(f"{file}: {error}") from None
            settings = _with_values(settings, values, str(file))
    prefixed = {
        name[5:].lower(): value for name, value in environment.items() if name.startswith("KHAO_") and value
    }
    known = {field.name for field in fields(Settings)}
    # Other KHAO_* names may belong to other tools; in our own file an unknown name is a typing error.
    return _with_values(
        settings, {name: value for name, value in prefixed.items() if name in known}, "environment"
    )


def take_ui(arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[str, list[str]]:
    """Return what names the language of messages, "" where nothing does, and the arguments without --ui.

    --ui may stand anywhere before "--"; then comes KHAO_UI, then the locale in the order that POSIX gives.
    """
    chosen, kept, rest = environment.get("KHAO_UI", ""), list[str](), list(arguments)
    while rest:
        argument = rest.pop(0)
        if argument == "--":
            kept += [argument, *rest]
            break
        if argument == "--ui":
            chosen = rest.pop(0) if rest else "--ui"
        elif argument.startswith("--ui="):
            chosen = argument.removeprefix("--ui=") or "--ui="
        else:
            kept.append(argument)
    if not chosen:
        locale = next(
            (environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), ""
        )
        chosen = "th" if locale.lower().startswith("th") else "en"
    return chosen.lower(), kept


def _with_values(settings: Settings, values: Mapping[str, object], origin: str) -> Settings:
    known = {field.name: field for field in fields(Settings)}
    changes: dict[str, object] = {}
    for name, value in values.items():
        if name not in known:
            raise ValueError(f"{origin}: there is no setting {name!r}")
        if str(value) == "":  # blank is as good as not set
            continue
        changes[name] = _parsed(name, str(value), str(known[name].type), origin)
    return replace(settings, **changes)  # type: ignore[arg-type]


def _parsed(name: str, text: str, kind: str, origin: str) -> object:
    try:
        if kind == "Path":
            return Path(text).expanduser()
        if kind == "bool":
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
                text.lower()
            ]
        if kind == "int":
            return int(text)
        if kind == "float":
            return float(text)
        return text
    except (ValueError, KeyError):
        raise ValueError(f"{origin}: {name} = {text!r} is not a {kind}") from None
