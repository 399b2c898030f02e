"""Descriptions: paths, values and tables with their lines."""

import pytest

from domain.evidence.structure import describe
from domain.evidence.structure.describe import Description
from tests.evidence import a_text


def told(one: Description) -> list[str]:
    """`path @line = value` of every field, then `table @line cells` of every row."""
    fields = [f"{' / '.join(f.path)} @{f.line} = {f.value}" for f in one.fields]
    return [*fields, *(f"{name} @{row.line} {dict(row.cells)}" for name, rows in one.tables.items() for row in rows)]


DESCRIBED = a_text("""
above: ignored
Name:             mill
Labels:           app=mill
                  tier: back
                  zone=north
Annotations:      note: some words
                  more: words
Empty:            <none>
Unset:            <unset>
Nil:              <nil>
Blank:
  Args:
    --level: high
    last
  Command:
    run: it
  Deep Key (x):   1
    Deeper:  2
  "quoted": no key
Conditions:
  Type              Status
  Initialized       True
  Ready             False
Volumes:
  grain:
    Type:  Claim
Events:
  Type     Reason   Message
  ----     ------   -------
  Normal   Pulled   image: present
  Warning  BackOff  waits

After:  done
Resource  Used  Hard
--------  ----  ----
pods      1     10
Name:  second
Only:  one
not a key
""").lines


def test_every_line_becomes_a_field_a_row_or_more_of_the_value_above() -> None:
    first, second = describe.split(DESCRIBED, 1, len(DESCRIBED))
    assert ((first.first, first.last), (second.first, second.last)) == ((2, 36), (37, 39))
    assert told(first) == [
        "Name @2 = mill",
        "Labels @3 = app=mill",
        "Labels @4 = tier: back",
        "Labels @5 = zone=north",
        "Annotations @6 = note: some words",
        "Annotations @7 = more: words",
        "Empty @8 = <none>",
        "Unset @9 = <unset>",
        "Nil @10 = <nil>",
        "Blank @11 = ",
        "Blank / Args @12 = ",
        "Blank / Args @13 = --level: high",
        "Blank / Args @14 = last",
        "Blank / Command @15 = ",
        "Blank / Command @16 = run: it",
        "Blank / Deep Key (x) @17 = 1",
        "Blank / Deep Key (x) / Deeper @18 = 2",
        'Blank @19 = "quoted": no key',
        "Conditions @20 = ",
        "Volumes @24 = ",
        "Volumes / grain @25 = ",
        "Volumes / grain / Type @26 = Claim",
        "Events @27 = ",
        "After @33 = done",
        "Conditions @22 {'Type': 'Initialized', 'Status': 'True'}",
        "Conditions @23 {'Type': 'Ready', 'Status': 'False'}",
        "Events @30 {'Type': 'Normal', 'Reason': 'Pulled', 'Message': 'image: present'}",
        "Events @31 {'Type': 'Warning', 'Reason': 'BackOff', 'Message': 'waits'}",
        "After @36 {'Resource': 'pods', 'Used': '1', 'Hard': '10'}",
    ]
    assert told(second) == [
        "Name @37 = second",
        "Only @38 = one",
        "Only @39 = not a key",
    ]


def test_values_are_asked_for_by_path() -> None:
    first, second = describe.split(DESCRIBED, 1, len(DESCRIBED))
    assert first.text("Labels") == "app=mill tier: back zone=north"
    assert [first.text(name) for name in ("Empty", "Unset", "Nil", "gone")] == [""] * 4
    assert first.text("Blank", "Deep Key (x)", "Deeper") == "2"
    assert (first.line("Blank", "Command"), first.line("gone"), second.line("gone")) == (15, 2, 37)
    assert first.names("Blank") == ["Args", "Command", "Deep Key (x)"]
    assert first.names("gone") == []


def test_only_the_lines_between_two_are_read() -> None:
    assert describe.split(("Name: a", "Name: b", "x: 1", "Name: c"), 2, 3)[0].text("x") == "1"
    assert len(describe.split(("Name: a", "Name: b", "x: 1", "Name: c"), 2, 3)) == 1
    assert describe.split(("a: 1", "b: 2"), 1, 2) == []


def test_a_table_at_the_end_has_the_rows_that_are_there() -> None:
    [one] = describe.split(("Name: a", "Events:", "  Type  Age", "  ----  ---"), 1, 4)
    assert one.tables == {"Events": ()}
    [two] = describe.split(("Name: a", "Events:", "  Type  Age", "  ----  ---", "  Odd   1m", "After: x"), 1, 6)
    assert [row.line for row in two.tables["Events"]] == [5]
    assert two.text("After") == "x"
    [three] = describe.split(("Name: a", "Events:", "  Type  Age", "  ----  ---", "After: x"), 1, 5)
    assert (three.tables, three.text("After")) == ({"Events": ()}, "x")


POD = a_text("""
Name:             mill
Status:           Running
Containers:
  grind:
    Image:          mill:2
    Port:           <none>
    Command:
      sh
      -c
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       OOMKilled
Conditions:
  Type              Status
  Ready             False
  PodScheduled      True
Events:
  Type     Reason   Age   From     Message
  ----     ------   ----  ----     -------
  Warning  BackOff  87s   kubelet  Back-off restarting
  Normal   Pulled   80s   kubelet  pulled
""").lines
STRAY = {
    "json": '{"ts":"10:00","level":"error","msg":"login failed"}',
    "log line": "2026-03-01 10:00:04 ERROR payment failed",
    "klog": "E1103 04:12:09.114231       1 reflector.go:138] watch failed",
    "stack": 'Traceback (most recent call last):\n  File "/srv/app.py", line 3, in <module>\nValueError: no',
    "yaml": "metadata:\n  annotations:\n    summary: 'run it'",
    "key of one blank": "Caused by: a.b.Fault: here\n\t... 12 more",
    "heading": "## Resolution\nDowngrade every node.",
    "query": "-- a remark: mark it\nSELECT 1;",
}
"""Kinds of text that something else prints between the lines of a description."""


@pytest.mark.parametrize("stray", STRAY.values(), ids=STRAY)
def test_what_something_else_prints_between_ends_no_section(stray: str) -> None:
    (plain,) = describe.split(tuple(POD), 1, len(POD))
    wanted = [(one.path, one.value) for one in plain.fields]
    rows = {name: [dict(row.cells) for row in table] for name, table in plain.tables.items()}
    for place in (place for place in range(4, len(POD)) if POD[place].startswith(" ")):
        lines = (*POD[:place], *stray.split("\n"), *POD[place:])
        (found,) = describe.split(lines, 1, len(lines))
        assert [(one.path, one.value) for one in found.fields] == wanted, POD[place]
        assert {name: [dict(row.cells) for row in table] for name, table in found.tables.items()} == rows, POD[place]
        assert all(lines[one.line - 1].strip().endswith(one.value) for one in found.fields)
