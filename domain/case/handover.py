"""The text with which the next person starts warm, from state alone (rule ES2)."""

from __future__ import annotations

from domain.case import doctrine, hypotheses
from domain.case import rows as evidence
from domain.case.state import CaseState, EvidenceRow, Hypothesis, HypothesisStatus, Stance

LIVE = (HypothesisStatus.VALIDATED, HypothesisStatus.ACTIVE, HypothesisStatus.CAPTURED)
LINES = 5
"""Of each list that a hand-over shows."""


def text(state: CaseState) -> str:
    """Return the hand-over as Markdown; file citations read `name:first-last`."""
    live = sorted(hypotheses.in_status(state.hypotheses, *LIVE), key=lambda each: -each.likelihood)
    ruled_out = hypotheses.in_status(state.hypotheses, HypothesisStatus.REFUTED, HypothesisStatus.INCONCLUSIVE)
    parts = (
        ("Problem", (state.statement or "No problem statement was confirmed.",)),
        ("Urgency", (f"{state.urgency}, {state.temporal}",)),
        ("Scope", scope(state)),
        ("Timeline", timeline(state)),
        ("Possible causes", tuple(believed(each, state) for each in live[:LINES])),
        ("Ruled out", tuple(f"{each.statement} ({each.refutation_reason or each.status})" for each in ruled_out[-LINES:])),
        ("Tried", tuple(f"{each.text} ({each.state})" for each in state.solutions if each.state != "proposed")[-LINES:]),
        ("Still needed", tuple(need.text for need in state.needs if need.state == "pending")[:LINES]),
        ("Limits", tuple(each.replace("_", " ") for each in state.limitations)),
        ("Not established", doctrine.gaps(state)),
    )
    return "\n".join(f"- **{title}:** {'; '.join(lines)}" for title, lines in parts if lines)


def scope(state: CaseState) -> tuple[str, ...]:
    """Return what is known of the four facets, in words."""
    facets = (
        ("services", ", ".join(state.scope.services)),
        ("users", state.scope.users),
        ("places", ", ".join(state.scope.places)),
        ("share", state.scope.share),
    )
    return tuple(f"{name}: {value}" for name, value in facets if value)


def timeline(state: CaseState) -> tuple[str, ...]:
    """Return the onset and the newest dated events with their citations."""
    onset = (state.onset,) if state.onset else ()
    entries = (*onset, *(entry for entry in state.timeline[-LINES:] if entry != state.onset))
    return tuple(
        f"{entry.time.isoformat() if entry.time else 'undated'} {entry.text}{_at(state, entry.file_id, entry.line, entry.line)}"
        for entry in entries
    )


def believed(each: Hypothesis, state: CaseState) -> str:
    """Return a hypothesis with its likelihood and the rows for and against it."""
    supporting = cited(state, evidence.of(state.rows, each.hypothesis_id, Stance.SUPPORTS))
    against = cited(state, evidence.of(state.rows, each.hypothesis_id, Stance.REFUTES))
    named = f"{each.statement} ({each.likelihood:.2f}, {each.status})"
    return named + (f", for: {supporting}" if supporting else "") + (f", against: {against}" if against else "")


def cited(state: CaseState, rows: tuple[EvidenceRow, ...]) -> str:
    """Return where rows stand, at most five, `your words` for a user's quote."""
    places = (_at(state, row.file_id, row.first, row.last).strip(" ()") or "your words" for row in rows[:LINES])
    return ", ".join(dict.fromkeys(places))


def _at(state: CaseState, file_id: str, first: int, last: int) -> str:
    name = next((file.name for file in state.files if file.file_id == file_id), file_id)
    if not file_id:
        return ""
    return f" ({name}:{first}-{last})" if last > first else f" ({name}:{first})"
