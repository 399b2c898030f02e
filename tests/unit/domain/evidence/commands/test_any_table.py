"""Any table with a header: rows become objects, odd ones and what is nearly used up are told."""

from domain.evidence.commands import any_table
from domain.evidence.values import Kind
from tests import told
from tests.evidence import read_part
from tests.unit.domain.evidence.formats.table import read

POOLS = """\
pool       size   alloc   free    cap%   dedup   health
tank       10T    9.8T    200G      98   1.00    ONLINE
scratch    10T    1.0T    9.0T      10   1.00    ONLINE
vault      10T    5.0T    5.0T      50   1.00    DEGRADED
attic      10T    5.0T    5.0T      50   1.00    ONLINE
"""


def test_every_row_is_an_object_and_what_stands_out_is_told() -> None:
    parsed, understood = read_part(any_table.read, POOLS)
    assert told.findings(parsed) == [
        "3.5 row row/vault @5: vault: health is DEGRADED | value=health is DEGRADED status=DEGRADED",
        "3 resource row/tank @3: tank: cap% is 98 % | resource=cap% used:98 limit:100",
    ]
    assert [one.split(" size=")[0] for one in told.objects(parsed)] == [
        "row/tank @3 pool=tank",
        "row/scratch @4 pool=scratch",
        "row/vault @5 pool=vault",
        "row/attic @6 pool=attic",
    ]
    assert understood == 5


def test_a_high_share_of_what_should_be_high_is_no_trouble() -> None:
    text = "disk     hit%   avail%   progress\nsda      99     99       98%\nsdb      98     97       99%\n"
    assert read_part(any_table.read, text)[0].findings == ()


def test_an_unknown_table_is_what_a_command_printed() -> None:
    analysis = read(POOLS)
    assert analysis.classification.kind is Kind.COMMAND_OUTPUT
    assert {one.id: one.citation.first for one in analysis.objects} == {
        f"row/{name}": n for n, name in enumerate(("tank", "scratch", "vault", "attic"), 2)
    }
