"""A log's own time that runs backwards."""

from __future__ import annotations

from collections.abc import Iterator

from domain.evidence.logs.close.kept import BACK, Close
from domain.evidence.logs.logged import Remark

JUMP_S = (60.0, 86_400.0)
"""Seconds that writers of one log may be apart, and a day: beyond it another log was put behind this one."""
FEW = 3


def backwards(close: Close) -> Iterator[Remark]:
    """Return the lines before which the time runs back for more than a minute, where these are few."""
    if len(close.back) > BACK:
        return
    found = []
    for line, above, here in close.back:
        before, after = close.seconds(above), close.seconds(here)
        if before is not None and after is not None and JUMP_S[0] < before - after < JUMP_S[1]:
            found.append((line, before - after))
    for line, seconds in found if len(found) <= FEW else ():
        yield Remark(
            kind="clock_back",
            line=line,
            statement=f"the time runs backwards by {seconds:.0f} s: this line is earlier than the one above",
            severity=3.0,
            numbers={"count": 1, "seconds": seconds},
        )
