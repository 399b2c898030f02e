"""What an operator sees of a case at a glance: ids, words of closed lists and safe text, as Markdown."""

from __future__ import annotations

from domain.case.state import CaseState
from domain.case.texts import counted

HYPOTHESES = 3
"""As many as one screen line each allows."""


def headline(state: CaseState) -> str:
    """Return the case in a few lines; everything in it is safe text."""
    lines = [f"**{state.status}**{f', {state.stage}' if state.stage else ''} after {counted(state.turn, 'turn')}"]
    if state.statement:
        lines.append(f"> {_one_line(state.statement)}")
    if state.milestones:
        lines.append(f"Done: {', '.join(state.milestones)}")
    live = [each for each in state.hypotheses if each.status in {"active", "validated"}]
    best = sorted(live, key=lambda hypothesis: hypothesis.rank or len(live))[:HYPOTHESES]
    lines += [f"- {each.likelihood:.0%} {_one_line(each.statement)} ({each.status})" for each in best]
    if state.conclusion:
        lines.append(f"Conclusion ({state.conclusion.level}): {_one_line(state.conclusion.text)[:240]}")
    reading = sum(file.status == "pending" for file in state.files)
    files = f"{counted(len(state.files), 'file')}{f', {reading} being read' if reading else ''}"
    lines.append(f"{files}, {counted(len(state.rows), 'evidence row')}")
    return "\n\n".join(lines)


def _one_line(text: str) -> str:
    return " ".join(text.split())
