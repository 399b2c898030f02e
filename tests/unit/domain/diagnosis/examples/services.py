"""Processes, networks, databases, limits, changes and builds."""

from tests.unit.domain.diagnosis.examples.shapes import Trio, events, log

W, N = "Warning", "Normal"
POD = "pod/orders-7d9c6b5f4-x2x4z"
DEPLOYMENT = "deployment/orders"


CRONJOBS = """\
NAME       SCHEDULE    TIMEZONE   SUSPEND   ACTIVE   LAST SCHEDULE   AGE
nightly    0 2 * * *   <none>     {suspended:<7}   0        2d9h            210d
hourly     0 * * * *   <none>     False     0        14m             210d
"""
"""`kubectl get cronjobs` (kubernetes.io/docs, "Running Automated Tasks with a CronJob")."""


def said(positive: str, near: str, refuting: str) -> Trio:
    """A family of logs: the fault, a similar line, and the fault followed by what excludes it."""
    return Trio(positive=log(positive, "ERROR request failed"), near=log(near), refuted=log(positive, refuting))


def trace(statement: str) -> dict[str, str]:
    """Return a trace as a tree, with the time in one leaf."""
    rows = (
        f"│    db.system: postgresql\n      │    db.statement: {statement}\n      │    db.execution_time_ms: 6200\n"
        if statement
        else "│    http.url: /price\n"
    )
    return {
        "trace.txt": f"""├─ /basket (front-desk) - 7300.00ms (span_id=1a)
│  Datetime: start=2031-03-04T10:00:00.000Z end=2031-03-04T10:00:07.300Z
│  Attributes:
│    http.method: GET
  ├─ load (price-keeper) - 6900.00ms (span_id=1b)
  │  Datetime: start=2031-03-04T10:00:00.100Z end=2031-03-04T10:00:07.000Z
  │  Attributes:
  │    http.method: GET
    ├─ {"postgres.query" if statement else "render"} (price-keeper) - 6200.00ms (span_id=1c)
    │  Datetime: start=2031-03-04T10:00:00.200Z end=2031-03-04T10:00:06.400Z
    │  Attributes:
      {rows}"""
    }


FAST = {
    "trace.txt": """├─ /basket (front-desk) - 12.00ms (span_id=1a)
│  Datetime: start=2031-03-04T10:00:00.000Z end=2031-03-04T10:00:00.012Z
│  Attributes:
│    http.method: GET
"""
}
EXCEPTION = 'ERROR unhandled exception while serving\nTraceback (most recent call last):\n  File "/app/serve.py", line 14, in run\n    raise OrderLost("order 7")\nOrderLost: order 7'

EXAMPLES = {
    "memory_leak": said(
        "WARN possible memory leak detected in session cache",
        "INFO memory check done",
        "INFO heap after collection fell back to baseline, no leak",
    ),
    "store_memory_full": said(
        "ERROR OOM command not allowed when used memory > 'maxmemory'", "INFO used memory 41 MB", "INFO memory alarm cleared"
    ),
    "credential_wrong": said(
        "ERROR call refused: Incorrect API key provided", "INFO api key loaded", "INFO calls succeeded with the same credential"
    ),
    "gc_pressure": said(
        "WARN detected JVM or host machine pause: 8123 ms, GC overhead limit near",
        "INFO gc young 12 ms",
        "INFO gc time back to normal",
    ),
    "cpu_saturated": said("WARN cpu usage above 97% for 300 s", "INFO cpu usage 41%", "INFO latency is normal"),
    "thread_or_fd_exhausted": said(
        "ERROR accept failed: too many open files", "INFO open files 120 of 1024", "INFO descriptors were released"
    ),
    "deadlock": said(
        "CRITICAL Found one Java-level deadlock", "INFO lock table initialised", "INFO lock was acquired after wait"
    ),
    "dns_failure": said(
        "ERROR dial tcp: lookup stock.shop.svc on 10.0.0.10:53: no such host",
        "INFO lookup cache warmed",
        "INFO name stock.shop.svc resolved",
    ),
    "resolver_down": Trio(
        positive=events((
            "Warning",
            "BackOff",
            "pod/coredns-5d78c9869d-x2x4z",
            "Back-off restarting failed container coredns in pod coredns-5d78c9869d-x2x4z",
        )),
        near=log("INFO coredns answered 1200 queries"),
        refuted={
            **events((
                "Warning",
                "BackOff",
                "pod/coredns-5d78c9869d-x2x4z",
                "Back-off restarting failed container coredns in pod coredns-5d78c9869d-x2x4z",
            )),
            **log("INFO coredns is ready again"),
        },
    ),
    "policy_block": said(
        "ERROR flow to 10.2.0.7 policy denied by rule default-deny",
        "INFO policy loaded",
        "INFO policy verdict: allow for 10.2.0.7",
    ),
    "tls_expired": said(
        "ERROR tls: certificate has expired on 2031-02-28",
        "INFO certificate expires in 80 days",
        "INFO certificate was renewed successfully",
    ),
    "tls_untrusted": said(
        "ERROR x509: certificate signed by unknown authority", "INFO loaded authority bundle", "INFO trust store updated"
    ),
    "tls_name": said(
        "ERROR x509: certificate is valid for a.example, not b.example",
        "INFO certificate names a.example",
        "INFO certificate was reissued for b.example",
    ),
    "tls_plain": said(
        "ERROR POST http://stock.shop.svc:8443/items failed: javax.net.ssl.SSLException: Unsupported or unrecognized SSL message",
        "INFO redirecting plain http request to https port 8443",
        "INFO tls handshake succeeded with stock.shop.svc:8443",
    ),
    "log_held": said(
        'LOG terminating process 812 to release replication slot "crm_feed"',
        "LOG replication slot crm_feed was created",
        "LOG replication slot crm_feed was dropped",
    ),
    "too_large": said(
        'WARN client intended to send too large body: 31000000 bytes, request: "POST /sacks"',
        "INFO client sent a body of 31000000 bytes",
        "INFO upload limit was raised to 64 MB",
    ),
    "health_check_wrong": said(
        "WARN Server be_sack/mill-1 is DOWN, reason: Layer7 wrong status, code: 404, check duration: 2ms",
        "INFO health check of be_sack asks GET /ready every 2 s",
        "INFO Server be_sack/mill-1 is UP, reason: Layer7 check passed, code: 200",
    ),
    "member_lost": said(
        "WARN node-left[{mill-3}{Qx1}{10.0.0.6:9300} reason: disconnected], term: 12",
        "INFO members of the cluster: mill-1, mill-2, mill-3",
        "INFO node-join[{mill-3}{Qx2}{10.0.0.6:9300} joining], term: 13",
    ),
    "consumer_expelled": said(
        "WARN consumer poll timeout has expired. The time between calls to poll() was longer than the configured max.poll.interval.ms",
        "INFO consumer polls every 300 ms",
        "INFO consumer of sacks caught up",
    ),
    "service_selector": said(
        'WARN no endpoints available for service "stock"',
        "INFO service stock has 3 endpoints",
        "INFO endpoints added for service stock",
    ),
    "dependency_down": said(
        "ERROR dial tcp 10.2.0.7:5000: connect: connection refused",
        "INFO connected to 10.2.0.7:5000",
        "INFO connection re-established to 10.2.0.7:5000",
    ),
    "cluster_partition": said(
        "ERROR network partition detected: members b, c unreachable",
        "INFO partition count 12 for topic stock",
        "INFO partition healed, all members joined",
    ),
    "db_credentials": said(
        'FATAL password authentication failed for user "orders"',
        'INFO user "orders" signed in',
        "INFO login of orders succeeded after rotation",
    ),
    "db_connections": said(
        "FATAL sorry, too many clients already", "INFO 12 of 100 connections used", "INFO idle connections were terminated"
    ),
    "pool_exhausted": said(
        "ERROR connection is not available, request timed out after 30000ms",
        "INFO pool size 10, 3 in use",
        "INFO pool has recovered",
    ),
    "db_read_only": said(
        "ERROR cannot execute INSERT in a read-only transaction",
        "INFO opened read-only report session",
        "INFO server promoted to primary",
    ),
    "ids_exhausted": said(
        'ERROR:  database is not accepting commands to avoid wraparound data loss in database "audit"',
        "LOG: autovacuum launcher started",
        "LOG: vacuum to prevent wraparound finished, commands are accepted",
    ),
    "db_restarting": said(
        "FATAL: the database system is starting up",
        "LOG: database system is ready to accept connections",
        "INFO the database server has been up for 41 days",
    ),
    "external_down": said(
        "ERROR POST https://api.payco.example/v1/charge failed: 503 Service Unavailable",
        "INFO POST https://api.payco.example/v1/charge 200 in 31 ms",
        "INFO the external service is operational",
    ),
    "failover": said(
        "WARN multi-AZ instance failover started on ledger-db", "INFO failover is configured", "INFO no failover took place"
    ),
    "maintenance_storm": said(
        "LOG checkpoints are occurring too frequently (9 seconds apart)",
        "LOG checkpoint complete: wrote 120 buffers",
        "LOG checkpoint was cancelled, still slow",
    ),
    "replication_lag": said("WARN replication lag is 912 s", "INFO replication started", "INFO replica caught up"),
    "slow_query": Trio(
        positive=trace("SELECT * FROM price_history WHERE item=$1"),
        near=FAST,
        refuted=log(
            "LOG duration: 6201.220 ms statement: SELECT * FROM price_history WHERE item=7",
            "LOG process 77 still waiting for ShareLock on transaction 991 after 1000 ms",
            "LOG waiting for ShareLock",
        ),
    ),
    "slow_call": Trio(positive=trace(""), near=FAST, refuted=trace("SELECT * FROM price_history WHERE item=$1")),
    "lock_wait": said(
        "LOG process 77 still waiting for ShareLock on transaction 991 after 1000.1 ms",
        "INFO lock table size 64",
        "LOG process 77 acquired ShareLock on transaction 991 after 2000 ms",
    ),
    "schema_mismatch": said(
        'ERROR column "discount" does not exist', 'INFO column "discount" added', "INFO migrations were applied"
    ),
    "rate_limited": said(
        "WARN 429 Too Many Requests from partner api, retry-after 60", "INFO 200 from partner api", "INFO rate limit was raised"
    ),
    "permission_denied": said(
        'ERROR pods is forbidden: User "runner" cannot list resource "pods" in API group ""',
        'INFO user "runner" lists pods',
        "INFO rolebinding/runner-pods created",
    ),
    "credential_expired": said("ERROR the access token has expired", "INFO token valid for 3600 s", "INFO token was refreshed"),
    "queue_backlog": said("WARN consumer lag 88412 on topic stock", "INFO consumer lag 3", "INFO backlog was drained"),
    "attack": said("WARN possible SYN flooding on port 443", "INFO sign-in of user anna", "INFO source is a known scanner"),
    "zero_replicas": Trio(
        positive=events((N, "ScalingReplicaSet", DEPLOYMENT, "Scaled down replica set orders-7d9c6b5f4 from 3 to 0")),
        near=events((N, "ScalingReplicaSet", DEPLOYMENT, "Scaled down replica set orders-7d9c6b5f4 from 3 to 2")),
        refuted=events(
            (N, "ScalingReplicaSet", DEPLOYMENT, "Scaled down replica set orders-7d9c6b5f4 from 3 to 0"),
            (N, "ScalingReplicaSet", DEPLOYMENT, "Scaled up replica set orders-5f6d7c8b9 to 3"),
        ),
    ),
    "suspended": Trio(
        positive={"cronjobs.txt": CRONJOBS.format(suspended="True")},
        near={"cronjobs.txt": CRONJOBS.format(suspended="False")},
        refuted={"cronjobs.txt": CRONJOBS.format(suspended="True"), **log("INFO cronjob nightly was resumed by anna")},
    ),
    "manifest_rejected": said(
        'ERROR Deployment.apps "orders" is invalid: spec.template.spec.containers[0].resources.requests: Invalid value: "2Gi": must be less than or equal to memory limit of 1Gi',
        'INFO Deployment.apps "orders" was validated',
        "INFO application orders was successfully synced",
    ),
    "rollout_stuck": Trio(
        positive=events((
            W,
            "ProgressDeadlineExceeded",
            DEPLOYMENT,
            'ReplicaSet "orders-7d9c6b5f4" has timed out progressing: ProgressDeadlineExceeded',
        )),
        near=events((N, "ScalingReplicaSet", DEPLOYMENT, "Scaled up replica set orders-7d9c6b5f4 to 3")),
        refuted=events(
            (W, "ProgressDeadlineExceeded", DEPLOYMENT, "deployment exceeded its progress deadline"),
            (N, "NewReplicaSetAvailable", DEPLOYMENT, "deployment orders successfully rolled out"),
        ),
    ),
    "crash_regression": said(
        "ERROR TypeError: total is not a function", "INFO type check passed", "INFO error seen since previous version"
    ),
    "exception": Trio(
        positive=log(EXCEPTION),
        near=log("INFO exception policy loaded"),
        refuted=log(EXCEPTION, "INFO retry succeeded for order 7"),
    ),
    "time_limit": said(
        "ERROR 7f0 Task timed out after 3.00 seconds", "INFO task timeout is 3 seconds", "INFO timeout was raised to 30 seconds"
    ),
    "config_invalid": said(
        "CRITICAL failed to parse config: yaml: line 14: mapping values are not allowed",
        "INFO config parsed",
        "INFO configuration reloaded",
    ),
    "build_compile": said(
        "[ERROR] /src/main/Order.java:[14,9] error: cannot find symbol",
        "[INFO] Compiling 12 source files",
        "[INFO] BUILD SUCCESS",
    ),
    "build_dependency": said(
        "[ERROR] Could not find artifact org.example:parcel:jar:9.1",
        "[INFO] Resolved org.example:parcel:jar:9.0",
        "[INFO] BUILD SUCCESS",
    ),
    "build_lock": said(
        "[ERROR] Missing: sack-tie@1.3.0 from lock file", "[INFO] lock file read, 812 packages", "[INFO] BUILD SUCCESS"
    ),
    "build_test": said(
        "[ERROR] Tests run: 41, Failures: 2, Errors: 0, Skipped: 0",
        "[INFO] Tests run: 41, Failures: 0, Errors: 0",
        "[INFO] all tests passed on re-run",
    ),
    "build_timeout": said(
        "##[error] The job running on runner has exceeded the maximum execution time of 60 minutes.",
        "[INFO] job finished in 12 minutes",
        "[INFO] BUILD SUCCESS",
    ),
    "build_tool": said(
        "[ERROR] Execution failed for task ':parcel:lint'.", "[INFO] Task ':parcel:lint' took 2 s", "[INFO] BUILD SUCCESS"
    ),
    "recovered": said(
        "INFO service orders recovered, alert resolved", "INFO service orders started", "ERROR service orders still failing"
    ),
}
