"""Output of commands: where parts begin, which reader takes them, and how much was understood."""

import pytest

from domain.evidence.commands import output
from domain.evidence.kinds import prompts
from tests import told
from tests.evidence import a_text, read_by


def test_a_paste_of_commands_is_read_part_by_part() -> None:
    parsed = read_by(
        output.analyse,
        """
    before: connection refused
    $ kubectl get pods
    NAME     READY   STATUS    RESTARTS   AGE
    mill-1   0/1     Error     0          4d
    user@oak-1:~$ df -h
    Filesystem  Size  Used Avail Use% Mounted on
    /dev/sda1   40G   40G  0     100% /
    $ uptime
    $ cat notes
    stdout:

    stderr:
    $ echo connection refused is no command
    """,
    )
    assert told.findings(parsed) == [
        "4 resource filesystem// @7: / is 100 % full of disk | resource=disk used:100 limit:100 mount=/",
        "3.5 unhealthy_object pod/mill-1 @4: pod/mill-1 is Error, 0/1 ready, 0 restarts | reason=Error status=Error ready=0/1 restarts:0",
        "3 row - @1: before: connection refused | message=before: connection refused",
        "3 row - @13: $ echo connection refused is no command | message=$ echo connection refused is no command",
    ]
    assert told.objects(parsed) == [
        "pod/mill-1 @4 ready=0/1 status=Error restarts=0 age=4d",
        "filesystem// @7 device=/dev/sda1 used_percent=100",
    ]
    assert parsed.summary == "2 objects, 4 findings from cat notes, df -h, kubectl get pods"
    assert parsed.share_parsed == 0.5


def test_json_below_the_words_of_a_tool_keeps_its_lines() -> None:
    parsed = read_by(
        output.analyse,
        """
    $ curl -s http://kiln.test/status
    stdout:

    {
     "name": "kiln", "status": "failed",
     "broken
    """,
    )
    assert told.findings(parsed) == [
        "4 field field/kiln @5: status is failed (kiln) | field=status value=failed path=status owner=kiln",
    ]
    assert parsed.summary == "0 objects, 1 findings from curl -s http://kiln.test/status"
    assert parsed.share_parsed == 1.0
    assert parsed.notes == ("line 6: is not JSON; the part above it was read",)


def test_yaml_of_a_cluster_is_read_between_its_prompts() -> None:
    parsed = read_by(
        output.analyse,
        """
    $ kubectl get pod mill-1 -o yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: mill-1
    status:
      phase: Failed
      conditions:
      - type: Ready
        status: "False"
    $ kubectl get deploy mill -o yaml
    - apiVersion: v1
      kind: Deployment
    """,
    )
    assert told.findings(parsed) == [
        "3 unhealthy_object pod/mill-1 @7: pod/mill-1 is Failed | status=Failed reason=Failed",
        "2 condition pod/mill-1 @9: pod/mill-1: Ready is False | type=Ready status=False",
    ]
    assert told.objects(parsed) == [
        "pod/mill-1 @5 status=Failed condition.Ready=False",
    ]
    assert parsed.summary == "1 objects, 2 findings from kubectl get deploy mill -o yaml, kubectl get pod mill-1 -o yaml"
    assert parsed.share_parsed == 11 / 13


def test_a_list_on_its_own_line_is_json() -> None:
    parsed = read_by(
        output.analyse,
        """
    [
     {"name": "kiln", "status": "failed"}
    ]
    """,
    )
    assert told.findings(parsed) == [
        "4 field field/kiln @2: 0.status is failed (kiln) | field=status value=failed path=0.status owner=kiln",
    ]
    assert told.objects(parsed) == [
        "object/kiln @2 name=kiln status=failed",
    ]
    assert parsed.summary == "1 objects, 1 findings"
    assert parsed.share_parsed == 1.0


def test_a_scalar_in_quotes_is_no_tree() -> None:
    parsed = read_by(
        output.analyse,
        """
    ["connection refused"
    """,
    )
    assert told.findings(parsed) == [
        "3 field - @1: 0 is connection refused | message=connection refused value=connection refused path=0",
    ]
    assert parsed.summary == "0 objects, 1 findings"
    assert parsed.share_parsed == 1.0
    assert parsed.notes == ("line 1: ends inside a list; the part above it was read",)


def test_what_no_grammar_takes_is_read_for_telling_lines() -> None:
    parsed = read_by(
        output.analyse,
        """
    NAME     READY   STATUS    RESTARTS   AGE
    mill-1   0/1     Error     0          4d

    kiln: fatal: brick store is corrupt
    all is well
    """,
    )
    assert told.findings(parsed) == [
        "4 row - @4: kiln: fatal: brick store is corrupt | message=kiln: fatal: brick store is corrupt",
        "3.5 unhealthy_object pod/mill-1 @2: pod/mill-1 is Error, 0/1 ready, 0 restarts | reason=Error status=Error ready=0/1 restarts:0",
    ]
    assert told.objects(parsed) == [
        "pod/mill-1 @2 ready=0/1 status=Error restarts=0 age=4d",
    ]
    assert parsed.summary == "1 objects, 2 findings"
    assert parsed.share_parsed == 0.5


def test_nothing_but_the_names_of_streams_is_empty() -> None:
    parsed = read_by(
        output.analyse,
        """
    stdout:

    stderr:
    """,
        command="kubectl get pods",
    )
    assert told.findings(parsed) == [
        "0.5 empty - @1: no output kubectl get pods | command=kubectl get pods",
    ]
    assert parsed.summary == "0 objects, 1 findings from kubectl get pods"
    assert parsed.share_parsed == 0.0


def test_lists_of_things_in_json_become_objects() -> None:
    parsed = read_by(
        output.analyse,
        """
    {"nodes": [{"name": "oak-1", "healthy": false}]}
    """,
    )
    assert told.findings(parsed) == [
        "3.5 field node/oak-1 @1: nodes.0.healthy is false (oak-1) | field=healthy value=false path=nodes.0.healthy owner=oak-1",
    ]
    assert told.objects(parsed) == [
        "node/oak-1 @1 name=oak-1 healthy=false",
    ]
    assert parsed.summary == "1 objects, 1 findings"
    assert parsed.share_parsed == 1.0


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a\nb", [(1, 2, "given")]),
        ("$ kubectl get pods\na\n$ df -h\nb\nc", [(2, 2, "kubectl get pods"), (4, 5, "df -h")]),
        ("a\n[root@oak /]# sudo systemctl status\nb", [(1, 1, "given"), (3, 3, "sudo systemctl status")]),
        ("~/kiln> ps aux\nb", [(2, 2, "ps aux")]),
        ("$ echo x\nb", [(1, 2, "given")]),
        ("$ df -h\n$ uptime\nb", [(3, 3, "uptime")]),
        ("$ df -h", []),
    ],
)
def test_a_part_begins_behind_the_prompt_of_a_known_command(text: str, parts: list[tuple[int, int, str]]) -> None:
    found = prompts.parts(a_text(text).lines, "given")
    assert [(part.first, part.last, part.command) for part in found] == parts


def test_two_hundred_parts_of_a_paste_are_read() -> None:
    lines = ("$ df -h", "x") * 200
    found = prompts.parts(lines, "")
    assert len(found) == 199
    assert (found[-1].first, found[-1].last) == (398, 400)


def test_three_commands_are_named_in_order() -> None:
    text = "\n".join(f"$ {name} x\nok" for name in ("top", "df", "ps", "du"))
    assert read_by(output.analyse, text).summary == "0 objects, 0 findings from df x, du x, ps x"


def test_json_right_below_its_prompt_keeps_its_line() -> None:
    text = '$ uptime\nup 3 days\n$ curl -s http://kiln.test\n{"name": "kiln", "status": "failed"}'
    [found] = read_by(output.analyse, text).findings
    assert (found.subject, found.citations[0].first) == ("field/kiln", 4)


def test_rollouts_and_the_pull_of_a_new_tag_are_changes() -> None:
    parsed = read_by(
        output.analyse,
        """
    LAST SEEN   TYPE     REASON              OBJECT           MESSAGE
    9m          Normal   ScalingReplicaSet   deployment/mill  Scaled up replica set mill-2 to 3
    70m         Normal   Pulled              pod/mill-1-a     Successfully pulled image "yard.test/mill:1" in 1.2s
    9m          Normal   Pulled              pod/mill-2-a     Successfully pulled image "yard.test/mill:2" in 1.2s
    8m          Normal   Pulled              pod/oven-1-a     Successfully pulled image "yard.test/oven:7" in 1.2s
    """,
    )
    assert [event.what for event in parsed.events if event.change] == [
        "ScalingReplicaSet: Scaled up replica set mill-2 to 3",
        'Pulled: Successfully pulled image "yard.test/mill:2" in 1.2s',
    ]
