"""Whether an optional package is installed, told before it is needed and without loading it, which takes seconds."""

from __future__ import annotations

import importlib.util


def check_installed(module: str, needs: str) -> None:
    """Raise ModuleNotFoundError, which begins with `needs`, where there is no such module."""
    try:
        found = importlib.util.find_spec(module) is not None
    except (ModuleNotFoundError, ValueError):  # a package above it is missing; it is kept from being loaded
        found = False
    if not found:
        raise ModuleNotFoundError(f"{needs}: No module named {module!r}", name=module)
