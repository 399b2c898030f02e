"""The file that names MCP servers and the tools of each that a model may use; its shape is the one that other clients read.

`{"mcpServers": {"kb": {"command": "kb-server", "args": [], "env": {}, "tools": ["lookup"]}, "tracker": {"url": "https://…/mcp",
"headers": {"Authorization": "Bearer …"}, "tools": ["find_issue"]}}}`
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from activities.adapters.settings import Address

LARGEST = 1 << 20
"""Bytes of the file."""

ServerName = Annotated[str, Field(max_length=20, pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
ToolName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,42}$")]
"""With the server's name it fits into what model providers take."""


class McpServer(BaseModel):
    """One server: a command that is started for each question, or an address that speaks streamable HTTP."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    command: str = ""
    args: tuple[str, ...] = ()
    env: Mapping[str, SecretStr] = Field(default_factory=dict)
    """What the command gets besides PATH, HOME and the like; nothing of ours."""
    url: Address = ""
    headers: Mapping[str, SecretStr] = Field(default_factory=dict)
    tools: tuple[ToolName, ...] = Field(min_length=1)
    """What a model may use, as far as the server calls it read-only; no other tool is."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.command) == bool(self.url):
            raise ValueError("input should have a command or a url, and not both")
        if len({offered_name("", tool) for tool in self.tools}) < len(self.tools):
            raise ValueError("input should not name a tool twice, with dots or with underscores")
        return self


class McpServers(BaseModel):
    """The file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    servers: Mapping[ServerName, McpServer] = Field(alias="mcpServers", default_factory=dict)


def read_servers(place: Path) -> McpServers:
    """Return what the file names; raises OSError or ValidationError."""
    with place.open("rb") as file:
        return McpServers.model_validate_json(file.read(LARGEST))


def mistakes(place: Path) -> Iterator[str]:
    """Yield what is wrong with the file, a place and a sentence each, without any value that may be secret."""
    try:
        read_servers(place)
    except OSError:
        yield f"{place} cannot be read; name a JSON file"
    except ValidationError as failure:
        for one in failure.errors(include_input=False, include_url=False):
            where = ".".join(str(part) for part in one["loc"] if part != "[key]") or "the file"
            yield f"{where}: {one['msg'].removeprefix('Value error, ')}"


def offered_name(server: str, tool: str) -> str:
    """Return what a model calls a tool: like none of ours, and like none of another server; providers take no dots."""
    return f"{server}__{tool}".replace(".", "_")
