"""From names and texts to `Settings`, or to the list of every mistake in them."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo

from activities.adapters.accounts import accounts, configured
from activities.adapters.mcp_servers import mistakes as mcp_mistakes
from activities.adapters.settings import Group, Providers, Settings

PREFIX, DELIMITER, IGNORED = "FAULTMAVEN_", "__", "FAULTMAVEN_TEST_"
DATABASES = ("sqlite+aiosqlite:///", "postgresql+psycopg://")


class SettingsInvalid(Exception):
    """The process must not start: `lines` hold one mistake each, without any value that may be secret."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        """Keep the lines."""
        super().__init__("\n".join(lines))
        self.lines = lines


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings, or raise `SettingsInvalid` with one line per mistake."""
    mistakes = list(_unknown(environ))
    try:
        settings = Settings.model_validate(_tree(environ))
    except ValidationError as failure:
        raise SettingsInvalid((*mistakes, *_described(failure))) from None
    mistakes += [*_contradictions(settings), *_folders(settings)]
    if mistakes:
        raise SettingsInvalid(tuple(mistakes))
    return settings


def names() -> dict[str, FieldInfo]:
    """Return every variable with its field, in the order of the settings."""
    return dict(_names(Settings, ()))


def _names(group: type[Group], path: tuple[str, ...]) -> Iterator[tuple[str, FieldInfo]]:
    for name, field in group.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Group):
            yield from _names(field.annotation, (*path, name))
        else:
            yield variable((*path, name)), field


def variable(path: tuple[str, ...]) -> str:
    """Return the variable of a setting."""
    if path[0] == "providers":
        return path[-1].upper()
    return PREFIX + DELIMITER.join(path).upper()


def _tree(environ: Mapping[str, str]) -> dict[str, Any]:
    tree: dict[str, Any] = {
        "providers": {name: environ[name.upper()] for name in Providers.model_fields if environ.get(name.upper())}
    }
    for name in names():
        if name.startswith(PREFIX) and environ.get(name):
            *groups, leaf = name.removeprefix(PREFIX).lower().split(DELIMITER)
            place = tree
            for group in groups:
                place = place.setdefault(group, {})
            place[leaf] = environ[name]
    return tree


def _unknown(environ: Mapping[str, str]) -> Iterator[str]:
    known = list(names())
    for name in sorted(environ):
        if name.startswith(PREFIX) and not name.startswith(IGNORED) and name not in known:
            [near] = difflib.get_close_matches(name, known, n=1, cutoff=0)
            yield f"{name}: no such setting; did you mean {near}?"


def _described(failure: ValidationError) -> Iterator[str]:
    """Yield one line per wrong value; the value itself may be secret and stays out."""
    fields = names()
    for mistake in failure.errors(include_input=False, include_url=False):
        path = tuple(str(part) for part in mistake["loc"])
        name = next((variable(path[:n]) for n in range(len(path), 0, -1) if variable(path[:n]) in fields), variable(path))
        text = mistake["msg"].removeprefix("Value error, ")
        yield f"{name}: the value is not valid; {text[0].lower()}{text[1:]}{_example(fields.get(name))}"


def _example(field: FieldInfo | None) -> str:
    if field is None or field.default in {None, "", ()} or isinstance(field.default, (SecretStr, tuple)):
        return ""
    return f", for example {field.default}"


def _contradictions(settings: Settings) -> Iterator[str]:
    yield from _database(settings)
    yield from _objects(settings)
    yield from _sign_in(settings)
    yield from _time(settings)
    yield from _vision(settings)
    yield from _web(settings)
    yield from _mcp(settings)
    yield from _budgets(settings)
    yield from _ports(settings)
    remote = [name for name in configured(settings.providers) if not _is_loopback(_provider_host(settings, name))]
    if settings.vision.base_url and not _is_loopback(urlsplit(settings.vision.base_url).hostname or ""):
        remote.append("that of FAULTMAVEN_VISION__BASE_URL")
    if remote and not settings.privacy.redaction:
        yield f"FAULTMAVEN_PRIVACY__REDACTION: off while {remote[0]} is a remote model; switch it on, or name a model on this machine"


def _provider_host(settings: Settings, name: str) -> str:
    return urlsplit(accounts(settings.providers)[name][1]).hostname or ""


def _database(settings: Settings) -> Iterator[str]:
    url = settings.database_url
    if not url.startswith(DATABASES):
        yield f"FAULTMAVEN_DATABASE__URL: unknown kind of database; it begins with {' or '.join(DATABASES)}"
    elif settings.profile == "enterprise" and url.startswith("sqlite"):
        yield "FAULTMAVEN_DATABASE__URL: SQLite does not serve the profile enterprise; name a postgresql+psycopg:// address"


def _objects(settings: Settings) -> Iterator[str]:
    objects = settings.objects
    keys = bool(objects.access_key.get_secret_value()), bool(objects.secret_key.get_secret_value())
    if objects.endpoint and not all(keys):
        yield "FAULTMAVEN_OBJECTS__ENDPOINT: named without its keys; set FAULTMAVEN_OBJECTS__ACCESS_KEY and FAULTMAVEN_OBJECTS__SECRET_KEY"
    if any(keys) and not objects.endpoint:
        yield "FAULTMAVEN_OBJECTS__ENDPOINT: missing while a key is set; name host:port of the S3 server, or remove the keys"
    if objects.endpoint and objects.folder is not None:
        yield "FAULTMAVEN_OBJECTS__FOLDER: set together with an endpoint; keep one of the two"


def _sign_in(settings: Settings) -> Iterator[str]:
    if settings.auth.dev_login and (settings.profile != "core" or not _is_loopback(settings.api.host)):
        yield "FAULTMAVEN_AUTH__DEV_LOGIN: sign-in without a password; allowed only with profile core and api.host 127.0.0.1"


def _time(settings: Settings) -> Iterator[str]:
    models = settings.models
    ladder = [
        ("FAULTMAVEN_MODELS__CONNECT_S", models.connect_s, "FAULTMAVEN_MODELS__FIRST_TOKEN_S", models.first_token_s),
        ("FAULTMAVEN_MODELS__FIRST_TOKEN_S", models.first_token_s, "FAULTMAVEN_MODELS__WHOLE_S", models.whole_s),
        ("FAULTMAVEN_MODELS__GAP_S", models.gap_s, "FAULTMAVEN_MODELS__WHOLE_S", models.whole_s),
    ]
    for inner, inside, outer, outside in ladder:
        if inside > outside:
            yield f"{outer}: {outside:g} s is less than {inner} ({inside:g} s) inside it; raise it or lower the other"


def _vision(settings: Settings) -> Iterator[str]:
    vision, whom = settings.vision, settings.vision.send_pictures_to
    if whom == "nobody":
        given = {"MODEL": vision.model, "BASE_URL": vision.base_url, "API_KEY": vision.api_key.get_secret_value()}
        for name in (name for name, value in given.items() if value):
            yield f"FAULTMAVEN_VISION__{name}: set while no picture is sent; set FAULTMAVEN_VISION__SEND_PICTURES_TO too, or remove it"
        return
    if not vision.model:
        yield f"FAULTMAVEN_VISION__MODEL: missing while pictures are sent to {whom}; name a model that sees"
    if vision.api_key.get_secret_value() and not vision.base_url:
        yield "FAULTMAVEN_VISION__BASE_URL: missing while its key is set; name the server, or remove FAULTMAVEN_VISION__API_KEY"
    if not vision.base_url and whom not in configured(settings.providers):
        yield (
            f"FAULTMAVEN_VISION__SEND_PICTURES_TO: {whom} has neither key nor address; "
            f"set {whom.upper()}_API_KEY, or name a server of your own in FAULTMAVEN_VISION__BASE_URL"
        )


def _web(settings: Settings) -> Iterator[str]:
    web, key = settings.web, settings.web.api_key.get_secret_value()
    if web.send_words_to == "nobody":
        for name in (name for name, value in {"BASE_URL": web.base_url, "API_KEY": key}.items() if value):
            yield f"FAULTMAVEN_WEB__{name}: set while nothing is searched; set FAULTMAVEN_WEB__SEND_WORDS_TO too, or remove it"
        return
    if web.send_words_to == "searxng" and not web.base_url:
        yield "FAULTMAVEN_WEB__BASE_URL: missing while words are sent to searxng; name your server, for example http://127.0.0.1:8888"
    if web.send_words_to == "brave" and not key:
        yield "FAULTMAVEN_WEB__API_KEY: missing while words are sent to brave; set its key"
    if not settings.privacy.redaction:
        yield "FAULTMAVEN_PRIVACY__REDACTION: off while the web is searched; switch it on, or set FAULTMAVEN_WEB__SEND_WORDS_TO=nobody"


def _mcp(settings: Settings) -> Iterator[str]:
    place = settings.mcp.servers
    if place is None:
        return
    if find_spec("mcp") is None:
        yield "FAULTMAVEN_MCP__SERVERS: the package mcp is not installed; install the extra `mcp`, or name no servers"
    if not settings.privacy.redaction:
        yield "FAULTMAVEN_PRIVACY__REDACTION: off while FAULTMAVEN_MCP__SERVERS names servers; switch it on, or name none"
    for mistake in mcp_mistakes(place.expanduser()):
        yield f"FAULTMAVEN_MCP__SERVERS: {mistake}"


def _budgets(settings: Settings) -> Iterator[str]:
    budgets = settings.budgets
    limited = [name for name in type(budgets).model_fields if name.endswith("_money") and getattr(budgets, name)]
    if limited and not budgets.prices:
        yield f"FAULTMAVEN_BUDGETS__{limited[0].upper()}: a limit of money without prices; name them in FAULTMAVEN_BUDGETS__PRICES"


def _ports(settings: Settings) -> Iterator[str]:
    host, _, port = settings.temporal.address.rpartition(":")
    taken = {settings.api.port: "FAULTMAVEN_API__PORT"}
    if _is_loopback(host):
        others = [("FAULTMAVEN_TEMPORAL__ADDRESS", int(port)), ("FAULTMAVEN_TEMPORAL__UI_PORT", settings.temporal.ui_port)]
        for name, number in others:
            if number in taken:
                yield f"{name}: port {number} is also {taken[number]}; give each its own port"
            taken[number] = name


def _folders(settings: Settings) -> Iterator[str]:
    for name, folder in (("FAULTMAVEN_DATA", settings.folder), ("FAULTMAVEN_OBJECTS__FOLDER", settings.objects_folder)):
        nearest = next(path for path in (folder, *folder.absolute().parents) if path.exists())
        if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
            yield f"{name}: {folder} cannot be written; name a folder of your own"
    if settings.models.recorded is not None and not Path(settings.models.recorded).is_file():
        yield f"FAULTMAVEN_MODELS__RECORDED: {settings.models.recorded} is not a file; name a file of recorded answers"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
