"""What is told where no family explains."""

from domain.diagnosis.last_words import unexplained
from domain.diagnosis.signals import observations
from tests.quality.reading import analysed

CALM = (10.0, 10.5, 9.5, 10.0)


def test_of_findings_about_one_line_the_most_severe_is_told_in_its_own_place() -> None:
    """A row of a table is one line: what is suspected, every shift and their order are all told about it."""
    rows = [
        f"2026-05-04T10:{n:02}:00Z," + ",".join(str(CALM[n % 4] * (times if n >= 20 else 1)) for times in (2, 5, 3, 1))
        for n in range(40)
    ]
    table = "\n".join(["time,front_latency,kiln_cpu,kiln_latency,mill_cpu", *rows])
    (found,) = unexplained(observations([analysed("metrics.csv", table.encode())]), "")
    assert found.subject == "service/kiln"
    assert "of 3 services kiln rose most: kiln_cpu from 10 to 50" in found.statement
