"""Clusters: objects as YAML and JSON."""

from __future__ import annotations

import json

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.described import at
from tests.unit.domain.evidence.formats.table import Format, Must

MANIFEST = """\
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Pod
  metadata:
    name: web-1
    namespace: yard
    ownerReferences:
    - kind: ReplicaSet
      name: web
  spec:
    nodeName: oak-1
    containers:
    - name: web
      image: registry.test/web:2.0
  status:
    phase: Running
    containerStatuses:
    - name: web
      restartCount: 14
      state:
        waiting:
          reason: CrashLoopBackOff
          message: back-off 5m0s restarting failed container
      lastState:
        terminated:
          exitCode: 137
          reason: OOMKilled
- apiVersion: v1
  kind: ResourceQuota
  metadata:
    name: compute
  status:
    hard:
      pods: "10"
    used:
      pods: "10"
- apiVersion: v1
  kind: Endpoints
  metadata:
    name: api
"""
LIST = json.dumps(
    {
        "apiVersion": "v1",
        "kind": "List",
        "items": [
            {
                "apiVersion": "autoscaling/v2",
                "kind": "HorizontalPodAutoscaler",
                "metadata": {"name": "web"},
                "spec": {"maxReplicas": 5, "scaleTargetRef": {"kind": "Deployment", "name": "web"}},
                "status": {"currentReplicas": 5},
            },
            {
                "apiVersion": "v1",
                "kind": "Event",
                "metadata": {"name": "web.1"},
                "involvedObject": {"kind": "Deployment", "name": "web"},
                "type": "Normal",
                "reason": "ScalingReplicaSet",
                "message": "Scaled up replica set web-2 to 3",
                "lastTimestamp": "2026-05-04T11:50:00Z",
            },
            {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "oak-2"}, "spec": {"unschedulable": True}},
        ],
    },
    indent=1,
)
API = "kubernetes.io/docs, API reference"

FORMATS: tuple[Format, ...] = (
    Format(
        name="kubectl get -o yaml",
        kind=Kind.CONFIG,
        example=MANIFEST,
        source=API,
        rows={"pod/web-1": 7, "quota/compute": at(MANIFEST, "name: compute"), "endpoints/api": at(MANIFEST, "name: api")},
        must=(
            Must(
                what="a container that waits",
                kind="unhealthy_object",
                line=at(MANIFEST, "message: back-off"),
                says="CrashLoopBackOff",
            ),
            Must(what="how it ended", kind="exit", line=at(MANIFEST, "reason: OOM"), says="OOMKilled"),
            Must(what="a quota that is used up", kind="quota", line=at(MANIFEST, "used:") + 1, says="pods used 10 of 10"),
            Must(what="a service with nothing behind it", kind="unhealthy_object", subject="service/api", says="no address"),
        ),
    ),
    Format(
        name="kubectl get -o json",
        kind=Kind.COMMAND_OUTPUT,
        example=LIST,
        source=API,
        rows={"hpa/web": at(LIST, '"name": "web"'), "node/oak-2": at(LIST, "oak-2")},
        must=(
            Must(what="an autoscaler at its maximum", kind="limit", says="maximum of 5"),
            Must(what="a cordon", kind="unhealthy_object", says="no new pods"),
        ),
    ),
)
