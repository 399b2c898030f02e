"""What is looked for in documents is found as a walk over every node finds it."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.evidence.structure import jsontree
from domain.evidence.structure.sought import Nest, sought
from domain.evidence.structure.trees import branches

SCALARS = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["", "bad", "7"])
NAMES = st.sampled_from(["a", "b", "7", "state"])
DOCUMENTS = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)


def is_bad(above: str, raw: Nest) -> bool:
    parts = raw.values() if isinstance(raw, dict) else raw
    return above == "state" or "bad" in [part for part in parts if isinstance(part, str)]


@settings(max_examples=30)
@given(DOCUMENTS, st.booleans())
def test_all_that_is_wanted_is_met_and_only_what_lies_around_it_besides(document: object, cut: bool) -> None:
    text = json.dumps({"of": document}, indent=1)
    root = jsontree.read(text[:-1] if cut else text).roots[0]
    met = dict(sought(root, is_bad))
    every = dict(branches(root))
    wanted = [path for path, node in every.items() if _wanted(path, node.shape, text)]
    assert set(wanted) <= set(met) <= set(every)
    assert [met[path].line for path in wanted] == [every[path].line for path in wanted]
    assert all(cut or any(one[: len(path)] == path for one in wanted) for path in met)


def test_parents_come_first_and_in_their_order() -> None:
    root = jsontree.read('{"b": [{"x": "bad"}, {"x": "good"}, {"y": {"z": "bad"}}], "a": {"x": "bad"}}').roots[0]
    assert [path for path, _ in sought(root, is_bad)] == [(), ("b",), ("b", "0"), ("b", "2"), ("b", "2", "y"), ("a",)]


def test_a_document_without_any_is_passed_by() -> None:
    root = jsontree.read('{"b": [{"x": "good"}]}').roots[0]
    assert list(sought(root, is_bad)) == []


def _wanted(path: tuple[str, ...], shape: str, text: str) -> bool:
    raw = json.loads(text)
    for step in path:
        raw = raw[int(step)] if isinstance(raw, list) else raw[step]
    above = next((part for part in reversed(path) if not part.isdigit()), "")
    return shape != "scalar" and is_bad(above, raw)
