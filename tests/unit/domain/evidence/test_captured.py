"""What this machine's own commands print: every row becomes an object, and a machine that is well is not called ill."""

from __future__ import annotations

import pytest

from tests.unit.domain.evidence.formats.table import captured, read

COMMANDS: dict[str, tuple[int, tuple[str, ...]]] = {
    "ps aux": (1, ("ps", "aux")),
    "ps -ef": (1, ("ps", "-ef")),
    "ps axjf": (1, ("ps", "axjf")),
    "ps -eLf": (1, ("ps", "-eLf")),
    "ps -eo …": (1, ("ps", "-eo", "pid,ppid,user,stat,lstart,rss,wchan:20,args")),
    "free": (1, ("free", "-m")),
    "free -w": (1, ("free", "-h", "-w", "-t")),
    "vmstat": (2, ("vmstat",)),
    "vmstat -d": (2, ("vmstat", "-d")),
    "df": (1, ("df",)),
    "df -i": (1, ("df", "-i")),
    "df -hT": (1, ("df", "-hT")),
    "du": (0, ("du", "-h", "--max-depth=1", "/etc")),
    "mount": (0, ("mount",)),
    "findmnt": (1, ("findmnt",)),
    "lsblk": (1, ("lsblk",)),
    "cat /proc/meminfo": (0, ("cat", "/proc/meminfo")),
    "cat /proc/self/limits": (1, ("cat", "/proc/self/limits")),
    "cat /proc/mounts": (0, ("cat", "/proc/mounts")),
    "cat /proc/loadavg": (0, ("cat", "/proc/loadavg")),
    "uptime": (0, ("uptime",)),
    "top": (7, ("top", "-b", "-n1", "-w", "200")),
}
"""Name → lines above the rows, and the command; all of coreutils, procps and util-linux."""
SEVERE = 3.0
"""No finding of a machine that runs tests is above this, be it ever so busy, but for a full disk or memory."""
SPENT = frozenset({"disk", "inodes", "memory"})
"""Resources that may truly be used up where these tests run."""


@pytest.mark.parametrize("name", COMMANDS)
def test_every_row_that_a_command_prints_here_becomes_an_object(name: str) -> None:
    above, command = COMMANDS[name]
    text = captured(*command)()
    analysis = read(text)
    rows = {n for n, line in enumerate(text.split("\n"), 1) if n > above and line.strip()}
    cited = {one.citation.first for one in analysis.objects}
    assert len(rows - cited) <= 0.05 * len(rows), sorted(rows - cited)
    severe = [one for one in analysis.findings if one.severity > SEVERE and one.attributes.get("resource") not in SPENT]
    assert severe == []
