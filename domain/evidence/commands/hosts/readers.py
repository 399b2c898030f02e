"""Format of a command about a host → its reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.evidence.commands.hosts import (
    devices,
    disks,
    failing,
    files,
    graphics,
    heaps,
    kernel,
    load,
    memory,
    processes,
    threads,
    units,
    windows,
)
from domain.evidence.reading import Reading

READERS: Mapping[str, Callable[[Reading, int, int], int]] = {
    "systemctl": units.status,
    "systemctl list": units.listed,
    "systemctl show": units.show,
    "df": disks.df,
    "du": disks.du,
    "ls": disks.ls,
    "iostat": devices.iostat,
    "vmstat -d": devices.counts,
    "lsblk": devices.lsblk,
    "mount": devices.mounts,
    "findmnt": devices.findmnt,
    "mdstat": failing.arrays,
    "smartctl": failing.smart,
    "zpool": failing.pools,
    "free": memory.free,
    "meminfo": memory.meters,
    "uptime": load.uptime,
    "vmstat": load.vmstat,
    "vmstat -s": load.counters,
    "processors": load.processors,
    "sar": load.activity,
    "ps": processes.read,
    "top": processes.read,
    "lsof": files.lsof,
    "limits": files.limits,
    "dmesg": kernel.messages,
    "sysctl": kernel.settings,
    "thread dump": threads.read,
    "heap spaces": heaps.info,
    "heap classes": heaps.classes,
    "nvidia-smi": graphics.read,
    "windows events": windows.events,
}
