"""Results of checks of data: tests of tables and columns that failed, with how many rows broke them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from domain.evidence.reading import Fact, Reading
from domain.evidence.structure.sought import Nest, sought
from domain.evidence.structure.trees import Node, named, said, walk

NAMES = (
    "expectation_type",
    "check",
    "check_name",
    "test",
    "test_name",
    "rule",
    "rule_name",
    "constraint",
    "assertion",
    "expectation",
    "unique_id",
    "name",
)
"""Fields that name a check, the likeliest first (Great Expectations, dbt artifacts, Soda, Deequ)."""
OUTCOMES = ("success", "passed", "valid", "status", "outcome", "result", "state", "constraint_status")
FAILED = frozenset({"false", "fail", "failed", "failure", "error", "violated", "invalid"})
OF_DATA = re.compile(
    r"(?i)null|uniq|duplicat|schema|column|row_?count|fresh|accepted_values|relationship|complete|valid_|distinct|referential|in_set|between|dbt|expect_"
)
"""Words of checks of data: a check of a server has none of them."""
COLUMNS, TABLES = ("column", "column_name", "field"), ("table", "table_name", "dataset", "model", "relation_name")
COUNTS = ("unexpected_count", "failures", "failed_rows", "failed_count", "invalid_count", "violations", "rows_failed")
TOTALS = ("element_count", "total_rows", "row_count", "rows_tested", "checked_rows")
MESSAGES = ("message", "error_message", "failure_message", "details", "description")
VALUES = ("value", "observed_value", "actual", "actual_value", "measured", "metric_value", "observed")
BOUNDS = ("expected", "threshold", "expected_min", "min", "minimum", "expected_max", "max", "maximum", "threshold_minutes")
TOLD = 160
"""Characters of a check's own message."""
DEEP = 4
"""Levels below a result in which its parts are looked for."""
SEVERITY = 3.5


def read(reading: Reading, roots: Sequence[Node]) -> None:
    """Find the failed checks of all lists."""
    for root in roots:
        for path, node in sought(root, _lists_results):
            for item in _failed(node):
                _result(reading, named(path), item)


def _failed(node: Node) -> Iterator[Node]:
    """Yield the items of a list that say that they failed."""
    for _, item in node.branches() if node.shape == "list" else ():
        if any(name in OUTCOMES and said(value).lower() in FAILED for name, value in item.scalars()):
            yield item


def _lists_results(_: str, raw: Nest) -> bool:
    """Return whether a list holds maps with an outcome."""
    return isinstance(raw, list) and any(isinstance(part, dict) and any(key in part for key in OUTCOMES) for part in raw)


def _result(reading: Reading, above: str, item: Node) -> None:
    """Keep one failed check with its column, table and counts."""
    outcome = next((found for key in OUTCOMES if (found := item.get(key)) and said(found.value).lower() in FAILED), None)
    known = {path[-1]: node for path, node in reversed(list(walk(item))) if node.shape == "scalar" and len(path) <= DEEP}
    name = next((known[key] for key in NAMES if key in known and said(known[key].value)), None)
    if outcome is None or name is None or not OF_DATA.search(said(name.value)):
        return
    what = said(name.value)
    on = " of ".join(
        said(known[key].value) for group in (COLUMNS, TABLES) for key in [next((one for one in group if one in known), "")] if key
    )
    broke, whole = _count(known, COUNTS), _count(known, TOTALS)
    share = f": {broke} of {whole} rows break it" if broke and whole else f": {broke} rows break it" if broke else _told(known)
    check = f"{what}{f' on {on}' if on else ''}"
    facts: dict[str, Fact] = {"check": f"{check}{share}", "message": f"{check} failed{share}", "list": above}
    reading.find("check", "", name.line, SEVERITY, f"the check {check} failed{share}", **facts)


def _told(known: dict[str, Node]) -> str:
    """Return what a check that counts no rows says of itself: its message, else its value and what was expected."""
    if message := next((said(known[key].value) for key in MESSAGES if key in known), ""):
        return f": {message[:TOLD]}"
    value = next((said(known[key].value) for key in VALUES if key in known), "")
    bound = next((f"{key.replace('_', ' ')} {said(known[key].value)}" for key in BOUNDS if key in known), "")
    return f": it is {value}, {bound}" if value and bound else f": it is {value}" if value else ""


def _count(known: dict[str, Node], names: Sequence[str]) -> str:
    return next((said(known[key].value) for key in names if key in known and said(known[key].value) not in {"", "0"}), "")
