"""Names that nothing in the document bears; only where the document defines others of that kind, so that its own list is at hand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from domain.evidence.commands.json_values import singular
from domain.evidence.configs import cluster_references, expressions
from domain.evidence.configs.settings import MOST, Configuration, Setting, opened
from domain.evidence.structure.trees import Node, Path, Tree, said

KEYS = ("name", "id", "key", "job_name")
UNDEFINED_ALLOWED = frozenset({"default", "none", "host", "bridge", "all", "null", "true", "false", "self", "any", "*", "debug"})
"""Names that the programs bring along (Docker's networks host, bridge and none; defaults of many)."""
NO_DEFINITIONS = frozenset({"ports", "labels", "args", "rules", "steps", "options", "tags", "files", "paths", "hosts", "commands", "scripts", "includes", "names", "types", "values", "params", "parameters", "properties", "settings", "classes", "items", "environments", "variables", "headers", "targets"})  # fmt: skip
"""Collections whose entries are not referred to by name."""
LISTED = ("needs", "depends_on", "links")
"""Fields of a thing that name its siblings (Compose, GitHub Actions, GitLab CI)."""
GROUPED = frozenset({"services", "jobs", "tasks", "pipelines", "workflows"})
"""Maps of such things."""
REFERRED = frozenset({"volumes", "networks", "secrets", "configs", "receivers", "processors", "exporters", "extensions", "connectors", "middlewares", "entryPoints", "stages"})  # fmt: skip
"""Collections whose entries are referred to by the collection's own word (Compose, OpenTelemetry collector, Alertmanager, Traefik, GitLab CI)."""
HITS = 3
"""For other words: names that must be found there before one that is not counts as dangling, and no fewer than those that are not."""
UPSTREAM = re.compile(r"^(?:[a-z]{2,6}://)?([\w.\-]+)(?::\d+)?(?:/.*)?$")
PASSES = frozenset({"proxy_pass", "fastcgi_pass", "grpc_pass", "uwsgi_pass", "scgi_pass"})
LABELLED: Mapping[str, tuple[str, ...]] = {
    "default_backend": ("backend", "listen"),
    "use_backend": ("backend", "listen"),
    "appender-ref": ("appender",),
    "AppenderRef": ("appender",),
}
"""Setting → kinds of labelled blocks that may bear its name (haproxy, logback)."""


def remark(configuration: Configuration) -> None:
    """Say which names dangle."""
    roots, left = configuration.tree.roots, MOST
    for root in roots:
        if left > 0 and not (root.text("kind") and root.get("metadata")):
            part = configuration
            if len(roots) > 1:
                part = opened(configuration.reading, Tree(roots=(root,)), configuration.observed_at)
            left -= len(part.settings)
            _collections(part, root)
            _siblings(part, root)
            _pointers(part, root)
    _blocks(configuration)
    _stages(configuration)
    _loggers(configuration)
    expressions.remark(configuration)
    cluster_references.remark(configuration)


def _names(node: Node) -> frozenset[str]:
    """Return the names that a collection defines: keys of a map, names of its items, or bare words."""
    keys = {key for key, _ in node.fields}
    keys.update(
        next((item.text(key) for key in KEYS if item.text(key)), "") if item.shape == "map" else said(item.value)
        for item in node.items
    )
    return frozenset(keys - {""})


def _collections(configuration: Configuration, root: Node) -> None:
    """Compare names under a word such as networks or receiver with the document's own collection of that word."""
    defined = {
        key: _names(child)
        for key, child in root.fields
        if child.shape != "scalar" and key.endswith("s") and key not in NO_DEFINITIONS
    }
    defined = {key: names for key, names in defined.items() if names}
    singles = {singular(key): key for key in defined}
    hits: Counter[str] = Counter()
    missed: list[tuple[str, Setting, str]] = []
    for setting in configuration.settings:
        word = setting.name
        plural = (
            word if word in defined and setting.path[-1].isdecimal() else singles.get(word, "") if word != setting.path[0] else ""
        )
        own = len(setting.path) < 3 or setting.path[0] == plural
        target = "" if not plural or own else _target(setting)
        hits[plural] += bool(target) and target in defined[plural]
        if target and target not in defined[plural] and target not in UNDEFINED_ALLOWED:
            missed.append((plural, setting, target))
    wrong = Counter(plural for plural, _, _ in missed)
    for plural, setting, target in missed:
        if plural in REFERRED or hits[plural] >= max(HITS, wrong[plural]):
            statement = f"{setting.where} names {target}, which {plural} does not define"
            configuration.dangles(setting.path, setting.line, 3.5, statement, to=target)


def _target(setting: Setting) -> str:
    """Return the name that a value bears, "" for paths, addresses and placeholders."""
    head, _, rest = setting.text.strip().partition(":")
    bare = head if rest or ":" not in setting.text else ""
    return bare if re.fullmatch(r"[A-Za-z_][\w.\-]{0,80}", bare) and "." not in bare else ""


def _siblings(configuration: Configuration, root: Node) -> None:
    """Compare what a thing says it needs with the things beside it."""
    beside: dict[Path, frozenset[str]] = {}
    for path, node in configuration.maps:
        if path[-2:-1] == () or path[-2] not in GROUPED or not any(node.get(field) for field in LISTED):
            continue
        known = beside.get(path[:-1])
        if known is None:
            around = root.get(*path[:-1])
            known = beside[path[:-1]] = frozenset(key for key, _ in around.fields) if around else frozenset()
        if len(known) < 2:
            continue
        for field, target, line in _needed(node):
            if target not in known and "$" not in target and "/" not in target:
                where = (*path, field)
                statement = f"{'.'.join(where)} names {target}, which does not stand beside it"
                configuration.dangles(where, line, 3.5, statement, to=target)


def _needed(node: Node) -> Iterator[tuple[str, str, int]]:
    """Yield (field, name, line) of everything that a thing says it needs."""
    for field in LISTED:
        if named := node.get(field):
            yield from ((field, head, line) for text, line in _listed(named) if (head := text.partition(":")[0]))


def _listed(node: Node) -> Iterator[tuple[str, int]]:
    """Yield the names in a scalar, a list or the keys of a map."""
    if node.shape == "scalar" and said(node.value):
        yield said(node.value), node.line
    for item in node.items:
        yield (said(item.value) if item.shape == "scalar" else item.text("job")), item.line
    for key, child in node.fields:
        yield key, child.line


def _pointers(configuration: Configuration, root: Node) -> None:
    """Follow `$ref: "#/a/b"` inside the document."""
    for setting in configuration.settings:
        if setting.path[-1:] == ("$ref",) and setting.text.startswith("#/"):
            steps = [step.replace("~1", "/").replace("~0", "~") for step in setting.text[2:].split("/")]
            if not _reaches(root, steps):
                statement = f"{setting.where} points to {setting.text}, which is not there"
                configuration.dangles(setting.path, setting.line, 3.5, statement, to=setting.text)


def _reaches(node: Node | None, steps: list[str]) -> bool:
    for step in steps:
        if node is None:
            return False
        node = node.items[int(step)] if step.isdecimal() and int(step) < len(node.items) else node.get(step)
    return node is not None


def _labels(configuration: Configuration) -> dict[str, set[str]]:
    """Return kind → labels of all labelled blocks, and of elements with a name."""
    labels: dict[str, set[str]] = {}
    for _, node in configuration.maps:
        for key, child in node.fields:
            kind, _, label = key.partition(" ")
            if child.shape == "map" and label:
                labels.setdefault(kind.lower(), set()).add(label)
    return labels


def _blocks(configuration: Configuration) -> None:
    """Find upstreams, back ends and appenders that are named but not defined in the file."""
    labels = _labels(configuration)
    for setting in configuration.settings:
        kinds: tuple[str, ...] = ()
        target = ""
        if setting.name in PASSES and (found := UPSTREAM.match(setting.text)):
            kinds, target = ("upstream",), found.group(1) if "." not in found.group(1) else ""
        elif setting.name in LABELLED:
            kinds, target = LABELLED[setting.name], setting.text.split(" ")[0]
        elif setting.path[-1:] == ("ref",) and setting.path[-2:-1] and setting.path[-2] in LABELLED:
            kinds, target = LABELLED[setting.path[-2]], setting.text
        known = set[str]().union(*(labels.get(kind, set()) for kind in kinds)) if target else set[str]()
        if target and known and target not in known and "$" not in target and "%" not in target:
            statement = f"{setting.name} names {target}, which the file does not define"
            configuration.dangles(setting.path, setting.line, 3.5, statement, to=target)


def _stages(configuration: Configuration) -> None:
    """Find a `COPY --from` of a stage that no FROM above it names."""
    stages = tuple(
        key.removeprefix("stage ") for root in configuration.tree.roots for key in root.names() if key.startswith("stage ")
    )
    for setting in configuration.settings if stages else ():
        found = re.match(r"--from=(\S+)", setting.text) if setting.name == "COPY" else None
        target = found.group(1) if found else ""
        outside = "/" in target or ":" in target or "$" in target
        if target and not outside and target not in stages and not (target.isdecimal() and int(target) < len(stages)):
            configuration.dangles(setting.path, setting.line, 3.5, f"COPY --from={target} names no stage of this file", to=target)


def _loggers(configuration: Configuration) -> None:
    """Find appenders that a logger of log4j.properties names and nothing configures."""
    known = {
        found.group(1)
        for one in configuration.settings
        if (found := re.match(r"log4j\.appender\.(\w+)", one.path[-1] if one.path else ""))
    }
    for one in configuration.settings if known else ():
        for target in one.text.split(",")[1:] if re.match(r"log4j\.(?:root)?[lL]ogger", one.path[-1]) else ():
            if target.strip() not in known:
                statement = f"{one.where} names the appender {target.strip()}, which the file does not define"
                configuration.dangles(one.path, one.line, 3.5, statement, to=target.strip())
