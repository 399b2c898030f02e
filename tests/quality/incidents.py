"""Seeded incidents with invented names in raw text: what a gate needs where the development data is absent."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

CONSONANTS, VOWELS = "bdfgklmnprtvz", "aeiou"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A fault in the raw output of tools; every expression of `decisive` must match the first cause and its lines."""

    family: str
    question: str
    files: dict[str, str]
    decisive: tuple[str, ...]


def word(dice: random.Random, syllables: int = 3) -> str:
    """Return an invented word."""
    return "".join(dice.choice(CONSONANTS) + dice.choice(VOWELS) for _ in range(syllables))


def pod_name(dice: random.Random, app: str) -> str:
    """Return a pod's name as a controller would give it."""
    return f"{app}-{''.join(dice.choices('0123456789abcdef', k=9))}-{''.join(dice.choices('bcdfghjklmnpqrstvwxz2456789', k=5))}"


def pods(dice: random.Random, bad: str, status: str) -> str:
    """Return `kubectl get pods` with healthy neighbours."""
    rows = [(pod_name(dice, word(dice)), "1/1", "Running", dice.randrange(3)) for _ in range(6)]
    rows.insert(dice.randrange(6), (bad, "0/1", status, dice.randrange(4, 40)))
    return f"{'NAME':<40}READY   STATUS             RESTARTS   AGE\n" + "".join(
        f"{name:<40}{ready:<8}{state:<19}{restarts:<11}{dice.randrange(2, 9)}h\n" for name, ready, state, restarts in rows
    )


def describe(pod: str, *, state: str, last: str = "", tail: str = "", rows: tuple[tuple[str, str, str], ...] = ()) -> str:
    """Return `kubectl describe pod`."""
    events = "".join(
        f"  {kind:<9}{reason:<19}3m    {source:<18} {message}\n" for kind, reason, message in rows for source in ["kubelet"]
    )
    return f"""Name:             {pod}
Namespace:        main
Priority:         0
Service Account:  default
Node:             {"<none>" if state == "Pending" else "worker-2/10.0.0.7"}
Labels:           app={pod.rsplit("-", 2)[0]}
Annotations:      <none>
Status:           {state}
Controlled By:    ReplicaSet/{pod.rsplit("-", 1)[0]}
Containers:
  main:
    Image:          registry.test/{pod.rsplit("-", 2)[0]}:3.1
    Port:           8080/TCP
    Host Port:      0/TCP
{last}    Ready:          False
    Restart Count:  6
    Environment:    <none>
    Mounts:         <none>
Conditions:
  Type              Status
  Ready             False
  PodScheduled      {state != "Pending"}
Volumes:            <none>
QoS Class:          Burstable
{tail}Tolerations:        node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
Events:
  Type     Reason             Age   From               Message
  ----     ------             ----  ----               -------
{events}"""


def log(dice: random.Random, said: list[str], size: int = 200) -> str:
    """Return a log whose last tenth holds the given lines among ordinary ones."""
    places = sorted(dice.sample(range(size * 9 // 10, size), len(said)))
    todo = dict(zip(places, said, strict=True))
    nouns = [word(dice) for _ in range(6)]
    rows = [
        todo.get(n) or f"INFO {dice.choice(nouns)} finished step {dice.randrange(9)} in {dice.randrange(2, 60)} ms"
        for n in range(size)
    ]
    return "".join(f"2032-05-06 07:{n // 60:02}:{n % 60:02},{n * 13 % 1000:03} {row}\n" for n, row in enumerate(rows))


WAITING = "    State:          Waiting\n      Reason:       CrashLoopBackOff\n    Last State:     Terminated\n      Reason:       {}\n      Exit Code:    {}\n"


def out_of_memory(dice: random.Random) -> Incident:
    pod = pod_name(dice, word(dice))
    text = describe(
        pod,
        state="Running",
        last=WAITING.format("OOMKilled", 137),
        rows=(("Warning", "BackOff", f"Back-off restarting failed container main in pod {pod}"),),
    )
    return Incident(
        family="oom_killed",
        question=f"why does {pod} restart",
        files={"describe.txt": text, "pods.txt": pods(dice, pod, "CrashLoopBackOff")},
        decisive=("OOMKilled",),
    )


def missing_command(dice: random.Random) -> Incident:
    pod, name = pod_name(dice, word(dice)), word(dice)
    message = f'Error: failed to create containerd task: runc create failed: unable to start container process: exec: "{name}": executable file not found in $PATH: unknown'
    return Incident(
        family="command_wrong",
        question=f"{pod} crashes",
        files={
            "describe.txt": describe(
                pod,
                state="Running",
                last=WAITING.format("StartError", 128),
                rows=(
                    ("Warning", "Failed", message),
                    ("Warning", "BackOff", f"Back-off restarting failed container main in pod {pod}"),
                ),
            )
        },
        decisive=(name, "not found"),
    )


def missing_class(dice: random.Random) -> Incident:
    claim, name = f"{word(dice)}-data", f"{word(dice)}-ssd"
    text = f"""Name:          {claim}
Namespace:     main
StorageClass:  {name}
Status:        Pending
Volume:
Labels:        <none>
Capacity:
Access Modes:
VolumeMode:    Filesystem
Used By:       {pod_name(dice, word(dice))}
Events:
  Type     Reason              Age                From                         Message
  ----     ------              ----               ----                         -------
  Warning  ProvisioningFailed  9s (x7 over 2m1s)  persistentvolume-controller  storageclass.storage.k8s.io "{name}" not found
"""
    return Incident(
        family="claim_class",
        question=f"claim {claim} is pending",
        files={"claim.txt": text},
        decisive=(f"storageclass.*{name}.*not found",),
    )


def unmatched_selector(dice: random.Random) -> Incident:
    pod, label = pod_name(dice, word(dice)), f"{word(dice)}={word(dice)}"
    message = "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling."
    text = describe(pod, state="Pending", tail=f"Node-Selectors:     {label}\n", rows=(("Warning", "FailedScheduling", message),))
    return Incident(
        family="selector_unmatched",
        question=f"{pod} stays pending",
        files={"describe.txt": text, "pods.txt": pods(dice, pod, "Pending")},
        decisive=("didn't match", label),
    )


def missing_device(dice: random.Random) -> Incident:
    pod, device = pod_name(dice, word(dice)), f"{word(dice)}.test/{word(dice)}"
    text = describe(
        pod,
        state="Pending",
        rows=(
            (
                "Warning",
                "FailedScheduling",
                f"0/4 nodes are available: 4 Insufficient {device}. preemption: 0/4 nodes are available",
            ),
        ),
    )
    return Incident(
        family="capacity_device", question=f"{pod} not ready", files={"describe.txt": text}, decisive=(f"Insufficient {device}",)
    )


def missing_secret(dice: random.Random) -> Incident:
    pod, name = pod_name(dice, word(dice)), f"{word(dice)}-login"
    last = "    State:          Waiting\n      Reason:       CreateContainerConfigError\n"
    text = describe(pod, state="Pending", last=last, rows=(("Warning", "Failed", f'Error: secret "{name}" not found'),))
    return Incident(
        family="secret_missing",
        question=f"{pod} does not start",
        files={"describe.txt": text},
        decisive=(f'secret "{name}" not found',),
    )


def wrong_image(dice: random.Random) -> Incident:
    pod, image = pod_name(dice, word(dice)), f"registry.test/{word(dice)}:v{dice.randrange(9)}"
    message = f'Failed to pull image "{image}": rpc error: code = NotFound desc = failed to pull and unpack image "{image}": {image}: not found'
    text = describe(
        pod,
        state="Pending",
        last="    State:          Waiting\n      Reason:       ImagePullBackOff\n",
        rows=(("Warning", "Failed", message), ("Normal", "BackOff", f'Back-off pulling image "{image}"')),
    )
    return Incident(
        family="image_wrong", question=f"{pod} does not start", files={"describe.txt": text}, decisive=(image, "not found")
    )


def expired_certificate(dice: random.Random) -> Incident:
    host = f"{word(dice)}.test"
    said = [
        f"ERROR handshake with {host} failed: x509: certificate has expired or is not yet valid: current time is after 2032-05-01",
        "ERROR request dropped",
    ]
    said[0] = f"ERROR handshake with {host} failed: certificate has expired on 2032-05-01"
    return Incident(
        family="tls_expired",
        question=f"calls to {host} fail",
        files={"app.log": log(dice, said * 3)},
        decisive=("certificate has expired", host),
    )


def full_connections(dice: random.Random) -> Incident:
    said = ["FATAL:  sorry, too many clients already"] * 6 + ["ERROR could not answer request"] * 2
    return Incident(
        family="db_connections",
        question="errors since this morning",
        files={"database.log": log(dice, said)},
        decisive=("too many clients already",),
    )


def full_disk(dice: random.Random) -> Incident:
    path = f"/{word(dice)}/{word(dice)}"
    return Incident(
        family="disk_full",
        question="writes fail",
        files={"store.log": log(dice, [f"ERROR write to {path} failed: No space left on device"] * 3)},
        decisive=("No space left on device",),
    )


def slow_statement(dice: random.Random) -> Incident:
    table, service, front = f"{word(dice)}_{word(dice)}", word(dice), word(dice)
    text = f"""├─ /{word(dice)} ({front}) - 8100.00ms (span_id=1a)
│  Datetime: start=2032-05-06T07:00:00.000Z end=2032-05-06T07:00:08.100Z
│  Attributes:
│    http.method: GET
  ├─ load ({service}) - 8000.00ms (span_id=1b)
  │  Datetime: start=2032-05-06T07:00:00.050Z end=2032-05-06T07:00:08.050Z
  │  Attributes:
  │    http.method: GET
    ├─ db.query ({service}) - 7900.00ms (span_id=1c)
    │  Datetime: start=2032-05-06T07:00:00.100Z end=2032-05-06T07:00:08.000Z
    │  Attributes:
    │    db.system: postgresql
    │    db.statement: SELECT * FROM {table} WHERE id=$1
    │    db.execution_time_ms: 7900
"""
    return Incident(family="slow_query", question=f"{front} is slow", files={"trace.txt": text}, decisive=(table, "7900"))


def split_cluster(dice: random.Random) -> Incident:
    nodes = [f"{word(dice)}-{n}" for n in range(3)]
    rows = ",\n".join(f'      {{"node": "{name}", "running": {"true" if n else "false"}}}' for n, name in enumerate(nodes))
    text = f'{{\n  "status": "success",\n  "data": {{\n    "nodes": [\n{rows}\n    ],\n    "network_partitions_detected": true\n  }}\n}}\n'
    return Incident(
        family="cluster_partition",
        question="is the cluster healthy?",
        files={"status.json": text},
        decisive=('partitions_detected": true',),
    )


KINDS: tuple[Callable[[random.Random], Incident], ...] = (
    out_of_memory,
    missing_command,
    missing_class,
    unmatched_selector,
    missing_device,
    missing_secret,
    wrong_image,
    expired_certificate,
    full_connections,
    full_disk,
    slow_statement,
    split_cluster,
)


def incidents(seed: int) -> tuple[Incident, ...]:
    """Return one incident of every kind, with the names of that seed."""
    return tuple(make(random.Random(f"{seed}:{make.__name__}")) for make in KINDS)


def healthy(seed: int) -> tuple[dict[str, str], ...]:
    """Return evidence of systems where nothing is wrong."""
    dice = random.Random(f"{seed}:healthy")
    rows = "".join(f"{pod_name(dice, word(dice)):<40}1/1     Running            0          {n + 2}h\n" for n in range(8))
    calm = log(dice, ["INFO retry budget unused", "INFO 0 errors, 0 failed", "INFO timeout=30s configured"])
    return (
        {"pods.txt": f"{'NAME':<40}READY   STATUS             RESTARTS   AGE\n{rows}"},
        {"app.log": calm},
        {"app.log": calm, "pods.txt": f"{'NAME':<40}READY   STATUS             RESTARTS   AGE\n{rows}"},
    )
