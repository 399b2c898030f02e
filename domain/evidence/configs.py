"""Configuration: what is set where, what is set twice, what names nothing, what is risky, and secrets by line only."""

from __future__ import annotations

import re

from domain.evidence import classify_data, telling
from domain.evidence.commands import output
from domain.evidence.reading import Reading, beginning
from domain.evidence.structure import flat, jsontree, yamltree
from domain.evidence.structure.quantities import amount
from domain.evidence.structure.trees import Node, Path, Tree, said, walk
from domain.evidence.values import Context, Document, Parsed, Text

SECRET = re.compile(r"(?i)(?:password|passwd|secret|token|api_?key|access_?key|private_?key|credential)s?$")
PLACEHOLDER = re.compile(r"^(?:\$\{?|<|\{\{|\*+$|xxx|changeme|file:|env:|ref\+|vault:)|^$", re.IGNORECASE)
SETTINGS = 400
"""Settings kept as fields of the file's object."""
ZERO = re.compile(r"(?i)(?:replicas|pool_?size|max_?pool|max_?connections|max_?workers|workers|maximumpoolsize)$")
UPSTREAM = re.compile(r"^(?:http|https|grpc)://([\w.\-]+)(?::\d+)?/?$")


def analyse(text: Text, document: Document, _context: Context) -> Parsed:
    """Return the settings of a configuration and what is doubtful in them."""
    reading = Reading(document=document, lines=text.lines)
    tree = read(text.lines)
    output.structured(reading, tree, len(text.lines))
    leaves = [(path, node) for root in tree.roots for path, node in walk(root) if node.shape == "scalar"]
    _settings(reading, leaves)
    for key, line in tree.duplicates[:50]:
        reading.find("setting", f"file:{key}", line, 2.5, f"{key} is set twice", field=key, reason="duplicate key")
    for path, node in leaves:
        _risk(reading, path, node)
    for root in tree.roots:
        _limits(reading, root)
        _dangling(reading, root)
    share = 1.0 if not tree.broke else tree.broke / max(1, len(text.lines))
    return reading.parsed(f"{len(leaves)} settings, {len(reading.findings)} findings", share)


def read(lines: tuple[str, ...]) -> Tree:
    """Return the tree of a configuration in the language it seems to be written in."""
    body = tuple(line for line in lines if line.strip())
    if not body:
        return Tree(roots=())
    if body[0].lstrip()[:1] in {"{", "["} and not flat.SECTION.match(beginning(body[0])):
        return jsontree.read("\n".join(lines))
    language = classify_data.config_format(body[:2000])
    if language == "xml":
        return Tree(roots=())
    if language == "nginx" or _is_indented(body):
        return flat.blocks(lines)
    return flat.ini(lines) if language in {"ini", "properties"} else yamltree.read(lines)


def _is_indented(body: tuple[str, ...]) -> bool:
    """Return whether bare section names stand over indented directives without colons."""
    bare = sum(bool(re.match(r"^\s+[\w\-]+\s+\S", line)) and ":" not in line.split("#")[0].split(" ")[0] for line in body)
    heads = sum(bool(re.match(r"^(?:global|defaults|frontend|backend|listen)\b", line)) for line in body)
    return heads >= 2 and bare >= len(body) / 3


def _settings(reading: Reading, leaves: list[tuple[Path, Node]]) -> None:
    """Keep the settings as the fields of one object; secrets without their values."""
    fields = {
        ".".join(path): "(secret)" if SECRET.search(path[-1]) else said(node.value) for path, node in leaves[:SETTINGS] if path
    }
    if fields:
        reading.observe("file", reading.document.name or reading.document.evidence, leaves[0][1].line, fields)


def _risk(reading: Reading, path: Path, node: Node) -> None:
    name = path[-1] if path else ""
    value = said(node.value)
    where, subject = ".".join(path), f"file:{'.'.join(path)}"
    if SECRET.search(name) and len(value) >= 6 and not PLACEHOLDER.search(value):
        reading.find(
            "setting", subject, node.line, 1.0, f"{where} holds a secret in clear text", field=name, reason="secret in clear text"
        )
    elif name == "image" and (":" not in value.rpartition("/")[2] or value.endswith(":latest")):
        reading.find(
            "setting",
            subject,
            node.line,
            1.0,
            f"{where}: {value} is not pinned",
            value=value,
            field=name,
            reason="image not pinned",
        )
    elif ZERO.search(name) and amount(value) == 0 and "replicas" not in name.lower():
        reading.find("setting", subject, node.line, 3.0, f"{where} is 0", field=name, value=value, reason="zero capacity")
    elif telling.pair(name, node.value) >= 3.5 and isinstance(node.value, str) and not reading.findings:
        reading.find("field", subject, node.line, 2.0, f"{where} is {value}", value=value, field=name)


def _limits(reading: Reading, root: Node) -> None:
    """Find limits below their requests."""
    for path, node in walk(root):
        limits, requests = node.get("limits"), node.get("requests")
        if not limits or not requests:
            continue
        for name, limit in limits.fields:
            most, least = amount(said(limit.value)), amount(requests.text(name))
            if most is not None and least is not None and most < least:
                where = ".".join((*path, "limits", name))
                statement = f"{where} {said(limit.value)} is below the request {requests.text(name)}"
                reading.find(
                    "setting",
                    f"file:{where}",
                    limit.line,
                    3.5,
                    statement,
                    value=said(limit.value),
                    field=name,
                    reason="limit below request",
                )


def _dangling(reading: Reading, root: Node) -> None:
    """Find upstreams and back ends that are named but not defined in the file."""
    defined = {key.split(" ", 1)[1] for key, _ in root.fields if key.startswith(("upstream ", "backend "))}
    if not defined:
        return
    for path, node in walk(root):
        name, value = (path[-1] if path else ""), said(node.value)
        wanted = UPSTREAM.match(value) if name == "proxy_pass" else None
        target = wanted.group(1) if wanted else value.split(" ")[0] if name in {"default_backend", "use_backend"} else ""
        if target and "." not in target and target not in defined:
            facts = {"value": target, "from": ".".join(path), "to": target, "reason": "not defined"}
            reading.find(
                "reference",
                f"file:{'.'.join(path)}",
                node.line,
                3.5,
                f"{name} names {target}, which the file does not define",
                **facts,
            )
