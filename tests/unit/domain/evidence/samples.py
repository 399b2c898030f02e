"""Seeded, invented pieces of evidence of every kind, for tests that must not need recorded data."""

import json
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from textwrap import dedent

from domain.evidence.values import Kind

NAMES = ("kiln", "yard", "mill", "forge", "barn", "quarry", "mast", "reef")
DAYS = "2026-05-04T10:{:02}:{:02}.{:03}Z"


def stamp(dice: random.Random) -> str:
    return DAYS.format(dice.randrange(60), dice.randrange(60), dice.randrange(1000))


def app_log(dice: random.Random) -> str:
    levels = ["INFO", "INFO", "INFO", "WARN", "ERROR"]
    return "\n".join(
        f"{stamp(dice)} {dice.choice(levels)} [{dice.choice(NAMES)}] brick {dice.randrange(999)} fired in {dice.randrange(90)} ms"
        for _ in range(40)
    )


def syslog(dice: random.Random) -> str:
    return "\n".join(
        f"May  4 10:{n:02}:01 oak-1 {dice.choice(NAMES)}[{dice.randrange(9999)}]: accepted brick {dice.randrange(99)}"
        for n in range(30)
    )


def json_log(dice: random.Random) -> str:
    return "\n".join(
        json.dumps({"time": stamp(dice), "level": "info", "msg": f"fired {dice.choice(NAMES)}", "n": n}) for n in range(20)
    )


def build_log(dice: random.Random) -> str:
    name = dice.choice(NAMES)
    return "\n".join(
        [f"[{name}] Compiling part {n}" if n % 3 else f"Downloading part-{dice.randrange(99)}.tar" for n in range(40)]
        + ["ERROR: part 7 does not compile"]
    )


def stack(dice: random.Random) -> str:
    frames = "\n".join(f"\tat com.{dice.choice(NAMES)}.Oven.step{n}(Oven.java:{dice.randrange(300)})" for n in range(6))
    return f"java.lang.IllegalStateException: no gas in {dice.choice(NAMES)}\n{frames}\nCaused by: java.io.IOException: shut\n\tat com.gas.Open.run(Open.java:3)\n"


def traceback(dice: random.Random) -> str:
    frames = "".join(
        f'  File "/srv/{dice.choice(NAMES)}.py", line {dice.randrange(300)}, in step\n    fire(brick)\n' for _ in range(4)
    )
    return f"Traceback (most recent call last):\n{frames}ValueError: brick {dice.randrange(99)} is wet\n"


def spans(dice: random.Random) -> str:
    found = [
        {
            "traceId": "ab" * 8,
            "spanId": f"{n:016x}",
            "name": dice.choice(NAMES),
            "startTimeUnixNano": str(n),
            "endTimeUnixNano": str(n + 5),
        }
        for n in range(3)
    ]
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": found}]}]}, indent=dice.choice([None, 1]))


def span_tree(dice: random.Random) -> str:
    return "".join(
        f"{'  ' * n}├─ {dice.choice(NAMES)} ({dice.choice(NAMES)}) - {dice.randrange(999)}.5ms (span_id=a{n})\n{'  ' * n}│  http.method: GET\n"
        for n in range(5)
    )


def pods(dice: random.Random) -> str:
    rows = "".join(
        f"{dice.choice(NAMES)}-{n:<10}1/1     Running   {dice.randrange(4)}          {dice.randrange(9)}d\n" for n in range(8)
    )
    return f"NAME           READY   STATUS    RESTARTS   AGE\n{rows}"


def described(dice: random.Random) -> str:
    name = dice.choice(NAMES)
    return dedent(f"""\
        Name:             {name}-1
        Namespace:        yard
        Node:             oak-{dice.randrange(9)}/10.0.0.1
        Labels:           app={name}
        Status:           Running
        Containers:
          main:
            Image:         {name}:1
        Events:            <none>
        """)


def disks(dice: random.Random) -> str:
    rows = "".join(f"/dev/sd{c}1  40G  {dice.randrange(40)}G  9G  {dice.randrange(100)}% /mnt/{c}\n" for c in "abcd")
    return f"Filesystem  Size  Used Avail Use% Mounted on\n{rows}"


def wide_table(dice: random.Random) -> str:
    rows = "\n".join(f"{1777888800 + 60 * n},{dice.random():.4f},{dice.random() * 90:.3f}" for n in range(40))
    return f"time,{dice.choice(NAMES)}_cpu,{dice.choice(NAMES)}_mem\n{rows}"


def exposition(dice: random.Random) -> str:
    rows = "\n".join(f'bricks_total{{oven="{n}"}} {dice.randrange(9999)}' for n in range(12))
    return f"# HELP bricks_total Fired.\n# TYPE bricks_total counter\n{rows}\n"


def folded(dice: random.Random) -> str:
    return "\n".join(f"main;run;{dice.choice(NAMES)};step{n} {dice.randrange(1, 999)}" for n in range(12))


def flat_profile(dice: random.Random) -> str:
    rows = "\n".join(
        f"     {dice.random():.2f}s {dice.randrange(9)}.10% {dice.randrange(9)}.20%      {dice.random():.2f}s {dice.randrange(9)}.30%  main.{name}"
        for name in NAMES
    )
    return f"Type: cpu\nShowing nodes accounting for 9s, 90% of 10s total\n      flat  flat%   sum%        cum   cum%\n{rows}"


def manifest(dice: random.Random) -> str:
    name = dice.choice(NAMES)
    return f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n  selector:\n    app: {name}\n  ports:\n  - port: {dice.randrange(9000)}\n    targetPort: 80\n"


def settings(dice: random.Random) -> str:
    return "\n".join([f"[{name}]\nhost = {name}.internal\nport = {dice.randrange(9000)}\n" for name in NAMES[:4]])


def web_server(dice: random.Random) -> str:
    return f"server {{\n    listen {dice.randrange(9000)};\n    server_name {dice.choice(NAMES)}.test;\n    location / {{\n        proxy_pass http://up;\n        proxy_read_timeout 9s;\n    }}\n}}\n"


def python(dice: random.Random) -> str:
    return "import asyncio\nfrom typing import Any\n\n" + "".join(
        f"def {n}_{dice.randrange(99)}(brick: Any) -> int:\n    if brick.wet:\n        return {dice.randrange(9)}\n    return brick.heat(1)\n\n"
        for n in NAMES
    )


def java(dice: random.Random) -> str:
    body = "".join(f"    public long {n}() {{\n        return heat * {dice.randrange(9)};\n    }}\n" for n in NAMES)
    return f"package com.kiln;\n\nimport java.util.List;\n\npublic final class Oven {{\n    private long heat;\n{body}}}\n"


def markdown(dice: random.Random) -> str:
    return f"# How to heat the {dice.choice(NAMES)}\n\n## Meaning\n\nThe oven is cold and nobody knows why.\n\n## Steps\n\n- Look at the gas.\n- Ask {dice.choice(NAMES)}.\n\n```shell\nls -l\n```\n"


def talk(dice: random.Random) -> str:
    return f"Ann: is anybody else seeing a cold {dice.choice(NAMES)}?\nBob: yes, it has been like that since lunch today\nAnn: we changed nothing that I know of this week\nBob: then let us ask the gas people about it\n"


def picture(dice: random.Random) -> bytes:
    head = struct.pack(">IIBBBBB", dice.randrange(1, 900), 20, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + b"IHDR"
        + head
        + struct.pack(">I", zlib.crc32(b"IHDR" + head))
        + dice.randbytes(60)
    )


def program(dice: random.Random) -> bytes:
    return b"\x7fELF\x02\x01\x01\x00" + dice.randbytes(400)


def noise(dice: random.Random) -> bytes:
    return bytes(dice.randrange(256) for _ in range(600))


MAKERS: dict[Kind, tuple[Callable[[random.Random], str | bytes], ...]] = {
    Kind.LOGS: (app_log, syslog, json_log, build_log),
    Kind.ERROR_REPORT: (stack, traceback),
    Kind.TRACE: (spans, span_tree),
    Kind.COMMAND_OUTPUT: (pods, described, disks),
    Kind.METRICS: (wide_table, exposition),
    Kind.PROFILE: (folded, flat_profile),
    Kind.CONFIG: (manifest, settings, web_server),
    Kind.SOURCE_CODE: (python, java),
    Kind.DOCUMENTATION: (markdown,),
    Kind.TEXT: (talk,),
    Kind.IMAGE: (picture,),
    Kind.BINARY: (program, noise),
}


def labelled(seed: int, each: int) -> Iterator[tuple[Kind, str, bytes]]:
    """(kind, maker, bytes): `each` pieces of every maker."""
    dice = random.Random(seed)
    for kind, makers in MAKERS.items():
        for make in makers:
            for _ in range(each):
                made = make(dice)
                yield kind, make.__name__, made.encode() if isinstance(made, str) else made
