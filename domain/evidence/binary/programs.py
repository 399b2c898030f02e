"""Headers of programs, memory images of dead processes, classes and heap dumps."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.evidence.reading import Reading

MACHINES = {3: "x86", 40: "ARM", 62: "x86-64", 183: "AArch64", 243: "RISC-V", 21: "PowerPC 64", 22: "S/390", 8: "MIPS"}
"""e_machine (System V ABI)."""
TYPES = {1: "object file", 2: "program", 3: "program or library", 4: "core dump"}
SIGNALS = {4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL", 11: "SIGSEGV", 13: "SIGPIPE", 15: "SIGTERM", 31: "SIGSYS"}  # fmt: skip
"""Numbers on Linux (signal(7))."""
NOTE, CORE = 4, 4
STATUS, INFO = 1, 3
"""NT_PRSTATUS and NT_PRPSINFO (elf.h)."""
SEGMENTS, NOTES = 4_096, 4_096
CONSTANTS = {3: 5, 4: 5, 5: 9, 6: 9, 7: 3, 8: 3, 9: 5, 10: 5, 11: 5, 12: 5, 15: 4, 16: 3, 17: 5, 18: 5, 19: 3, 20: 3}
"""Bytes of each constant but texts, by its tag (Java virtual machine specification, 4.4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Elf:
    """An ELF header."""

    data: bytes
    order: str
    wide: bool

    def numbers(self, form: str, at: int) -> tuple[int, ...]:
        """Return integers in the file's byte order."""
        return struct.unpack_from(self.order + form, self.data, at)

    def notes(self) -> Iterator[tuple[int, bytes]]:
        """Yield (type, content) of every note."""
        (start,) = self.numbers("Q" if self.wide else "I", 32 if self.wide else 28)
        size, count = self.numbers("HH", 54 if self.wide else 42)
        for number in range(min(count, SEGMENTS)):
            at = start + number * size
            (kind,) = self.numbers("I", at)
            first, _, _, length = self.numbers("QQQQ", at + 8) if self.wide else self.numbers("IIII", at + 4)
            if kind == NOTE:
                yield from self._segment(first, first + length)

    def _segment(self, at: int, end: int) -> Iterator[tuple[int, bytes]]:
        for _ in range(NOTES):
            if at + 12 > min(end, len(self.data)):
                return
            name, size, kind = self.numbers("III", at)
            at += 12 + -(-name // 4) * 4
            yield kind, self.data[at : at + size]
            at += -(-size // 4) * 4


def tell_elf(reading: Reading, data: bytes) -> str:
    """Return type and machine; of a core dump its program and signal as a finding."""
    elf = _Elf(data=data, order="<" if data[5] == 1 else ">", wide=data[4] == 2)
    kind, machine = elf.numbers("HH", 16)
    told = f"{TYPES.get(kind, 'file')} for {MACHINES.get(machine, f'machine {machine}')}"
    if kind != CORE:
        return told
    signal, program, line = _death(elf)
    named = SIGNALS.get(signal, f"signal {signal}") if signal else "a signal that it does not name"
    subject = f"process/{program}" if program else ""
    statement = f"core dump of {program or 'a process'}: killed by {named}" + (f"; command line: {line}" if line else "")
    reading.find("exit", subject, 1, 5.0, statement, signal=named, exit_code=float(128 + signal), command=line)
    reading.observe("process", program or "unknown", 1, {"signal": named, "command": line, "status": "core dumped"})
    return f"{told} of {program or 'a process'}, {named}"


def _death(elf: _Elf) -> tuple[int, str, str]:
    """Return signal, program and command line of a core dump, as far as its notes tell them."""
    signal, program, line = 0, "", ""
    for kind, content in elf.notes():
        if kind == STATUS and not signal and len(content) >= 14:
            (signal,) = struct.unpack_from(elf.order + "H", content, 12)
        elif kind == INFO and not program:
            at = 40 if elf.wide else 28
            program, line = _word(content[at : at + 16]), _word(content[at + 16 : at + 96])
    return signal, program, line


def _word(raw: bytes) -> str:
    return raw.split(b"\0")[0].decode("ascii", "replace").strip()


def tell_class(reading: Reading, data: bytes) -> str:
    """Return name and version of a class; the same magic opens universal programs of another system."""
    minor, major, count = struct.unpack_from(">HHH", data, 4)
    if major < 45:
        return f"universal program for {minor << 16 | major} machines"
    names, at, number = dict[int, str](), 10, 1
    classes: dict[int, int] = {}
    while number < count:
        tag = data[at]
        if tag == 1:
            (length,) = struct.unpack_from(">H", data, at + 1)
            names[number] = data[at + 3 : at + 3 + length].decode("utf-8", "replace")
            at += 3 + length
        else:
            if tag == 7:
                (classes[number],) = struct.unpack_from(">H", data, at + 1)
            at += CONSTANTS[tag] if tag in CONSTANTS else len(data)
        number += 2 if tag in {5, 6} else 1
    (this,) = struct.unpack_from(">H", data, at + 2)
    name = names.get(classes.get(this, 0), "").replace("/", ".")
    reading.observe("class", name or "unknown", 1, {"java": str(major - 44), "version": f"{major}.{minor}"})
    return f"{name or 'a class'}, needs Java {major - 44} (class file version {major}.{minor})"


def tell_heap_dump(reading: Reading, data: bytes) -> str:
    """Return when a heap was dumped (HPROF agent's format)."""
    end = data.index(b"\0", 0, 64)
    width, milliseconds = struct.unpack_from(">IQ", data, end + 1)
    moment = datetime.fromtimestamp(milliseconds / 1_000, UTC)
    reading.happened(1, "a heap was dumped", "", moment, 1.0)
    return f"taken {moment:%Y-%m-%d %H:%M:%S} UTC, {8 * width} bits"
