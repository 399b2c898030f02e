"""Reports of who calls whom."""

from domain.evidence.commands import call_trees
from tests import told
from tests.evidence import read_part


def test_callers_and_callees_are_edges_of_the_named_service() -> None:
    parsed, understood = read_part(
        call_trees.read,
        """
    [Service]: kiln (prod)
    [Service]: (unknown)
    [Upstream (Called By)]: shop, yard (2 more)
    [Downstream (Calls)]: store

    [Downstream (Calls)]:
    kiln
    ├── store
    │   ├── db
    │   │   └── disk
    │   └── cache
    ├── mail
    nothing
    └── gas
    """,
    )
    assert told.findings(parsed) == []
    assert told.objects(parsed) == [
        "service/kiln @2",
    ]
    assert told.edges(parsed) == [
        "service/shop calls service/kiln @4",
        "service/yard calls service/kiln @4",
        "service/kiln calls service/store @5",
        "service/store calls service/db @10",
        "service/db calls service/disk @11",
        "service/store calls service/cache @12",
        "service/kiln calls service/mail @13",
        "service/kiln calls service/gas @15",
    ]
    assert understood == 13


def test_a_tree_without_a_service_hangs_on_its_first_name() -> None:
    parsed, understood = read_part(
        call_trees.read,
        """
    └── kiln
        └── store
    """,
    )
    assert told.findings(parsed) == []
    assert told.edges(parsed) == [
        "service/kiln calls service/store @3",
    ]
    assert understood == 2
