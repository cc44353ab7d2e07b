"""Which Khao this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def khao_version() -> str:
    """Return the version that is installed; "0" where Khao runs from its source alone."""
    try:
        return version("khao")
    except PackageNotFoundError:
        return "0"
