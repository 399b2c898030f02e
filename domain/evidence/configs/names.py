"""The things a configuration names: services, containers, upstreams, jobs, resources, sections, each with its line."""

from __future__ import annotations

from collections.abc import Iterator

from domain.evidence.commands.json_values import singular
from domain.evidence.configs.secrets import HIDDEN, NAMED
from domain.evidence.configs.settings import Configuration
from domain.evidence.structure.trees import Node, Path, said, walk

KEPT = 400
"""Settings kept as fields of the file's object, and as objects of their own."""
FIELDS = 60
THINGS = 4_000
KEYS = ("name", "job_name", "alert", "record", "id", "hostname", "host", "title", "key", "alias", "receiver", "appender-ref")
"""Fields that name an item of a list, likeliest first."""
FLAT = frozenset({"properties", "directives", "ini", "toml", "apache", "dockerfile"})
"""Languages whose settings are what people name."""


def observe(configuration: Configuration, name: str) -> None:
    """Keep the file with its settings, and everything that bears a name in it."""
    settings = [one for one in configuration.settings if one.path][:KEPT]
    fields = {one.where: _shown(one.name, one.text) for one in settings}
    if fields:
        configuration.reading.observe("file", name, settings[0].line, fields)
    for count, (kind, label, node) in enumerate(things(configuration)):
        if count >= THINGS:
            break
        configuration.reading.observe(kind, label, node.line, _fields(node))
    if configuration.tree.language in FLAT:
        for one in settings:
            configuration.reading.observe("setting", one.where, one.line, {"value": _shown(one.name, one.text)})


def things(configuration: Configuration) -> Iterator[tuple[str, str, Node]]:
    """Yield (kind, name, node) of everything named: labelled blocks, items with a name, maps of maps, sections."""
    for path, node in configuration.maps:
        if configuration.cluster and len(path) < 1:
            continue
        yield from _blocks(path, node)
        for key, child in node.fields:
            if child.shape == "list":
                yield from _items(key, child)
            elif child.shape == "map" and (
                all(inner.shape == "map" for _, inner in child.fields) or (not path and key.endswith("s"))
            ):
                yield from ((singular(key), name, inner) for name, inner in child.fields)


def _blocks(path: Path, node: Node) -> Iterator[tuple[str, str, Node]]:
    """Yield the blocks of one map: `upstream kiln` is upstream/kiln, a section without label is section/name."""
    for key, child in node.fields:
        kind, _, label = key.partition(" ")
        if child.shape != "map":
            continue
        if label:
            yield kind, label.replace(" ", "."), child
        elif name := _own_name(child):
            yield kind, name, child
        elif not path or child.line != node.line:
            yield "section", ".".join((*path, key)), child


def _own_name(node: Node) -> str:
    """Return what a block says its name is, as servers of nginx and services of many tools do."""
    return next((node.text(key) for key in ("server_name", "container_name", "name", "listen") if node.text(key)), "")


def _items(key: str, node: Node) -> Iterator[tuple[str, str, Node]]:
    for item in node.items:
        name = next((item.text(k) for k in KEYS if item.text(k)), "") if item.shape == "map" else ""
        if name:
            yield singular(key), name, item


def _fields(node: Node) -> dict[str, str]:
    fields: dict[str, str] = {}
    for path, child in walk(node):
        if child.shape == "scalar" and len(path) <= 3 and path:
            fields[".".join(path)] = _shown(path[-1], said(child.value))
        if len(fields) >= FIELDS:
            break
    return fields


def _shown(name: str, text: str) -> str:
    return HIDDEN if NAMED.search(name) and text else text[:300]
