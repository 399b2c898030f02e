"""Resolution and closure summaries as Markdown, from state alone; every section cites its rows (rules RP1, RP2, DO2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import starmap

from domain.case import doctrine, handover, hypotheses, milestones
from domain.case import rows as evidence
from domain.case.state import CaseState, EvidenceRow, Hypothesis, HypothesisStatus, RowCategory, Solution, Stance
from domain.case.texts import counted

RESOLUTION, CLOSURE = "resolution_summary", "closure_summary"
TITLES = {RESOLUTION: "Resolution summary", CLOSURE: "Closure summary"}
ROWS = 20
"""Evidence rows that a report lists: those of the cause first, then the newest."""
NOTHING = "Not established."
_NO_QUOTES: Mapping[str, str] = {}


def render(report_type: str, state: CaseState, title: str, quotes: Mapping[str, str] = _NO_QUOTES) -> str:
    """Return the report; `quotes` holds the safe text of rows by evidence id, where it is known."""
    sections = (
        ("Summary", _summary(state)),
        ("Impact", _impact(state)),
        ("Timeline", handover.timeline(state)),
        ("Cause", _cause(state)),
        ("Evidence", _evidence(state, quotes)),
        ("Ruled out", _ruled_out(state)),
        ("Tried", tuple(_tried(each) for each in state.solutions if each.state in {"rejected", "failed"})),
        ("Fix and verification", _fix(state)),
        ("Not established", doctrine.gaps(state)),
        ("Follow-ups", _follow_ups(state)),
    )
    head = f"# {TITLES[report_type]}: {title}"
    return "\n\n".join((head, *starmap(_section, sections))) + "\n"


def _section(name: str, lines: Iterable[str]) -> str:
    said = tuple(lines)
    if said and said[0].startswith("|"):
        return f"## {name}\n\n" + "\n".join(said)
    nothing = "None." if name in {"Not established", "Ruled out", "Tried", "Follow-ups"} else NOTHING
    return f"## {name}\n\n" + ("\n".join(f"- {line}" for line in said) if said else nothing)


def _summary(state: CaseState) -> tuple[str, ...]:
    ended = state.resolved_at or state.closed_at
    end = f"{state.status} at {ended.isoformat()}" if ended else str(state.status)
    reason = f", {state.closure_reason.replace('_', ' ')}" if state.closure_reason else ""
    problem = (
        f"Problem: {state.statement}{_cites(state, _symptoms(state))}"
        if state.statement
        else "No problem statement was confirmed."
    )
    return problem, f"Outcome: {end}{reason}, after {counted(state.turn, 'turn')}"


def _impact(state: CaseState) -> tuple[str, ...]:
    known = handover.scope(state)
    urgency = () if state.urgency == "unknown" else (f"Urgency: {state.urgency}",)
    cited = _cites(state, _symptoms(state))
    return (*(f"{facet[:1].upper()}{facet[1:]}{cited}" for facet in known), *urgency)


def _cause(state: CaseState) -> tuple[str, ...]:
    conclusion = state.conclusion
    if conclusion is None:
        return ("The cause was not established.",)
    supporting = evidence.of(state.rows, conclusion.hypothesis_id, Stance.SUPPORTS)
    words = {
        "confirmed": "confirmed by its absence after the fix",
        "mechanistic": "its mechanism was observed",
        "no_root": "not proven",
    }
    sure = f"{conclusion.level}, confidence {conclusion.confidence:.2f}; assurance {conclusion.assurance}: {words[conclusion.assurance]}"
    return f"{conclusion.text}{_cites(state, supporting)}", sure


def _evidence(state: CaseState, quotes: Mapping[str, str]) -> tuple[str, ...]:
    if not state.rows:
        return ()
    leader = state.conclusion.hypothesis_id if state.conclusion else ""
    about = {row.evidence_id for row in evidence.of(state.rows, leader, Stance.SUPPORTS)}
    ranked = sorted(state.rows, key=lambda row: (row.evidence_id not in about, -row.turn))[:ROWS]
    head = ("| Where | What it shows | Line |", "| --- | --- | --- |")
    return (*head, *(_table_row(state, row, quotes.get(row.evidence_id, "")) for row in ranked))


def _table_row(state: CaseState, row: EvidenceRow, quote: str) -> str:
    place = handover.cited(state, (row,))
    shown = quote.replace("|", "\\|").replace("\n", " ")
    removed = " (source removed)" if row.source_removed else ""
    return f"| {place}{removed} | {row.category.replace('_', ' ')} | {shown} |"


def _ruled_out(state: CaseState) -> tuple[str, ...]:
    gone = hypotheses.in_status(state.hypotheses, HypothesisStatus.REFUTED, HypothesisStatus.INCONCLUSIVE)
    return tuple(f"{each.statement}: {each.refutation_reason or 'could not be tested'}{_against(state, each)}" for each in gone)


def _against(state: CaseState, each: Hypothesis) -> str:
    return _cites(state, evidence.of(state.rows, each.hypothesis_id, Stance.REFUTES))


def _tried(solution: Solution) -> str:
    return f"{solution.text} ({solution.state}, turn {solution.failed_turn or solution.turn})"


def _fix(state: CaseState) -> tuple[str, ...]:
    taken = [each for each in state.solutions if each.state in milestones.TAKEN]
    gone = evidence.in_category(state.rows, RowCategory.SYMPTOM_ABSENCE)
    applied = tuple(f"{each.text} ({each.kind}, {each.state}, turn {milestones.since(each)})" for each in taken)
    seen = (f"The symptom was seen gone{_cites(state, gone)}",) if gone else ()
    return (*applied, *seen)


def _follow_ups(state: CaseState) -> tuple[str, ...]:
    wanted = tuple(need.text for need in state.needs if need.state == "pending")
    open_fixes = tuple(f"Decide about: {each.text}" for each in state.solutions if each.state == "proposed")
    return (*open_fixes, *wanted)


def _symptoms(state: CaseState) -> evidence.Rows:
    return evidence.in_category(state.rows, RowCategory.SYMPTOM)


def _cites(state: CaseState, rows: evidence.Rows) -> str:
    places = handover.cited(state, rows)
    return f" ({places})" if places else ""
