"""Tools of real MCP servers, over standard input and output and over HTTP: what is offered, what is refused, what fails how."""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import uvicorn

from activities.adapters.case_redactor import CaseRedactor
from activities.adapters.mcp_servers import McpServer
from activities.adapters.mcp_tools import FAILED, McpTools
from activities.adapters.outside_tools import open_outside
from activities.adapters.settings_check import read_settings
from activities.outside import Outside
from domain.diagnosis.inert import is_inert
from domain.diagnosis.tools import RESULT_TOKENS
from domain.errors import OutsideRefused, OutsideUnreachable
from domain.evidence.digest import tokens
from domain.ports.outside import OutsideTools
from domain.privacy.placeholders import SafeText
from tests.fakes import MemoryVault
from tests.stubs import mcp_server
from tests.waiting import eventually

TOOLS = ("lookup", "wait", "drop", "silent", "both", "nosuch")
PATIENT = 60.0
"""Seconds of a question here: the machine starts a process in one, or in many."""


def command(folder: Path, *tools: str, seconds: float = PATIENT, **variables: str) -> McpTools:
    given = {"command": sys.executable, "args": [mcp_server.__file__, str(folder)], "env": variables, "tools": tools or TOOLS}
    return McpTools(name="kb", server=McpServer.model_validate(given), seconds=seconds, listed_s=seconds)


@asynccontextmanager
async def address(folder: Path) -> AsyncGenerator[str]:
    """Serve the same server over HTTP on a free port."""
    app = mcp_server.serving(folder).streamable_http_app()
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="on"))
    serving = asyncio.create_task(server.serve())

    async def started() -> bool:
        return server.started

    await eventually(started, seconds=PATIENT, what="the server")
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/mcp"
    finally:
        server.should_exit = True
        await serving


def at(url: str, *tools: str, seconds: float = PATIENT) -> McpTools:
    return McpTools(name="kb", server=McpServer(url=url, tools=tools), seconds=seconds, listed_s=seconds)


def words(text: str) -> SafeText:
    return SafeText(json.dumps({"words": text}))


def called(folder: Path) -> list[str]:
    place = folder / "called"
    return place.read_text("utf-8").splitlines() if place.exists() else []


async def test_only_tools_of_the_settings_that_their_server_calls_read_only_are_offered(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    offered = await command(tmp_path).offers()
    assert [offer.name for offer in offered.offers] == ["kb__lookup", "kb__wait"]
    assert offered.away == ("kb__nosuch",)
    assert json.loads(offered.offers[0].schema)["properties"].keys() == {"words"}
    told = [(record.tool, record.getMessage()) for record in caplog.records if record.name.endswith("mcp_tools")]
    assert told == [
        ("drop", "mcp tool is refused: the server does not call it read-only"),
        ("silent", "mcp tool is refused: the server does not call it read-only"),
        ("both", "mcp tool is refused: the server does not call it read-only"),
        ("nosuch", "mcp tool is refused: the server has no such tool"),
    ]


async def test_a_tool_answers_in_texts_and_its_server_gets_no_variable_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", secrets.token_hex(8))
    heard = await command(tmp_path, "lookup", KB_TOKEN="made up").ask("kb__lookup", words("pool"))
    assert heard.said == ("Notes about pool by ann@shop.test",)
    assert heard.sources == ("lookup of the MCP server kb",)
    started = json.loads((tmp_path / "started").read_text("utf-8"))
    assert started["KB_TOKEN"] == "made up"
    assert "ANTHROPIC_API_KEY" not in started


async def test_a_tool_that_fails_says_so_and_quotes_nothing_of_ours(tmp_path: Path) -> None:
    async with address(tmp_path) as url:
        heard = await at(url, "lookup").ask("kb__lookup", words("fail"))
    assert heard.said[0] == FAILED


async def test_a_server_that_ends_in_between_is_weather(tmp_path: Path) -> None:
    tools = command(tmp_path, "lookup")
    with pytest.raises(OutsideUnreachable):
        await tools.ask("kb__lookup", words("end"))
    assert called(tmp_path) == ["lookup end"]


async def test_a_server_that_never_answers_is_left_in_time(tmp_path: Path) -> None:
    with pytest.raises(OutsideUnreachable):
        await command(tmp_path, "wait", seconds=2.0).ask("kb__wait", words("pool"))


@pytest.mark.parametrize("given", [{"command": "/no/such/command"}, {"command": "/bin/echo"}, {"url": "http://127.0.0.1:1/mcp"}])
async def test_a_server_that_is_none_offers_nothing_and_is_named(given: dict[str, str]) -> None:
    tools = McpTools(name="kb", server=McpServer(**given, tools=("lookup",)), seconds=5.0)
    offered = await tools.offers()
    assert (offered.offers, offered.away) == ((), ("kb__lookup",))
    with pytest.raises(OutsideUnreachable):
        await tools.ask("kb__lookup", words("pool"))


@pytest.mark.parametrize("change", ["changed", "gone"])
async def test_a_tool_that_changed_since_it_was_offered_is_not_called(tmp_path: Path, change: str) -> None:
    (tmp_path / change).touch()
    async with address(tmp_path) as url:
        with pytest.raises(OutsideRefused):
            await at(url, "lookup").ask("kb__lookup", words("pool"))
    assert called(tmp_path) == []


async def test_over_http_the_same_is_offered_told_and_bounded(tmp_path: Path) -> None:
    async with address(tmp_path) as url:
        tools = at(url, *TOOLS)
        assert [offer.name for offer in (await tools.offers()).offers] == ["kb__lookup", "kb__wait"]
        assert (await tools.ask("kb__lookup", words("pool"))).said == ("Notes about pool by ann@shop.test",)
        short = McpTools(name="kb", server=tools.server, seconds=PATIENT, longest=100_000)
        with pytest.raises(OutsideUnreachable):
            await short.ask("kb__lookup", words("big"))
        used = await Outside(tools, CaseRedactor(MemoryVault())).used(uuid4(), "kb__lookup", words("big"))
    assert tokens(used.use.result) < 2 * RESULT_TOKENS


async def test_a_turn_reads_a_tool_of_the_file_that_the_settings_name_as_safe_words(tmp_path: Path) -> None:
    async with address(tmp_path) as url:
        named = tmp_path / "servers.json"
        named.write_text(json.dumps({"mcpServers": {"kb": {"url": url, "tools": ["lookup", "drop"]}}}), encoding="utf-8")
        given = {"FAULTMAVEN_MCP__SERVERS": str(named), "FAULTMAVEN_MCP__WHOLE_S": "12"}
        tools: OutsideTools = open_outside(read_settings(given))
        outside, case_id = Outside(tools, CaseRedactor(MemoryVault())), uuid4()
        offered = await outside.offered(case_id)
        used = await outside.used(case_id, "kb__lookup", words("pool of bob@shop.test"))
    assert [offer.name for offer in offered.offers] == ["kb__lookup"]
    assert is_inert(offered.offers[0].description)
    assert offered.away == ()
    assert called(tmp_path) == ["lookup pool of <EMAIL_1>"]
    assert used.use.result.startswith("Notes about pool of <LITERAL_1> by <EMAIL_2>\n"), "a server writes no placeholder of ours"
