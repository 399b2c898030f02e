"""Faults that only the state of the objects shows: places, claims, probes, ways, loads."""

from __future__ import annotations

from tests.unit.domain.diagnosis.examples.shapes import Trio

PODS = "NAME                     READY   STATUS    RESTARTS      AGE   IP          NODE\n"


def deployment(name: str, *, port: int = 8080, spec: str = "", container: str = "", replicas: int = 1) -> str:
    """Return a manifest; `spec` and `container` are more lines of the template."""
    return f"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
spec:
  replicas: {replicas}
  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {name}
    spec:
{spec}      containers:
      - name: main
        image: registry.test/{name}:1.0
        ports:
        - name: http
          containerPort: {port}
{container}---
"""


def service(name: str, *, port: int = 8080, target: str = "8080", protocol: str = "TCP", app: str = "") -> str:
    return f"""apiVersion: v1
kind: Service
metadata:
  name: {name}
spec:
  selector:
    app: {app or name}
  ports:
  - port: {port}
    targetPort: {target}
    protocol: {protocol}
---
"""


def nodes(*rows: tuple[str, str, str]) -> str:
    """Return `kubectl get nodes --show-labels` for (name, status, labels)."""
    head = "NAME   STATUS                     ROLES    AGE   VERSION   LABELS\n"
    return head + "".join(f"{name:<7}{status:<27}worker   9d    v1.31.2   {labels}\n" for name, status, labels in rows)


def waiting(name: str = "web") -> str:
    return f"{PODS}{name}-57d67bb57d-75r4c     0/1     Pending   0             72s   <none>      <none>\n"


AFFINITY = """      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
            - matchExpressions:
              - key: disk
                operator: In
                values: [fast]
"""
CHANGED = {
    "web.yaml": deployment("web", spec=AFFINITY),
    "pods.txt": waiting(),
}
SLOW_DISKS = nodes(("n1", "Ready", "disk=slow"), ("n2", "Ready", "disk=slow"))
FAST_DISK = nodes(("n1", "Ready", "disk=slow"), ("n2", "Ready", "disk=fast"))


def claim(*, size: str = "1Gi", mode: str = "ReadWriteOnce", selector: str = "", kind: str = "manual") -> str:
    return f"""apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
spec:
  storageClassName: {kind}
  accessModes: [{mode}]
{selector}  resources:
    requests:
      storage: {size}
---
"""


def volume(*, size: str = "2Gi", mode: str = "ReadWriteOnce", holder: str = "") -> str:
    taken = f"  claimRef:\n    namespace: main\n    name: {holder}\n" if holder else ""
    return f"""apiVersion: v1
kind: PersistentVolume
metadata:
  name: disk-1
  labels:
    tier: cold
spec:
  storageClassName: manual
  accessModes: [{mode}]
{taken}  capacity:
    storage: {size}
---
"""


def bound(wanted: str, offered: str, near: str) -> Trio:
    """A claim whose one field no volume offers; one that fits; and one that is bound in spite of it."""
    head = "NAME   STATUS    VOLUME   CAPACITY   ACCESS MODES   STORAGECLASS   AGE\n"
    pending = head + "data   Pending                                      manual         3m\n"
    done = head + "data   Bound     disk-1   2Gi        RWO            manual         3m\n"
    return Trio(
        positive={"objects.yaml": wanted + offered, "claims.txt": pending},
        near={"objects.yaml": near + volume(), "claims.txt": done},
        refuted={"objects.yaml": wanted + offered, "claims.txt": done},
    )


def unit(name: str, host: str, active: str) -> dict[str, str]:
    return {
        f"{name}-{host}.txt": f"Service: {name}\nNode: {host}\nStatus: ● {name}.service - {name}\n     Loaded: loaded (/etc/systemd/system/{name}.service; enabled)\n     Active: {active} since Fri 2026-01-02 16:11:29 CST; 4min 19s ago\n"
    }


def stopped(name: str, host: str) -> Trio:
    dead, alive = unit(name, host, "inactive (dead)"), unit(name, host, "active (running)")
    return Trio(positive=dead, near=unit("chronyd", host, "inactive (dead)"), refuted=alive)


def probed(
    liveness: str, *, readiness: str = "", ready: str = "0/1", restarts: str = "4 (45s ago)", words: str = ""
) -> dict[str, str]:
    """Return a described pod with these probes and how it does."""
    head, text = "NAME                   READY   STATUS             RESTARTS      AGE   IP          NODE\n", words
    status = "Running" if ready == "1/1" else "CrashLoopBackOff"
    return {
        "pods.txt": f"{head}web-75d7c8757-7pmzv    {ready:<8}{status:<19}{restarts:<14}5m    10.1.0.9    n1\n",
        "describe.txt": f"""Name:             web-75d7c8757-7pmzv
Namespace:        main
Node:             n1/10.0.0.4
Labels:           app=web
Status:           Running
IP:               10.1.0.9
Containers:
  main:
    Image:          registry.test/web:1.0
    Port:           8080/TCP
    State:          Running
    Ready:          {"True" if ready == "1/1" else "False"}
    Restart Count:  {restarts.split(maxsplit=1)[0]}
    Liveness:       {liveness}
{f"    Readiness:      {readiness}" if readiness else "    Mounts:         <none>"}
Conditions:
  Type              Status
  Ready             {"True" if ready == "1/1" else "False"}
Events:
  Type     Reason      Age   From      Message
  ----     ------      ----  ----      -------
{text}""",
    }


PATIENT = "delay=5s timeout=1s period=10s #success=1 #failure=3"
HASTY = "delay=1s timeout=1s period=1s #success=1 #failure=1"
KILLED = "  Warning  Unhealthy   90s   kubelet   Liveness probe failed: {}\n"
BROKEN = KILLED.format('Get "http://10.1.0.9:8080/": net/http: HTTP/1.x transport connection broken: malformed HTTP response "x"')
REFUSED = KILLED.format('Get "http://10.1.0.9:9090/": dial tcp 10.1.0.9:9090: connect: connection refused')

WEB, STORE, MAIL = (deployment(name) + service(name) for name in ("web", "store", "mail"))


def told(key: str, value: str) -> str:
    return f"        env:\n        - name: {key}\n          value: {value}\n"


def answered(name: str, port: int, state: str) -> dict[str, str]:
    said = f"{name} (10.68.4.1:{port}) open\nConnection Succeeded" if state == "open" else "Connection Failed"
    return {"test.txt": f"=== Service {name}:{port} Connectivity test report ===\n{said}\n"}


def gateway(target: str) -> str:
    names = (("web", "web"), ("store", "store"), ("mail", "mail"), ("order", target), ("price", "price"))
    rows = "".join(
        f"            - id: {path}\n              uri: lb://${{{path.upper()}_HOST:{host}-service}}\n              predicates:\n                - Path=/api/{path}service/**\n\n"
        for path, host in names
    )
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: gateway-routes\ndata:\n  application.yml: |-\n    routes:\n{rows}---\n"


SERVED = "".join(service(f"{name}-service") for name in ("web", "store", "mail", "order", "price"))
CALLS = "[Service]: web\n[Downstream (Calls)]:\nweb\n├── store\n└── mail\n"
APPS = "".join(deployment(name) for name in ("web", "store", "mail", "stock"))


def placed(**where: str) -> str:
    rows = "".join(
        f"{name}-57d67bb57d-75r4c{' ' * (9 - len(name))}1/1     Running   0             9m    10.1.0.9    {node}\n"
        for name, node in where.items()
    )
    return PODS + rows


def metrics(**high: float) -> str:
    """Return a recording in which the named measures rise half-way; `store_cpu` is `store-cpu`."""
    names = [f"{name}-{measure}" for name in ("web", "store", "mail", "stock") for measure in ("cpu", "p90latency")]
    names += [f"{node}-tcp_retrans" for node in ("n1", "n2")]
    rises = {name.replace("_", "-", 1): value for name, value in high.items()}
    rows = []
    for n in range(40):
        jitter = 1 + 0.01 * (n * 7 % 5)
        usual = {name: 0.02 if name.endswith("cpu") else 0.01 if "retrans" in name else 5.0 for name in names}
        late = {name: usual[name] * (rises.get(name, 1.0) if n >= 20 else 1.0) * jitter for name in names}
        rows.append(f"2031-03-04 10:{n // 12:02}:{n % 12 * 5:02}," + ",".join(f"{late[name]:.4f}" for name in names))
    return "time," + ",".join(names) + "\n" + "\n".join(rows) + "\n"


def measured(recording: str, **where: str) -> dict[str, str]:
    machines = nodes(("n1", "Ready", "kubernetes.io/hostname=n1"), ("n2", "Ready", "kubernetes.io/hostname=n2"))
    return {"apps.yaml": APPS, "calls.txt": CALLS, "pods.txt": placed(**where), "nodes.txt": machines, "metrics.csv": recording}


APART = {"web": "n1", "store": "n2", "mail": "n1", "stock": "n2"}
TOGETHER = {"web": "n1", "store": "n2", "mail": "n1", "stock": "n2"}
FLAT = metrics()
BOTH = {"store_p90latency": 400.0, "stock_p90latency": 300.0}

EXAMPLES = {
    "affinity_unmatched": Trio(
        positive={**CHANGED, "nodes.txt": SLOW_DISKS},
        near={"web.yaml": deployment("web"), "pods.txt": waiting(), "nodes.txt": SLOW_DISKS},
        refuted={**CHANGED, "nodes.txt": FAST_DISK},
    ),
    "claim_size": bound(claim(size="5Gi"), volume(), claim(size="1Gi")),
    "claim_mode": bound(claim(mode="ReadWriteMany"), volume(), claim()),
    "claim_selector": bound(
        claim(selector="  selector:\n    matchLabels:\n      tier: hot\n"),
        volume(),
        claim(selector="  selector:\n    matchLabels:\n      tier: cold\n"),
    ),
    "volume_taken": bound(claim(), volume(holder="other"), claim()),
    "proxy_down": stopped("kube-proxy", "n2"),
    "scheduler_down": stopped("kube-scheduler", "n0"),
    "probe_port": Trio(
        positive=probed(f"http-get http://:9090/ {PATIENT}", words=REFUSED),
        near=probed(f"http-get http://:8080/ {PATIENT}", words=REFUSED.replace("9090", "8080")),
        refuted=probed(f"http-get http://:9090/ {PATIENT}", ready="1/1", restarts="0"),
    ),
    "probe_protocol": Trio(
        positive=probed(f"http-get http://:8080/ {PATIENT}", readiness=f"grpc <pod>:8080  {PATIENT}", words=BROKEN),
        near=probed(f"grpc <pod>:8080  {PATIENT}", readiness=f"grpc <pod>:8080  {PATIENT}", words=KILLED.format("timeout")),
        refuted=probed(
            f"http-get http://:8080/ {PATIENT}", ready="1/1", restarts="0", readiness=f"http-get http://:8080/ {PATIENT}"
        ),
    ),
    "probe_timing": Trio(
        positive=probed(f"grpc <pod>:8080  {HASTY}", words=KILLED.format("timeout: failed to connect service within 1s")),
        near=probed(f"grpc <pod>:8080  {PATIENT}", words=KILLED.format("timeout: failed to connect service within 1s")),
        refuted=probed(f"grpc <pod>:8080  {HASTY}", ready="1/1", restarts="0"),
    ),
    "pod_network": Trio(
        positive=measured(metrics(store_p90latency=400.0, web_p90latency=90.0), **APART),
        near=measured(FLAT, **APART),
        refuted=measured(metrics(store_p90latency=400.0, web_p90latency=90.0, store_cpu=20.0), **APART),
    ),
    "node_delay": Trio(
        positive=measured(metrics(**BOTH), **TOGETHER),
        near=measured(metrics(store_p90latency=400.0), **TOGETHER),
        refuted=measured(metrics(**BOTH, n2_tcp_retrans=80.0), **TOGETHER),
    ),
    "node_loss": Trio(
        positive=measured(metrics(**BOTH, n2_tcp_retrans=80.0), **TOGETHER),
        near=measured(metrics(n2_tcp_retrans=80.0), **TOGETHER),
        refuted=measured(metrics(**BOTH), **TOGETHER),
    ),
    "service_port": Trio(
        positive={"web.yaml": deployment("web") + service("web", target="80"), **answered("web", 8080, "failed")},
        near={"web.yaml": deployment("web") + service("web"), **answered("web", 8080, "failed")},
        refuted={"web.yaml": deployment("web") + service("web", target="80"), **answered("web", 8080, "open")},
    ),
    "service_protocol": Trio(
        positive={"web.yaml": deployment("web") + service("web", protocol="UDP"), **answered("web", 8080, "failed")},
        near={"web.yaml": deployment("web") + service("web"), **answered("web", 8080, "failed")},
        refuted={"web.yaml": deployment("web") + service("web", protocol="UDP"), **answered("web", 8080, "open")},
    ),
    "address_wrong": Trio(
        positive={"apps.yaml": deployment("web", container=told("STORE_ADDR", "stor:8080")) + service("web") + STORE + MAIL},
        near={"apps.yaml": deployment("web", container=told("STORE_ADDR", "store:8080")) + service("web") + STORE + MAIL},
        refuted={
            "apps.yaml": deployment("web", container=told("STORE_ADDR", "stor:8080"))
            + service("web")
            + STORE
            + MAIL
            + service("stor", app="store")
        },
    ),
    "db_port": Trio(
        positive={"apps.yaml": deployment("web", container=told("DATABASE_ADDR", "store:3307")) + service("web") + STORE + MAIL},
        near={"apps.yaml": deployment("web", container=told("DATABASE_ADDR", "store:8080")) + service("web") + STORE + MAIL},
        refuted={
            "apps.yaml": deployment("web", container=told("DATABASE_ADDR", "store:3307"))
            + service("web")
            + service("store", port=3307)
            + MAIL
        },
    ),
    "gateway_route": Trio(
        positive={"gateway.yaml": gateway("store") + SERVED},
        near={"gateway.yaml": gateway("order") + SERVED},
        refuted={"gateway.yaml": gateway("store") + SERVED.replace("name: order-service", "name: purchase")},
    ),
}
