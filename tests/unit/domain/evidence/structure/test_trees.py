"""JSON, YAML and settings in lines keep the line of every value, also of the part before a break."""

import json
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence.structure import curly, directives, flat, jsontree, yamltree
from domain.evidence.structure.trees import DEPTH, Node, Tree, listing, mapping, numeric, scalar, walk

SCALARS = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=20)
VALUES = st.recursive(
    SCALARS, lambda v: st.lists(v, max_size=4) | st.dictionaries(st.text(max_size=8), v, max_size=4), max_leaves=20
)


def plain(node: Node) -> object:
    if node.shape == "map":
        return {key: plain(child) for key, child in node.fields}
    return [plain(item) for item in node.items] if node.shape == "list" else node.value


def lines_of(tree: Tree) -> dict[str, int]:
    return {".".join(path): node.line for root in tree.roots for path, node in walk(root) if node.shape == "scalar"}


@given(VALUES)
def test_json_reads_back_what_was_written(value: object) -> None:
    tree = jsontree.read(json.dumps(value, indent=1))
    assert not tree.broke
    assert plain(tree.roots[0]) == value


@given(VALUES, st.integers(1, 200))
def test_cut_json_yields_its_prefix_and_never_fails(value: object, cut: int) -> None:
    text = json.dumps(value, indent=1)
    tree = jsontree.read(text[:cut])
    assert tree.broke <= text.count("\n") + 1


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    assert jsontree.read(text).broke >= 0
    assert yamltree.read(tuple(text.split("\n"))).broke >= 0
    assert flat.ini(tuple(text.split("\n"))).broke == 0


def test_json_knows_the_line_of_each_value_and_the_line_where_it_broke() -> None:
    tree = jsontree.read('{\n "a": 1,\n "b": {"c": [true,\n  null]},\n "d": oops\n}')
    assert lines_of(tree) == {"a": 2, "b.c.0": 3, "b.c.1": 4, "d": 5}
    assert tree.broke == 5


def test_json_counts_keys_that_occur_twice() -> None:
    assert jsontree.read('{"port": 1,\n"port": 2}').duplicates == (("port", 2),)


def test_json_tolerates_not_a_number_and_huge_numbers() -> None:
    tree = jsontree.read('{"a": NaN, "b": -Infinity, "c": 1e999}')
    assert [tree.roots[0].number(key) for key in "abc"] == [None, None, None]


def test_nesting_deeper_than_the_bound_is_not_followed() -> None:
    tree = jsontree.read("[" * 500 + "]" * 500)
    assert tree.reason == "nested too deeply"
    deep = tuple(" " * n + f"k{n}:" for n in range(DEPTH + 20))
    assert yamltree.read(deep).reason


def test_yaml_reads_maps_lists_quotes_and_blocks_with_their_lines() -> None:
    text = """name: web
spec:
  replicas: 3
  hosts:
  - a.example
  - name: b
    port: 80
  labels: {tier: front, zone: "eu"}
  note: 'it''s
    long'
  script: |
    line one: x
    line two
  empty:
last: "y"
"""
    root = yamltree.read(tuple(text.split("\n"))).roots[0]
    assert plain(root) == {
        "name": "web",
        "spec": {
            "replicas": "3",
            "hosts": ["a.example", {"name": "b", "port": "80"}],
            "labels": {"tier": "front", "zone": "eu"},
            "note": "it's long",
            "script": "line one: x\nline two",
            "empty": None,
        },
        "last": "y",
    }
    assert root.get("spec", "hosts").items[1].get("port").line == 7


def test_yaml_of_several_documents_gives_several_roots() -> None:
    assert [root.text("kind") for root in yamltree.read(("kind: A", "---", "kind: B")).roots] == ["A", "B"]


def test_yaml_says_where_a_line_fits_nowhere() -> None:
    tree = yamltree.read(("a: 1", "b:", "  c: 2", "]] what", "d: 3"))
    assert tree.broke == 4
    assert tree.roots[0].text("b", "c") == "2"


@dataclass(frozen=True)
class Case:
    text: str
    path: tuple[str, ...]
    value: str
    line: int


@pytest.mark.parametrize(
    "case",
    [
        Case("[main]\nport = 80\n; note\n[db]\nhost = x # y", ("db", "host"), "x", 5),
        Case("A=1\nexport B='two words'", ("B",), "two words", 2),
        Case('[tool.x]\nname = "n"', ("tool.x", "name"), "n", 2),
    ],
)
def test_settings_in_lines_keep_sections_and_lines(case: Case) -> None:
    node = flat.ini(tuple(case.text.split("\n"))).roots[0].get(*case.path)
    assert (node.value, node.line) == (case.value, case.line)


def test_braces_and_bare_sections_become_blocks() -> None:
    nginx = curly.read((
        "upstream up {",
        "  server 10.0.0.1:80;",
        "}",
        "server {",
        "  location / {",
        "    proxy_pass http://up;",
        "  }",
        "}",
    ))
    assert nginx.roots[0].get("server", "location /", "proxy_pass").line == 6
    haproxy = directives.indented(("global", "  maxconn 10", "backend api", "  balance roundrobin"))
    assert haproxy.roots[0].text("backend api", "balance") == "roundrobin"


def test_only_finite_numbers_are_numbers() -> None:
    assert [numeric(v) for v in ("1.5", "nan", "inf", True, None, "x", 10**400)] == [1.5, None, None, None, None, None, None]


def test_a_node_is_asked_by_names_and_says_its_scalars_as_documents_print_them() -> None:
    root = jsontree.read('{"a": {"n": "7", "yes": true, "no": false, "none": null, "x": 1.5}, "a2": [1]}').roots[0]
    assert [root.text("a", key) for key in ("n", "yes", "no", "none", "x", "gone")] == ["7", "true", "false", "", "1.5", ""]
    assert [root.number("a", key) for key in ("n", "yes", "none", "x", "gone")] == [7.0, None, None, 1.5, None]
    assert root.get("a", "n", "deeper") is None
    assert root.get() is root
    assert jsontree.read('{"a": 1, "a": 2}').roots[0].text("a") == "2"


def test_nodes_are_walked_with_their_paths_down_to_the_bound() -> None:
    root = jsontree.read('{"a": [{"b": 1}, 2]}').roots[0]
    assert [path for path, _ in walk(root)] == [(), ("a",), ("a", "0"), ("a", "0", "b"), ("a", "1")]
    chain = scalar(1, 1)
    for n in range(DEPTH + 1):
        chain = listing(1, [chain]) if n % 2 else mapping(1, [("k", chain)])
    assert max(len(path) for path, _ in walk(chain)) == DEPTH
