"""Pastes of a terminal: what each command printed is read as its own kind, with its own lines."""

import pytest

from domain.evidence.kinds import prompts
from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import read

PASTE = """\
ada@oak-1:~$ df -h /var
Filesystem      Size  Used Avail Use% Mounted on
/dev/sda2        20G   20G     0 100% /var
ada@oak-1:~$ tail -n 5 /var/log/kiln.log
2026-05-04 04:12:05 INFO  kiln: brick 4110 done
2026-05-04 04:12:06 INFO  kiln: brick 4111 done
2026-05-04 04:12:07 ERROR kiln: cannot write brick 4112: No space left on device
2026-05-04 04:12:08 ERROR kiln: cannot write brick 4113: No space left on device
ada@oak-1:~$ cat /tmp/kiln.err
Traceback (most recent call last):
  File "/srv/kiln/store.py", line 41, in write
    handle.write(brick)
OSError: [Errno 28] No space left on device
ada@oak-1:~$ cat /etc/kiln.yaml
store:
  path: /var/kiln
  keep: 40
log:
  level: info
ada@oak-1:~$ true
"""
TWO = """\
Filesystem     1K-blocks     Used Available Use% Mounted on
/dev/sda2       20511312 20200112         0 100% /var

               total        used        free      shared  buff/cache   available
Mem:           15884       15201         120          15         563         211
Swap:           2047        2040           7

 04:12:09 up 64 days,  3:12,  2 users,  load average: 64.10, 38.20, 21.04
"""


def test_each_part_of_a_paste_is_read_as_its_own_kind() -> None:
    analysis = read(PASTE)
    assert analysis.classification.kind is Kind.COMMAND_OUTPUT
    found = {(one.kind, one.citations[0].first) for one in analysis.findings}
    assert {("resource", 3), ("severe_template", 7), ("exception", 13)} <= found
    assert {one.id: one.citation.first for one in analysis.objects}["filesystem//var"] == 3
    for one in analysis.findings:
        assert one.citations[0].quote in " ".join(PASTE.split("\n")[one.citations[0].first - 1].split())


def test_outputs_without_prompts_are_cut_where_another_known_command_begins() -> None:
    analysis = read(TWO)
    found = {(one.kind, one.citations[0].first) for one in analysis.findings if one.severity > 2}
    assert {("resource", 2), ("resource", 5)} <= found
    assert {"filesystem//var", "memory/mem", "memory/swap"} <= {one.id for one in analysis.objects}


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("$ df -h", "df -h"),
        ("# df -h", "df -h"),
        ("root@oak-1:/etc# cat hosts", "cat hosts"),
        ("[ada@oak-1 kiln]$ ./run.sh --hot", "./run.sh --hot"),
        ("(venv) ada@oak-1:~/kiln$ python -m kiln", "python -m kiln"),
        ("ada@oak kiln % kubectl get pods", "kubectl get pods"),
        ("PS C:\\Users\\ada> ping kiln.test", "ping kiln.test"),
        ("C:\\>tracert kiln.test", "tracert kiln.test"),
        ("# ip address of the host", ""),
        ("# top level options", ""),
        ("# free memory below this is an error", ""),
        ("$ firstly, nothing", ""),
        ("ada@kiln.test wrote: all is well", ""),
        ("> quoted from a mail", ""),
        (" > git checkout -f main", ""),
        ("~/kiln> ps aux", "ps aux"),
        ("git@kiln.test: Permission denied (publickey).", ""),
    ],
)
def test_a_prompt_is_told_from_a_comment(line: str, command: str) -> None:
    assert prompts.typed(line) == command
