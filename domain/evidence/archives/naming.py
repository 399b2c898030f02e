"""Names of members: text to show, checked for what they pretend, never paths."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

from domain.evidence.archives.values import Why

SHOWN = 100
"""Characters of a member's name that are kept, archive included: its case remembers it (investigation 13)."""
UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""Characters that steer a terminal, hide, or reorder what stands beside them."""
DRIVE = re.compile(r"[A-Za-z]:")
ASIDE = re.compile(r"(?:^|/)(?:__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
"""What packing systems put beside the files: AppleDouble, Finder's and Explorer's own."""


EARLIEST = 631_152_000
"""1990-01-01: what is older than this was set by a build or by nobody."""


def why_not(name: str, size: int) -> Why | None:
    """Return why a plain file is left out by its name or size."""
    path = name.replace("\\", "/")
    if not path.strip("/ ") or path.startswith("/") or DRIVE.match(path) or ".." in path.split("/"):
        return Why.OUTSIDE
    if ASIDE.search(path):
        return Why.ASIDE
    return None if size else Why.EMPTY


def shown(name: str) -> str:
    """Return a member's path as it is shown: without controls and marks, one slash between its parts."""
    plain = UNSAFE.sub("", unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())).replace("\\", "/")
    return "/".join(part for part in plain.split("/") if part not in {"", "."}) or "unnamed"


def within(archive: str, path: str) -> str:
    """Return the name of a member behind its archive's; of one that is too long the folders in the middle go."""
    if len(archive) + 1 + len(path) <= SHOWN:
        return f"{archive}/{path}"
    head = archive[: SHOWN // 2]
    tail = path[len(head) + 3 - SHOWN :]
    return f"{head}/…/{tail.partition('/')[2] or tail}"


def is_within(archive: str, name: str) -> bool:
    """Tell whether a name is that of a member of the archive."""
    return name.startswith((f"{archive}/", f"{archive[: SHOWN // 2]}/…/"))


def moment(seconds: int) -> datetime | None:
    """Return when a member was last changed; what no clock can have shown is nothing."""
    return datetime.fromtimestamp(seconds, UTC) if EARLIEST <= seconds < 1 << 33 else None
