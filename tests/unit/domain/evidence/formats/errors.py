"""Error reports: captured from the runtimes that are here, else built from the documented formats."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from itertools import starmap
from pathlib import Path

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats import error_texts as texts
from tests.unit.domain.evidence.formats.table import Format, Must

PYTHON = """
def open_gas(): raise OSError("gas is off")
def fire(n):
    try: open_gas()
    except OSError as cause: raise RuntimeError(f"cannot fire {n}") from cause
fire(7)
"""
GROUP = """
def check(n): raise ValueError(f"brick {n} is wet")
def fire():
    found = []
    for n in (1, 2):
        try: check(n)
        except ValueError as wet: found.append(wet)
    raise ExceptionGroup("cannot fire", found)
fire()
"""
NODE = """
function fire(n) {
  throw new Error(`cannot fire ${n}`, {cause: new TypeError("gas is off")});
}
fire(7);
"""
JAVA = """
public class Oven {
  static void open() { throw new IllegalStateException("gas is off"); }
  static void fire(int n) { try { open(); } catch (RuntimeException cause) { throw new RuntimeException("cannot fire " + n, cause); } }
  public static void main(String[] args) { fire(7); }
}
"""
GO = """package main

func fire(bricks []int, n int) int { return bricks[n] }

func main() { fire([]int{1, 2}, 3) }
"""


def trace(name: str, source: str, kept: str, *command: str) -> Callable[[], str]:
    """Return what runs a program that fails and captures its standard error; `kept` where its runtime is not here."""

    @cache
    def run() -> str:
        if not shutil.which(command[0]):
            return kept
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / name).write_text(source)
            return subprocess.run(
                [*command, name], cwd=folder, capture_output=True, text=True, timeout=60, env={**os.environ, "LC_ALL": "C"}
            ).stderr

    return run


def raised(what: str, says: str, line: int = 0) -> Must:
    return Must(what=what, kind="exception", says=says, line=line)


ROOT = "the root cause and its message"
EVENT = {
    "event_id": "9c", "platform": "python", "release": "kiln@1.4.2", "server_name": "oak-1",
    "exception": {
        "values": [
            {
                "type": "OSError", "value": "gas is off",
                "stacktrace": {
                    "frames": [
                        {"filename": "kiln/web.py", "function": "handle", "lineno": 12, "in_app": True},
                        {"filename": "kiln/oven.py", "function": "open_gas", "lineno": 41, "in_app": True},
                        {"filename": "site-packages/gas.py", "function": "turn", "lineno": 3, "in_app": False},
                    ]
                },
            },
            {"type": "RuntimeError", "value": "cannot fire", "stacktrace": {"frames": []}},
        ]
    },
}  # fmt: skip
BUILT: tuple[tuple[str, str, str, str, str], ...] = (
    (".NET, inner exceptions", texts.DOTNET, ".NET documentation, Exception.ToString", "System.IO.IOException: gas is off", "own frame: Fire"),
    ("Go, deadlock", texts.DEADLOCK, "Go runtime", "all goroutines are asleep", "main.fire"),
    ("JavaScript in a browser", texts.BROWSER, "Firefox, Error.stack", "can't access property", "oven.js:10:15"),
    ("Ruby, uncaught", texts.RUBY, "Ruby 3, uncaught exception", "Gas::ClosedError: gas is off", "fire!"),
    ("PHP, uncaught", texts.PHP, "PHP manual, uncaught exceptions", "RuntimeException: gas is off", "/srv/kiln.php(12)"),
    ("Rust, panic", texts.RUST, "Rust, RUST_BACKTRACE=1", "panic: index out of bounds", "kiln::oven::fire"),
    ("Rust, chain of causes", texts.ANYHOW, "Rust, error reports", "gas is off", ""),
    ("C++, uncaught exception", texts.TERMINATE, "libstdc++, verbose terminate handler", "std::runtime_error: gas is off", ""),
    ("gdb backtrace", texts.GDB, "GDB manual, bt", "SIGSEGV", "oven.c:57"),
    ("AddressSanitizer", texts.ASAN, "LLVM sanitizers", "heap-use-after-free", "/srv/oven.c:2"),
    ("ThreadSanitizer", texts.TSAN, "LLVM sanitizers", "data race", "/srv/oven.cc:14"),
    ("UndefinedBehaviorSanitizer", texts.UBSAN, "LLVM sanitizers", "signed integer overflow", ""),
    ("valgrind", texts.VALGRIND, "Valgrind manual, memcheck", "Invalid read of size 4", "oven.c:10"),
    ("Linux kernel oops", texts.OOPS, "Linux, admin-guide/bug-hunting", "NULL pointer dereference", "fire_bricks"),
    ("JVM crash (hs_err)", texts.HS_ERR, "JDK, fatal error log", "SIGSEGV", "fire_native"),
    ("Kotlin", texts.KOTLIN, "JVM stack trace", "java.net.SocketTimeoutException: gas meter", "com.kiln.OvenKt.fire"),
    ("Elixir", texts.ELIXIR, "Elixir, Exception.format", "RuntimeError: gas is off", "lib/kiln/oven.ex:12"),
    ("Erlang crash report", texts.ERLANG, "Erlang/OTP, SASL", "badmatch", "oven:fire/1"),
    ("Apple crash report", texts.APPLE, "Apple, Diagnosing issues using crash reports", "EXC_BAD_ACCESS", "Oven.swift:12"),
    ("Swift fatal error", texts.SWIFT, "Swift runtime", "Index out of range", ""),
    ("Dart", texts.DART, "Dart, uncaught errors", "Bad state: no gas", "package:kiln/oven.dart:12:5"),
    ("PowerShell", texts.POWERSHELL, "PowerShell, about_Try_Catch_Finally", "gas is off", "oven.ps1:12"),
)  # fmt: skip


def built(name: str, text: str, source: str, says: str, place: str) -> Format:
    """A row whose root and own frame must be told."""
    wanted = (
        (raised(ROOT, says),) if not place or place.startswith("own") else (raised(ROOT, says), raised("the own frame", place))
    )
    return Format(name=name, kind=Kind.ERROR_REPORT, example=text, source=source, must=wanted)


FORMATS: tuple[Format, ...] = (
    Format(name="Python, chained", kind=Kind.ERROR_REPORT, example=trace("oven.py", PYTHON, "", sys.executable), source="captured",
           rows=lambda text: {"exception/oserror": at(text, "OSError:"), "exception/runtimeerror": at(text, "RuntimeError:")},
           must=(raised(ROOT, "OSError: gas is off in open_gas"),)),
    Format(name="Python, exception group", kind=Kind.ERROR_REPORT, example=trace("oven.py", GROUP, "", sys.executable), source="captured",
           rows=lambda text: {"exception/exceptiongroup": at(text, "ExceptionGroup: cannot"), "exception/valueerror": at(text, "ValueError: brick 2")},
           must=(raised("the first member", "ValueError: brick 1 is wet"),)),
    Format(name="Node.js, with a cause", kind=Kind.ERROR_REPORT, example=trace("oven.js", NODE, texts.NODE, "node"), source="captured where node is here",
           must=(raised(ROOT, "TypeError: gas is off in fire"),)),
    Format(name="Java, Caused by", kind=Kind.ERROR_REPORT, example=trace("Oven.java", JAVA, texts.JAVA, "java"), source="captured where java is here",
           rows=lambda text: {"exception/java.lang.runtimeexception": 1, "exception/java.lang.illegalstateexception": at(text, "Caused by")},
           must=(raised(ROOT, "IllegalStateException: gas is off in Oven.fire"),)),
    Format(name="Go, panic", kind=Kind.ERROR_REPORT, example=trace("oven.go", GO, texts.GO, "go", "run"), source="captured where go is here",
           must=(raised(ROOT, "index out of range [3] with length 2 in main.fire"),)),
    *starmap(built, BUILT),
    Format(name="Several reports in one text", kind=Kind.ERROR_REPORT, example=(texts.JAVA + texts.KOTLIN) * 3, source="JVM stack traces",
           must=(Must(what="equal ones once, with their number", kind="exception", line=5, says="3"),)),
    Format(name="Event of an error tracker", kind=Kind.ERROR_REPORT, example=json.dumps(EVENT, indent=1), source="Sentry, event payload",
           rows=lambda text: {"exception/oserror": at(text, '"OSError"'), "exception/runtimeerror": at(text, '"RuntimeError"')},
           must=(raised(ROOT, "OSError: gas is off in open_gas at kiln/oven.py:41"), raised("the release", "kiln@1.4.2"))),
)  # fmt: skip


def at(text: str, piece: str) -> int:
    """The line of a piece."""
    return text[: text.index(piece)].count("\n") + 1
