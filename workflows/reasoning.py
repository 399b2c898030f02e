"""The model's part of a turn: ask it, look up what it asks for, ask it again; bounded in steps, tokens and time.

A step is one `propose`, a model call, and after it one `use_tool` for each tool that the model wants. The last step has no tools,
so the loop ends with a proposal or with a reason why the rules answer alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import chain

from temporalio import workflow
from temporalio.exceptions import ActivityError
from temporalio.workflow import ActivityConfig

from activities.reasoning import Propose, Proposed, ReasoningActivities, Taken
from activities.tools import ToolActivities, ToolUsed, UseTool
from domain.case.findings import Reasoning
from domain.case.orders import ModelPart
from domain.privacy.placeholders import SafeText

with workflow.unsafe.imports_passed_through():  # the sandbox would make them anew for every turn
    from workflows.guard import INTERNAL, failure_type, unless_cancelled
    from workflows.options import FACTS, MODEL, TOOL, named

PATIENCE = timedelta(seconds=90)
"""What all steps together may take before the rules answer alone (reliability.md 4)."""
GRACE = timedelta(seconds=10)
"""What a call may take beyond it to end in order."""
ENOUGH = timedelta(seconds=40)
"""What must be left to offer tools: time for them and for an answer behind them."""
LEAST = timedelta(seconds=5)
"""What must be left to ask at all."""

AWAY = "tools_unavailable"
"""The word of a reply for tools that were not to be had, or failed."""
SOURCES = 10
"""Of a turn, of what was read elsewhere."""

Show = Callable[..., None]
"""Tells those who follow the turn of an event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasoned:
    """What came of it."""

    proposal_key: str = ""
    used_keys: tuple[str, ...] = ()
    """What the tools brought: a proposal may cite it."""
    degraded: tuple[str, ...] = ()
    told: Reasoning | None = None
    """What the reply says of it."""
    due_s: int | None = None
    """Seconds until a provider is due, 0 where none named a time; None where there is a proposal or waiting would not help."""


async def reason(part: ModelPart, show: Show | None = None) -> Reasoned:
    """Take step after step until there is a proposal, or none is to be had; without `show` nobody follows."""
    end, request, found = workflow.now() + PATIENCE, _first(part, followed=show is not None), Reasoned()
    tool, show = _tool(part), show or _nobody
    for step in range(1, part.steps + 1):
        left = end - workflow.now()
        if left < LEAST:
            return replace(found, degraded=(*found.degraded, "model_unavailable"), due_s=0)
        show("stage", stage="reason", step=step)
        request = paced(request, step, left)
        proposed = await _propose(request, left)
        found = _with(found, proposed)
        if not proposed.calls:
            break
        used = await asyncio.gather(*(_use(name, place, proposed, tool, show) for place, name in enumerate(proposed.calls)))
        taken = tuple(Taken(name=name, used_key=one.used_key) for name, one in zip(proposed.calls, used, strict=True))
        request = replace(request, spent=proposed.spent, prompt_key=proposed.prompt_key, taken=(*request.taken, taken))
        found = _looked(found, proposed.calls, used)
    return found


def _first(part: ModelPart, *, followed: bool) -> Propose:
    return Propose(
        case_id=part.case_id,
        turn_key=part.turn_key,
        message_key=part.message_key,
        answer_key=part.answer_key,
        passages_key=part.passages_key,
        steps=part.steps,
        soft_tokens=part.soft_tokens,
        model=part.model,
        followed=followed,
        user_id=part.user_id,
        team_id=part.team_id,
    )


def _tool(part: ModelPart) -> UseTool:
    return UseTool(
        case_id=part.case_id,
        team_id=part.team_id,
        user_id=part.user_id,
        calls_key="",
        place=0,
        files_key=part.files_key,
    )


def _nobody(_event: str, **_data: str | float) -> None:
    """Tell nobody."""


def paced(request: Propose, step: int, left: timedelta) -> Propose:
    """Return the request of a step; where too little time is left for tools it is the last one."""
    return replace(request, step=step, steps=request.steps if left > ENOUGH else step, deadline_s=left.total_seconds())


async def _propose(request: Propose, left: timedelta) -> Proposed:
    """Take one model call; without its answer the rules answer alone."""
    config: ActivityConfig = {**MODEL, "schedule_to_close_timeout": left + GRACE}
    try:
        name = f"ask the model, step {request.step} of at most {request.steps}"
        return await workflow.execute_activity_method(ReasoningActivities.propose, request, **named(name, config))
    except ActivityError as failure:
        unless_cancelled(failure)
        reason = failure_type(failure)
        workflow.logger.info("no proposal", extra={"reason": reason})
        return Proposed(degraded=("model_unavailable",), reason=reason, due_s=0 if _passes(reason) else None)


def _passes(reason: str) -> bool:
    """Tell whether a failure is weather: the same question may be answered later."""
    return reason not in FACTS and reason != INTERNAL


async def _use(name: str, place: int, proposed: Proposed, tool: UseTool, show: Show) -> ToolUsed:
    """Carry out one call; one that fails has no key, and is told to the model as failed."""
    request = replace(tool, calls_key=proposed.calls_key, place=place)
    try:
        used = await workflow.execute_activity_method(ToolActivities.use_tool, request, **named(f"look: {name}", TOOL))
    except ActivityError as failure:
        unless_cancelled(failure)
        show("tool", name=name, summary=f"{name} failed")
        return ToolUsed(used_key="", summary=SafeText(""))
    show("tool", name=name, summary=used.summary)
    return used


def _with(found: Reasoned, proposed: Proposed) -> Reasoned:
    """Return what is found with one more step."""
    before = found.told or Reasoning()
    told = Reasoning(
        steps=before.steps + 1,
        tools=(*before.tools, *proposed.calls),
        prompt_tokens=before.prompt_tokens + proposed.tokens_in,
        memory_tokens=max(before.memory_tokens, proposed.memory_tokens),
        budget=proposed.budget,
        cached=before.cached + proposed.cached,
        left_out=proposed.left_out or before.left_out,
        away=_once(before.away, proposed.away),
        sources=before.sources,
    )
    degraded = _once(found.degraded, proposed.degraded, (AWAY,) if proposed.away else ())
    return replace(found, proposal_key=proposed.proposal_key, degraded=degraded, told=told, due_s=proposed.due_s)


def _looked(found: Reasoned, calls: Sequence[str], used: Sequence[ToolUsed]) -> Reasoned:
    """Return what is found with what the tools of a step brought, and which of them failed."""
    failed = tuple(name for name, one in zip(calls, used, strict=True) if not one.used_key)
    before = found.told or Reasoning()
    sources = _once(before.sources, *(one.sources for one in used))[:SOURCES]
    return replace(
        found,
        used_keys=(*found.used_keys, *(one.used_key for one in used if one.used_key)),
        told=replace(before, away=_once(before.away, failed), sources=sources),
        degraded=_once(found.degraded, (AWAY,) if failed else ()),
    )


def _once(*texts: Sequence[str]) -> tuple[str, ...]:
    """Return all texts in their order, each once."""
    return tuple(dict.fromkeys(chain(*texts)))
