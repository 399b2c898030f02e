"""What a run recorded, as JSON lines that the checker and a reader take."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Journal:
    """Lines in the order in which things happened; `at` is the machine's clock in seconds."""

    lines: list[dict[str, Any]] = field(default_factory=list)

    def note(self, what: str, **facts: object) -> None:
        """Append one line."""
        self.lines.append({"what": what, "at": time.time(), **facts})

    def of(self, what: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["what"] == what]

    def answered(self) -> set[str]:
        """Return the keys that have an answer."""
        return {line["key"] for line in self.of("answered")}

    def write(self, path: Path) -> None:
        path.write_text("".join(f"{json.dumps(line)}\n" for line in self.lines), encoding="utf-8")
