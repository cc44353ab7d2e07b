"""`khao keys`: make, list and revoke the API keys of `khao serve`, which may be running meanwhile."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any

import typer

from app.days import typed
from app.failures import Refused
from app.help import KhaoCommand, KhaoGroup
from app.keys import ApiKey, NameTaken, add_key, clean_name, has_expired, list_keys, revoke_key
from app.ledger import Ledger, ledger_file, utc_text
from app.options import AsJson, read_count, read_day, settings_now
from app.screen import Rows, Screen
from app.wording import say
from corpus.article import Language
from corpus.dates import format_date
from corpus.language import fold_digits
from rag.config import Settings

keys_app = typer.Typer(cls=KhaoGroup, rich_markup_mode=None, no_args_is_help=True, help="help.keys")

_DAYS = re.compile(r"(\d+) ?(?:d|days?|วัน)", re.IGNORECASE)
_MOST_DAYS = 36_500  # a hundred years; whoever wants more wants none


@keys_app.command("add", cls=KhaoCommand, help="help.keys.add")
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="help.key_name")],
    scope: Annotated[str, typer.Option("--scope", metavar="read|write", help="help.scope")] = "read",
    expires: Annotated[str | None, typer.Option("--expires", metavar="90d|DATE", help="help.expires")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key; its secret stands alone on stdout, so that it can be piped to where it is kept."""
    screen: Screen = context.obj
    if not typed(name):
        raise Refused(2, "error.blank", name="NAME")
    try:
        clean_name(name)
    except ValueError:
        raise Refused(2, "error.key_name", value=_quoted(name)) from None
    if scope.lower() not in ("read", "write"):
        raise Refused(2, "error.scope", value=_quoted(scope))
    until = None if expires is None else _read_expiry(expires)
    with Ledger.open(settings_now().home) as ledger:
        try:
            key, secret = add_key(ledger, name, [scope.lower()], until)
        except NameTaken:
            raise Refused(1, "error.key_taken", value=_quoted(name)) from None
    screen.tell("keys.added", name=key.name)
    if as_json:
        screen.document({**_record(key), "secret": secret})
    else:
        screen.body(secret)  # never folded, however narrow the terminal


def _read_expiry(text: str) -> datetime:
    """The moment after which a key is refused: so many days from now, or the end of a day."""
    asked = fold_digits(typed(text))
    now = datetime.now(UTC)
    if days := _DAYS.fullmatch(asked):
        return now + timedelta(days=read_count("--expires", days[1], _MOST_DAYS))
    # The last second of that day where Khao runs, so that the day is shown as it was typed.
    until = datetime.combine(read_day("--expires", text)[1], time(23, 59, 59)).astimezone()
    if until <= now:
        raise Refused(2, "error.past", name="--expires", value=_quoted(text))
    return until


@keys_app.command("list", cls=KhaoCommand, help="help.keys.list")
def list_all(context: typer.Context, as_json: AsJson = False) -> None:
    """List the keys, in the order they were made."""
    screen: Screen = context.obj
    keys: list[ApiKey] = []
    if ledger := _existing(settings_now()):
        with ledger:
            keys = list_keys(ledger)
    if as_json:
        screen.document({"keys": [_record(key) for key in keys]})
    elif keys:
        screen.table(_table(keys, screen.ui, datetime.now(UTC)))
    else:
        screen.tell("keys.none")


@keys_app.command("revoke", cls=KhaoCommand, help="help.keys.revoke")
def revoke(
    context: typer.Context,
    name_or_id: Annotated[str, typer.Argument(metavar="NAME|ID", help="help.key")],
    as_json: AsJson = False,
) -> None:
    """Revoke a key; a running server refuses it from its next request on."""
    screen: Screen = context.obj
    try:
        ledger = _existing(settings_now())
        if not ledger:
            raise LookupError
        with ledger:
            key = revoke_key(ledger, name_or_id)
    except LookupError:
        raise Refused(1, "error.unknown_key", value=_quoted(name_or_id)) from None
    if as_json:
        screen.document(_record(key))
    else:
        screen.tell("keys.revoked", name=key.name)


def _existing(settings: Settings) -> Ledger | None:
    """The ledger, or None where there is none yet: looking must not create one."""
    return Ledger.open(settings.home) if ledger_file(settings.home).exists() else None


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:60] + "…")


def _record(key: ApiKey) -> dict[str, Any]:
    moments = {name: getattr(key, name) for name in ("created", "expires", "revoked", "last_used")}
    return {
        "id": key.id,
        "name": key.name,
        "scopes": list(key.scopes),
        **{name: moment and utc_text(moment) for name, moment in moments.items()},
    }


def _table(keys: list[ApiKey], ui: Language, now: datetime) -> Rows:
    columns = ("id", "key_name", "scope", "created", "last_used", "validity")
    rows: list[tuple[str, ...]] = [
        (
            key.id,
            key.name,
            say(ui, f"scope.{key.scopes[-1]}"),
            _day(key.created, ui),
            _day(key.last_used, ui) if key.last_used else say(ui, "key.unused"),
            _validity(key, ui, now),
        )
        for key in keys
    ]
    return Rows(tuple(say(ui, f"column.{name}") for name in columns), rows)


def _validity(key: ApiKey, ui: Language, now: datetime) -> str:
    if key.revoked:
        return say(ui, "key.revoked", day=_day(key.revoked, ui))
    if key.expires:
        return say(ui, "key.expired" if has_expired(key, now) else "key.valid", day=_day(key.expires, ui))
    return say(ui, "key.lasting")


def _day(moment: datetime, ui: Language) -> str:
    return format_date(moment.astimezone().date(), ui)
