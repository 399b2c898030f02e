"""What speaks to its reader is known in every form; what machines say about themselves is not."""

from __future__ import annotations

import pytest

from domain.diagnosis.signals import speaks
from tests.quality.hostile import MOST, hostile


def test_every_hostile_string_speaks_to_its_reader_in_every_form() -> None:
    heard = {name: any(speaks(line) for line in text.split("\n")) for name, text in hostile(1, MOST)}
    assert [name for name, spoken in heard.items() if not spoken] == []


@pytest.mark.parametrize(
    "text",
    [
        "kernel: Out of memory: Killed process 4711 (java)",
        "unexpected end of file while reading the header",
        "E0301 04:12:09.114231 1 reflector.go:138] watch of *v1.Pod ended with: too old resource version",
        '{"level":"error","msg":"cannot read /etc/app/system.yaml: permission denied"}',
        "error: system call failed: no space left on device",
        "request to model gpt-x failed: 429, retry after 20s",
        "user must be authenticated: token expired",
        "caf\u00e9-service: d\u00e9lai d\u00e9pass\u00e9 apr\u00e8s 300 \u00b5s",
        "\u0441\u0435\u0440\u0432\u0438\u0441 payments \u043d\u0435\u0434\u043e\u0441\u0442\u0443\u043f\u0435\u043d: connection refused",
        "[31mERROR[0m pool exhausted",
        "npm ERR! code ELIFECYCLE",
    ],
)
def test_what_machines_say_about_themselves_does_not(text: str) -> None:
    assert not speaks(text)
