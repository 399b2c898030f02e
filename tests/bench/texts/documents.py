"""Seeded JSON as tools print it, of about ten megabytes."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

from tests.bench.scanning import TEXT_BYTES
from tests.bench.texts.rows import START_S, STATES, WORDS, named


def record(dice: random.Random, number: int) -> dict[str, object]:
    return {
        "id": number,
        "name": named(dice, number),
        "status": "failed" if dice.random() < 0.01 else "ok",
        "replicas": dice.randrange(9),
        "timeout_ms": dice.randrange(10_000),
        "enabled": True,
        "tags": ["a", "b"],
        "limits": {"cpu": f"{dice.randrange(900)}m", "memory": f"{dice.randrange(900)}Mi"},
        "note": None,
    }


def pod(dice: random.Random, number: int) -> dict[str, object]:
    name, phase = named(dice, number), dice.choice(STATES)
    ready = phase == "Running"
    state = (
        {"running": {"startedAt": "2026-02-01T09:00:00Z"}}
        if ready
        else {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s restarting failed container"}}
    )
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "namespace": "shop",
            "uid": f"{dice.getrandbits(128):032x}",
            "labels": {"app": WORDS[number % len(WORDS)], "pod-template-hash": f"{dice.getrandbits(40):010x}"},
            "creationTimestamp": "2026-02-01T08:59:00Z",
            "ownerReferences": [
                {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": name.rpartition("-")[0], "controller": True}
            ],
        },
        "spec": {
            "nodeName": f"node-{number % 40}",
            "serviceAccountName": "default",
            "containers": [
                {
                    "name": "app",
                    "image": f"registry.example/{WORDS[number % len(WORDS)]}:1.{number % 7}",
                    "env": [{"name": "PORT", "value": "8080"}, {"name": "REGION", "value": "north"}],
                    "resources": {"limits": {"cpu": "500m", "memory": "256Mi"}, "requests": {"cpu": "100m", "memory": "128Mi"}},
                    "volumeMounts": [{"name": "data", "mountPath": "/data"}],
                    "readinessProbe": {"httpGet": {"path": "/ready", "port": 8080}, "periodSeconds": 10},
                }
            ],
            "volumes": [{"name": "data", "emptyDir": {}}],
        },
        "status": {
            "phase": phase,
            "podIP": f"10.0.{number % 250}.{number // 250 % 250}",
            "conditions": [
                {"type": kind, "status": str(ready), "lastTransitionTime": "2026-02-01T09:00:00Z"}
                for kind in ("Initialized", "Ready", "ContainersReady")
            ],
            "containerStatuses": [
                {
                    "name": "app",
                    "ready": ready,
                    "restartCount": 0 if ready else 9,
                    "state": state,
                    "image": "registry.example/app:1",
                }
            ],
        },
    }


def instance(dice: random.Random, number: int) -> dict[str, object]:
    return {
        "Groups": [],
        "ReservationId": f"r-{dice.getrandbits(64):016x}",
        "Instances": [
            {
                "ImageId": f"ami-{dice.getrandbits(64):016x}",
                "InstanceId": f"i-{dice.getrandbits(64):016x}",
                "InstanceType": "m6i.large",
                "LaunchTime": "2026-02-01T09:00:00+00:00",
                "Placement": {"AvailabilityZone": f"north-1{'abc'[number % 3]}", "Tenancy": "default"},
                "PrivateIpAddress": f"10.1.{number % 250}.{number // 250 % 250}",
                "State": {"Code": 16, "Name": "running" if dice.random() > 0.02 else "stopped"},
                "StateTransitionReason": "",
                "SecurityGroups": [{"GroupName": "web", "GroupId": f"sg-{dice.getrandbits(64):016x}"}],
                "Tags": [{"Key": "Name", "Value": named(dice, number)}],
                "BlockDeviceMappings": [
                    {
                        "DeviceName": "/dev/xvda",
                        "Ebs": {
                            "DeleteOnTermination": True,
                            "Status": "attached",
                            "VolumeId": f"vol-{dice.getrandbits(64):016x}",
                        },
                    }
                ],
            }
        ],
    }


def container(dice: random.Random, number: int) -> dict[str, object]:
    bad = dice.random() < 0.02
    return {
        "Id": f"{dice.getrandbits(256):064x}",
        "Created": "2026-02-01T09:00:00.1Z",
        "State": {
            "Status": "exited" if bad else "running",
            "Running": not bad,
            "OOMKilled": bad,
            "ExitCode": 137 if bad else 0,
            "Error": "",
        },
        "Image": f"sha256:{dice.getrandbits(256):064x}",
        "Name": f"/{named(dice, number)}",
        "RestartCount": 0,
        "HostConfig": {"Memory": 268435456, "RestartPolicy": {"Name": "always", "MaximumRetryCount": 0}, "Binds": ["/srv:/srv"]},
        "Config": {
            "Env": ["PORT=8080", "REGION=north"],
            "Image": "registry.example/app:1",
            "Labels": {"com.docker.compose.service": WORDS[number % len(WORDS)]},
        },
        "NetworkSettings": {"Networks": {"shop_default": {"IPAddress": f"172.18.{number % 250}.{number // 250 % 250}"}}},
    }


def _span(dice: random.Random, number: int) -> dict[str, object]:
    begun = START_S * 10**9 + number * 10**6
    trace, own = number // 12, number % 12
    return {
        "traceId": f"{trace:032x}",
        "spanId": f"{number + 1:016x}",
        **({"parentSpanId": f"{number:016x}"} if own else {}),
        "name": f"GET /{WORDS[own % len(WORDS)]}",
        "kind": 2,
        "startTimeUnixNano": str(begun),
        "endTimeUnixNano": str(begun + dice.randrange(10**5, 10**9)),
        "attributes": [
            {"key": "http.request.method", "value": {"stringValue": "GET"}},
            {"key": "http.response.status_code", "value": {"intValue": "500" if dice.random() < 0.01 else "200"}},
            {"key": "server.address", "value": {"stringValue": f"{WORDS[own % len(WORDS)]}.example"}},
        ],
        "status": {},
    }


def service_spans(dice: random.Random, number: int) -> dict[str, object]:
    spans = [_span(dice, number * 40 + n) for n in range(40)]
    name = {"key": "service.name", "value": {"stringValue": WORDS[number % len(WORDS)]}}
    return {"resource": {"attributes": [name]}, "scopeSpans": [{"scope": {"name": "http"}, "spans": spans}]}


def jaeger(dice: random.Random, number: int) -> dict[str, object]:
    trace = f"{number:032x}"
    spans = [
        {
            "traceID": trace,
            "spanID": f"{number:08x}{n:08x}",
            "operationName": f"GET /{WORDS[n % len(WORDS)]}",
            "references": [{"refType": "CHILD_OF", "traceID": trace, "spanID": f"{number:08x}{n - 1:08x}"}] if n else [],
            "startTime": START_S * 10**6 + number * 1000 + n,
            "duration": dice.randrange(100, 10**6),
            "tags": [
                {"key": "http.status_code", "type": "int64", "value": 200},
                {"key": "span.kind", "type": "string", "value": "server"},
            ],
            "logs": [],
            "processID": f"p{n % 4}",
        }
        for n in range(12)
    ]
    return {"traceID": trace, "spans": spans, "processes": {f"p{n}": {"serviceName": WORDS[n], "tags": []} for n in range(4)}}


def matrix(dice: random.Random, number: int) -> dict[str, object]:
    labels = {
        "__name__": "http_request_duration_seconds",
        "instance": f"10.0.0.{number}:9090",
        "service": WORDS[number % len(WORDS)],
    }
    return {"metric": labels, "values": [[START_S + 15 * n, f"{dice.random() * 10:.6f}"] for n in range(2_880)]}


def vector(dice: random.Random, number: int) -> dict[str, object]:
    labels = {"__name__": "up", "instance": f"10.0.{number // 250}.{number % 250}:9090", "pod": named(dice, number)}
    return {"metric": labels, "value": [START_S, str(dice.randrange(2))]}


def printed(piece: Callable[[random.Random, int], dict[str, object]], around: str = "[]", indent: int | None = 2) -> bytes:
    """Records in the list at the `[]` of a document, printed as a tool prints it."""
    dice, rows, size = random.Random(7), [], 0
    head, _, tail = around.partition("[]")
    for number in range(10**7):
        if size >= TEXT_BYTES:
            break
        rows.append(json.dumps(piece(dice, number), indent=indent, separators=None if indent else (",", ":")))
        size += len(rows[-1]) + 2
    return (
        (head + "[\n" + ",\n".join(rows) + "\n]" + tail).encode()
        if indent
        else (head + "[" + ",".join(rows) + "]" + tail).encode()
    )


def flat_record(dice: random.Random, number: int) -> str:
    return json.dumps(record(dice, number))


def keyed() -> bytes:
    rows = json.loads(printed(record, indent=None))
    return json.dumps({row["name"]: row for row in rows}, indent=2)[:TEXT_BYTES].encode()
