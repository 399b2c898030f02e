"""Plans of statements: PostgreSQL (text), MySQL (table and tree) and SQLite; each step an object under the step that reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from domain.evidence.commands.listings import Listing
from domain.evidence.reading import Fact, Reading, spoken
from domain.evidence.structure.quantities import amount
from domain.evidence.structure.tables import Row

STEP = re.compile(
    r"^(?P<indent>[\s│|`─├└-]{0,200}?)(?:-> {1,2})?(?P<what>[A-Z].{1,300}?)\s{1,4}"
    r"\((?:cost=(?P<cost>\d{1,20}(?:\.\d{1,6})?(?:e\+\d{1,3})?)(?:\.\.(?P<total>[\d.]{1,30}))? rows=(?P<rows>[\d.e+]{1,30})[^)]{0,60}|actual time[^)]{0,200}|never executed)\)"
)
"""`->  Seq Scan on orders  (cost=0.00..431.00 rows=10 width=8)`; MySQL's tree prints the same with a colon inside."""
ACTUAL = re.compile(
    r"\(actual (?:time=[\d.]{1,30}\.\.(?P<time>[\d.]{1,30}) )?rows=(?P<rows>[\d.e+]{1,30}) loops=(?P<loops>\d{1,18})\)|(?P<never>\(never executed\))"
)
LITE = re.compile(
    r"^(?P<indent>[\s|`-]{0,200}?)(?:--)?(?P<what>(?:SCAN|SEARCH|USE TEMP B-TREE|CO-ROUTINE|MATERIALIZE|COMPOUND|MULTI-INDEX OR|MERGE|LIST|CORRELATED|SCALAR)\b.{0,300})$"
)
DETAIL = re.compile(
    r"^\s*(Sort Method|Rows Removed by (?:Filter|Join Filter|Index Recheck)|Filter|Heap Fetches|Batches|Buckets|Workers Launched|Index Cond|Hash Cond|Planning Time|Execution Time): {1,4}(.{1,500})$"
)
DISK = re.compile(r"Disk: (\d{1,12})kB|Batches: ([2-9]|\d{2,9})\b")
BOX = re.compile(r"^(?:\| ?(?=[ E-])|EXPLAIN: )(?:EXPLAIN: )?")
"""What stands before a step in a box of mysql, or in its record."""
MANY = 10_000.0
"""Rows from which on reading a whole table is worth saying (diagnosis.md 5, slow_query); in SQLite's plan sizes are unknown."""
WRONG = 10.0
"""Estimate against rows read: from this factor on the planner chose by a wrong picture."""
ENOUGH = 1_000.0
"""Rows below which a wrong estimate costs nothing."""


@dataclass(slots=True)
class Step:
    """One step of a plan."""

    line: int
    indent: int
    what: str
    cost: float = 0.0
    rows: float = 0.0
    seen: float | None = None
    """Rows that it returned in all loops; None where the plan was not run."""
    took: float | None = None
    loops: float = 1.0
    details: dict[str, tuple[str, int]] = field(default_factory=dict)

    @property
    def scans(self) -> bool:
        """Whether it reads a whole table."""
        return bool(re.match(r"(?:Parallel )?Seq Scan|Table scan|SCAN (?!.*\b(?:USING|CONSTANT))", self.what))

    @property
    def table(self) -> str:
        """The table that it reads, empty for none."""
        found = re.search(r"\b(?:on|SCAN|SEARCH) (?:TABLE )?([\w.\"]{1,120})", self.what)
        return found[1] if found else ""

    @property
    def weight(self) -> float:
        """Its share of the whole: milliseconds where it ran, else cost; scans of whole tables count double."""
        base = self.took * self.loops if self.took is not None else self.cost
        return base * (2.0 if self.scans else 1.0)


def read(reading: Reading, first: int, last: int) -> int:
    """Read every step of the plan; return how many lines were understood."""
    steps = _steps(reading, first, last)
    if not steps:
        return 0
    above: list[tuple[int, str]] = []
    for number, step in enumerate(steps, start=1):
        subject = reading.observe("step", f"{number} {step.what}"[:120], step.line, _fields(step))
        while above and above[-1][0] >= step.indent:
            above.pop()
        if above:
            reading.relate(above[-1][1], "reads from", subject, step.line)
        if step.table:
            reading.relate(subject, "reads from", f"table/{step.table}", step.line)
        above.append((step.indent, subject))
        _judge(reading, step)
    _estimates(reading, steps)
    _heaviest(reading, steps)
    return last - first + 1


def _steps(reading: Reading, first: int, last: int) -> list[Step]:
    steps: list[Step] = []
    for number in range(first, last + 1):
        line = BOX.sub("", reading.head(number)).rstrip("| ")
        if found := STEP.match(line):
            steps.append(_step(number, line, found))
        elif lite := LITE.match(line):
            steps.append(Step(line=number, indent=lite.start("what"), what=lite["what"].strip()))
        elif steps and (told := DETAIL.match(line)):
            steps[-1].details.setdefault(told[1], (told[2].strip(), number))
    return steps


def _step(number: int, line: str, found: re.Match[str]) -> Step:
    actual = ACTUAL.search(line)
    loops = float(actual["loops"]) if actual and actual["loops"] else 0.0 if actual else 1.0
    return Step(
        line=number,
        indent=found.start("what"),
        what=found["what"].strip(),
        cost=amount(found["total"] or found["cost"] or "") or 0.0,
        rows=_number(found["rows"]) or 0.0,
        seen=(_number(actual["rows"]) or 0.0) * max(1.0, loops) if actual else None,
        took=_number(actual["time"]) if actual else None,
        loops=loops,
    )


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _fields(step: Step) -> dict[str, str]:
    known = {
        "operation": step.what,
        "table": step.table,
        "cost": spoken(step.cost) if step.cost else "",
        "rows": spoken(step.rows) if step.rows else "",
    }
    ran = {} if step.seen is None else {"actual_rows": spoken(step.seen), "loops": spoken(step.loops)}
    took = {} if step.took is None else {"time_ms": spoken(step.took)}
    return {**known, **ran, **took, **{name.lower().replace(" ", "_"): value for name, (value, _) in step.details.items()}}


def _judge(reading: Reading, step: Step) -> None:
    """Find rows read in vain, sorts that went to disk, and estimates that were wrong."""
    subject = f"table/{step.table}".lower() if step.table else ""
    removed = next((pair for name, pair in step.details.items() if name.startswith("Rows Removed")), ("", 0))
    thrown = (amount(removed[0]) or 0.0) * max(1.0, step.loops)
    if step.scans and (thrown >= MANY or (step.seen or step.rows) >= MANY):
        facts: dict[str, Fact] = {"operation": step.what, "value": step.table, "rows": step.seen or step.rows, "removed": thrown}
        filtered = step.details.get("Filter", ("", 0))
        told = f"{step.what} reads {spoken((step.seen or step.rows) + thrown)} rows of a whole table {filtered[0]}"
        reading.find("slow_span", subject, step.line, 3.5, told, reason="full scan", **facts)
        for line in (filtered[1], removed[1]):
            if line:
                reading.also(line)
    for name in ("Sort Method", "Buckets", "Batches"):
        told_line = step.details.get(name, ("", 0))
        if found := DISK.search(f"{name}: {told_line[0]}"):
            what = f"{step.what} spills to disk: {told_line[0]}"
            reading.find("slow_span", subject, told_line[1], 3.0, what, reason="spill to disk", value=found[0])


def _estimates(reading: Reading, steps: list[Step]) -> None:
    """Find wrong estimates where they begin: a step above a wrong one is wrong because of it."""
    deepest = 0
    for step in reversed(steps):
        if step.indent >= deepest:
            deepest = 0
        each = (step.seen or 0.0) / max(1.0, step.loops)
        factor = max(each, 1.0) / max(step.rows, 1.0)
        wrong = max(each, step.rows) >= ENOUGH and not 1 / WRONG < factor < WRONG
        if step.seen is not None and step.loops and wrong and not deepest:
            subject = f"table/{step.table}".lower() if step.table else ""
            told = f"{step.what}: {spoken(step.rows)} rows were expected, {spoken(each)} came"
            reading.find("slow_span", subject, step.line, 2.5, told, reason="wrong estimate", expected=step.rows, rows=each)
            deepest = step.indent


def _heaviest(reading: Reading, steps: list[Step]) -> None:
    """Name the two steps that take most."""
    cited = {one.citations[0].first for one in reading.findings if one.attributes.get("reason") == "full scan"}
    for step in sorted(steps, key=lambda one: -one.weight)[:2]:
        if step.line not in cited and step.weight > 0:
            facts: dict[str, Fact] = {"operation": step.what, "value": step.table, "weight": step.weight}
            reading.find(
                "slow_span",
                f"table/{step.table}".lower() if step.table else "",
                step.line,
                3.0 if step.scans else 1.5,
                f"{step.what} takes most of the plan",
                **facts,
            )
        elif step.scans and not step.weight:
            reading.find(
                "slow_span",
                f"table/{step.table}".lower(),
                step.line,
                2.0,
                f"{step.what}: a whole table is read",
                reason="full scan",
                value=step.table,
            )


BAD_EXTRA = re.compile(r"Using (?:filesort|temporary|join buffer)[^;|]{0,60}")


def _access(reading: Reading, row: Row, subject: str) -> None:
    """Judge how MySQL reads one table: all of it, or sorted without an index."""
    table, rows = row.get("table"), amount(row.get("rows")) or 0.0
    target = f"table/{table}".lower()
    if row.get("type").lower() == "all" and rows >= ENOUGH:
        facts: dict[str, Fact] = {"operation": "ALL", "value": table, "rows": rows, "possible_keys": row.get("possible_keys")}
        told = f"all {spoken(rows)} rows of {table} are read, no key is used"
        reading.find("slow_span", target, row.line, 3.5 if rows >= MANY else 2.5, told, reason="full scan", **facts)
    for found in BAD_EXTRA.findall(row.get("extra")):
        severity = 2.5 if rows >= ENOUGH else 1.5
        reading.find("slow_span", target, row.line, severity, f"{table}: {found}", reason=found, rows=rows, step=subject)


LISTINGS: tuple[Listing, ...] = (
    Listing(
        kind="step",
        marks=frozenset({"select_type", "table"}),
        names=("id", "table"),
        judge=_access,
        edges={"table": ("reads from", "table")},
    ),
)
"""MySQL's plan as a table, column names in lower case."""
