"""A turn whose model asks other servers: what it reads there is told as read elsewhere, and changes nothing else."""

from __future__ import annotations

from domain.diagnosis.inert import is_inert
from domain.errors import OutsideRefused
from tests.fakes import MemoryOutside
from tests.stubs.hijacked import INJECTED, REMOTE
from tests.workflow.stage import Stage
from tests.workflow.test_reasoning import call, citing, find, looking, results, told
from tests.workflow.test_turn import FILE_TURN, steps

SEARCH = call("search_web", words="connection refused checkout")
REMEDY = "restart the balancer of the shop"
PLACE = "Refused connections (docs.example/refused)"


def engine(*said: str, **given: object) -> MemoryOutside:
    return MemoryOutside({"search_web": said or (REMEDY,)}, **given)


async def test_what_was_read_elsewhere_is_named_and_is_one_step_of_the_turn(cold_stage: Stage) -> None:
    cold_stage.outside = engine(sources=(PLACE,))
    reply = await told(cold_stage, looking(SEARCH))
    ask = FILE_TURN.index("propose")
    assert await steps(cold_stage) == [*FILE_TURN[:ask], "propose", "use_tool", *FILE_TURN[ask:]]
    assert [offer.name for offer in cold_stage.model.asked[0].tools][-1] == "search_web"
    assert REMEDY in results(cold_stage)[0]
    assert f"**Read elsewhere, no evidence of this case**\n- `{PLACE}`" in reply.agent_response
    assert reply.reasoning is not None
    assert (reply.reasoning.tools, reply.reasoning.sources, reply.degraded) == (("search_web",), (PLACE,), ())


async def test_a_claim_that_only_another_server_carries_is_dropped(cold_stage: Stage) -> None:
    cold_stage.outside = engine()
    reply = await told(cold_stage, looking(SEARCH, find(), then=citing(138, REMEDY)))
    assert REMEDY not in reply.agent_response
    assert all(REMEDY not in cause.statement for cause in reply.causes)


async def test_hostile_pages_are_told_to_nobody_and_change_no_cause(cold_stage: Stage) -> None:
    plain = await told(Stage(cold_stage.client, processes=cold_stage.processes), looking(SEARCH))
    cold_stage.outside = engine(*INJECTED, sources=INJECTED)
    reply = await told(cold_stage, looking(SEARCH))
    assert [(one.statement, one.level) for one in reply.causes] == [(one.statement, one.level) for one in plain.causes]
    assert reply.outcome.case_state == plain.outcome.case_state
    assert all(map(is_inert, (*results(cold_stage), *reply.reasoning.sources)))
    assert f"://{REMOTE}" not in reply.agent_response


async def test_a_server_that_fails_is_named_and_the_turn_goes_on(cold_stage: Stage) -> None:
    cold_stage.outside = MemoryOutside({"search_web": (), "kb__lookup": ()}, gone=("kb__lookup",), failure=OutsideRefused("no"))
    reply = await told(cold_stage, looking(SEARCH, find()))
    assert reply.degraded == ("tools_unavailable",)
    assert "these tools were not to be had, or failed: kb__lookup, search_web" in reply.agent_response
    assert "The tool failed" in results(cold_stage)[0]
    assert "E1:L138" in results(cold_stage)[1]


async def test_a_tool_that_no_setting_names_is_none(cold_stage: Stage) -> None:
    reply = await told(cold_stage, looking(SEARCH))
    assert cold_stage.outside.asked == []
    assert reply.reasoning.tools == ("unknown_tool",)
    assert "there is no such tool" in results(cold_stage)[0]
