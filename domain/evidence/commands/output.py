"""Output of commands: parts at shell prompts, each read by the grammar that fits it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from domain.evidence.commands import (
    alerts,
    any_table,
    call_trees,
    check_results,
    json_rows,
    json_values,
    known_tables,
    log_pairs,
    plain_text,
    things,
)
from domain.evidence.commands.containers import container_objects
from domain.evidence.commands.containers import listings as containers
from domain.evidence.commands.deliveries import cloud_things, commits, plans, playbooks, releases
from domain.evidence.commands.hosts import readers as hosts
from domain.evidence.commands.kubernetes import describe as kubectl_describe
from domain.evidence.commands.kubernetes import events as kubectl_events
from domain.evidence.commands.kubernetes import get as kubectl_get
from domain.evidence.commands.kubernetes import objects as kubectl_objects
from domain.evidence.commands.kubernetes import rollouts as kubectl_rollouts
from domain.evidence.commands.networks import readers as networks
from domain.evidence.commands.stores import caches, innodb, loads, mongo, query_plans, queues, quorums, sql_results, sql_tables
from domain.evidence.kinds import grammars, prompts
from domain.evidence.kinds.prompts import Part
from domain.evidence.reading import Reading
from domain.evidence.structure import jsontree, yamltree
from domain.evidence.structure.trees import Tree
from domain.evidence.values import Context, Document, Parsed, Text

Reader = Callable[[Reading, int, int], int]
READERS: Mapping[str, Reader] = {
    "kubectl describe": kubectl_describe.read,
    "kubectl get": kubectl_get.read,
    "ownership tree": kubectl_get.read,
    **hosts.READERS,
    **networks.READERS,
    "configuration tree": call_trees.read,
    "sql table": sql_results.read,
    "psql": sql_results.read,
    "sql records": sql_results.read,
    "explain": query_plans.read,
    "sql batch": sql_results.read,
    "innodb status": innodb.read,
    "redis info": caches.info,
    "redis slow log": caches.slow,
    "redis clients": caches.clients,
    "kafka topics": queues.topics,
    "rabbit queues": queues.rabbit,
    "rabbit status": queues.broker,
    "etcd endpoints": quorums.endpoints,
    "vault status": quorums.vault,
    "helm status": releases.status,
    "docker events": containers.happened,
    "terraform": plans.read,
    "ansible": playbooks.read,
    "git log": commits.log,
    "git status": commits.status,
    "rollout": kubectl_rollouts.status,
    "argocd": releases.application,
}
"""Format → reader, which returns how many lines it understood."""
TYPED: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (re.compile(r"^(?:sudo )?(?:psql|mysql|mariadb)\b"), sql_results.read),
    (re.compile(r"^(?:sudo )?rabbitmqctl .{0,80}\blist_queues\b"), queues.rabbit),
    (re.compile(r"^(?:kubectl|k|oc)\b.{0,200}? auth can-i\b"), kubectl_rollouts.allowed),
    (re.compile(r"^git (?:-C \S{1,200} )?log\b"), commits.log),
    (re.compile(r"^git (?:-C \S{1,200} )?diff\b.{0,200}--stat\b"), commits.stats),
)
"""Typed command → reader, for output that shows no format by itself."""


PLAIN = frozenset({*hosts.READERS, *networks.READERS})
"""Formats whose outputs may follow each other without a prompt."""


def analyse(text: Text, document: Document, _context: Context) -> Parsed:
    """Return what the commands of a paste printed."""
    return read(text, document, prompts.parts(text.lines, document.command))


def read(text: Text, document: Document, cut: list[Part]) -> Parsed:
    """Return what some parts of a text say: objects, relations, and findings for what is not in order."""
    reading = Reading(document=document, lines=text.lines)
    understood = sum(_part(reading, part) for part in cut)
    kubectl_events.new_images(reading)
    share = min(1.0, understood / max(1, sum(bool(line.strip()) for line in text.lines)))
    names = sorted({part.command for part in cut if part.command})[:3]
    summary = f"{len(reading.objects)} objects, {len(reading.findings)} findings" + (f" from {', '.join(names)}" if names else "")
    return reading.parsed(summary, share)


def _part(reading: Reading, part: Part) -> int:
    """Read one part by its grammar; what no grammar takes is read for telling lines."""
    body = tuple(
        line for line in reading.lines[part.first - 1 : part.last] if line.strip() and line.strip() not in {"stdout:", "stderr:"}
    )
    if not body:
        reading.find("empty", "", part.first, 0.5, f"no output {part.command}", command=part.command)
        return 0
    if tree := tree_of(reading.lines, part, body):
        return structured(reading, tree, part.last - part.first + 1)
    name, _ = grammars.command(body)
    understood = 0
    typed = next((reader for pattern, reader in TYPED if pattern.match(part.command)), None)
    for reader in (READERS.get(name), typed, known_tables.read, kubectl_get.read, any_table.read, sql_tables.read):
        understood = understood or (reader(reading, part.first, part.last) if reader else 0)
    if understood < 0.9 * len(body):
        understood = max(understood, plain_text.read(reading, part.first, part.last))
    return understood


def tree_of(lines: tuple[str, ...], part: Part, body: tuple[str, ...]) -> Tree | None:
    """Return the document where a part is JSON or a cluster object in YAML."""
    if body[0].lstrip().startswith(("{", "[{", '["', "[\n")) or body[0].strip() == "[":
        above = "\n" * next((n for n in range(part.first - 1, part.last) if lines[n].strip() == body[0].strip()), 0)
        piece = lines[above.count("\n") : part.last]
        tree = jsontree.read(above + "\n".join(map(mongo.strict, piece) if mongo.spoken_by_shell(body) else piece))
        return tree if tree.roots and tree.roots[0].shape != "scalar" else None
    if any(line.startswith("apiVersion:") for line in body) or body[0].startswith(("- apiVersion", "apiVersion")):
        return yamltree.read(lines, part.first, part.last)
    return None


def structured(reading: Reading, tree: Tree, lines: int) -> int:
    """Read a tree as what it is known to hold, such as cluster objects, else by its telling fields."""
    if tree.broke:
        reading.notes.append(f"line {tree.broke}: {tree.reason}; the part above it was read")
    roots = alerts.read(reading, tree.roots)
    if kubectl_objects.read(reading, roots):
        return lines if not tree.broke else tree.broke
    if any(reader(reading, roots) for reader in (container_objects.read, mongo.documents, cloud_things.read)):
        json_values.sentences(reading, roots)
    else:
        json_values.read(reading, roots)
        loads.read(reading, roots)
        check_results.read(reading, roots)
        json_rows.read(reading, roots)
        for root in roots:
            if not log_pairs.read(reading, root):
                things.read(reading, root)
    return lines if not tree.broke else tree.broke
