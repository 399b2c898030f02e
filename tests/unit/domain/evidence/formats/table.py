"""One row of the table *format × must-find × test*: what a format holds and what its reader has to make of it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from activities.adapters.document_text import DocumentText
from activities.extracting import extracted
from domain.evidence.analyse import analyse
from domain.evidence.values import Analysis, Context, Document, Hint, Kind
from tests.evidence import OBSERVED


@dataclass(frozen=True, kw_only=True)
class Must:
    """A finding that the Analysis has to hold."""

    what: str
    """In the words of the table, such as "a full file system"."""
    kind: str
    """Of the finding."""
    line: int = 0
    """That its first citation begins at; 0 where the output is captured and the line is not known beforehand."""
    subject: str = ""
    says: str = ""
    """A piece of its statement, quote or attributes."""


@dataclass(frozen=True, kw_only=True)
class Format:
    """A format, an example of it, and what the example holds."""

    name: str
    """As people call it: "kubectl get pods -o wide", "Prometheus range JSON"."""
    kind: Kind
    example: str | bytes | Callable[[], str | bytes]
    """A text built from the documented format, or a function that captures the real command's output."""
    source: str
    """"captured", or the public document that describes the format."""
    command: str = ""
    """Known to the reader; "" where it has to see by itself what this is."""
    rows: Mapping[str, int] | Callable[[str], Mapping[str, int]] = field(default_factory=dict)
    """Object id → the line it stands in, for every row of the example; or a function of the captured text."""
    must: tuple[Must, ...] = ()
    damaged: str | bytes = ""
    """The example as it arrives broken; "" for the example cut in the middle of a line, half-way."""

    def text(self) -> str | bytes:
        """The example, captured now where it is captured."""
        return self.example() if callable(self.example) else self.example

    def expected(self, text: str | bytes) -> Mapping[str, int]:
        """Object id → line."""
        return self.rows(str(text)) if callable(self.rows) else self.rows

    def broken(self) -> str | bytes:
        """The damaged example."""
        whole = self.text()
        return self.damaged or whole[: len(whole) // 2]


def read(text: str | bytes, command: str = "") -> Analysis:
    """Analyse an example whose file name tells nothing."""
    data = text.encode() if isinstance(text, str) else text
    hint = Hint(name="upload", command=command)
    document = Document(
        evidence="e1", name="upload", chunks=(data,), size=len(data), observed_at=OBSERVED, command=command, hint=hint
    )
    return analyse(extracted(document, DocumentText()), Context(observed_at=OBSERVED))


def has(analysis: Analysis, must: Must) -> bool:
    """Tell whether some finding is the one that must be there."""
    return any(
        one.kind == must.kind
        and must.line in {0, one.citations[0].first}
        and must.subject in {"", one.subject}
        and must.says in " ".join((one.statement, one.citations[0].quote, one.text, *one.attributes.values()))
        for one in analysis.findings
    )


def captured(*command: str) -> Callable[[], str]:
    """Return what captures the standard output of a real command; missing commands fail the test and say so."""

    def run() -> str:
        assert shutil.which(command[0]), f"{command[0]} is not installed: the table captures its real output"
        return subprocess.run(
            command, capture_output=True, text=True, timeout=30, env={"LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
        ).stdout

    return run
