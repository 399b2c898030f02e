"""How many small bugs the fast tests notice: `python -m tests.mutants [--count N] [--seed S]`.

One mutant is one changed operator, constant, condition or return in domain, workflows or activities (adapters left out). It
is put into a copy of the tree; the tests named after its module run first, then those of its room, and for workflows and
activities replay and workflow tests. A red or hanging run kills the mutant. Prints each survivor with its line, and the share killed beside its target.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("domain", "workflows", "activities")
TARGET = 0.80
COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed place."""

    path: Path
    line: int
    change: str
    source: str


Place = tuple[int, str, Callable[[], None]]


def places(tree: ast.Module) -> Iterator[Place]:
    """Yield (line, what changes, how to change it) for every place of a module's functions that can be changed."""
    for top in ast.walk(tree):
        if isinstance(top, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in _body(top):
                yield from _operators(node)
                yield from _values(node)


def _operators(node: ast.AST) -> Iterator[Place]:
    match node:
        case ast.Compare(ops=[op]) if type(op) in COMPARED:
            yield node.lineno, f"{type(op).__name__} swapped", _set(node, "ops", [COMPARED[type(op)]()])
        case ast.BinOp(op=op) if type(op) in COMPUTED and not _is_text(node):
            yield node.lineno, f"{type(op).__name__} swapped", _set(node, "op", COMPUTED[type(op)]())
        case ast.BoolOp(op=op):
            other = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield node.lineno, f"{type(op).__name__} swapped", _set(node, "op", other)
        case _:
            pass


def _values(node: ast.AST) -> Iterator[Place]:
    match node:
        case ast.Constant(value=bool() as value):
            yield node.lineno, f"{value} negated", _set(node, "value", not value)
        case ast.Constant(value=int() | float() as value):
            yield node.lineno, f"{value} plus 1", _set(node, "value", value + 1)
        case ast.If(test=test) | ast.IfExp(test=test):
            yield node.lineno, "condition negated", _set(node, "test", ast.UnaryOp(ast.Not(), test))
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield node.lineno, "None returned", _set(node, "value", ast.Constant(None))
        case _:
            pass


def _body(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.AST]:
    """Yield the nodes of the statements, without annotations, defaults and nested functions (they come by themselves)."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        yield node
        waiting += [child for child in ast.iter_child_nodes(node) if child is not getattr(node, "annotation", None)]


def _is_text(node: ast.BinOp) -> bool:
    return any(
        isinstance(side, ast.JoinedStr) or (isinstance(side, ast.Constant) and isinstance(side.value, str | bytes))
        for side in (node.left, node.right)
    )


def _set(node: ast.AST, name: str, value: object) -> Callable[[], None]:
    return lambda: setattr(node, name, value)


def mutant(path: Path, index: int) -> Mutant:
    """Return the mutant at one place of a module."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    line, change, apply = list(places(tree))[index]
    apply()
    return Mutant(path, line, change, ast.unparse(ast.fix_missing_locations(tree)))


def sample(count: int, seed: int) -> list[Mutant]:
    """Return a seeded sample, modules drawn by their size."""
    files = [p.relative_to(ROOT) for room in ROOMS for p in sorted((ROOT / room).rglob("*.py")) if "adapters" not in p.parts]
    sizes = [sum(1 for _ in places(ast.parse((ROOT / p).read_text(encoding="utf-8")))) for p in files]
    dice = random.Random(seed)
    drawn = dice.choices(list(zip(files, sizes, strict=True)), sizes, k=count)
    return [mutant(path, dice.randrange(size)) for path, size in drawn]


def tests_of(mutant: Mutant, tree: Path) -> Iterator[list[str]]:
    """Yield the runs that may kill it, the likeliest and cheapest first: rules by their unit tests, steps and stories by theirs."""
    named = [str(p) for p in sorted((tree / "tests/unit").rglob(f"test_{mutant.path.stem}*.py"))]
    if named:
        yield named
    room = tree / "tests/unit" / mutant.path.parent
    if room.is_dir():
        yield [str(room)]
    if mutant.path.parts[0] != "domain":
        yield ["tests/replay", "tests/workflow"]


def killed(mutant: Mutant, tree: Path) -> bool:
    """Return whether any run turns red; the module is put back afterwards."""
    place = tree / mutant.path
    original = place.read_text(encoding="utf-8")
    place.write_text(mutant.source, encoding="utf-8")
    try:
        return any(_red(arguments, tree) for arguments in tests_of(mutant, tree))
    finally:
        place.write_text(original, encoding="utf-8")


def _red(arguments: list[str], tree: Path) -> bool:
    command = [sys.executable, "-m", "pytest", "-x", "-p", "no:randomly", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        return subprocess.run(command, cwd=tree, env=environment, capture_output=True, timeout=300).returncode != 0
    except subprocess.TimeoutExpired:
        return True


def main() -> int:
    """Run the sample on as many copies of the tree as there are cores; return 1 below the target."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    drawn = sample(given.count, given.seed)
    with tempfile.TemporaryDirectory(prefix="faultmaven-mutants-") as folder:
        trees: SimpleQueue[Path] = SimpleQueue()
        for number in range(os.cpu_count() or 1):
            trees.put(_copy(Path(folder) / str(number)))

        def judge(mutant: Mutant) -> bool:
            tree = trees.get()
            try:
                dead = killed(mutant, tree)
            finally:
                trees.put(tree)
            print(f"{'killed  ' if dead else 'SURVIVED'}  {mutant.path}:{mutant.line}  {mutant.change}", flush=True)
            return dead

        with ThreadPoolExecutor(trees.qsize()) as pool:
            verdicts = list(pool.map(judge, drawn))
    share = sum(verdicts) / len(verdicts)
    print(f"mutants killed: {share:.0%} of {len(verdicts)} (target {TARGET:.0%}, seed {given.seed})")
    return 0 if share >= TARGET else 1


def _copy(target: Path) -> Path:
    ignored = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", ".hypothesis")
    shutil.copytree(ROOT, target, ignore=ignored)
    return target


if __name__ == "__main__":
    sys.exit(main())
