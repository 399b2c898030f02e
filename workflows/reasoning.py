"""The model's part of a turn: ask it, look up what it asks for, ask it again; bounded in steps, tokens and time.

A step is one `propose`, a model call, and after it one `use_tool` for each tool that the model wants. The last step has no tools,
so the loop ends with a proposal or with a reason why the rules answer alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError
from temporalio.workflow import ActivityConfig

from activities.reasoning import Propose, Proposed, ReasoningActivities, Taken
from activities.tools import ToolActivities, UseTool
from domain.case.findings import Reasoning

with workflow.unsafe.imports_passed_through():  # the sandbox would make them anew for every turn
    from workflows.guard import failure_type, unless_cancelled
    from workflows.options import MODEL, TOOL, named

PATIENCE = timedelta(seconds=90)
"""What all steps together may take before the rules answer alone (reliability.md 4)."""
GRACE = timedelta(seconds=10)
"""What a call may take beyond it to end in order."""
ENOUGH = timedelta(seconds=40)
"""What must be left to offer tools: time for them and for an answer behind them."""
LEAST = timedelta(seconds=5)
"""What must be left to ask at all."""

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


async def reason(first: Propose, tool: UseTool, show: Show) -> Reasoned:
    """Take step after step until there is a proposal, or none is to be had."""
    end, request, found = workflow.now() + PATIENCE, first, Reasoned()
    for step in range(1, first.steps + 1):
        left = end - workflow.now()
        if left < LEAST:
            return replace(found, degraded=(*found.degraded, "model_unavailable"))
        show("stage", stage="reason", step=step)
        request = paced(request, step, left)
        proposed = await _propose(request, left)
        found = _with(found, proposed)
        if not proposed.calls:
            break
        taken = tuple(
            await asyncio.gather(*(_use(name, place, proposed, tool, show) for place, name in enumerate(proposed.calls)))
        )
        request = replace(request, spent=proposed.spent, prompt_key=proposed.prompt_key, taken=(*request.taken, taken))
        found = replace(found, used_keys=(*found.used_keys, *(one.used_key for one in taken if one.used_key)))
    return found


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
        workflow.logger.info("no proposal", extra={"reason": failure_type(failure)})
        return Proposed(degraded=("model_unavailable",), reason=failure_type(failure))


async def _use(name: str, place: int, proposed: Proposed, tool: UseTool, show: Show) -> Taken:
    """Carry out one call; one that fails is told to the model as failed."""
    request = replace(tool, calls_key=proposed.calls_key, place=place)
    try:
        used = await workflow.execute_activity_method(ToolActivities.use_tool, request, **named(f"look: {name}", TOOL))
    except ActivityError as failure:
        unless_cancelled(failure)
        show("tool", name=name, summary=f"{name} failed")
        return Taken(name=name)
    show("tool", name=name, summary=used.summary)
    return Taken(name=name, used_key=used.used_key)


def _with(found: Reasoned, proposed: Proposed) -> Reasoned:
    """Return what is found with one more step."""
    before = found.told or Reasoning()
    told = Reasoning(
        steps=before.steps + 1,
        tools=(*before.tools, *proposed.calls),
        prompt_tokens=before.prompt_tokens + proposed.tokens_in,
        memory_tokens=max(before.memory_tokens, proposed.memory_tokens),
    )
    degraded = tuple(dict.fromkeys((*found.degraded, *proposed.degraded)))
    return replace(found, proposal_key=proposed.proposal_key, degraded=degraded, told=told)
