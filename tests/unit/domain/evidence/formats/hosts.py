"""Hosts: processes, memory, disks, services, kernel."""

from __future__ import annotations

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must

DF = """\
Filesystem     1K-blocks     Used Available Use% Mounted on
/dev/sda2       20511312 20200112         0 100% /var
tmpfs            1024000     1200   1022800   1% /run
"""

FORMATS: tuple[Format, ...] = (
    Format(
        name="df",
        kind=Kind.COMMAND_OUTPUT,
        example=DF,
        source="coreutils manual, df",
        rows={"filesystem//var": 2, "filesystem//run": 3},
        must=(Must(what="a full file system", kind="resource", line=2, says="/var"),),
    ),
)
