"""Clusters: what `kubectl get`, `top`, `rollout` and `auth` print."""

from __future__ import annotations

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must

PODS = """\
NAMESPACE   NAME                     READY   STATUS                  RESTARTS        AGE    IP          NODE     NOMINATED NODE   READINESS GATES   LABELS
yard        web-5d9c7b6f4-x2x9z      0/1     CrashLoopBackOff        14 (79s ago)    52m    10.2.0.4    oak-1    <none>           <none>            app=web
yard        api-7c6b5d4f3-k8k8k      0/1     ImagePullBackOff        0               9m     10.2.0.9    oak-2    <none>           <none>            app=api
yard        db-0                     0/1     Pending                 0               9m     <none>      <none>   <none>           <none>            app=db
yard        job-4x4x4                0/1     OOMKilled               3 (2m ago)      12m    10.2.0.7    oak-1    <none>           <none>            job=job
yard        mail-6f5d4c3b2-m2m2m     0/2     Init:CrashLoopBackOff   6 (40s ago)     8m     10.2.0.8    oak-2    <none>           <none>            app=mail
yard        cfg-6f5d4c3b2-n2n2n      0/1     CreateContainerConfigError   0          8m     10.2.0.5    oak-2    <none>           <none>            app=cfg
yard        old-6f5d4c3b2-p2p2p      0/1     Evicted                 0               3d     <none>      oak-2    <none>           <none>            app=old
yard        fine-6f5d4c3b2-q2q2q     1/1     Running                 0               3d     10.2.0.6    oak-2    <none>           <none>            app=fine
"""
NODES = """\
NAME    STATUS                     ROLES           AGE    VERSION   INTERNAL-IP   OS-IMAGE             KERNEL-VERSION
oak-1   Ready                      control-plane   110d   v1.31.2   10.0.0.1      Ubuntu 22.04.5 LTS   5.15.0-119
oak-2   NotReady                   <none>          110d   v1.31.2   10.0.0.2      Ubuntu 22.04.5 LTS   5.15.0-119
oak-3   Ready,SchedulingDisabled   <none>          110d   v1.31.2   10.0.0.3      Ubuntu 22.04.5 LTS   5.15.0-119
"""
ALL = """\
NAME                       READY   STATUS    RESTARTS   AGE
pod/web-5d9c7b6f4-x2x9z    1/1     Running   0          3d

NAME             TYPE           CLUSTER-IP   EXTERNAL-IP   PORT(S)        AGE   SELECTOR
service/web      LoadBalancer   10.96.0.11   <pending>     80:31080/TCP   3d    app=web

NAME                  READY   UP-TO-DATE   AVAILABLE   AGE   CONTAINERS   IMAGES
deployment.apps/web   1/3     1            1           3d    web          registry.test/web:2

NAME                             DESIRED   CURRENT   READY   AGE
replicaset.apps/web-5d9c7b6f4    3         3         1       3d

NAME                  READY   AGE
statefulset.apps/db   0/1     3d

NAME                         DESIRED   CURRENT   READY   UP-TO-DATE   AVAILABLE   NODE SELECTOR   AGE
daemonset.apps/collector     3         3         2       3            2           <none>          3d

NAME                 STATUS     COMPLETIONS   DURATION   AGE
job.batch/migrate    Failed     0/1           12m        12m

NAME                    SCHEDULE      TIMEZONE   SUSPEND   ACTIVE   LAST SCHEDULE   AGE
cronjob.batch/cleanup   */5 * * * *   <none>     True      0        3d              40d

NAME                                      REFERENCE        TARGETS         MINPODS   MAXPODS   REPLICAS   AGE
horizontalpodautoscaler.autoscaling/web   Deployment/web   cpu: 97%/80%    2         5         5          3d
"""
STORAGE = """\
NAME         STATUS    VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   AGE
data-db-0    Pending                                      fast           9m
data-web     Bound     pv-web   5Gi        RWO            slow           3d
"""
VOLUMES = """\
NAME      CAPACITY   ACCESS MODES   RECLAIM POLICY   STATUS     CLAIM           STORAGECLASS   REASON   AGE
pv-web    5Gi        RWO            Delete           Bound      yard/data-web   slow                    3d
pv-old    5Gi        RWO            Retain           Released   yard/data-old   slow                    9d
"""
NETWORK = """\
NAME   ENDPOINTS                     AGE
web    10.2.0.4:8080,10.2.0.9:8080   3d
api    <none>                        3d

NAME   CLASS   HOSTS              ADDRESS    PORTS     AGE
shop   nginx   shop.example.com   10.0.0.5   80, 443   3d
docs   nginx   docs.example.com              80        3d

NAME       POD-SELECTOR   AGE
deny-all   app=web        3d
"""
QUOTA = """\
NAME      AGE   REQUEST                                        LIMIT
compute   3d    pods: 10/10, requests.cpu: 1500m/4             limits.memory: 15Gi/16Gi
"""
SMALL = """\
NAME          STATUS        AGE
yard          Active        90d
old-yard      Terminating   90d
"""
SECRETS = """\
NAME        TYPE                DATA   AGE
web-tls     kubernetes.io/tls   2      3d
db-login    Opaque              1      3d

NAME         DATA   AGE
web-config   4      3d
"""
CERTIFICATES = """\
NAME      READY   SECRET    AGE
web-tls   True    web-tls   3d
api-tls   False   api-tls   9m
"""
EVENTS = """\
NAMESPACE   LAST SEEN               TYPE      REASON              OBJECT                     MESSAGE
yard        9m                      Normal    ScalingReplicaSet   deployment/web             Scaled up replica set web-5d9c7b6f4 to 3
yard        70m                     Normal    Pulled              pod/web-6b5c4d3f2-a2a2a    Successfully pulled image "registry.test/web:1.4" in 1.2s
yard        9m                      Normal    Pulled              pod/web-5d9c7b6f4-x2x9z    Successfully pulled image "registry.test/web:2.0" in 1.2s
yard        2m (x26 over 8m)        Warning   BackOff             pod/web-5d9c7b6f4-x2x9z    Back-off restarting failed container web in pod web-5d9c7b6f4-x2x9z
yard        5m                      Warning   FailedScheduling    pod/db-0                   0/3 nodes are available: 3 Insufficient memory
"""
TOP_PODS = """\
POD                      NAME       CPU(cores)   MEMORY(bytes)
web-5d9c7b6f4-x2x9z      web        250m         511Mi
web-5d9c7b6f4-x2x9z      proxy      3m           48Mi
"""
TOP_NODES = """\
NAME    CPU(cores)   CPU(%)   MEMORY(bytes)   MEMORY(%)
oak-1   3900m        97%      6100Mi          78%
oak-2   120m         3%       7500Mi          96%
"""
ROLLOUT = """\
Waiting for deployment "web" rollout to finish: 1 out of 3 new replicas have been updated...
Waiting for deployment "web" rollout to finish: 1 out of 3 new replicas have been updated...
error: deployment "web" exceeded its progress deadline
"""
HISTORY = """\
deployment.apps/web
REVISION  CHANGE-CAUSE
6         kubectl set image deployment/web web=registry.test/web:1.4
7         kubectl set image deployment/web web=registry.test/web:2.0
"""
CAN_I_LIST = """\
Resources                                       Non-Resource URLs   Resource Names   Verbs
selfsubjectreviews.authentication.k8s.io        []                  []               [create]
pods                                            []                  []               [get list watch]
                                                [/healthz]          []               [get]
"""
PREFIXED = """\
[pod/web-5d9c7b6f4-x2x9z/web] 2026-05-04T11:58:00.000000000Z INFO starting
[pod/web-5d9c7b6f4-x2x9z/web] 2026-05-04T11:58:01.000000000Z INFO listening on 8080
[pod/web-5d9c7b6f4-x2x9z/proxy] 2026-05-04T11:58:02.000000000Z WARN upstream slow
[pod/web-5d9c7b6f4-x2x9z/web] 2026-05-04T11:58:03.000000000Z ERROR connection to db refused
"""
K8S = "kubernetes.io/docs, kubectl; columns of its server-side printers"

FORMATS: tuple[Format, ...] = (
    Format(
        name="kubectl get pods -A -o wide --show-labels",
        kind=Kind.COMMAND_OUTPUT,
        example=PODS,
        source=K8S,
        rows={
            "pod/web-5d9c7b6f4-x2x9z": 2, "pod/api-7c6b5d4f3-k8k8k": 3, "pod/db-0": 4, "pod/job-4x4x4": 5, "pod/mail-6f5d4c3b2-m2m2m": 6,
            "pod/cfg-6f5d4c3b2-n2n2n": 7, "pod/old-6f5d4c3b2-p2p2p": 8, "pod/fine-6f5d4c3b2-q2q2q": 9,
        },
        must=(
            Must(what="a crash loop", kind="unhealthy_object", line=2, says="CrashLoopBackOff"),
            Must(what="an image that cannot be pulled", kind="unhealthy_object", line=3, says="ImagePullBackOff"),
            Must(what="a pod that is not scheduled", kind="unhealthy_object", line=4, says="Pending"),
            Must(what="a pod that ran out of memory", kind="unhealthy_object", line=5, says="OOMKilled"),
            Must(what="an init container that fails", kind="unhealthy_object", line=6, says="Init:CrashLoopBackOff"),
            Must(what="a configuration that is missing", kind="unhealthy_object", line=7, says="CreateContainerConfigError"),
            Must(what="an evicted pod", kind="unhealthy_object", line=8, says="Evicted"),
        ),
    ),
    Format(
        name="kubectl get nodes -o wide",
        kind=Kind.COMMAND_OUTPUT,
        example=NODES,
        source=K8S,
        rows={"node/oak-1": 2, "node/oak-2": 3, "node/oak-3": 4},
        must=(
            Must(what="a node that is not ready", kind="unhealthy_object", line=3, says="NotReady"),
            Must(what="a cordoned node", kind="unhealthy_object", line=4, says="SchedulingDisabled"),
        ),
    ),
    Format(
        name="kubectl get all,cronjob,hpa",
        kind=Kind.COMMAND_OUTPUT,
        example=ALL,
        source=K8S,
        rows={
            "pod/web-5d9c7b6f4-x2x9z": 2, "service/web": 5, "deployment/web": 8, "replicaset/web-5d9c7b6f4": 11, "statefulset/db": 14,
            "daemonset/collector": 17, "job/migrate": 20, "cronjob/cleanup": 23, "hpa/web": 26,
        },
        must=(
            Must(what="a service without an external address", kind="unhealthy_object", line=5, says="external address"),
            Must(what="missing replicas of a deployment", kind="unhealthy_object", line=8, says="1 of 3"),
            Must(what="of a stateful set", kind="unhealthy_object", line=14, says="0 of 1"),
            Must(what="of a daemon set", kind="unhealthy_object", line=17, says="2 of 3"),
            Must(what="a failed job", kind="unhealthy_object", line=20, says="Failed"),
            Must(what="a suspended schedule", kind="setting", line=23, says="suspended"),
            Must(what="an autoscaler at its maximum", kind="limit", line=26, says="still above its target"),
        ),
    ),
    Format(
        name="kubectl get pvc",
        kind=Kind.COMMAND_OUTPUT,
        example=STORAGE,
        source=K8S,
        rows={"pvc/data-db-0": 2, "pvc/data-web": 3},
        must=(Must(what="a claim that is not bound", kind="unhealthy_object", line=2, says="Pending"),),
    ),
    Format(
        name="kubectl get pv",
        kind=Kind.COMMAND_OUTPUT,
        example=VOLUMES,
        source=K8S,
        rows={"pv/pv-web": 2, "pv/pv-old": 3},
        must=(Must(what="a released volume", kind="unhealthy_object", line=3, says="Released"),),
    ),
    Format(
        name="kubectl get endpoints,ingress,networkpolicy",
        kind=Kind.COMMAND_OUTPUT,
        example=NETWORK,
        source=K8S,
        rows={"endpoints/web": 2, "endpoints/api": 3, "ingress/shop": 6, "ingress/docs": 7, "networkpolicy/deny-all": 10},
        must=(
            Must(what="a service with nothing behind it", kind="unhealthy_object", line=3, subject="service/api", says="no address"),
            Must(what="an ingress without an address", kind="unhealthy_object", line=7, subject="ingress/docs", says="no address"),
        ),
    ),
    Format(
        name="kubectl get quota",
        kind=Kind.COMMAND_OUTPUT,
        example=QUOTA,
        source=K8S,
        rows={"quota/compute": 2},
        must=(Must(what="a quota that is used up", kind="quota", line=2, says="pods used 10 of 10"),),
    ),
    Format(
        name="kubectl get namespaces",
        kind=Kind.COMMAND_OUTPUT,
        example=SMALL,
        source=K8S,
        rows={"namespace/yard": 2, "namespace/old-yard": 3},
        must=(Must(what="a namespace that is going", kind="unhealthy_object", line=3, says="Terminating"),),
    ),
    Format(
        name="kubectl get secrets,configmaps",
        kind=Kind.COMMAND_OUTPUT,
        example=SECRETS,
        source=K8S,
        rows={"secret/web-tls": 2, "secret/db-login": 3, "configmap/web-config": 6},
    ),
    Format(
        name="kubectl get certificates",
        kind=Kind.COMMAND_OUTPUT,
        example=CERTIFICATES,
        source="cert-manager.io/docs",
        rows={"certificate/web-tls": 2, "certificate/api-tls": 3},
        must=(Must(what="a certificate that was not issued", kind="unhealthy_object", line=3, says="not ready"),),
    ),
    Format(
        name="kubectl get events -A",
        kind=Kind.COMMAND_OUTPUT,
        example=EVENTS,
        source=K8S,
        must=(
            Must(what="back-off of a container", kind="event", line=5, subject="pod/web-5d9c7b6f4-x2x9z", says="Back-off restarting"),
            Must(what="why a pod is not scheduled", kind="event", line=6, says="Insufficient memory"),
        ),
    ),
    Format(
        name="kubectl top pods --containers",
        kind=Kind.COMMAND_OUTPUT,
        example=TOP_PODS,
        source=K8S,
        rows={"pod/web-5d9c7b6f4-x2x9z": 2},
    ),
    Format(
        name="kubectl top nodes",
        kind=Kind.COMMAND_OUTPUT,
        example=TOP_NODES,
        source=K8S,
        rows={"node/oak-1": 2, "node/oak-2": 3},
        must=(
            Must(what="a busy node", kind="resource", line=2, says="97 % of its cpu"),
            Must(what="a node without memory", kind="resource", line=3, says="96 % of its memory"),
        ),
    ),
    Format(
        name="kubectl rollout status",
        kind=Kind.COMMAND_OUTPUT,
        example=ROLLOUT,
        source=K8S,
        rows={"deployment/web": 1},
        must=(Must(what="a rollout that is stuck", kind="unhealthy_object", line=3, says="exceeded its progress deadline"),),
    ),
    Format(
        name="kubectl rollout history",
        kind=Kind.COMMAND_OUTPUT,
        example=HISTORY,
        source=K8S,
        rows={"deployment/web": 1, "revision/web:6": 3, "revision/web:7": 4},
    ),
    Format(
        name="kubectl auth can-i",
        kind=Kind.COMMAND_OUTPUT,
        example="no\n",
        command="kubectl auth can-i list secrets --as=system:serviceaccount:yard:web",
        source=K8S,
        rows={"serviceaccount/web": 1},
        must=(Must(what="who may not do what", kind="field", line=1, subject="serviceaccount/web", says="list secrets"),),
    ),
    Format(
        name="kubectl auth can-i --list",
        kind=Kind.COMMAND_OUTPUT,
        example=CAN_I_LIST,
        source=K8S,
        rows={"permission/selfsubjectreviews.authentication.k8s.io:[]:[]": 2, "permission/pods:[]:[]": 3, "permission/[/healthz]:[]": 4},
    ),
    Format(
        name="kubectl logs --prefix",
        kind=Kind.LOGS,
        example=PREFIXED,
        source=K8S,
        must=(Must(what="the error of a container", kind="severe_template", line=4, says="refused"),),
    ),
)  # fmt: skip
