"""What a check leaves out beyond its bound is said among what was not covered."""

from __future__ import annotations

import pytest

from domain.diagnosis.answer import answer
from domain.diagnosis.causes import diagnose
from domain.evidence.digest import digest
from tests.quality.reading import analysed
from tests.unit.domain.diagnosis.examples.objects import PODS, claim, deployment, nodes, service, volume


def notes(files: dict[str, str]) -> tuple[str, ...]:
    analyses = [analysed(name, text.encode()) for name, text in files.items()]
    return answer(diagnose(analyses), analyses, digest([], [], 100)).coverage.notes


def waiting(count: int) -> dict[str, str]:
    rows = "".join(
        f"web{n:02}-57d67bb57d-75r4c     0/1     Pending   0             72s   <none>      <none>\n" for n in range(count)
    )
    return {
        "pods.txt": PODS + rows,
        "all.yaml": "".join(deployment(f"web{n:02}") for n in range(count)),
        "nodes.txt": nodes(("n1", "Ready", "a=b")),
    }


def claims(count: int) -> dict[str, str]:
    many = "".join(claim().replace("name: data", f"name: data{n:02}") for n in range(count))
    return {"claims.yaml": many, "volume.yaml": volume()}


def callers(count: int) -> dict[str, str]:
    def held(n: int) -> str:
        return f"        env:\n        - name: NEXT_ADDR\n          value: nowhere{n:02}:80\n"

    many = "".join(deployment(f"web{n:02}", container=held(n)) for n in range(count))
    return {"all.yaml": many + "".join(map(service, ("one", "two", "three")))}


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (
            waiting(21),
            "of 21 workloads whose pods wait for a node only the first 20 were compared with everything else (pods.txt:22)",
        ),
        (claims(21), "of 21 claims that wait only the first 20 were compared with everything else (claims.yaml:224)"),
        (callers(51), "of 51 names that no service has only the first 50 were compared with everything else"),
    ],
)
def test_what_a_check_leaves_out_is_told(files: dict[str, str], told: str) -> None:
    assert [one for one in notes(files) if told in one]


@pytest.mark.parametrize("files", [waiting(20), claims(20), callers(50)])
def test_nothing_is_told_where_nothing_is_left_out(files: dict[str, str]) -> None:
    assert not [one for one in notes(files) if "only the first" in one]
