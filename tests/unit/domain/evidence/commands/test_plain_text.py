"""Lines of unknown tools that tell of a fault."""

from domain.evidence.commands import plain_text
from domain.evidence.reading import Reading
from domain.evidence.values import Document
from tests import told
from tests.evidence import read_part


def test_telling_lines_and_refusals_are_kept_and_settings_are_not() -> None:
    parsed, understood = read_part(
        plain_text.read,
        """
    all is well
    timeout_policy: refused
    kiln: fatal: brick store is corrupt
    Error from server (NotFound): pods "mill-9" not found
    Error from server (Forbidden): deployments.apps "mill" is forbidden
    Error from server (Timeout): the server was unable to return a response
    connection refused
    """,
    )
    assert told.findings(parsed) == [
        "4 row - @4: kiln: fatal: brick store is corrupt | message=kiln: fatal: brick store is corrupt",
        "3 row - @8: connection refused | message=connection refused",
        '2 field pod/mill-9 @5: Error from server (NotFound): pods "mill-9" not found | message=Error from server (NotFound): pods "mill-9" not found reason=NotFound',
        '2 field deployment/mill @6: Error from server (Forbidden): deployments.apps "mill" is forbidden | message=Error from server (Forbidden): deployments.apps "mill" is forbidden reason=Forbidden',
        "2 field - @7: Error from server (Timeout): the server was unable to return a response | message=Error from server (Timeout): the server was unable to return a response reason=Timeout",
    ]
    assert understood == 5


def test_cited_lines_are_not_told_again_and_a_hundred_are_kept() -> None:
    document = Document(evidence="e1", name="sample", chunks=())
    reading = Reading(document=document, lines=("connection refused", *["connection timed out"] * 101))
    reading.find("connection", "", 1, 4.0, "connection refused")
    assert plain_text.read(reading, 1, 102) == 100
    assert [f.citations[0].first for f in reading.findings] == [1, *range(2, 102)]
