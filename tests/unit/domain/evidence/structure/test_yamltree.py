"""YAML: every shape with the line of each value, and where reading ends."""

import pytest

from domain.evidence.structure import yamltree
from domain.evidence.structure.trees import DEPTH, Tree, walk
from tests import told
from tests.evidence import a_text


def test_maps_lists_and_scalars_nest_in_every_way() -> None:
    text = r"""
    # a comment
    name: kiln # why
    port:   80
    empty:
    nothing: ~
    none: null
    yes: true
    no: FALSE
    "quoted key": 'it''s'
    'single': "say \"hi\"\nnow"
    list:
    - one
    - two: 2
      three: 3
    -
      four: 4
    - - five
    - {six: 6, seven: [7, eight], url: http://x.test/a}
    -
    deep:
      - [a, --b, -1, 2.5]
      -   wide: 1
          same: 2
    anchored: &top
      a: 1
    tagged: !secret
    next: 1
    after: # note
      b: 2

    last: "x # y" # z
    """
    assert told.tree(yamltree.read(a_text(text).lines)) == [
        "map @2",
        " name @2 = 'kiln'",
        " port @3 = '80'",
        " empty @4 = None",
        " nothing @5 = None",
        " none @6 = None",
        " yes @7 = True",
        " no @8 = False",
        ' quoted key @9 = "it\'s"',
        " single @10 = 'say \"hi\"\\nnow'",
        " list @12",
        "  [0] @12 = 'one'",
        "  [1] @13",
        "   two @13 = '2'",
        "   three @14 = '3'",
        "  [2] @16",
        "   four @16 = '4'",
        "  [3] @17",
        "   [0] @17 = 'five'",
        "  [4] @18",
        "   six @18 = 6",
        "   seven @18",
        "    [0] @18 = 7",
        "    [1] @18 = 'eight'",
        "   url @18 = 'http://x.test/a'",
        "  [5] @19 = None",
        " deep @21",
        "  [0] @21",
        "   [0] @21 = 'a'",
        "   [1] @21 = '--b'",
        "   [2] @21 = -1",
        "   [3] @21 = 2.5",
        "  [1] @22",
        "   wide @22 = '1'",
        "   same @23 = '2'",
        " anchored @25",
        "  a @25 = '1'",
        " tagged @26 = None",
        " next @27 = '1'",
        " after @29",
        "  b @29 = '2'",
        " last @31 = 'x # y'",
    ]


def test_text_goes_on_below_when_it_is_folded_quoted_or_a_block() -> None:
    text = """
    plain: first
      second

      third
    double: "first
      second" # end
    single: 'it''s
      long'
    flow: {a: 1,
      b: 2}
    block: |
      line one: x

        line two
    folded: >-
      f one
      f two
    list:
    - text
      goes on
    - key: |
        inside
    after: 1
    """
    assert told.tree(yamltree.read(a_text(text).lines)) == [
        "map @1",
        " plain @1 = 'first second third'",
        " double @5 = 'first second'",
        ' single @7 = "it\'s long"',
        " flow @9",
        "  a @9 = 1",
        "  b @10 = 2",
        " block @11 = 'line one: x\\n\\nline two'",
        " folded @15 = 'f one\\nf two'",
        " list @19",
        "  [0] @19 = 'text goes on'",
        "  [1] @21",
        "   key @21 = 'inside'",
        " after @23 = '1'",
    ]


def test_several_documents_have_several_roots() -> None:
    text = """
    --- # first
    a: 1
    a: 2
    ---
    - x
    ...
    plain words
    --- {b: 1}
    """
    assert told.tree(yamltree.read(a_text(text).lines)) == [
        "map @2",
        " a @2 = '1'",
        " a @3 = '2'",
        "list @5",
        " [0] @5 = 'x'",
        "scalar @7 = 'plain words'",
        "twice a @3",
    ]


def test_a_line_that_fits_nowhere_ends_the_reading_of_its_document() -> None:
    text = """
    a: 1
    b:
      c: 2
    ]] what
    d: 3
    ---
    e: 1
       f: 2
      g: 3
    ---
    h: 1
    """
    assert told.tree(yamltree.read(a_text(text).lines)) == [
        "map @1",
        " a @1 = '1'",
        " b @3",
        "  c @3 = '2'",
        "map @7",
        " e @7 = '1 f: 2 g: 3'",
        "map @11",
        " h @11 = '1'",
        "line 4: fits no structure",
    ]


def test_a_key_below_a_value_belongs_to_the_text() -> None:
    text = """
    a: 1
      b: 2
    c:
    d: 1
    e:
    - x
    - y
    f: -1
    g: - no list
    """
    assert told.tree(yamltree.read(a_text(text).lines)) == [
        "map @1",
        " a @1 = '1 b: 2'",
        " c @3 = None",
        " d @4 = '1'",
        " e @6",
        "  [0] @6 = 'x'",
        "  [1] @7 = 'y'",
        " f @8 = '-1'",
        " g @9 = '- no list'",
    ]


def test_only_the_lines_between_two_are_read() -> None:
    rows = ("x: 1", "a: 1", "b: 2", "y: 3")
    assert told.tree(yamltree.read(rows, 2, 3)) == ["map @2", " a @2 = '1'", " b @3 = '2'"]
    assert told.tree(yamltree.read(("", "# only", "---"))) == []


def test_a_document_longer_than_the_bound_is_cut_and_says_so() -> None:
    rows = ("a: 1",) + ("b: 2",) * (yamltree.LINES - 1)
    assert yamltree.read(rows).reason == ""
    cut = yamltree.read((*rows, "c: 3"))
    assert (cut.broke, cut.reason) == (yamltree.LINES, "longer than is read as one document")
    assert cut.roots[0].get("c") is None


def test_nesting_is_followed_to_the_bound() -> None:
    def nested(depth: int) -> Tree:
        return yamltree.read(tuple(" " * n + f"k{n}:" for n in range(depth)))

    assert nested(DEPTH).reason == ""
    assert (nested(DEPTH + 1).broke, nested(DEPTH + 1).reason) == (DEPTH + 1, "nested too deeply")
    dashes = yamltree.read(tuple(" " * n + "-" for n in range(DEPTH + 1)))
    assert (dashes.broke, dashes.reason) == (DEPTH + 1, "nested too deeply")


def test_text_may_go_on_to_the_last_line() -> None:
    assert told.tree(yamltree.read(("a: one", "  two"))) == ["map @1", " a @1 = 'one two'"]
    assert told.tree(yamltree.read(("a: |", "  one"))) == ["map @1", " a @1 = 'one'"]
    assert told.tree(yamltree.read(('a: "one', '  two"'))) == ["map @1", " a @1 = 'one two'"]


def test_nothing_goes_on_behind_a_closing_quote() -> None:
    assert told.tree(yamltree.read(('a: "one"', "  two", "b: 1"))) == ["map @1", " a @1 = 'one'", "line 2: fits no structure"]
    assert told.tree(yamltree.read(('a: "one', '  two"', "  three"))) == [
        "map @1",
        " a @1 = 'one two'",
        "line 3: fits no structure",
    ]


def test_braces_that_are_no_map_stay_text() -> None:
    assert told.tree(yamltree.read(("a: {{ .Values.name }} # why", "b: [1"))) == [
        "map @1",
        " a @1 = '{{ .Values.name }}'",
        " b @2 = '[1'",
    ]


MAP = a_text("""
kind: alert
labels:
  app: mill
  note: 'a long text
    that goes on

    and ends here: now'
  zone: north
description: two lines
  of plain text
items:
- name: one
  reason: none
- name: two
""").lines
STRAY = {
    "json": '{"time":"1970-01-01T00:00:00Z","level":"fatal","msg":"first"}',
    "log line": "2026-03-01 10:00:04 ERROR payment failed",
    "sentence": "note to all: this line is no key of the map below",
    "access log": '203.0.113.50 - - [03/Nov/2025:04:14:22 +0000] "POST /login HTTP/1.1" 500 12',
    "query": "-- a remark: mark it\nSELECT 1;",
}


@pytest.mark.parametrize("stray", STRAY.values(), ids=STRAY)
def test_what_something_else_prints_into_a_map_ends_no_map(stray: str) -> None:
    wanted = [one for one in values(yamltree.read(MAP)) if one[0][-1] not in {"note", "description"}]
    for place in (place for place in range(3, len(MAP)) if MAP[place].startswith(" ")):
        found = values(yamltree.read((*MAP[:place], *stray.split("\n"), *MAP[place:])))
        assert [one for one in wanted if one in found] == wanted, MAP[place]


def values(tree: Tree) -> list[tuple[tuple[str, ...], object]]:
    return [(path, node.value) for root in tree.roots for path, node in walk(root) if node.shape == "scalar"]


def test_text_that_is_no_yaml_for_its_most_part_is_not_mended() -> None:
    prose = "note: something\nwords that are no key\nmore words\nand more\n  indented: key".splitlines()
    assert yamltree.read(tuple(prose)).broke == 2


def test_a_stray_line_is_a_fault_of_the_document_with_its_place() -> None:
    lines = "a: 1\nb:\n  c: 2\nstray words\n  d: 3\ne: 4".splitlines()
    found = yamltree.read(tuple(lines))
    assert ("this line is no part of the document", 4) in found.faults
    assert [path for path, _ in values(found)] == [("a",), ("b", "c"), ("b", "d"), ("e",)]
