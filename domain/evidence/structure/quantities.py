"""Amounts as cluster tools write them: `500m`, `3Gi`, `80%`, `1.5G`."""

from __future__ import annotations

import re

AMOUNT = re.compile(r"^\s*([-+]?\d+(?:\.\d+)?)\s*([A-Za-zµ%]{0,5})")
SCALE = {
    "": 1.0, "m": 1e-3, "u": 1e-6, "n": 1e-9, "k": 1e3, "K": 1024.0, "Ki": 1024.0, "KiB": 1024.0, "kB": 1e3, "KB": 1e3, "M": 1e6, "Mi": 1024.0**2,
    "MiB": 1024.0**2, "MB": 1e6, "G": 1e9, "Gi": 1024.0**3, "GiB": 1024.0**3, "GB": 1e9, "T": 1e12, "Ti": 1024.0**4, "TiB": 1024.0**4, "TB": 1e12,
    "P": 1e15, "Pi": 1024.0**5, "B": 1.0, "%": 1.0,
}  # fmt: skip
"""Suffixes of Kubernetes quantities (`m` is one thousandth) and of sizes."""


def amount(text: str) -> float | None:
    """Return the amount in its base unit (bytes, cores, percent), None when it is none."""
    found = AMOUNT.match(text[:64])
    if not found or found.group(2) not in SCALE:
        return None
    return float(found.group(1)) * SCALE[found.group(2)]
