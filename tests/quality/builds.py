"""Failed builds: whether the first cause against the last good build is of the family that its error lines name."""

from __future__ import annotations

from pathlib import Path

from domain.diagnosis.causes import diagnose
from domain.evidence.analyse import analyse
from domain.evidence.values import Context, Document
from tests.quality.judging import Bench, NotRunError

FAMILIES = {
    "assertfixer_1320": "external_down",
    "casper_1774": "build_compile",
    "cidiff_11": "build_test",
    "cidiff_57": "build_test",
    "cidiff_75": "build_tool",
    "cocospoon_1754": "build_compile",
    "gumtreespoonastdiff_2017": "disk_full",
    "jperturb_1634": "build_compile",
    "metamutator_1765": "build_compile",
    "npefix_1847": "build_compile",
    "pushcommentgithub_173": "build_tool",
    "spooncontrolflow_805": "build_dependency",
}
"""Case → the family of its error lines, judged by their authors' intervals; the set itself has no such label."""


def builds(bench: Bench) -> dict[str, float]:
    """Return how many first causes are of the family of the error, and of how many builds."""
    home = bench.data / "cidiff"
    if not home.is_dir():
        raise NotRunError(f"no such data: {home}")
    right = sum(first_family(home / name) == family for name, family in FAMILIES.items() if (home / name).is_dir())
    return {"family": float(right), "cases": float(len(FAMILIES))}


def first_family(folder: Path) -> str:
    """Return the family of the first cause of a failed build, empty where there is none."""
    failed, passed = (
        Document(evidence=name, name=name, chunks=((folder / name).read_bytes(),)) for name in ("fail.log", "pass.log")
    )
    found = diagnose([analyse(failed, Context(baseline=passed))]).candidates
    return found[0].family if found else ""
