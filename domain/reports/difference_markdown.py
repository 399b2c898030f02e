"""A difference between two cases as Markdown; every line of evidence is quoted, none of it is markup."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import starmap

from domain.diagnosis.wording import plain, quoted
from domain.reports.difference import Difference, MovedCause, Only
from domain.reports.stand import Advised, Cited, Held, NamedFile, RankedCause, Stand

LISTED = 30
"""Items of one list; the data has all of them."""
MOVES = {"new": "new", "gone": "gone", "up": "moved up", "down": "moved down", "stays": "stays"}


def render(found: Difference) -> str:
    """Return what changed: the conclusions side by side, the causes, then what only one case has."""
    sections = (
        _verdict(found),
        _causes(found.causes),
        _only("Files", Only(before=_names(found.files.before), after=_names(found.files.after))),
        _only("Evidence", Only(before=_cited(found.evidence.before), after=_cited(found.evidence.after))),
        _only("Claims", Only(before=_cited(found.claims.before), after=_cited(found.claims.after))),
        _only("Actions", Only(before=_steps(found.actions.before), after=_steps(found.actions.after))),
    )
    head = f"# From “{_cell(found.before.title)}” to “{_cell(found.after.title)}”"
    return "\n\n".join((head, *(section for section in sections if section))) + "\n"


def _verdict(found: Difference) -> str:
    rows = (_table(("", "before", "after")), *starmap(_row, _verdicts(found)))
    return f"{_changed(found)}\n\n" + "\n".join(rows)


def _changed(found: Difference) -> str:
    if not found.leader_changed:
        return "The same cause leads." if found.after.causes else "No cause leads, before and after."
    if not found.after.causes:
        return "**No cause leads any more.**"
    return "**Another cause leads.**" if found.before.causes else "**A cause leads now.**"


def _verdicts(found: Difference) -> Iterable[tuple[str, tuple[str, str]]]:
    before, after = found.before, found.after
    yield "turns", (str(before.turn), str(after.turn))
    yield "state", (before.state, after.state)
    yield "conclusion", (_held(before.conclusion), _held(after.conclusion))
    yield "leads", (_leads(before), _leads(after))


def _held(held: Held | None) -> str:
    return f"{_cell(held.text)} ({held.level}, {held.confidence:.2f}, {held.assurance})" if held else "none"


def _leads(one: Stand) -> str:
    return _cell(one.causes[0].statement) if one.causes else "nothing"


def _causes(causes: tuple[MovedCause, ...]) -> str:
    if not causes:
        return ""
    rows = (_row(_cell(each.statement), (_ranked(each.before), _ranked(each.after), MOVES[each.move])) for each in causes)
    return "\n".join(("## Causes\n", _table(("cause", "before", "after", "move")), *rows))


def _ranked(cause: RankedCause | None) -> str:
    return f"{cause.rank}. {cause.level}, likelihood {cause.likelihood:.2f}, {cause.status}" if cause else "–"


def _only(name: str, items: Only[str]) -> str:
    sides = (("before", items.before), ("after", items.after))
    return "\n\n".join(f"## {name} only {side}\n\n{_listed(lines)}" for side, lines in sides if lines)


def _listed(lines: tuple[str, ...]) -> str:
    more = (f"- … and {len(lines) - LISTED} more",) if len(lines) > LISTED else ()
    return "\n".join((*(f"- {line}" for line in lines[:LISTED]), *more))


def _names(files: Iterable[NamedFile]) -> tuple[str, ...]:
    return tuple(quoted(file.name) for file in files)


def _cited(lines: Iterable[Cited]) -> tuple[str, ...]:
    return tuple(f"{_cell(one.said.replace('_', ' '))} – {_where(one)}{quoted(one.text)}" for one in lines)


def _where(one: Cited) -> str:
    if not one.file:
        return "in your words: "
    last = f"-{one.last_line}" if one.last_line > one.first_line else ""
    return f"{quoted(one.file)} line {one.first_line}{last}: "


def _steps(actions: Iterable[Advised]) -> tuple[str, ...]:
    return tuple(f"{_cell(each.text)}: {quoted(each.command)}" if each.command else _cell(each.text) for each in actions)


def _table(names: tuple[str, ...]) -> str:
    return f"{_row(names[0], names[1:])}\n|{'---|' * len(names)}"


def _row(first: str, others: Iterable[str]) -> str:
    return f"| {' | '.join((first, *others))} |"


def _cell(text: str) -> str:
    """Return a text that stays within its cell, without markup of its own."""
    return plain(" ".join(text.split())).replace("|", "\\|").replace("<", "&lt;").replace("`", "ˋ").replace("![", "! [")
