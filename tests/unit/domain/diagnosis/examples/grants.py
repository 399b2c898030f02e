"""What was granted and used up, what came in malformed, and what changed just before the trouble."""

from __future__ import annotations

import json

from tests.unit.domain.diagnosis.examples.services import said
from tests.unit.domain.diagnosis.examples.shapes import Trio, log

BEFORE, LONG_AGO, AFTER = "2031-03-04T09:56:00Z", "2031-03-04T06:00:00Z", "2031-03-04T10:31:00Z"


def changed(record: dict[str, object], clock: str, line: str) -> Trio:
    """A change just before an error that nothing explains; the same change hours before; the same change after it."""
    return Trio(
        positive=_files(record, clock, BEFORE, line),
        near=_files(record, clock, LONG_AGO, line),
        refuted=_files(record, clock, AFTER, line),
    )


def _files(record: dict[str, object], clock: str, when: str, line: str) -> dict[str, str]:
    return {"trail.json": json.dumps({"records": [{**record, clock: when}]}, indent=1), **log(line, line)}


EXAMPLES = {
    "credits_exhausted": said(
        "WARN CPU credits are exhausted, held at the baseline", "INFO CPU credits 120", "INFO unlimited mode is enabled"
    ),
    "cache_loss": said("WARN cache was flushed by an operator", "INFO cache lookup in 2 ms", "INFO cache is warm again"),
    "bad_data": said(
        "ERROR error deserializing key or value for partition bills-4 at offset 8650017",
        "INFO committed offset 8650016",
        "INFO record was skipped and processing continues",
    ),
    "traffic_surge": said("WARN traffic is 9 times normal", "INFO request rate 300", "INFO traffic is flat"),
    "change_deploy": changed(
        {"service": "cart-keeper", "version": "2.4.0", "previous": "2.3.9"}, "time", "ERROR cart-keeper gave up its work"
    ),
    "change_config": changed(
        {"eventName": "PutParameter", "requestParameters": {"name": "cart-keeper-patience"}},
        "eventTime",
        "ERROR gave up its work at cart-keeper-patience 5",
    ),
    "change_flag": changed(
        {"name": "brisk-pricing", "titleVerb": "turned on the flag"}, "date", "ERROR gave up its work with brisk-pricing"
    ),
}
