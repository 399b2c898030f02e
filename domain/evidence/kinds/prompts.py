"""Where a paste of a terminal is cut: at shell prompts, and at blank lines between outputs of different commands."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from domain.evidence.kinds import grammars
from domain.evidence.reading import beginning

PROMPT = re.compile(r"^(?:[\w.@:~/\-\[\]() ]{0,80}[$#] |[\w.@:~/\-\[\]()]{1,80}> )([a-z./][\w.\-/]*(?: .*)?)$")
"""A shell prompt and the command typed behind it."""
HOST = re.compile(
    r"^(?:\([\w.\-]{1,60}\) )?\[?[\w.\-]{1,64}@[\w.\-]{1,253}[: ](?:[~/][^\s$#%>]{0,200}|[\w.\-]{0,60})\]? ?[$#%>] ?(?P<command>\S.*)$|^(?:PS )?[A-Z]:\\[^>]{0,200}> ?(?P<windows>\S.*)$"
)
"""A prompt that names user and host, or a folder of Windows: whatever stands behind it was typed."""
COMMANDS = re.compile(
    r"""^(?:sudo\s(?:-\w\s)?|time\s|watch\s(?:-\w+\s)*)?(?:kubectl|k|oc|docker|docker-compose|podman|crictl|ctr|helm|systemctl|systemd-\w+|journalctl|dmesg|top
      |htop|ps|pstree|pidstat|free|vmstat|iostat|mpstat|sar|df|du|lsof|lsblk|lscpu|findmnt|mount|sysctl|ulimit|nproc|uname|hostname|hostnamectl|timedatectl
      |w|who|last|uptime|ss|netstat|ip|ifconfig|route|arp|ethtool|conntrack|ping|ping6|traceroute|tracert|tracepath|mtr|dig|nslookup|host|getent|nc|ncat|telnet
      |curl|wget|openssl|tcpdump|tshark|iptables|iptables-save|ip6tables|nft|jstack|jmap|jcmd|jstat|jps|nvidia-smi|ab|wrk|k6|hey|psql|mysql|mongosh?|redis-cli
      |rabbitmqctl|kafka-[\w-]+(?:\.sh)?|git|terraform|ansible|ansible-playbook|aws|gcloud|az|cat|head|tail|grep|zcat|zgrep|less|ls|stat|nginx|smartctl|mdadm
      |strace|gdb|coredumpctl|chronyc|ntpq|crontab|perf|py-spy)(?:\s|$)""",
    re.VERBOSE,
)
"""What a prompt must be followed by to begin a new part."""
SENTENCE = re.compile(
    r"^# \w+(?: [A-Za-z']+,?){2,}[.:]?$|^# \w+ (?:a|an|the|is|are|of|for|to|and|or|with|level|options?|address|name)\b"
)
"""A comment that begins with the name of a command."""
PARTS = 200
"""Parts of one paste that are read by themselves."""
MARKS = 2
"""Fingerprints by which a block must be known to be cut from the one above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Lines that one command printed."""

    first: int
    last: int
    command: str


def typed(line: str) -> str:
    """Return the command typed in a line, "" where it is no prompt."""
    head = beginning(line)
    if "$" not in head and "#" not in head and ">" not in head and "%" not in head:
        return ""
    if found := HOST.match(head):
        return found["command"] or found["windows"]
    shown = PROMPT.match(head)
    return shown.group(1) if shown and COMMANDS.match(shown.group(1)) and not SENTENCE.match(head) else ""


def pasted(lines: tuple[str, ...]) -> bool:
    """Return whether lines are a terminal's: they begin with a prompt, or hold two that name a host."""
    first = next((line for line in lines if line.strip()), "")
    return bool(typed(first)) or sum(bool(HOST.match(beginning(line))) for line in lines) > 1


def parts(lines: tuple[str, ...], command: str) -> list[Part]:
    """Return the parts of a paste; without prompts there is one."""
    starts = [(1, command)]
    for number, line in enumerate(lines, start=1):
        if len(starts) < PARTS and (said := typed(line)):
            starts.append((number + 1, said))
    ends = [*(start - 2 for start, _ in starts[1:]), len(lines)]
    pairs = zip(starts, ends, strict=True)
    return [Part(first=first, last=last, command=typed) for (first, typed), last in pairs if last >= first]


def blocks(lines: tuple[str, ...], part: Part, known: Container[str]) -> list[Part]:
    """Return a part cut at blank lines where outputs of different known commands follow each other."""
    starts: list[tuple[int, str]] = []
    for first, last in borders(lines, part.first, part.last):
        name, met = grammars.command(lines[first - 1 : last])
        if met >= MARKS and name in known and (not starts or starts[-1][1] != name):
            starts.append((first, name))
    if len({name for _, name in starts}) < 2:
        return [part]
    begins = [part.first, *(first for first, _ in starts[1:])]
    ends = [*(first - 1 for first in begins[1:]), part.last]
    return [Part(first=first, last=last, command=part.command) for first, last in zip(begins, ends, strict=True)][:PARTS]


def borders(lines: Sequence[str], first: int, last: int) -> list[tuple[int, int]]:
    """Return first and last line of each block between blank lines of these, at most as many as there are parts."""
    found: list[tuple[int, int]] = []
    begun = 0
    for number in range(first, last + 2):
        filled = number <= last and bool(lines[number - 1].strip())
        if filled and not begun:
            begun = number
        elif begun and not filled:
            found.append((begun, number - 1))
            begun = 0
        if len(found) == PARTS:
            break
    return found
