"""The things a configuration names: services, containers, upstreams, jobs, resources, sections, each with its line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from domain.evidence.commands.json_values import singular
from domain.evidence.configs.secrets import masked
from domain.evidence.configs.settings import Configuration
from domain.evidence.structure.trees import Node, Path, said, walk

NAMED_ABOVE = 4
"""Lines above its first setting where the name of a thing may stand."""
KEPT = 400
"""Settings kept as fields of the file's object, and as objects of their own."""
FIELDS = 60
THINGS = 4_000
KEYS = ("name", "job_name", "alert", "record", "id", "hostname", "host", "title", "key", "alias", "receiver", "appender-ref")
"""Fields that name an item of a list, likeliest first."""
SAYS = {"job_name": "job", "alert": "alert", "record": "record"}
"""Naming field → kind of what bears it, where the list's own name says less."""
CONTAINERS = frozenset({"containers", "initContainers"})
SECTIONS = 2
"""Levels of nesting whose unnamed maps are sections."""
FLAT = frozenset({"xml", "properties", "directives", "ini", "toml", "apache", "dockerfile"})
"""Languages whose settings are what people name."""


def observe(configuration: Configuration, name: str) -> None:
    """Keep the file with its settings, and everything that bears a name in it."""
    settings = [one for one in configuration.settings if one.path][:KEPT]
    fields = {one.where: masked(one.name, one.text)[:300] for one in settings}
    if fields:
        configuration.reading.observe("file", name, settings[0].line, fields)
    for kind, label, node in islice(things(configuration), THINGS):
        configuration.reading.observe(kind, label, _line(configuration, label, node), _fields(node))
    if configuration.tree.language in FLAT:
        for one in settings:
            configuration.reading.observe("setting", one.where, one.line, {"value": masked(one.name, one.text)[:300]})


def things(configuration: Configuration) -> Iterator[tuple[str, str, Node]]:
    """Yield (kind, name, node) of everything named: labelled blocks, items with a name, maps of maps, sections."""
    for path, node in configuration.maps:
        if not configuration.cluster:
            yield from _blocks(path, node)
        for key, child in node.fields:
            if child.shape == "list" and (not configuration.cluster or key in CONTAINERS):
                yield from _items(key, child)
            elif child.shape == "map" and not path and not configuration.cluster:
                yield from _collection(key, child)


def _line(configuration: Configuration, label: str, node: Node) -> int:
    """Return the line that holds the name of a thing, at or just above where its settings begin."""
    word = label.rpartition(".")[2]
    near = range(node.line, max(0, node.line - NAMED_ABOVE), -1)
    return next((number for number in near if word in configuration.reading.head(number)), node.line)


def _collection(key: str, node: Node) -> Iterator[tuple[str, str, Node]]:
    """Yield the members of a map of maps such as `services:`, where one may be empty."""
    whole = [
        (name, child) for name, child in node.fields if child.shape == "map" or (child.shape == "scalar" and child.value is None)
    ]
    if key.endswith("s") and len(whole) == len(node.fields):
        yield from ((singular(key), name, child) for name, child in whole)


def _blocks(path: Path, node: Node) -> Iterator[tuple[str, str, Node]]:
    """Yield the blocks of one map: `upstream kiln` is upstream/kiln, a section without label is section/name."""
    for key, child in node.fields:
        kind, _, label = key.partition(" ")
        if label:
            yield kind, label.replace(" ", "."), child
        elif child.shape == "map" and (name := _own_name(child)):
            yield kind, name, child
        elif child.shape == "map" and len(path) < SECTIONS:
            yield "section", ".".join((*path, key)), child
        elif kind == "server" and (words := said(child.value).split()):
            yield kind, words[0], child


def _own_name(node: Node) -> str:
    """Return what a block says its name is, as servers of nginx and services of many tools do."""
    return next((node.text(key) for key in ("server_name", "container_name", "name", "listen") if node.text(key)), "")


def _items(key: str, node: Node) -> Iterator[tuple[str, str, Node]]:
    for item in node.items:
        telling = next((k for k in KEYS if item.text(k)), "") if item.shape == "map" else ""
        if telling:
            yield SAYS.get(telling, singular(key)), item.text(telling), item


def _fields(node: Node) -> dict[str, str]:
    fields: dict[str, str] = {"value": said(node.value)[:300]} if node.shape == "scalar" else {}
    for path, child in walk(node):
        if child.shape == "scalar" and len(path) <= 3 and path:
            fields[".".join(path)] = masked(path[-1], said(child.value))[:300]
        if len(fields) >= FIELDS:
            break
    return fields
