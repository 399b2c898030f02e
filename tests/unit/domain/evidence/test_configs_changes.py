"""Two versions of a configuration are compared by path, also across formats; the riskiest change comes first."""

from __future__ import annotations

import json
import secrets

from hypothesis import given
from hypothesis import strategies as st

from domain.evidence.analyse import analyse
from domain.evidence.configs.difference import difference
from domain.evidence.decoding.decode import line_hash
from domain.evidence.structure import languages
from domain.evidence.structure.trees import Tree
from domain.evidence.values import Analysis, Context, Document, Finding
from tests.evidence import OBSERVED

OLD = """
services:
  api:
    image: kiln:1.4.2
    labels: {team: yard}
    environment: [MODE=fast, LEVEL=info]
    ports: ["80:80", "81:81"]
    timeout: 30s
    replicas: 3
  web:
    image: web:1
"""
NEW = """
services:
  web:
    image: web:1
  api:
    ports: ["81:81", "80:80", "82:82"]
    environment: {LEVEL: debug, MODE: fast}
    image: kiln:1.5.0
    labels: {team: field}
    timeout: 5
    replicas: 3
"""


def tree(text: str) -> Tree:
    return languages.read(tuple(text.strip("\n").split("\n")))


def told(old: str, new: str) -> list[str]:
    return [
        f"{one.kind} {one.where} {one.before}->{one.after} {one.old_line}:{one.new_line}"
        for one in difference(tree(old), tree(new))
    ]


def document(text: str, name: str) -> Document:
    data = text.encode()
    return Document(evidence=name, name=name, chunks=(data,), size=len(data), observed_at=OBSERVED)


def compared(old: str, new: str) -> Analysis:
    return analyse(document(new, "new"), Context(observed_at=OBSERVED, baseline=document(old, "old")))


def changes(analysis: Analysis) -> list[Finding]:
    return [one for one in analysis.findings if one.kind == "change"]


def test_changes_are_told_by_path_and_ordered_by_risk() -> None:
    assert told(OLD, NEW) == [
        "changed services.api.image kiln:1.4.2->kiln:1.5.0 3:7",
        "added services.api.ports ->82:82 0:5",
        "type changed services.api.timeout 30s->5 7:9",
        "changed services.api.environment.LEVEL info->debug 5:6",
        "changed services.api.labels.team yard->field 4:8",
    ]


def test_the_same_tree_in_another_format_is_no_change() -> None:
    value = {"server": {"port": 80, "on": True}, "hosts": ["a", "b"]}
    assert told(json.dumps(value), 'server:\n  "on": true\n  port: 80\nhosts:\n- b\n- a\n') == []


def test_a_number_that_becomes_text_is_another_type_where_the_format_tells_them_apart() -> None:
    assert told('{"port": 80}', '{"port": "80"}') == ["type changed port 80->80 1:1"]


def test_the_order_of_arguments_is_kept_and_that_of_hosts_is_not() -> None:
    assert told("args: [a, b]\nhosts: [a, b]", "args: [b, a]\nhosts: [b, a]") == ["reordered args a->b 1:1"]


def test_documents_are_paired_by_kind_and_name() -> None:
    one = "kind: A\nmetadata: {name: x}\nspec: {n: 1}"
    two = "kind: B\nmetadata: {name: y}\nspec: {n: 2}"
    assert told(f"{one}\n---\n{two}", f"{two}\n---\n{one}") == []
    assert [line.split(" ")[1] for line in told(f"{one}\n---\n{two}", f"{one}\n---\n{two.replace('n: 2', 'n: 3')}")] == [
        "b/y.spec.n"
    ]


def test_a_block_that_is_gone_is_one_change() -> None:
    [gone] = difference(tree("a: {x: 1, y: 2}\nb: 1"), tree("b: 1"))
    assert (gone.kind, gone.path, gone.settings, gone.old_line) == ("removed", ("a",), 2, 1)


def test_a_baseline_makes_findings_that_cite_both_documents() -> None:
    first, *rest = changes(compared(OLD, NEW))
    assert first.statement == "services.api.image: kiln:1.4.2 → kiln:1.5.0"
    assert [(cited.evidence, cited.first) for cited in first.citations] == [("new", 8), ("old", 4)]
    for one in (first, *rest):
        for cited in one.citations:
            rows = (NEW if cited.evidence == "new" else OLD).split("\n")
            assert cited.hash == line_hash(rows[cited.first - 1 : cited.last])


def test_a_changed_secret_is_told_without_its_values() -> None:
    before, after = secrets.token_hex(12), secrets.token_hex(12)
    analysis = compared(f"user: a\npassword: {before}\n", f"user: a\npassword: {after}\n")
    assert [one.statement for one in changes(analysis)] == ["password is another secret"]
    assert before not in repr(analysis)
    assert after not in repr(analysis)


def test_a_baseline_about_something_else_is_not_compared() -> None:
    analysis = compared("just some words that say nothing", OLD)
    assert changes(analysis) == []
    assert "the baseline has nothing in common with this configuration: not compared" in analysis.coverage.notes


VALUES = st.recursive(
    st.integers(-99, 99) | st.booleans() | st.text("abc", max_size=4),
    lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text("xyz", min_size=1, max_size=3), v, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text("pqr", min_size=1, max_size=2), VALUES, max_size=4))
def test_a_document_does_not_differ_from_itself(value: dict[str, object]) -> None:
    assert difference(tree(json.dumps(value)), tree(json.dumps(value, indent=2))) == ()


@given(
    st.dictionaries(st.text("pqr", min_size=1, max_size=2), VALUES, max_size=4),
    st.dictionaries(st.text("pqr", min_size=1, max_size=2), VALUES, max_size=4),
)
def test_what_is_added_one_way_is_removed_the_other(one: dict[str, object], other: dict[str, object]) -> None:
    there, back = (difference(tree(json.dumps(a)), tree(json.dumps(b))) for a, b in ((one, other), (other, one)))
    turned = {"added": "removed", "removed": "added"}
    assert sorted((c.path, turned.get(c.kind, c.kind)) for c in there) == sorted((c.path, c.kind) for c in back)
