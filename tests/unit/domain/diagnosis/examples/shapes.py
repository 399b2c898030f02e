"""How raw examples are written down."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Trio:
    """File name → text, three times; `near` looks alike and is none, `refuted` holds a line that excludes the family."""

    positive: dict[str, str]
    near: dict[str, str]
    refuted: dict[str, str]


def log(*messages: str) -> dict[str, str]:
    """Return a log with one line per message, a second apart, among ordinary lines."""
    calm = [f"INFO handled request {n} in {20 + n % 7} ms" for n in range(12)]
    lines = [*calm, *messages]
    return {
        "app.log": "".join(f"2031-03-04T10:{n // 60:02}:{n % 60:02}.{n * 7 % 1000:03}Z {line}\n" for n, line in enumerate(lines))
    }


def events(*rows: tuple[str, str, str, str]) -> dict[str, str]:
    """Return what `kubectl get events` prints for (type, reason, object, message)."""
    head = f"{'LAST SEEN':<12}{'TYPE':<10}{'REASON':<22}{'OBJECT':<40}MESSAGE\n"
    return {
        "events.txt": head
        + "".join(
            f"{'2m' + str(n) + 's':<12}{kind:<10}{reason:<22}{thing:<40}{message}\n"
            for n, (kind, reason, thing, message) in enumerate(rows)
        )
    }


def pods(status: str) -> dict[str, str]:
    """Return what `kubectl get pods` prints for one pod that is not ready."""
    row = f"{'orders-7d9c6b5f4-x2x4z':<26}0/1     {status:<20}0          5m"
    return {"pods.txt": f"{'NAME':<26}READY   {'STATUS':<20}RESTARTS   AGE\n{row}\n"}


def pod(
    name: str, *, state: str, reason: str, last: str = "", extra: str = "", rows: tuple[tuple[str, str, str], ...] = ()
) -> dict[str, str]:
    """Return what `kubectl describe pod` prints; `rows` are (type, reason, message) of its events."""
    body = f"""Name:             {name}
Namespace:        shop
Priority:         0
Service Account:  default
Node:             worker-1/10.0.0.4
Labels:           app={name.rsplit("-", 2)[0]}
Annotations:      <none>
Status:           {"Pending" if state == "Waiting" and not last else "Running"}
IP:               10.1.0.9
Controlled By:    ReplicaSet/{name.rsplit("-", 1)[0]}
Containers:
  main:
    Image:          registry.example/main:1.4
    Port:           8080/TCP
    Host Port:      0/TCP
    State:          {state}
      Reason:       {reason}
{last}    Ready:          False
    Restart Count:  4
    Environment:    <none>
    Mounts:         <none>
Conditions:
  Type              Status
  Initialized       True
  Ready             False
  ContainersReady   False
  PodScheduled      True
Volumes:            <none>
QoS Class:          Burstable
{extra}Tolerations:        node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
Events:
  Type     Reason      Age   From      Message
  ----     ------      ----  ----      -------
"""
    return {"describe.txt": body + "".join(f"  {kind:<8} {why:<11} 2m    kubelet   {message}\n" for kind, why, message in rows)}
