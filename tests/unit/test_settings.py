"""The environment becomes one value, or a list of mistakes."""

from __future__ import annotations

import json
import re
import secrets
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from activities.adapters.accounts import configured
from activities.adapters.prices import limits_of
from activities.adapters.settings import Group, Settings
from activities.adapters.settings_check import SettingsInvalid, names, read_settings
from domain.diagnosis.budgets import Cost, Price

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / ".env.example"


def mistakes(**environ: str) -> tuple[str, ...]:
    with pytest.raises(SettingsInvalid) as failure:
        read_settings(environ)
    return failure.value.lines


def test_an_empty_environment_is_the_core_profile() -> None:
    settings = read_settings({})
    assert (settings.profile, settings.api.port, settings.temporal.address) == ("core", 8090, "127.0.0.1:7233")
    assert settings.database_url.startswith("sqlite+aiosqlite:////")
    assert configured(settings.providers) == ()


def test_values_are_read_at_every_depth(tmp_path: Path) -> None:
    settings = read_settings({
        "FAULTMAVEN_DATA": str(tmp_path),
        "FAULTMAVEN_AUTH__DEV_LOGIN": "true",
        "FAULTMAVEN_WORKER__QUEUES": "cases, turns",
        "OPENAI_BASE_URL": "http://127.0.0.1:11434/v1/",
        "FAULTMAVEN_LOG__LEVEL": "",
    })
    assert settings.auth.dev_login
    assert settings.worker.queues == ("cases", "turns")
    assert settings.providers.openai_base_url == "http://127.0.0.1:11434/v1"
    assert configured(settings.providers) == ("openai",)
    assert settings.objects_folder == tmp_path / "objects"
    assert settings.log.level == "INFO"


def test_every_mistake_has_a_line_that_names_its_variable() -> None:
    lines = mistakes(
        FAULTMAVEN_PROFILE="big",
        FAULTMAVEN_API__PORT="99999",
        FAULTMAVEN_API__DASHBOARD_URL="dashboard",
        FAULTMAVEN_MODELS__ORDER="openai,somebody",
        FAULTMAVEN_MODELS__WHOLE_S="nan",
        FAULTMAVEN_AUTH__DEV_LOGN="1",
    )
    assert [line.split(":")[0] for line in lines] == [
        "FAULTMAVEN_AUTH__DEV_LOGN",
        "FAULTMAVEN_PROFILE",
        "FAULTMAVEN_API__PORT",
        "FAULTMAVEN_API__DASHBOARD_URL",
        "FAULTMAVEN_MODELS__ORDER",
        "FAULTMAVEN_MODELS__WHOLE_S",
    ]
    assert all(re.fullmatch(r"[A-Z_]+: [^\n]+; [^\n]+", line) for line in lines)


def test_an_unknown_name_is_a_mistake_and_the_nearest_is_named() -> None:
    assert mistakes(FAULTMAVEN_AUTH__DEV_LOGN="1") == (
        "FAULTMAVEN_AUTH__DEV_LOGN: no such setting; did you mean FAULTMAVEN_AUTH__DEV_LOGIN?",
    )


def test_names_of_tests_and_of_others_are_ignored() -> None:
    read_settings({"FAULTMAVEN_TEST_DATA": "x", "FAULTMAVEN_TEST_WITHOUT": "minio", "PATH": "x"})


CONTRADICTIONS = [
    ("FAULTMAVEN_DATABASE__URL", {"FAULTMAVEN_PROFILE": "enterprise"}),
    ("FAULTMAVEN_DATABASE__URL", {"FAULTMAVEN_DATABASE__URL": "mysql://somewhere"}),
    ("FAULTMAVEN_AUTH__DEV_LOGIN", {"FAULTMAVEN_AUTH__DEV_LOGIN": "1", "FAULTMAVEN_API__HOST": "0.0.0.0"}),
    ("FAULTMAVEN_AUTH__DEV_LOGIN", {"FAULTMAVEN_AUTH__DEV_LOGIN": "1", "FAULTMAVEN_PROFILE": "team"}),
    ("FAULTMAVEN_MODELS__WHOLE_S", {"FAULTMAVEN_MODELS__WHOLE_S": "100"}),
    ("FAULTMAVEN_MODELS__WHOLE_S", {"FAULTMAVEN_MODELS__WHOLE_S": "12"}),
    ("FAULTMAVEN_MODELS__FIRST_TOKEN_S", {"FAULTMAVEN_MODELS__CONNECT_S": "16"}),
    ("FAULTMAVEN_PRIVACY__REDACTION", {"FAULTMAVEN_PRIVACY__REDACTION": "0", "ANTHROPIC_API_KEY": "made up"}),
    ("FAULTMAVEN_OBJECTS__ENDPOINT", {"FAULTMAVEN_OBJECTS__ENDPOINT": "127.0.0.1:9000"}),
    ("FAULTMAVEN_OBJECTS__ENDPOINT", {"FAULTMAVEN_OBJECTS__ACCESS_KEY": "made up"}),
    ("FAULTMAVEN_TEMPORAL__UI_PORT", {"FAULTMAVEN_TEMPORAL__UI_PORT": "8090"}),
    ("FAULTMAVEN_VISION__SEND_PICTURES_TO", {"FAULTMAVEN_VISION__SEND_PICTURES_TO": "everybody"}),
    ("FAULTMAVEN_VISION__SEND_PICTURES_TO", {"FAULTMAVEN_VISION__SEND_PICTURES_TO": "openai", "FAULTMAVEN_VISION__MODEL": "m"}),
    ("FAULTMAVEN_VISION__MODEL", {"FAULTMAVEN_VISION__SEND_PICTURES_TO": "openai", "OPENAI_API_KEY": "made up"}),
    ("FAULTMAVEN_VISION__MODEL", {"FAULTMAVEN_VISION__MODEL": "m"}),
    ("FAULTMAVEN_VISION__BASE_URL", {"FAULTMAVEN_VISION__BASE_URL": "http://127.0.0.1:11434/v1"}),
    ("FAULTMAVEN_VISION__API_KEY", {"FAULTMAVEN_VISION__API_KEY": "made up"}),
    ("FAULTMAVEN_VISION__BASE_URL", {"FAULTMAVEN_VISION__SEND_PICTURES_TO": "openai", "FAULTMAVEN_VISION__API_KEY": "made up"}),
    (
        "FAULTMAVEN_PRIVACY__REDACTION",
        {"FAULTMAVEN_PRIVACY__REDACTION": "0", "FAULTMAVEN_VISION__BASE_URL": "https://sees.example"},
    ),
    ("FAULTMAVEN_WEB__BASE_URL", {"FAULTMAVEN_WEB__SEND_WORDS_TO": "searxng"}),
    ("FAULTMAVEN_WEB__API_KEY", {"FAULTMAVEN_WEB__SEND_WORDS_TO": "brave"}),
    ("FAULTMAVEN_WEB__BASE_URL", {"FAULTMAVEN_WEB__BASE_URL": "http://127.0.0.1:8888"}),
    ("FAULTMAVEN_WEB__API_KEY", {"FAULTMAVEN_WEB__API_KEY": "made up"}),
    (
        "FAULTMAVEN_PRIVACY__REDACTION",
        {
            "FAULTMAVEN_PRIVACY__REDACTION": "0",
            "FAULTMAVEN_WEB__SEND_WORDS_TO": "searxng",
            "FAULTMAVEN_WEB__BASE_URL": "http://127.0.0.1:8888",
        },
    ),
    ("FAULTMAVEN_MCP__SERVERS", {"FAULTMAVEN_MCP__SERVERS": "/no/such/file"}),
    ("FAULTMAVEN_MCP__WHOLE_S", {"FAULTMAVEN_MCP__WHOLE_S": "20"}),
    ("FAULTMAVEN_MODELS__RECORDED", {"FAULTMAVEN_MODELS__RECORDED": "/no/such/file"}),
    ("FAULTMAVEN_DATA", {"FAULTMAVEN_DATA": "/dev/null/data", "FAULTMAVEN_OBJECTS__FOLDER": "/tmp"}),
]


@pytest.mark.parametrize(("name", "environ"), CONTRADICTIONS)
def test_settings_that_contradict_each_other_stop_the_process(name: str, environ: dict[str, str]) -> None:
    assert name in [line.split(":")[0] for line in mistakes(**environ)]


def test_redaction_may_be_off_for_a_model_on_this_machine() -> None:
    read_settings({"FAULTMAVEN_PRIVACY__REDACTION": "0", "OPENAI_BASE_URL": "http://localhost:11434/v1"})


def test_pictures_are_sent_to_nobody_unless_somebody_is_named() -> None:
    assert read_settings({"ANTHROPIC_API_KEY": "made up", "OPENAI_API_KEY": "made up"}).vision.send_pictures_to == "nobody"
    local = {
        "FAULTMAVEN_VISION__SEND_PICTURES_TO": "openai",
        "FAULTMAVEN_VISION__MODEL": "sees",
        "FAULTMAVEN_VISION__BASE_URL": "http://127.0.0.1:11434/v1",
    }
    assert read_settings(local).vision.model == "sees"


def test_no_secret_is_printed_by_a_value_or_a_mistake() -> None:
    secret = secrets.token_hex(16)
    environ = {name: secret for name, field in names().items() if field.annotation is SecretStr}
    lines = mistakes(**environ, FAULTMAVEN_API__PORT=secret)
    seeing = {"SEND_PICTURES_TO": "openai", "MODEL": "sees", "BASE_URL": "http://127.0.0.1:11434/v1"}
    given = environ | {f"FAULTMAVEN_VISION__{name}": value for name, value in seeing.items()}
    given |= {"FAULTMAVEN_WEB__SEND_WORDS_TO": "brave"}
    given |= {"FAULTMAVEN_DATABASE__URL": "", "FAULTMAVEN_OBJECTS__ENDPOINT": "127.0.0.1:9000"}
    assert secret not in repr(read_settings(given)) + "".join(lines)


def servers(place: Path, *named: object, **given: object) -> Path:
    """Write a file of MCP servers; `named` is its whole content."""
    place.write_text(json.dumps(named[0] if named else {"mcpServers": {"kb": given}}), encoding="utf-8")
    return place


def test_a_file_of_mcp_servers_is_taken_as_it_stands(tmp_path: Path) -> None:
    place = servers(tmp_path / "servers.json", command="kb", args=["--quiet"], tools=["lookup", "find.issue"])
    assert read_settings({"FAULTMAVEN_MCP__SERVERS": str(place)}).mcp.servers == place


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"command": "kb"}, "mcpServers.kb.tools: Field required"),
        ({"command": "kb", "tools": []}, "mcpServers.kb.tools: Tuple should have at least 1 item"),
        ({"tools": ["a"]}, "mcpServers.kb: input should have a command or a url"),
        ({"command": "kb", "url": "http://127.0.0.1:1", "tools": ["a"]}, "mcpServers.kb: input should have a command or a url"),
        ({"url": "kb.example", "tools": ["a"]}, "mcpServers.kb.url: input should be an address"),
        ({"command": "kb", "tools": ["a b"]}, "mcpServers.kb.tools.0: String should match"),
        ({"command": "kb", "tools": ["a.b", "a_b"]}, "mcpServers.kb: input should not name a tool twice"),
        ({"command": "kb", "tools": ["a"], "sampling": True}, "mcpServers.kb.sampling: Extra inputs are not permitted"),
    ],
)
def test_a_mistake_in_the_file_of_mcp_servers_is_told_by_its_place(tmp_path: Path, given: dict[str, object], told: str) -> None:
    line, *_ = mistakes(FAULTMAVEN_MCP__SERVERS=str(servers(tmp_path / "servers.json", **given)))
    assert line.startswith(f"FAULTMAVEN_MCP__SERVERS: {told}")


def test_a_server_s_name_is_short_plain_and_no_secret_of_the_file_is_told(tmp_path: Path) -> None:
    secret = secrets.token_hex(16)
    named = {"mcpServers": {"Bad__name": {"command": "kb", "env": {"TOKEN": secret}, "headers": secret, "tools": ["a"]}}}
    lines = mistakes(FAULTMAVEN_MCP__SERVERS=str(servers(tmp_path / "servers.json", named)))
    assert len(lines) == 2
    assert secret not in "".join(lines)


def test_servers_without_the_sdk_end_the_start_and_name_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    (line,) = mistakes(FAULTMAVEN_MCP__SERVERS=str(servers(tmp_path / "servers.json", command="kb", tools=["a"])))
    assert line == "FAULTMAVEN_MCP__SERVERS: the package mcp is not installed; install the extra `mcp`, or name no servers"
    assert read_settings({}).mcp.servers is None


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read_settings({}).api.port = 1


def test_the_example_lists_every_variable_with_its_default_and_a_comment() -> None:
    text = EXAMPLE.read_text()
    listed = dict(re.findall(r"^([A-Z][A-Z0-9_]*)=(.*)$", text, re.MULTILINE))
    assert sorted(listed) == sorted(names())
    assert read_settings(listed) == read_settings({})
    assert all("#" in block for block in text.split("\n\n"))


def test_no_setting_is_offered_that_nothing_reads() -> None:
    """By name: what the process is told as `auth.issuer` is read as `.issuer`, or as its variable."""
    read = [path for room in ("activities", "api", "cli", "worker") for path in (ROOT / room).rglob("*.py")]
    code = "".join(path.read_text() for path in read if path.name != "settings.py")
    leaves = {name: name.lower().rpartition("__")[2].removeprefix("faultmaven_") for name in names()}
    assert [name for name, leaf in leaves.items() if not re.search(rf"\.{leaf}\b|\"{name}\"", code)] == []


def test_every_group_is_frozen() -> None:
    groups = [field.annotation for field in Settings.model_fields.values() if isinstance(field.annotation, type)]
    assert all(group.model_config.get("frozen") for group in groups if issubclass(group, Group))


def test_prices_are_read_by_model():
    settings = read_settings({
        "FAULTMAVEN_BUDGETS__PRICES": "small=0.25/2, org/large=3/15",
        "FAULTMAVEN_BUDGETS__TURN_MONEY": "0.5",
    })
    limits = limits_of(settings.budgets)
    assert limits.prices["org/large"] == Price(tokens_in=3, tokens_out=15)
    assert limits.budgets["turn"] == Cost(money=500_000)
    assert limits.budgets["call"] == Cost(tokens=100_000)


@pytest.mark.parametrize("prices", ["small", "small=3", "=1/2", "small=-1/2", "small=a/b", "small=1/2/3"])
def test_a_price_that_is_none_is_a_mistake(prices: str):
    with pytest.raises(SettingsInvalid, match="FAULTMAVEN_BUDGETS__PRICES: the value is not valid"):
        read_settings({"FAULTMAVEN_BUDGETS__PRICES": prices})


def test_a_limit_of_money_needs_prices():
    with pytest.raises(SettingsInvalid, match="FAULTMAVEN_BUDGETS__CASE_MONEY: a limit of money without prices"):
        read_settings({"FAULTMAVEN_BUDGETS__CASE_MONEY": "2"})
