"""Findings of kind "change": what a configuration does otherwise than its older version, both lines cited."""

from __future__ import annotations

from dataclasses import replace

from domain.evidence.configs.difference import Change, difference, documents
from domain.evidence.configs.secrets import HIDDEN
from domain.evidence.decoding.decode import cut_line, decode, fold_space, line_hash
from domain.evidence.reading import Reading
from domain.evidence.secret_names import is_secret
from domain.evidence.structure import languages
from domain.evidence.structure.trees import Tree
from domain.evidence.values import Citation, Document

TOLD = 200
"""Changes that become findings, the riskiest; the rest is a count."""
LONG = 80
WHOLE = 64 << 20
"""Bytes of an older version that are compared (evidence.md 14)."""


def remark(reading: Reading, tree: Tree, older: Document) -> int:
    """Keep the riskiest changes from an older version as findings; return how many there are in all."""
    if older.size > WHOLE:
        reading.notes.append(f"the baseline is larger than {WHOLE >> 20} MiB: not compared")
        return 0
    rows = b"".join(decode(older.chunks)).decode("utf-8", "replace").removesuffix("\n").split("\n")
    before = Reading(document=older, lines=tuple(rows))
    older_tree = languages.read(before.lines)
    if documents(older_tree).keys().isdisjoint(documents(tree)):
        reading.notes.append("the baseline has nothing in common with this configuration: not compared")
        return 0
    changes = difference(older_tree, tree)
    for change in changes[:TOLD]:
        _tell(reading, tree, before, change)
    if len(changes) > TOLD:
        reading.notes.append(f"{len(changes) - TOLD} changes of less weight left out")
    return len(changes)


def _tell(reading: Reading, tree: Tree, before: Reading, change: Change) -> None:
    said = {"before": _shown(change, change.before), "value": _shown(change, change.after)}
    facts = {"field": change.path[-1], **{name: text for name, text in said.items() if text}, "reason": change.kind}
    line = change.new_line or _beside(tree, change)
    reading.find("change", f"file:{change.where}", line, change.severity, _statement(change), **facts)
    if change.old_line:
        newest = reading.findings[-1]
        reading.findings[-1] = replace(newest, citations=(*newest.citations, _cite(before, change)))


def _beside(tree: Tree, change: Change) -> int:
    """Return the line of the nearest thing around what is gone."""
    for end in range(len(change.path) - 1, 0, -1):
        for root in tree.roots:
            if node := root.get(*change.path[:end]):
                return node.line
    return tree.roots[0].line if tree.roots else 1


def _cite(before: Reading, change: Change) -> Citation:
    """Return a sealed citation of a line of the older document; the quote ends before a secret."""
    row = cut_line(before.line(change.old_line))
    end = row.find(change.before) if change.before and _is_secret(change) else -1
    quote = fold_space(row if end < 0 else f"{row[:end].rstrip()}…")
    return Citation(
        evidence=before.document.evidence, first=change.old_line, last=change.old_line, hash=line_hash([row]), quote=quote
    )


def _is_secret(change: Change) -> bool:
    return bool(change.path and is_secret(change.path[-1]))


def _shown(change: Change, text: str) -> str:
    if text and _is_secret(change):
        return HIDDEN
    return text if len(text) <= LONG else f"{text[:LONG]}…"


def _statement(change: Change) -> str:
    before, after = _shown(change, change.before), _shown(change, change.after)
    if _is_secret(change) and before and after:
        return f"{change.where} is another secret"
    match change.kind:
        case "added" | "removed":
            return _alone(change, before or after)
        case "reordered":
            return f"{change.where}: the same values in another order"
        case _:
            retyped = ", another type" if change.kind == "type changed" else ""
            return f"{change.where}: {before or 'nothing'} → {after or 'nothing'}{retyped}"


def _alone(change: Change, text: str) -> str:
    """Tell what stands in one version only."""
    if change.item:
        return f"{change.where}: {text} is {'new' if change.kind == 'added' else 'gone'}"
    many = f" with {change.settings} settings" if change.settings > 1 else ""
    told = "is new" + f": {text}" * bool(text) if change.kind == "added" else "is gone" + f": was {text}" * bool(text)
    return f"{change.where}{many} {told}"
