"""What cannot be started here is at least what the code expects: the compose file and the image it builds."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from activities.adapters.settings_check import names, read_settings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("api", "worker")
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")


def test_every_image_has_the_tag_of_a_version() -> None:
    taken = [service["image"] for service in SERVICES.values() if "image" in service]
    built = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert [image for image in (*taken, *built) if not re.search(r":(?!latest)[\w.-]*\d+\.\d+|:RELEASE\.\d{4}", image)] == []


@pytest.mark.parametrize("service", OURS)
def test_our_processes_are_told_only_settings_that_exist_and_agree(service: str, tmp_path: Path) -> None:
    told = {
        name: re.sub(r"\$\{\w+:-\}", "", re.sub(r"\$\{\w+:\?[^}]*\}", "given", value)) for name, value in environment(service)
    }
    assert set(told) <= set(names())
    assert read_settings({**told, "FAULTMAVEN_DATA": str(tmp_path)}).profile == "team"


def environment(service: str) -> list[tuple[str, str]]:
    return list(SERVICES[service]["environment"].items())


@pytest.mark.parametrize("service", OURS)
def test_our_commands_name_modules_that_the_image_holds(service: str) -> None:
    python, flag, module = SERVICES[service]["command"]
    assert (python, flag) == ("python", "-m")
    assert importlib.util.find_spec(module) is not None
    assert f"COPY {module.partition('.')[0]} " in DOCKERFILE


def test_the_image_copies_every_package_and_nothing_that_is_not_there() -> None:
    copied = re.findall(r"^COPY (?!--)(\S+)", DOCKERFILE, re.MULTILINE)
    assert [each for each in copied if not (ROOT / each).exists()] == []
    assert {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"} <= set(copied)


def test_the_image_installs_the_distribution_whose_version_its_processes_read() -> None:
    assert re.search(r"^RUN .*pip install .*--no-deps \.$", DOCKERFILE, re.MULTILINE)


def test_services_wait_only_for_services_and_mount_only_volumes_of_the_file() -> None:
    waited = {name for service in SERVICES.values() for name in service.get("depends_on", {})}
    mounted = {volume.partition(":")[0] for service in SERVICES.values() for volume in service.get("volumes", ())}
    assert waited <= set(SERVICES)
    assert mounted == set(COMPOSE["volumes"])


def test_secrets_that_the_file_asks_for_are_named_where_it_is_explained() -> None:
    asked = set(re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text("utf-8")))
    told = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert {name for name in asked if f"`{name}`" not in told} == set()
