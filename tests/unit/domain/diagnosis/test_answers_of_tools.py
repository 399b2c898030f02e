"""What tools answer when they are asked: the first cause cites the line that an expert would point to."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from domain.diagnosis.values import AnswerCause
from tests.quality.reading import text_case

BEGAN = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
CALM = "level=info msg=served"


def first(files: dict[str, str], question: str = "") -> AnswerCause:
    return text_case(files, question).answer.causes[0]


def cited(cause: AnswerCause) -> str:
    return "\n".join([cause.statement, *(line.text for line in cause.evidence[:3])])


def stored(*odd: str) -> list[tuple[datetime, str]]:
    lines = [CALM] * 20 + list(odd) + [CALM] * 20
    return [(BEGAN + timedelta(seconds=place), line) for place, line in enumerate(lines)]


def test_lines_of_a_stream_are_read_as_the_log_that_they_are() -> None:
    values = [
        [f"{int(time.timestamp())}000000000", line]
        for time, line in stored('level=error err="pq: permission denied for table totals"')
    ]
    answer = {"status": "success", "data": {"resultType": "streams", "result": [{"stream": {"app": "ledger"}, "values": values}]}}
    cause = first({"loki.json": json.dumps(answer, indent=1)})
    assert cause.family == "permission_denied"
    assert "permission denied for table totals" in cited(cause)


def test_hits_of_a_search_are_messages_of_their_pods() -> None:
    hits = [
        {"_index": "logs", "_source": {"@timestamp": time.isoformat(), "kubernetes": {"pod_name": "mailer-0"}, "log": line}}
        for time, line in stored("could not send: SMTP 535 5.7.8 credentials invalid")
    ]
    cause = first({"hits.json": json.dumps({"took": 3, "_shards": {"total": 5}, "hits": {"hits": hits}}, indent=1)})
    assert "535 5.7.8" in cited(cause)
    assert "mailer" in cause.subject


def test_raw_events_of_a_search_are_messages() -> None:
    rows = [
        {"_time": time.isoformat(), "host": "app-1", "_raw": line}
        for time, line in stored("SEVERE Lookup LDAP: error code 49, data 532")
    ]
    assert "data 532" in cited(first({"rows.json": json.dumps({"preview": False, "results": rows})}))


def sessions() -> list[dict[str, object]]:
    waiting = {"state": "active", "wait_event_type": "Lock", "wait_event": "transactionid", "query_age": "00:03:12"}
    waiters: list[dict[str, object]] = [{"pid": 7_000 + n, **waiting, "query": "UPDATE stock SET n = 1"} for n in range(6)]
    holder = {"pid": 6_999, "state": "idle in transaction", "wait_event_type": "Client", "wait_event": "ClientRead"}
    return [*waiters, {**holder, "query_age": "01:47:09", "query": "UPDATE stock SET n = 0"}]


def test_sessions_as_maps_show_who_left_a_transaction_open() -> None:
    cause = first({"sql.json": json.dumps({"data": {"rows": sessions()}}, indent=1)})
    assert cause.family == "lock_wait"
    assert "idle in transaction" in cited(cause)


def test_sessions_below_the_names_of_their_columns_do_so_too() -> None:
    columns = list(sessions()[0])
    rows = [[row[name] for name in columns] for row in sessions()]
    assert "idle in transaction" in cited(first({"sql.json": json.dumps({"columns": columns, "rows": rows}, indent=1)}))


CHALLENGE = """\
Name:         www-tls-1-39
Namespace:    web
Labels:       <none>
API Version:  acme.cert-manager.io/v1
Kind:         Challenge
Spec:
  Dns Name:  www.example.org
Status:
  Processing:  true
  Reason:      Waiting for HTTP-01 challenge propagation: wrong status code '404', expected '200'
  State:       pending
Events:        <none>
"""
CERTIFICATES = """\
NAMESPACE   NAME      READY   SECRET    AGE
web         www-tls   False   www-tls   38m
web         api-tls   True    api-tls   211d
"""


def test_a_symptom_is_shown_with_what_something_else_says_is_wrong() -> None:
    cause = first({"challenge.txt": CHALLENGE, "certificates.txt": CERTIFICATES})
    assert cause.family == "unready"
    assert "wrong status code '404'" in cited(cause)


EVICTED = """\
Name:             thumbs-7c6bb4d9f5-qn2vl
Namespace:        media
Node:             n1/10.0.0.1
Labels:           app=thumbs
Status:           Failed
Reason:           Evicted
Message:          The node was low on resource: ephemeral-storage. Threshold quantity: 8585560064, available: 7938244Ki.
Containers:
  thumbs:
    Image:          thumbs:4
    State:          Terminated
      Reason:       ContainerStatusUnknown
      Message:      The container could not be located when the pod was terminated
      Exit Code:    137
    Ready:          False
    Restart Count:  0
Events:             <none>
"""
NO_LOG = "Command `kubectl logs thumbs-7c6bb4d9f5-qn2vl` failed with return code 1\nstdout:\n\nstderr:\nunable to retrieve container logs for containerd://4b\n"


def test_an_evicted_pod_shows_why_and_not_that_its_log_is_gone() -> None:
    cause = first({"pod.txt": EVICTED, "log.txt": NO_LOG})
    assert cause.family == "node_pressure"
    assert "low on resource: ephemeral-storage" in cited(cause)


PULLED = """\
Name:             ui-6c9f54d5cc-vt8bz
Namespace:        web
Node:             n2/10.0.0.2
Labels:           app=ui
Status:           Pending
Containers:
  ui:
    Image:          docker.io/shop/ui:5
    State:          Waiting
      Reason:       ImagePullBackOff
    Ready:          False
    Restart Count:  0
Events:
  Type     Reason   Age               From     Message
  ----     ------   ----              ----     -------
  Warning  Failed   4m (x4 over 6m)   kubelet  Failed to pull image "docker.io/shop/ui:5": 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit.
  Warning  BackOff  58s (x21 over 6m) kubelet  Back-off pulling image "docker.io/shop/ui:5"
"""


def test_a_registry_that_says_you_have_reached_your_limit_states_a_fact() -> None:
    cause = first({"pod.txt": PULLED})
    assert cause.family == "rate_limited"
    assert "pull rate limit" in cited(cause)


def test_the_quotation_of_a_long_line_holds_its_innermost_cause() -> None:
    about = {"worker": "spark-" + "7" * 200, "message": "load failed"}
    raised = (
        'Traceback (most recent call last):\n  File "load.py", line 88, in run\n'
        + "    step()\n" * 12
        + "LoadError: value is too long for CITY"
    )
    log = [
        json.dumps({"asctime": "2026-03-02 01:00:00", "levelname": "INFO", "trace_id": f"{n:032x}", "span_id": f"{n:016x}"})
        for n in range(30)
    ]
    log.append(json.dumps({"asctime": "2026-03-02 01:01:00", "levelname": "ERROR", **about, "exc_info": raised}))
    assert "too long for CITY" in cited(first({"load.log": "\n".join(log)}))


TOP = "NAME       CPU(cores)   MEMORY(bytes)\nranker-0   120m         300Mi\nscorer-0   200m         180Mi\n"
SCORER = """\
Name:             scorer-0
Namespace:        feeds
Node:             n1/10.0.0.1
Labels:           app=scorer
Status:           Running
Containers:
  scorer:
    Image:          scorer:4
    State:          Running
    Ready:          True
    Restart Count:  0
    Limits:
      cpu:     200m
      memory:  512Mi
Events:             <none>
"""


def test_a_pod_that_uses_all_cpu_it_may_is_named() -> None:
    cause = first({"top.txt": TOP, "pod.txt": SCORER}, "why is scoring slow?")
    assert (cause.family, cause.subject) == ("cpu_saturated", "pod/scorer-0")


WATERMARK = "the node is above the low watermark cluster setting [disk.watermark.low=85%], having less than the minimum required [61gb] free space"


def test_why_a_shard_is_not_placed_is_read_from_the_explanation() -> None:
    deciders = [{"decider": "disk_threshold", "decision": "NO", "explanation": WATERMARK}]
    answer = {
        "index": "orders",
        "current_state": "unassigned",
        "node_allocation_decisions": [{"node_name": "es-1", "deciders": deciders}],
    }
    cause = first({"explain.json": json.dumps(answer, indent=1)})
    assert cause.family == "disk_full"
    assert "above the low watermark" in cited(cause)


APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: loyalty
  namespace: argocd
spec:
  project: default
status:
  conditions:
  - message: 'Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = Manifest generation error
      (cached): Error: template: loyalty/templates/deployment.yaml:38:28: executing "x" at <.Values.cache.host>: nil pointer evaluating interface {}.host'
    type: ComparisonError
  health:
    status: Healthy
"""


def test_a_condition_that_is_an_error_says_why_a_chart_is_not_rendered() -> None:
    cause = first({"application.yaml": APPLICATION})
    assert cause.family == "config_invalid"
    assert "nil pointer evaluating interface" in cause.statement
