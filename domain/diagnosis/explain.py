"""The reply from rules alone: Markdown, each factual sentence with its `file:line`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

from domain.case import handover
from domain.case.conclusion import overclaims
from domain.case.outcome import ResponseType, TurnOutcome
from domain.case.state import CaseState, Scope
from domain.case.texts import counted
from domain.diagnosis.catalogue.families import BY_ID
from domain.diagnosis.reply import ReplyCitation, TurnReply
from domain.diagnosis.values import Action, Answer, AnswerCause, AnswerEvent, AnswerLine, Ask
from domain.diagnosis.wording import clean, modest, plain, quoted
from domain.knowledge.documents import Passage

CAUSES = 3
LINES = 3
ACTIONS = 4
CHECKS = 3
PASSAGES = 2
SOURCES = 5
RULED_OUT = 6
MISSING = 3
QUOTE = 160
REVERSIBLE = {"yes": "can be undone", "partly": "can be undone only in part", "no": "cannot be undone"}
DEGRADED = {
    "model_unavailable": "no language model took part: this answer comes from rules over the evidence",
    "provider_unavailable": "the first model provider was away",
    "budget_exhausted": "the tokens or steps of this turn are spent: this answer comes from rules over the evidence",
    "retrieval_unavailable": "the knowledge base could not be searched",
    "lexical_only": "the knowledge base was searched by words only",
    "tools_unavailable": "a tool was not to be had, or failed",
    "redaction_unavailable": "redaction was away: no text went to a model",
    "evidence_truncated": "a part of the evidence could not be read",
}
CODE = re.compile(r"(`[^`\n]*`)")
NOTHING_SAID = Scope()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a turn's reply is made of; all text is safe."""

    turn_id: str
    turn_number: int
    outcome: TurnOutcome
    state: CaseState
    answer: Answer | None = None
    """None for a turn without an investigation."""
    passages: tuple[Passage, ...] = ()
    degraded: tuple[str, ...] = ()
    context_notice: str = ""
    budget: str = ""
    """Whose budget ended a model's part and until when."""
    away: tuple[str, ...] = ()
    """Tools that were not to be had, or failed."""
    sources: tuple[str, ...] = ()
    """What a model read on other servers."""


def reply(told: Told) -> TurnReply:
    """Return the reply as a value; ids of rows and attachments are added by the caller."""
    shown = told.answer if _investigated(told) else None
    assurance = _assurance(told.state, shown)
    text = response(told)
    return TurnReply(
        turn_id=told.turn_id,
        turn_number=told.turn_number,
        agent_response=text,
        outcome=told.outcome,
        citations=citations(shown, told.passages),
        causes=shown.causes if shown else (),
        checks=shown.checks if shown else (),
        actions=shown.actions if shown else (),
        timeline=shown.timeline if shown else (),
        cause_assurance=assurance,
        cause_overclaim=overclaims(text, assurance),
        degraded=told.degraded,
        context_notice=told.context_notice,
    )


def response(told: Told) -> str:
    """Return the Markdown of the reply, never blank."""
    parts = [clean(notice) for notice in told.outcome.notices]
    shown = told.answer if _investigated(told) else None
    if shown:
        said = told.state.scope
        parts.append(follow_up(shown, told.outcome.asked, said) if told.outcome.told_before else explain(shown, said))
    if told.outcome.response_type is ResponseType.STATUS_UPDATE and shown is None:
        parts.append(status(told.state))
    if told.outcome.handover:
        parts.append(f"**Hand-over**\n\n{plain(handover.text(told.state))}")
    parts += [_passages(told.passages), _elsewhere(told.sources), _unread(told.state), _away(told)]
    text = "\n\n".join(part for part in parts if part.strip())
    assurance = _assurance(told.state, shown)
    return (modest(text) if overclaims(text, assurance) else text) or status(told.state)


def upgraded(number: int, answer: Answer | None, state: CaseState, sources: tuple[str, ...] = ()) -> str:
    """Return what a model adds to a turn that the rules answered alone; None where it adds nothing."""
    if answer is None:
        return f"A language model has looked at turn {number} since: the answer from rules stands, nothing is added to it."
    told = explain(answer, state.scope)
    text = modest(told) if overclaims(told, _assurance(state, answer)) else told
    parts = (f"**Turn {number}, looked at once more with a language model**", text, _elsewhere(sources))
    return "\n\n".join(part for part in parts if part)


def explain(answer: Answer, said: Scope = NOTHING_SAID) -> str:
    """Return the answer as Markdown: what is affected, since when, causes with their lines, what to check, what to do.

    `said` is what the user called affected; it stands where no evidence says more.
    """
    parts = (
        _asked(answer),
        clean(answer.summary),
        _headline(answer),
        _story(answer),
        _affected(answer, said),
        _changes([one for one in answer.changes if not any(one.text in told for told in answer.story)]),
        _ruled_out(answer),
        _missing(answer),
        _causes(answer),
        *(clean(note) for note in answer.notes),
        _checks(answer.checks),
        _actions(answer.actions),
        _coverage(answer),
    )
    return "\n\n".join(part for part in parts if part)


def follow_up(answer: Answer, asked: tuple[str, ...], said: Scope) -> str:
    """Return what was asked about, then the verdict in a sentence; the rest was told before and stands."""
    sections = {
        "checks": lambda: _checks(answer.checks),
        "actions": lambda: _actions(answer.actions),
        "onset": lambda: _affected(answer, said),
        "scope": lambda: _affected(answer, said),
        "changes": lambda: _changes(answer.changes) or "No line of the evidence tells of a change before it began.",
        "causes": lambda: _causes(answer),
    }
    wanted = dict.fromkeys(sections[part]() for part in asked if part in sections)
    return "\n\n".join(part for part in (_asked(answer), clean(answer.summary), *wanted, _headline(answer)) if part)


def _asked(answer: Answer) -> str:
    """Return what the evidence says of the user's own suspicion, and what the user wanted counted."""
    return " ".join(_sentence(one) for one in (answer.hunch, answer.tally) if one)


def _headline(answer: Answer) -> str:
    """Return the verdict in one sentence."""
    if answer.status == "healthy":
        return f"Nothing is wrong now, there is no active failure: {plain(answer.reason)}."
    if answer.status == "inconclusive" or not answer.causes:
        return f"The evidence does not decide the cause: {plain(answer.reason) or 'no line names one'}."
    leader = answer.causes[0]
    return (
        f"{_level(leader)}: {_statement(leader)} ({place(leader.evidence[0])})."
        if leader.evidence
        else f"{_level(leader)}: {_statement(leader)}."
    )


def _level(cause: AnswerCause) -> str:
    """Return how sure the first cause is, in words that the rules of the case allow."""
    words = {"verified": "Verified cause", "confident": "Likely cause", "probable": "Probable cause"}
    return words.get(cause.level, "A possible cause")


def _statement(cause: AnswerCause) -> str:
    """Return the statement as a sentence part."""
    return plain(cause.statement).rstrip(".")


def place(line: AnswerLine) -> str:
    """Return `file:line` or `file:first-last`, never in brackets."""
    span = f"{line.line}-{line.last_line}" if line.last_line else str(line.line)
    return f"{line.file}:{span}"


def _affected(answer: Answer, said: Scope) -> str:
    """Return what is affected and since when, each with the line that says so; what the user said is marked as theirs."""
    rows = []
    if found := _named(answer.scope.services, answer.scope.places):
        source = f" ({place(answer.scope_line)})" if answer.scope_line else ""
        rows.append(f"**Affected:** {found}{source}")
    elif told := _named(said.services, said.places):
        rows.append(f"**Affected:** {told} (as you said)")
    if answer.onset and (answer.onset.time or answer.onset.time_local):
        rows.append(f"**Since:** {_when(answer.onset)} ({answer.onset.file}:{answer.onset.line})")
    return "\n\n".join(rows)


def _named(services: tuple[str, ...], places: tuple[str, ...]) -> str:
    return plain(", ".join((*services[:5], *places[:3])))


def _when(event: AnswerEvent) -> str:
    """Return the time and how certain it is."""
    told = f"{event.time.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if event.time else f"{event.time_local} (zone not stated)"
    return f"{told}, going by this sign alone" if event.certainty == "weak" else told


def _causes(answer: Answer) -> str:
    """Return the ranked causes, each with the lines for and against."""
    rows = ["**Likely causes**"] if answer.causes else []
    for cause in answer.causes[:CAUSES]:
        name = _called(cause.family)
        told = _statement(cause) if cause.rank > 1 or cause.family not in BY_ID else f"{name[:1].upper()}{name[1:]}"
        rows.append(f"{cause.rank}. {told} – {cause.level}")
        rows += [f"   - for: {place(line)}{_times(line)} {quoted(line.text[:QUOTE])}" for line in cause.evidence[:LINES]]
        rows += [f"   - against: {place(line)} {quoted(line.text[:QUOTE])}" for line in cause.against[:LINES]]
        if not cause.against:
            rows.append("   - against: nothing found in the evidence")
    return "\n".join(rows)


def _times(line: AnswerLine) -> str:
    """Return how many lines like this there are, where it is more than one."""
    return f" ({line.count} such lines)" if line.count > 1 else ""


def _story(answer: Answer) -> str:
    """Return how the leader makes the symptom, or what happened before all was well, a step a line."""
    title = "**What happened before**" if answer.status == "healthy" else "**How it came about**"
    return "\n".join((title, *(f"- {_sentence(one)}" for one in answer.story))) if answer.story else ""


def _sentence(text: str) -> str:
    """Return a sentence that may hold words of the evidence: marks inert unless they are quoted, a full stop at its end."""
    parts = (one if one.startswith("`") else plain(clean(one)) for one in CODE.split(text))
    return f"{''.join(parts).rstrip('.')}."


def _changes(changes: Sequence[AnswerEvent]) -> str:
    """Return what was changed before it began: leads, no causes by their time alone."""
    rows = [
        f"- {_when(one) if one.time or one.time_local else 'At a time that is not told'}: {quoted(one.text)} ({one.file}:{one.line})"
        for one in changes
    ]
    return "\n".join(("**What changed before**", *rows)) if rows else ""


def _ruled_out(answer: Answer) -> str:
    """Return what was excluded and by which values or words."""
    rows = [
        f"- Not {_called(name)}: {quoted(why) if name in BY_ID else _sentence(why)}" for name, why in answer.ruled_out[:RULED_OUT]
    ]
    return "\n".join(("**Ruled out**", *rows)) if rows else ""


def _called(name: str) -> str:
    """Return what people call a family or a fault."""
    family = BY_ID.get(name)
    return family.called if family and family.called else name.replace("_", " ")


def _missing(answer: Answer) -> str:
    """Return what the evidence should hold and does not."""
    rows = [f"- {_sentence(one)}" for one in answer.missing[:MISSING]]
    return "\n".join(("**Missing**", *rows)) if rows else ""


def _checks(checks: tuple[Ask, ...]) -> str:
    """Return what to look at next."""
    rows = [f"- {plain(one.text)}{_command(one.command)} – {plain(one.why)}" for one in checks[:CHECKS]]
    return "\n".join(("**Check next**", *rows)) if rows else ""


def _actions(steps: tuple[Action, ...]) -> str:
    """Return what to do, each with what it changes, whether it can be undone, and whom it touches."""
    rows = [
        f"- {plain(one.text)}{f' ({plain(one.condition)})' if one.condition else ''}{_command(one.command)} – changes: {plain(one.state_change)};"
        f" {REVERSIBLE.get(one.reversible, 'whether it can be undone is not known')}; touches: {one.blast_radius}; verify: {plain(one.verify)}"
        for one in steps[:ACTIONS]
    ]
    return "\n".join(("**What to do**", *rows)) if rows else ""


def _command(command: str) -> str:
    """Return a command as inline code; catalogue text, so it may hold angle brackets in lower case."""
    return f": `{command}`" if command else ""


def _coverage(answer: Answer) -> str:
    """Return what was not read, if anything, and what to send instead of bytes that are no text."""
    told = [_last_note(answer, one.file) for one in answer.documents if one.kind in {"binary", "image"}]
    if answer.coverage.share_read < 1.0 and answer.coverage.bytes:
        told.append(f"Read {min(0.99, answer.coverage.share_read):.0%} of {answer.coverage.bytes} bytes; the rest may hold more.")
    return "\n\n".join(note for note in told if note)


def _last_note(answer: Answer, file: str) -> str:
    """Return how a picture or bytes were read: its last note says what would serve better, or by what it was read."""
    notes = [note for note in answer.coverage.notes if note.startswith(f"{file}: ")]
    return f"{plain(notes[-1])}." if notes else ""


def status(state: CaseState) -> str:
    """Return where the case stands, from its state."""
    stage = f", stage {state.stage}" if state.stage else ""
    rows = [f"The case is {state.status.value}{stage}, after {counted(state.turn, 'turn')}."]
    if state.statement:
        rows.append(f"Problem: {plain(state.statement)}")
    if state.conclusion:
        rows.append(f"Held to be the cause ({state.conclusion.level}): {plain(state.conclusion.text)}")
    wanted = [need.text for need in state.needs if need.state == "pending"][:3]
    if wanted:
        rows.append("Still wanted: " + "; ".join(plain(one) for one in wanted))
    return "\n\n".join(rows)


def _passages(passages: tuple[Passage, ...]) -> str:
    """Return where the knowledge base says more."""
    rows = [f"- {plain(one.title)} ({one.scope}), lines {one.first_line}-{one.last_line}" for one in passages[:PASSAGES]]
    return "\n".join(("**From the knowledge base**", *rows)) if rows else ""


def _elsewhere(sources: tuple[str, ...]) -> str:
    """Return what a model read on other servers: a hint for people, and no evidence."""
    rows = [f"- {quoted(one)}" for one in sources[:SOURCES]]
    return "\n".join(("**Read elsewhere, no evidence of this case**", *rows)) if rows else ""


def _unread(state: CaseState) -> str:
    """Return which files this answer could not wait for (reliability.md 4)."""
    names = [quoted(file.name) for file in state.files if file.status == "pending"]
    return f"Still being read: {', '.join(names)}. What they tell is added to the case; ask again then." if names else ""


def _away(told: Told) -> str:
    """Return in one line what was away (rule DG1)."""
    words = dict(DEGRADED)
    if told.budget:
        words["budget_exhausted"] = f"{told.budget}: this answer comes from rules over the evidence"
    if told.away:
        words["tools_unavailable"] = f"these tools were not to be had, or failed: {', '.join(told.away)}"
    rows = [words.get(word, word.replace("_", " ")) for word in told.degraded]
    return f"_Note: {'; '.join(rows)}._" if rows else ""


def citations(answer: Answer | None, passages: tuple[Passage, ...]) -> tuple[ReplyCitation, ...]:
    """Return every cited line once, in the order of the reply, then the passages."""
    lines = (
        [line for cause in answer.causes[:CAUSES] for line in (*cause.evidence[:LINES], *cause.against[:LINES])] if answer else []
    )
    once = {(line.file, line.line): line for line in lines}
    rows = [
        ReplyCitation(
            n=n,
            filename=line.file,
            first_line=line.line,
            last_line=line.last_line or line.line,
            quote=line.text[:300],
            file_id=line.file_id,
        )
        for n, line in enumerate(once.values(), start=1)
    ]
    rows += [
        ReplyCitation(
            n=len(rows) + n,
            filename=one.title,
            first_line=one.first_line,
            last_line=one.last_line,
            quote=" ".join(one.text.split())[:300],
            document_id=one.document_id,
        )
        for n, one in enumerate(passages[:PASSAGES], start=1)
    ]
    return tuple(rows)


def _investigated(told: Told) -> bool:
    """Tell whether this reply speaks of causes: not on an error."""
    return told.answer is not None and told.outcome.response_type is not ResponseType.ERROR


def _assurance(state: CaseState, answer: Answer | None) -> str:
    """Return the assurance of the cause that is stated: the case's own before the turn's."""
    if state.conclusion:
        return state.conclusion.assurance
    return answer.causes[0].assurance if answer and answer.causes else ""
