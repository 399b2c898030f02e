"""Hostile settings: nothing expands, nothing nests without end, nothing takes long, and any text is read or refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.evidence.analyse import analyse
from domain.evidence.code import program
from domain.evidence.configs import configuration
from domain.evidence.structure import languages
from domain.evidence.structure.trees import DEPTH, Tree, walk
from domain.evidence.values import Context, Document, Parsed, Text
from tests.evidence import OBSERVED
from tests.pace import within

pytestmark = pytest.mark.unmeasured

DEEP = 100_000
NESTED = {
    "json lists": "[" * DEEP,
    "json maps": '{"a":' * DEEP,
    "yaml flow": "a: " + "[" * DEEP,
    "yaml dashes": "- " * DEEP,
    "yaml indent": "\n".join(" " * min(depth, 2_000) + "k:" for depth in range(3_000)),
    "toml lists": "a = " + "[" * DEEP,
    "toml tables": "a = " + "{a=" * DEEP,
    "toml names": "[" + ".".join(["a"] * DEEP) + "]",
    "xml": "<a>" * DEEP,
    "hcl": "a {\n" * (DEEP // 2),
    "braces": "a {" * DEEP + ";",
    "brackets": "a = " + "(" * DEEP,
    "quotes": '"' * DEEP,
    "sections": "<VirtualHost a>\n" * (DEEP // 2),
}
LAUGHS = {
    "yaml flow": "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
    + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)),
    "yaml lists": "a0: &a0\n" + "  - x\n" * 9 + "".join(f"a{n}: &a{n}\n" + f"  - *a{n - 1}\n" * 9 for n in range(1, 30)),
    "yaml merges": "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n}\n  <<: *a{n - 1}\n  k{n}: 1\n" for n in range(1, 2_000)),
    "xml entities": '<!DOCTYPE l [\n<!ENTITY e0 "lol">\n'
    + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">\n' for n in range(1, 10))
    + "]>\n<l>&e9;</l>",
    "xml outside": '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<l>&x;</l>',
}
LONG = 64 << 20


def nodes(tree: Tree) -> int:
    return sum(1 for root in tree.roots for _ in walk(root))


@pytest.mark.parametrize("text", NESTED.values(), ids=NESTED)
@pytest.mark.parametrize("language", languages.READERS)
def test_no_reader_follows_endless_nesting(language: str, text: str) -> None:
    with within(3):
        tree = languages.READERS[language](tuple(text.split("\n")))
    assert max((len(path) for root in tree.roots for path, _ in walk(root)), default=0) <= DEPTH


@pytest.mark.parametrize("text", LAUGHS.values(), ids=LAUGHS)
def test_what_multiplies_itself_is_not_expanded(text: str) -> None:
    with within(2):
        tree = languages.read(tuple(text.split("\n")))
    assert nodes(tree) <= 25_000
    assert "root:" not in repr(tree)[:200_000]


@pytest.mark.parametrize("unit", ["key = 1\n", "key: 1\n", '{"a": 1},\n', "<a>b</a>\n", "x" * 64])
def test_sixty_four_megabytes_are_read_up_to_the_bound(unit: str) -> None:
    rows = tuple((unit * (LONG // len(unit))).split("\n"))
    with within(10):
        tree = languages.read(rows)
    assert nodes(tree) <= 2 * languages.MOST + 2


def cited(parsed: Parsed) -> list[tuple[int, int]]:
    places = [c for one in parsed.findings for c in one.citations]
    places += [one.citation for one in (*parsed.objects, *parsed.edges, *parsed.events)]
    return [(one.first, one.last) for one in places]


PIECES = st.sampled_from([
    "a", "key", ": ", " = ", "{", "}", "[", "]", "\n", "\n  ", "\n- ", "  ", "\t", '"', "'", "#", ";", "<a>", "</a>", "<a b='c'/>", "&x ", "*x", "<<: ", "|", ">", "1", "5s", "FROM ", "server ",
    "resource ", "timeout", "min", "max", "port", "image", "services:\n", "\nkind: Service\nmetadata:\n  name: x\n", "---\n", "<!--", "]]>", "\\", "EOF", "<<EOF\n", "${X}", "password", "def f(x):\n", "@@ -1 +1 @@\n", "+a\n", "-a\n", "diff --git a/x b/x\n",
])  # fmt: skip
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=200)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_any_text_is_a_configuration_or_a_program_that_cites_its_own_lines(text: str) -> None:
    lines = Text(lines=tuple(text.split("\n")))
    document = Document(evidence="e1", name="x", chunks=(text.encode("utf-8", "replace"),), observed_at=OBSERVED)
    for read in (configuration.analyse, program.analyse):
        parsed = read(lines, document, Context(observed_at=OBSERVED, question="it fails in f() at x:1"))
        assert all(1 <= first <= last <= len(lines.lines) for first, last in cited(parsed))


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS)
def test_any_two_texts_are_compared(old: str, new: str) -> None:
    before, after = (
        Document(evidence=name, name=name, chunks=(text.encode("utf-8", "replace"),), size=len(text), observed_at=OBSERVED)
        for name, text in (("old", old), ("new", new))
    )
    found = analyse(after, Context(observed_at=OBSERVED, baseline=before))
    assert not [note for note in found.coverage.notes if "its own reader failed" in note]
    assert {c.evidence for one in found.findings for c in one.citations} <= {"old", "new"}


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(languages.READERS)), TEXTS)
def test_every_reader_takes_any_text(language: str, text: str) -> None:
    rows = tuple(text.split("\n"))
    tree = languages.READERS[language](rows)
    assert all(1 <= node.line <= len(rows) for root in tree.roots for _, node in walk(root))
    assert all(1 <= line <= len(rows) for _, line in (*tree.faults, *tree.duplicates))
