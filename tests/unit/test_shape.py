"""The shape of the code: sizes, forbidden things and repetition, measured over every source file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("domain", "workflows", "activities", "api", "worker", "cli")
FILE_LINES, FUNCTION_LINES = 400, 50
BROAD_EXCEPTS = {"workflows/guard.py": 2, "api/errors.py": 1, "worker/main.py": 1, "cli/up.py": 1}
"""The handler guard and the process edges; nowhere else, and never more than four in all."""
ALIKE_LINES, ALIKE, ALIKE_SHARE = 15, 0.8, 0.02
"""Functions of that many lines are near-duplicates when they share that part of their line pairs (Jaccard)."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def sources() -> tuple[Path, ...]:
    return tuple(path for name in PACKAGES for path in sorted((ROOT / name).rglob("*.py")))


@cache
def test_files() -> tuple[Path, ...]:
    return tuple(sorted((ROOT / "tests").rglob("*.py")))


test_files.__test__ = False  # pytest takes every name that begins with test


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[Function]:
    yield from (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def length(function: Function) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def migration(path: Path) -> bool:
    return "migrations" in path.parts


def test_files_fit_their_budget() -> None:
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources() + test_files()}
    assert {path: lines for path, lines in lengths.items() if lines > FILE_LINES} == {}


def test_functions_fit_their_budget() -> None:
    every = [(name(path), function) for path in sources() if not migration(path) for function in functions(path)]
    assert {(path, function.name): length(function) for path, function in every if length(function) > FUNCTION_LINES} == {}


def test_an_init_is_one_docstring() -> None:
    inits = [path for path in sources() if path.name == "__init__.py"]
    assert [name(path) for path in inits if len(tree(path).body) != 1 or not ast.get_docstring(tree(path))] == []


def test_every_folder_of_the_product_is_a_package() -> None:
    folders = {path.parent for path in sources() if not migration(path)}
    assert [name(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_nothing_is_left_to_do() -> None:
    words = re.compile(r"\b(TO" + "DO|FIX" + r"ME|X" + r"XX)\b")
    assert [name(path) for path in sources() + test_files() if words.search(path.read_text(encoding="utf-8"))] == []


def broad(path: Path) -> int:
    handlers = (node for node in ast.walk(tree(path)) if isinstance(node, ast.ExceptHandler))
    return sum(handler.type is None or _catches_all(handler.type) for handler in handlers)


def _catches_all(caught: ast.expr) -> bool:
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(isinstance(each, ast.Name) and each.id in {"Exception", "BaseException"} for each in names)


def test_broad_excepts_stand_at_the_edges_only() -> None:
    found = {name(path): broad(path) for path in sources() if broad(path)}
    assert {place: count for place, count in found.items() if count > BROAD_EXCEPTS.get(place, 0)} == {}
    assert sum(found.values()) <= 4


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_no_test_imports_a_mock_library() -> None:
    mocks = {"unittest.mock", "mock", "pytest_mock", "responses", "respx", "moto", "freezegun"}
    assert [name(path) for path in test_files() if imported(path) & mocks] == []


def test_tests_wait_for_conditions_and_never_sleep() -> None:
    """A stub that plays a slow provider has to be slow; `waiting.py` is where tests wait."""
    calls = re.compile(r"\b(?:time|asyncio)\.sleep\((?!0\))")
    assert [
        name(path)
        for path in test_files()
        if path.name != "waiting.py" and "stubs" not in path.parts and calls.search(path.read_text(encoding="utf-8"))
    ] == []


def pairs(function: Function) -> frozenset[tuple[str, str]]:
    """Return pairs of neighbouring statement lines, without names of the function and its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    lines = [line.strip() for line in "\n".join(ast.unparse(node) for node in body).splitlines()]
    return frozenset(pairwise(lines))


def test_little_is_said_twice() -> None:
    paths = [path for path in sources() if not migration(path)]
    long = [(path, function) for path in paths for function in functions(path) if length(function) >= ALIKE_LINES]
    shapes = [(path, function, pairs(function)) for path, function in long]
    twice: dict[str, int] = {}
    for (path, function, one), (_, _, two) in combinations(shapes, 2):
        if one and two and len(one & two) / len(one | two) >= ALIKE:
            twice[f"{name(path)}:{function.name}"] = length(function)
    total = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)
    assert sum(twice.values()) <= ALIKE_SHARE * total, twice


def test_the_lines_of_code_and_tests_are_printed() -> None:
    count = {
        kind: sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)
        for kind, paths in (("source", [path for path in sources() if not migration(path)]), ("tests", test_files()))
    }
    print(
        f"{count['tests']} lines of tests / {count['source']} lines of source = {count['tests'] / count['source']:.2f} (aim 1.2)"
    )
    assert count["source"]
