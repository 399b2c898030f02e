"""JSON: every shape with the line of each value, and where reading ends."""

import json

from hypothesis import given
from hypothesis import strategies as st

from domain.evidence.structure import jsontree
from domain.evidence.structure.trees import DEPTH
from tests import told
from tests.evidence import a_text


def test_every_value_has_its_line() -> None:
    text = """
    {"a": 1, "b": [true,
      null, "x",
      {"c": 2.5, "a": {}}],
     "a"
     : [],
     "d": NaN}
    [1]

    "text"
    """
    assert told.tree(jsontree.read("\n".join(a_text(text).lines))) == [
        "map @1",
        " a @1 = 1",
        " b @1",
        "  [0] @1 = True",
        "  [1] @2 = None",
        "  [2] @2 = 'x'",
        "  [3] @3",
        "   c @3 = 2.5",
        "   a @3",
        " a @5",
        " d @6 = nan",
        "list @7",
        " [0] @7 = 1",
        "scalar @9 = 'text'",
        "twice a @5",
    ]


def test_a_missing_comma_ends_an_object() -> None:
    text = """
    {"a": 1
     "b": 2}
    """
    assert told.tree(jsontree.read("\n".join(a_text(text).lines))) == [
        "map @1",
        " a @1 = 1",
        "line 2: ends inside an object",
    ]


def test_a_missing_comma_ends_a_list() -> None:
    text = """
    [1,
     2 3]
    """
    assert told.tree(jsontree.read("\n".join(a_text(text).lines))) == [
        "list @1",
        " [0] @1 = 1",
        " [1] @2 = 2",
        "line 2: ends inside a list",
    ]


def test_a_missing_colon_ends_an_object() -> None:
    text = """
    {"a"
     1}
    """
    assert told.tree(jsontree.read("\n".join(a_text(text).lines))) == [
        "map @1",
        "line 2: ends inside an object",
    ]


def test_a_bare_word_ends_a_value() -> None:
    text = """
    {"a": 1,
     "b": oops,
     "c": 2}
    """
    assert told.tree(jsontree.read("\n".join(a_text(text).lines))) == [
        "map @1",
        " a @1 = 1",
        " b @2 = None",
        "line 2: is not JSON",
    ]


def test_a_bare_key_ends_an_object() -> None:
    text = """
    {
     b: 1}
    """
    assert told.tree(jsontree.read("\n".join(a_text(text).lines))) == [
        "map @1",
        "line 2: ends inside an object",
    ]


def test_a_cut_ends_an_object() -> None:
    text = """
    {"a": {"b": 1,
     "c": [1,
    """
    assert told.tree(jsontree.read("\n".join(a_text(text).lines))) == [
        "map @1",
        " a @1",
        "  b @1 = 1",
        "  c @2",
        "   [0] @2 = 1",
        "   [1] @2 = None",
        "line 2: is not JSON",
    ]


def test_a_cut_list_ends() -> None:
    text = """
    [1, 2
    """
    assert told.tree(jsontree.read("\n".join(a_text(text).lines))) == [
        "list @1",
        " [0] @1 = 1",
        " [1] @1 = 2",
        "line 1: ends inside a list",
    ]


def test_a_bad_key_ends() -> None:
    text = """
    {"a
    """
    assert told.tree(jsontree.read("\n".join(a_text(text).lines))) == [
        "map @1",
        "line 1: is not JSON",
    ]


def test_what_is_longer_than_the_bound_is_left_out() -> None:
    text = '["' + "x" * (jsontree.LIMIT - 4) + '"]'
    assert jsontree.read(text).reason == ""
    long = jsontree.read(text + "\n[")
    assert (long.broke, long.reason, len(long.roots)) == (1, "longer than is read as one document", 1)


def test_nesting_is_followed_to_the_bound() -> None:
    assert jsontree.read("[" * DEPTH + "]" * DEPTH).reason == ""
    assert jsontree.read("[" * (DEPTH + 1) + "]" * (DEPTH + 1)).reason == "nested too deeply"
    assert jsontree.read('{"a":' * (DEPTH + 1)).reason == "nested too deeply"
    assert jsontree.read('{"a":' * DEPTH + "1" + "}" * DEPTH).reason == ""


SCALARS = st.sampled_from([0, -2.5, 1e300, True, None, "", "a", 'x"y', "a: b", "{[", "\\", "\n", "]}"])
NAMES = st.sampled_from(["a", "b", 'c"', "d:", "e\\", "{", ""])
VALUES = st.recursive(
    SCALARS, lambda below: st.lists(below, max_size=4) | st.dictionaries(NAMES, below, max_size=4), max_leaves=20
)


@given(VALUES, st.sampled_from([None, 0, 2]), st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", " :\n ")]))
def test_what_is_decoded_at_once_has_the_lines_of_what_is_read_part_by_part(
    value: object, indent: int | None, signs: tuple[str, str]
) -> None:
    text = json.dumps([value], indent=indent, separators=signs)
    commented = jsontree.read(text[:-1] + "/**/]")
    assert told.tree(jsontree.read(text)) == told.tree(commented)


def test_a_key_set_twice_is_told_by_its_line_wherever_it_stands() -> None:
    text = '{"a": [{"b": 1},\n {"b": 1,\n "b": 2}],\n "c": {"d": 1}, "a": 2}'
    assert jsontree.read(text).duplicates == (("b", 3), ("a", 4))


def test_brackets_inside_strings_are_no_nesting() -> None:
    assert jsontree.read('["' + "[" * 500 + '", "]]"]').reason == ""
    assert jsontree.read("[" * 100 + ('"]",' * 100) + "]" * 100).reason == "nested too deeply"


def test_a_long_list_that_is_cut_keeps_what_stands_before_the_cut() -> None:
    tree = jsontree.read("[\n" + '{"a": {"b": [1, 2]}},\n' * 1_000 + '{"a": {"b": [1,')
    assert (len(tree.roots[0].items), tree.broke, tree.reason) == (1_001, 1_002, "is not JSON")
    assert tree.roots[0].items[-1].get("a", "b").line == 1_002
