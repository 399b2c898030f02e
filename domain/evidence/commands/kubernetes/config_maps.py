"""What a config map holds: short values, and the settings and routes of the files in it, read in the language they are written in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from itertools import pairwise

from domain.evidence.commands.kubernetes.routes import routes
from domain.evidence.reading import Reading
from domain.evidence.secret_names import is_secret
from domain.evidence.structure import languages
from domain.evidence.structure.describe import Description
from domain.evidence.structure.trees import Node, said

KEPT = 64
"""Keys of one config map."""
SETTINGS = 200
"""Settings of one file in it."""
SHORT = 200
"""Characters of a value that is kept."""
LARGEST = 200_000
"""Characters of a file that is read: a config map may hold one mebibyte (Kubernetes, "ConfigMaps")."""
CODE = (".sh", ".py", ".lua", ".sql", ".pem", ".crt", ".key", ".html", ".js", ".css", ".md", ".txt", ".tpl", ".gotmpl")
"""Endings of files that hold no settings."""
RULE, SECTION = "----", "===="


def held(values: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of an object that holds these values: `data.<key>`, `data.<key>.<setting>`, `route.<path>`."""
    found: dict[str, str] = {}
    for key, text in list(values.items())[:KEPT]:
        if len(text) <= SHORT and "\n" not in text.strip():
            found[f"data.{key}"] = text.strip()
        elif not key.lower().endswith(CODE):
            found |= {f"data.{key}.{name}": value for name, value in _settings(text[:LARGEST])}
        found |= {f"route.{path}": target for path, target in routes(text)}
    return found


def _settings(text: str) -> Iterator[tuple[str, str]]:
    """Yield the settings of one file with their dotted names; a text that breaks its language has none."""
    tree = languages.read(tuple(text.split("\n")))
    if tree.broke:
        return
    room = SETTINGS
    for name, value in (one for root in tree.roots for one in _scalars(root, ())):
        if not room:
            return
        room -= 1
        yield name, fingerprint(value) if is_secret(name) else value[:SHORT]


def fingerprint(value: str) -> str:
    """Return 16 bits of a digest: enough to tell siblings apart, too little to guess a value by."""
    return f"#{hashlib.sha256(value.encode(errors='replace')).hexdigest()[:4]}"


def _scalars(node: Node, path: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield every scalar below a node; nodes are nested no deeper than their reader allows."""
    if node.shape == "scalar":
        if path and node.value is not None:
            yield ".".join(path), said(node.value)
        return
    children = node.fields if node.shape == "map" else tuple((str(n), child) for n, child in enumerate(node.items))
    for name, child in children:
        yield from _scalars(child, (*path, name))


def described(reading: Reading, one: Description) -> dict[str, str]:
    """Return key → text of the data that a description shows: a key, a line of dashes, and the text."""
    lines = reading.lines[one.first - 1 : one.last]
    start = next((n for n, pair in enumerate(pairwise(lines)) if pair == ("Data", SECTION)), None)
    if start is None:
        return {}
    values: dict[str, list[str]] = {}
    key = ""
    for line, below in zip(lines[start + 2 :], (*lines[start + 3 :], ""), strict=False):
        if line in {"BinaryData", "Events:"} or line.startswith("Events:  "):
            break
        if below == RULE and line.endswith(":"):
            key = line[:-1]
            values[key] = []
        elif key and line != RULE:
            values[key].append(line)
    return {name: "\n".join(text).strip("\n") for name, text in values.items()}
