"""The same story when nothing is cached, and when not even the domain passes the sandbox: hidden state would show."""

from __future__ import annotations

import pytest
from temporalio.client import Client

from domain.case.turns import TurnStatus
from tests import builders
from tests.waiting import eventually
from tests.workflow.stage import Stage
from worker.build import Options
from worker.sandbox import STRICT_SANDBOX

PATIENCE_S = 240
"""Without a cache every task loads its workflow anew; on a busy machine that is seconds each."""
COLD = {"nothing cached": Options(cached_workflows=0), "strict sandbox": Options(runner=STRICT_SANDBOX)}


@pytest.mark.parametrize("options", COLD.values(), ids=COLD)
async def test_a_case_with_files_and_turns_goes_well(client: Client, options: Options) -> None:
    stage = Stage(client)
    log = (builders.a_log(lines=30) + "2026-03-04T12:01:00Z ERROR connection refused\n" * 9).encode()

    async def is_read() -> bool:
        return [file.status for file in (await stage.view()).state.files] == ["completed"]

    async with stage.workers(options):
        first = await stage.say("checkout fails", attachments=(await stage.upload(log),))
        await stage.answered(first, PATIENCE_S)
        await eventually(is_read, PATIENCE_S, "the reading of the file", every=0.5)
        turns = [await stage.say(f"message {n}") for n in range(3)]
        receipts = [await stage.answered(turn, PATIENCE_S) for turn in turns]
        view = await stage.view()
    stage.processes.close()
    assert [(receipt.status, receipt.number) for receipt in receipts] == [(TurnStatus.ANSWERED, n) for n in (2, 3, 4)]
    assert (view.state.turn, len(view.state.files)) == (4, 1)
