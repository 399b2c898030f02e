"""Predictions of the product for texts with sensitive spans: the sets `sdlog` and `presidio`, and generated secrets."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from domain.privacy.detectors import spans


def predict(folder: Path) -> Iterator[dict[str, object]]:
    """Yield a row per text with the spans that the product would replace under its strict preset (gate P2)."""
    for path in sorted(folder.glob("*.jsonl*")):
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for line in data.decode().splitlines():
            row = json.loads(line)
            yield {"id": row["id"], "spans": [[span.start, span.end, span.kind] for span in spans(row["text"], "strict")]}
