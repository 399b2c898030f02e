"""Clusters: what `kubectl describe` prints."""

from __future__ import annotations

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must

POD = """\
Name:             web-5d9c7b6f4-x2x9z
Namespace:        yard
Priority:         0
Service Account:  web
Node:             oak-1/10.0.0.1
Start Time:       Mon, 04 May 2026 11:08:00 +0000
Labels:           app=web
Annotations:      <none>
Status:           Running
IP:               10.2.0.4
Controlled By:    ReplicaSet/web-5d9c7b6f4
Containers:
  web:
    Image:          registry.test/web:2.0
    Port:           8080/TCP
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
      Started:      Mon, 04 May 2026 11:57:00 +0000
      Finished:     Mon, 04 May 2026 11:57:31 +0000
    Ready:          False
    Restart Count:  14
    Limits:
      memory:  512Mi
Conditions:
  Type              Status
  Ready             False
  PodScheduled      True
Volumes:
  data:
    Type:       PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)
    ClaimName:  data-web
    ReadOnly:   false
Events:
  Type     Reason   Age                  From     Message
  ----     ------   ----                 ----     -------
  Warning  BackOff  2m (x26 over 8m)     kubelet  Back-off restarting failed container web in pod web-5d9c7b6f4-x2x9z
"""
NODE = """\
Name:               oak-2
Roles:              <none>
Labels:             kubernetes.io/hostname=oak-2
Annotations:        <none>
CreationTimestamp:  Mon, 04 May 2026 08:00:00 +0000
Taints:             node.kubernetes.io/disk-pressure:NoSchedule
Unschedulable:      true
Conditions:
  Type             Status  LastHeartbeatTime                 LastTransitionTime                Reason                     Message
  ----             ------  -----------------                 ------------------                ------                     -------
  DiskPressure     True    Mon, 04 May 2026 11:59:00 +0000   Mon, 04 May 2026 11:40:00 +0000   KubeletHasDiskPressure     kubelet has disk pressure
  Ready            True    Mon, 04 May 2026 11:59:00 +0000   Mon, 04 May 2026 08:01:00 +0000   KubeletReady               kubelet is posting ready status
Capacity:
  cpu:     4
  memory:  8Gi
Allocatable:
  cpu:     3900m
  memory:  7Gi
Non-terminated Pods:          (1 in total)
  Namespace                   Name                       CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age
  ---------                   ----                       ------------  ----------  ---------------  -------------  ---
  yard                        api-7c6b5d4f3-k8k8k        250m (6%)     0 (0%)      1Gi (14%)        1Gi (14%)      9m
"""
DEPLOYMENT = """\
Name:                   web
Namespace:              yard
CreationTimestamp:      Fri, 01 May 2026 09:00:00 +0000
Labels:                 app=web
Annotations:            deployment.kubernetes.io/revision: 7
Selector:               app=web
Replicas:               3 desired | 1 updated | 3 total | 2 available | 1 unavailable
StrategyType:           RollingUpdate
Pod Template:
  Labels:  app=web
  Containers:
   web:
    Image:      registry.test/web:2.0
    Port:       8080/TCP
Conditions:
  Type           Status  Reason
  ----           ------  ------
  Available      False   MinimumReplicasUnavailable
  Progressing    False   ProgressDeadlineExceeded
OldReplicaSets:  web-6b5c4d3f2 (2/2 replicas created)
NewReplicaSet:   web-5d9c7b6f4 (1/1 replicas created)
Events:          <none>
"""
SERVICE = """\
Name:              api
Namespace:         yard
Labels:            <none>
Annotations:       <none>
Selector:          app=api
Type:              ClusterIP
IP:                10.96.0.12
Port:              http  80/TCP
TargetPort:        8080/TCP
Endpoints:
Session Affinity:  None
Events:            <none>
"""
CLAIM = """\
Name:          data-db-0
Namespace:     yard
StorageClass:  fast
Status:        Pending
Volume:
Labels:        <none>
Annotations:   <none>
Capacity:
Access Modes:
Used By:       db-0
Events:
  Type     Reason              Age               From                         Message
  ----     ------              ----              ----                         -------
  Warning  ProvisioningFailed  2m (x9 over 9m)   persistentvolume-controller  storageclass.storage.k8s.io "fast" not found
"""
QUOTA = """\
Name:            compute
Namespace:       yard
Resource         Used  Hard
--------         ----  ----
limits.cpu       4     4
pods             7     10
"""
AUTOSCALER = """\
Name:                                                  web
Namespace:                                             yard
Labels:                                                <none>
Annotations:                                           <none>
CreationTimestamp:                                     Mon, 04 May 2026 11:00:00 +0000
Reference:                                             Deployment/web
Metrics:                                               ( current / target )
  resource cpu on pods  (as a percentage of request):  97% (485m) / 80%
Min replicas:                                          2
Max replicas:                                          5
Deployment pods:                                       5 current / 5 desired
Conditions:
  Type            Status  Reason            Message
  ----            ------  ------            -------
  AbleToScale     True    ReadyForNewScale  recommended size matches current size
  ScalingActive   True    ValidMetricFound  the HPA was able to calculate a replica count
  ScalingLimited  True    TooManyReplicas   the desired replica count is more than the maximum replica count
Events:           <none>
"""
INGRESS = """\
Name:             shop
Labels:           <none>
Namespace:        yard
Address:          10.0.0.5
Ingress Class:    nginx
Default backend:  <default>
TLS:
  shop-tls terminates shop.example.com
Rules:
  Host              Path  Backends
  ----              ----  --------
  shop.example.com
                    /     web:80 (10.2.0.4:8080,10.2.0.9:8080)
                    /api  api:80 (<error: endpoints "api" not found>)
Annotations:        <none>
Events:             <none>
"""
NAMESPACE = """\
Name:         yard
Labels:       kubernetes.io/metadata.name=yard
Annotations:  <none>
Status:       Active

Resource Quotas
  Name:            compute
  Resource         Used   Hard
  --------         ---    ---
  limits.memory    15Gi   16Gi
  pods             10     10

No LimitRange resource.
"""
VOLUME = """\
Name:            pv-old
Labels:          <none>
Annotations:     <none>
Finalizers:      [kubernetes.io/pv-protection]
StorageClass:    slow
Status:          Released
Claim:           yard/data-old
Reclaim Policy:  Retain
Access Modes:    RWO
VolumeMode:      Filesystem
Capacity:        5Gi
Node Affinity:   <none>
Message:
Source:
    Type:          HostPath (bare host directory volume)
    Path:          /data/old
Events:            <none>
"""
SCHEDULE = """\
Name:                          cleanup
Namespace:                     yard
Labels:                        <none>
Annotations:                   <none>
Schedule:                      */5 * * * *
Concurrency Policy:            Forbid
Suspend:                       True
Successful Job History Limit:  3
Failed Job History Limit:      1
Starting Deadline Seconds:     <unset>
Selector:                      <unset>
Pod Template:
  Labels:  <none>
  Containers:
   cleanup:
    Image:         registry.test/cleanup:1
    Port:          <none>
    Environment:   <none>
    Mounts:        <none>
  Volumes:         <none>
Last Schedule Time:  Mon, 04 May 2026 08:00:00 +0000
Active Jobs:         <none>
Events:              <none>
"""
JOB = """\
Name:             migrate
Namespace:        yard
Selector:         batch.kubernetes.io/controller-uid=51277d93
Labels:           app=migrate
Annotations:      <none>
Parallelism:      1
Completions:      1
Completion Mode:  NonIndexed
Backoff Limit:    2
Controlled By:    CronJob/migrate
Start Time:       Mon, 04 May 2026 11:50:00 +0000
Pods Statuses:    0 Active (0 Ready) / 0 Succeeded / 3 Failed
Pod Template:
  Labels:  app=migrate
  Containers:
   migrate:
    Image:      registry.test/migrate:1
    Port:       <none>
Events:
  Type     Reason                Age   From            Message
  ----     ------                ----  ----            -------
  Warning  BackoffLimitExceeded  2m    job-controller  Job has reached the specified backoff limit
"""
K8S = "kubernetes.io/docs, kubectl describe"


def at(text: str, piece: str) -> int:
    """The line of a piece."""
    return text[: text.index(piece)].count("\n") + 1


def told(name: str, example: str, rows: dict[str, int], *must: Must) -> Format:
    """A format of this module."""
    return Format(name=name, kind=Kind.COMMAND_OUTPUT, example=example, source=K8S, rows=rows, must=must)


FORMATS: tuple[Format, ...] = (
    told(
        "kubectl describe pod",
        POD,
        {"pod/web-5d9c7b6f4-x2x9z": 1},
        Must(what="a container that waits", kind="unhealthy_object", line=17, says="CrashLoopBackOff"),
        Must(what="how it ended before, with its limit", kind="exit", line=19, says="OOMKilled"),
        Must(what="its events", kind="event", line=at(POD, "BackOff  "), says="Back-off"),
    ),
    told(
        "kubectl describe node",
        NODE,
        {"node/oak-2": 1},
        Must(what="pressure", kind="condition", line=11, says="DiskPressure"),
        Must(what="a cordon", kind="unhealthy_object", line=7, says="no new pods"),
    ),
    told(
        "kubectl describe deployment",
        DEPLOYMENT,
        {"deployment/web": 1},
        Must(what="missing replicas", kind="unhealthy_object", line=7, says="2 of 3"),
        Must(what="a rollout that is stuck", kind="condition", line=19, says="ProgressDeadlineExceeded"),
    ),
    told(
        "kubectl describe service",
        SERVICE,
        {"service/api": 1},
        Must(what="a service without endpoints", kind="unhealthy_object", line=10, says="no endpoints"),
    ),
    told(
        "kubectl describe pvc",
        CLAIM,
        {"pvc/data-db-0": 1},
        Must(what="a claim that is not bound", kind="unhealthy_object", line=4, says="Pending"),
        Must(what="why", kind="event", line=14, says="not found"),
    ),
    told(
        "kubectl describe pv",
        VOLUME,
        {"pv/pv-old": 1},
        Must(what="a released volume", kind="unhealthy_object", line=6, says="Released"),
    ),
    told(
        "kubectl describe quota",
        QUOTA,
        {"quota/compute": 1},
        Must(what="a quota that is used up", kind="quota", line=at(QUOTA, "limits.cpu"), says="limits.cpu used 4 of 4"),
    ),
    told(
        "kubectl describe namespace",
        NAMESPACE,
        {"namespace/yard": 1},
        Must(what="a quota that is used up", kind="quota", line=at(NAMESPACE, "pods  "), says="pods used 10 of 10"),
    ),
    told(
        "kubectl describe ingress",
        INGRESS,
        {"ingress/shop": 1},
        Must(what="a backend that is not there", kind="reference", line=at(INGRESS, "/api"), says="has no endpoints"),
    ),
    told(
        "kubectl describe hpa",
        AUTOSCALER,
        {"hpa/web": 1},
        Must(what="an autoscaler at its maximum", kind="limit", line=10, says="still above its target: 97% / 80%"),
    ),
    told(
        "kubectl describe job",
        JOB,
        {"job/migrate": 1},
        Must(what="failed pods", kind="unhealthy_object", line=12, says="3 pods failed"),
        Must(what="the limit of retries", kind="event", line=22, says="backoff limit"),
    ),
    told(
        "kubectl describe cronjob",
        SCHEDULE,
        {"cronjob/cleanup": 1},
        Must(what="a suspended schedule", kind="setting", line=7, says="suspended"),
    ),
)
