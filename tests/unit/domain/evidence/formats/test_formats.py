"""Every format that the product reads, each with what must be found in it (docs/formats.md is this table)."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.evidence.decoding.decode import line_hash
from domain.evidence.values import Analysis
from tests.pages import kept
from tests.unit.domain.evidence.formats import (
    accounts,
    changes,
    clients,
    clusters,
    code,
    configs,
    containers,
    definitions,
    deliveries,
    described,
    diffs,
    disks,
    documents,
    errors,
    hosts,
    machines,
    manifests,
    metrics,
    networks,
    objects,
    profiles,
    queues,
    servers,
    stores,
    traces,
    watchers,
)
from tests.unit.domain.evidence.formats.table import Format, has, read

GROUPS = {
    "Hosts": hosts,
    "Machines": machines,
    "Disks that fail": disks,
    "Networks": networks,
    "Clients": clients,
    "Clusters": clusters,
    "Cluster objects": described,
    "Cluster objects as YAML and JSON": objects,
    "Containers of one host": containers,
    "Databases": stores,
    "Caches, queues, search and quorums": queues,
    "Releases": deliveries,
    "Answers in JSON": accounts,
    "Commits, plans and playbooks": changes,
    "Metrics": metrics,
    "Traces": traces,
    "Profiles": profiles,
    "Error reports": errors,
    "Configuration": configs,
    "Configuration of loggers and infrastructure": definitions,
    "Configuration of servers": servers,
    "Configuration of containers": manifests,
    "Configuration of watchers": watchers,
    "Code": code,
    "Changes of code": diffs,
    "Documents and pictures": documents,
}
FORMATS: tuple[Format, ...] = tuple(one for group in GROUPS.values() for one in group.FORMATS)
PAGE = Path(__file__).parents[5] / "docs" / "formats.md"
ROWS = 0.95
"""Least share of an example's rows that become objects with citations."""


def name(one: Format) -> str:
    return one.name


def lines_of(text: str | bytes) -> list[str]:
    data = text if isinstance(text, str) else text.decode("utf-8", "replace")
    return data.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def assert_resolves(analysis: Analysis, text: str | bytes) -> None:
    """Every citation names lines of the document, and its hash is theirs."""
    rows = lines_of(text)
    cited = [c for one in analysis.findings for c in one.citations] + [
        one.citation for one in (*analysis.objects, *analysis.edges)
    ]
    for one in cited:
        assert one.hash == line_hash(rows[one.first - 1 : one.last]), one


@pytest.mark.parametrize("one", FORMATS, ids=name)
def test_a_format_is_recognised_and_its_rows_become_objects(one: Format) -> None:
    text = one.text()
    analysis = read(text, one.command)
    assert analysis.classification.kind is one.kind
    assert not [note for note in analysis.coverage.notes if "its own reader failed" in note]
    found = {item.id: item.citation.first for item in analysis.objects}
    expected = one.expected(text)
    missing = {item: line for item, line in expected.items() if found.get(item) != line}
    assert len(missing) <= (1 - ROWS) * len(expected), missing


@pytest.mark.parametrize("one", FORMATS, ids=name)
def test_what_a_format_must_tell_is_found_with_its_line(one: Format) -> None:
    text = one.text()
    analysis = read(text, one.command)
    assert [must.what for must in one.must if not has(analysis, must)] == []
    if isinstance(text, str):
        assert_resolves(analysis, text)


@pytest.mark.parametrize("one", FORMATS, ids=name)
def test_a_damaged_example_still_ends_in_an_analysis(one: Format) -> None:
    analysis = read(one.broken(), one.command)
    assert analysis.coverage.lines >= 0
    assert not [note for note in analysis.coverage.notes if "its own reader failed" in note]


def test_every_format_has_a_name_of_its_own() -> None:
    assert len({one.name for one in FORMATS}) == len(FORMATS)


def test_the_page_lists_every_format() -> None:
    """`WRITE_PAGES=1` writes it anew."""
    rows = [
        "# Formats",
        "",
        "What is read of each format, and the tests that hold it: `tests/unit/domain/evidence/formats`. Written by them.",
        "",
    ]
    for title, group in GROUPS.items():
        rows += [f"## {title}", "", "| format | kind | must find | example |", "|---|---|---|---|"]
        rows += [
            f"| {one.name} | {one.kind.value} | {'; '.join(m.what for m in one.must) or 'its rows'} | {one.source} |"
            for one in group.FORMATS
        ]
        rows.append("")
    kept(PAGE, "\n".join(rows))
