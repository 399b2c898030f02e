"""Whether what is shown as likely is right as often: expected calibration error, on sets as they are and with files left out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean

from domain.case.policy import DEFAULT
from tests.quality import withheld
from tests.quality.judging import Bench, NotRunError, predicted
from tests.quality.targets import Gate

Json = dict[str, object]
BAR, WIDTH = "#", 40


def calibration(bench: Bench) -> dict[str, float]:
    """Return how far shown confidence is from how often the first cause is right, over all sets with truth as they are."""
    return _errors([pair for name in TRUTHS for pair in _pairs(name, bench, [_whole(name, bench)])])


def calibration_withheld(bench: Bench) -> dict[str, float]:
    """Return the same where a part of the files was left out, so that many first causes are wrong."""
    return _errors(_withheld(bench))


def chart(bench: Bench) -> Iterator[str]:
    """Yield a line per shown confidence: how often the first cause was right where files were left out."""
    try:
        found = _shares(_withheld(bench))
    except NotRunError as reason:
        yield f"reliability: NOT RUN: {reason}"
        return
    for shown, right in sorted(found.items()):
        share = fmean(right)
        yield f"shown {shown:.2f}, right {share:.2f} of {len(right):>3}  {BAR * round(share * WIDTH):<{WIDTH}}|"


def _withheld(bench: Bench) -> list[tuple[float, bool]]:
    return [pair for name in TRUTHS for pair in _pairs(name, bench, withheld.made(_home(name, bench), bench))]


def _shares(pairs: Sequence[tuple[float, bool]]) -> dict[float, list[bool]]:
    """Return shown confidence → whether each first cause was right."""
    found: dict[float, list[bool]] = {}
    for shown, right in pairs:
        found.setdefault(shown, []).append(right)
    return found


def _errors(pairs: Sequence[tuple[float, bool]]) -> dict[str, float]:
    """Return expected calibration errors: the distance of shown confidence from the share that is right, weighed by how often it is shown.

    `plain` counts every distance. `error` takes what is shown at rule C5's cap for what it says, at least that much: more must not be
    shown before the cause was seen to go with its fix, so that only a share below the cap is an error there. `above` counts only where
    the share that is right is below what is shown.
    """
    gaps = [(shown, len(right), shown - fmean(right)) for shown, right in _shares(pairs).items()]
    capped = [max(gap, 0.0) if shown >= DEFAULT.cap_no_counterfactual else abs(gap) for shown, _, gap in gaps]
    return {
        "plain": sum(count * abs(gap) for _, count, gap in gaps) / len(pairs),
        "error": sum(count * gap for (_, count, _), gap in zip(gaps, capped, strict=True)) / len(pairs),
        "above": sum(count * max(gap, 0.0) for _, count, gap in gaps) / len(pairs),
        "right": fmean(right for _, right in pairs),
        "cases": float(len(pairs)),
    }


def _home(name: str, bench: Bench) -> Path:
    """Return the folder of a set that has its truth."""
    home = bench.data / name
    if not (home / "truth.jsonl").is_file():
        raise NotRunError(f"no such data: {home}")
    return home


def _whole(name: str, bench: Bench) -> Path:
    """Return the predictions of a set as it is."""
    return predicted(Gate(row="D10", set=name, evaluator="", measures=()), bench, _home(name, bench))


def _pairs(name: str, bench: Bench, made: Sequence[Path]) -> list[tuple[float, bool]]:
    """Return shown confidence and truth of every prediction in which a cause is shown."""
    truth = {row["case"]: row for row in rows(_home(name, bench) / "truth.jsonl")}
    shown = [row for path in made for row in rows(path) if row.get("confidence")]
    return [(float(str(row["confidence"])), TRUTHS[name](row, truth[str(row["case"])])) for row in shown]


def _labelled(row: Json, truth: Json) -> bool:
    ranked = row["ranked"]
    first = ranked[0] if isinstance(ranked, list) and ranked else {}
    return all(first.get(key) == truth[key] for key in ("taxonomy", "object", "root_cause"))


def _decided(row: Json, truth: Json) -> bool:
    decisive = truth["decisive"]
    return isinstance(decisive, list) and all(re.search(one, _words(row)) for one in decisive)


def _words(row: Json) -> str:
    first = row["first_cause"]
    lines = first["evidence"] if isinstance(first, dict) else []
    return "\n".join([str(first["statement"]) if isinstance(first, dict) else "", *(str(one["text"]) for one in lines)])


TRUTHS: Mapping[str, Callable[[Json, Json], bool]] = {
    "cloudops": _labelled,
    "recorded": _decided,
    "adversarial": lambda row, truth: row["category"] == truth["category"],
}
"""Set → whether a row's first cause is the true one."""


def rows(path: Path) -> list[Json]:
    """Return the objects of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
