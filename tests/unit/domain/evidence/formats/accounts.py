"""Answers in JSON: containers inspected, alerts, cloud accounts, MongoDB."""

from __future__ import annotations

import json

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must

INSPECT = json.dumps(
    [
        {
            "Id": "1b2c3d4e5f60718293a4",
            "State": {
                "Status": "exited",
                "OOMKilled": True,
                "ExitCode": 137,
                "Error": "",
                "FinishedAt": "2026-05-04T11:55:00.123456789Z",
                "Health": {"Status": "unhealthy", "Log": [{"ExitCode": 1, "Output": "connection to db refused\n"}]},
            },
            "Name": "/api",
            "RestartCount": 6,
            "HostConfig": {"Memory": 536870912, "RestartPolicy": {"Name": "on-failure"}},
            "Mounts": [{"Type": "volume", "Name": "api-data", "Source": "/var/lib/docker/volumes/api-data/_data"}],
            "Config": {"Image": "registry.test/api:2.1", "Env": ["DB_HOST=db", "DB_LOGIN=never shown, it failed"]},
            "NetworkSettings": {"Networks": {"shop": {"IPAddress": "172.18.0.3"}}},
        }
    ],
    indent=1,
)
EC2 = json.dumps(
    {
        "Reservations": [
            {
                "Instances": [
                    {
                        "InstanceId": "i-0aa11bb22cc33dd44",
                        "InstanceType": "m5.large",
                        "State": {"Code": 80, "Name": "stopped"},
                        "StateTransitionReason": "User initiated (2026-05-04 11:50:00 GMT)",
                        "SubnetId": "subnet-1",
                    },
                    {"InstanceId": "i-0ee55ff6600aa77bb", "InstanceType": "m5.large", "State": {"Code": 16, "Name": "running"}},
                ]
            }
        ]
    },
    indent=1,
)
RDS = json.dumps(
    {
        "DBInstances": [
            {"DBInstanceIdentifier": "shop", "Engine": "postgres", "DBInstanceStatus": "storage-full", "AllocatedStorage": 100}
        ]
    },
    indent=1,
)
TARGETS = json.dumps(
    {
        "TargetHealthDescriptions": [
            {"Target": {"Id": "i-0aa11bb22cc33dd44", "Port": 80}, "TargetHealth": {"State": "healthy"}},
            {
                "Target": {"Id": "i-0ee55ff6600aa77bb", "Port": 80},
                "TargetHealth": {"State": "unhealthy", "Reason": "Target.Timeout", "Description": "Request timed out"},
            },
        ]
    },
    indent=1,
)
ALARMS = json.dumps(
    {
        "MetricAlarms": [
            {
                "AlarmName": "shop-5xx",
                "StateValue": "ALARM",
                "StateReason": "Threshold Crossed: 1 datapoint [41.0] was greater than 5.0",
            },
            {"AlarmName": "shop-cpu", "StateValue": "OK", "StateReason": "Threshold Crossed"},
        ]
    },
    indent=1,
)
GKE = json.dumps(
    [
        {
            "name": "yard",
            "location": "europe-west1",
            "currentMasterVersion": "1.31.2-gke.1",
            "status": "DEGRADED",
            "statusMessage": "Nodes of the default pool are not healthy",
            "selfLink": "https://container.googleapis.com/v1/projects/p/zones/z/clusters/yard",
        }
    ],
    indent=1,
)
AZ = json.dumps(
    [
        {
            "name": "web-1",
            "resourceGroup": "shop",
            "location": "westeurope",
            "powerState": "VM deallocated",
            "provisioningState": "Succeeded",
        },
        {
            "name": "web-2",
            "resourceGroup": "shop",
            "location": "westeurope",
            "powerState": "VM running",
            "provisioningState": "Failed",
        },
    ],
    indent=1,
)
RS_STATUS = """\
{
  set: 'rs0',
  date: ISODate('2026-05-04T11:59:59.000Z'),
  myState: 1,
  members: [
    {
      _id: 0,
      name: 'oak-1:27017',
      health: 1,
      stateStr: 'PRIMARY',
      optimeDate: ISODate('2026-05-04T11:59:58.000Z')
    },
    {
      _id: 1,
      name: 'oak-2:27017',
      health: 0,
      stateStr: '(not reachable/healthy)',
      optimeDate: ISODate('1970-01-01T00:00:00.000Z'),
      lastHeartbeatMessage: 'Error connecting to oak-2:27017 :: caused by :: Connection refused'
    },
    {
      _id: 2,
      name: 'oak-3:27017',
      health: 1,
      stateStr: 'SECONDARY',
      optimeDate: ISODate('2026-05-04T11:52:00.000Z')
    }
  ],
  ok: 1
}
"""
CURRENT_OP = json.dumps(
    {
        "inprog": [
            {
                "opid": 4021,
                "op": "query",
                "ns": "shop.orders",
                "secs_running": 812,
                "waitingForLock": False,
                "command": {"find": "orders"},
            },
            {"opid": 4022, "op": "update", "ns": "shop.stock", "secs_running": 41, "waitingForLock": True, "command": {"q": 1}},
        ],
        "ok": 1,
    },
    indent=1,
)
SERVER = json.dumps(
    {
        "host": "oak-1",
        "version": "7.0.5",
        "process": "mongod",
        "uptime": 86400,
        "connections": {"current": 812, "available": 7},
        "globalLock": {"currentQueue": {"total": 41, "readers": 40, "writers": 1}},
    },
    indent=1,
)

COLD = [
    {
        "status": status,
        "labels": {"alertname": "KilnCold", "pod": pod, "severity": "critical"},
        "annotations": {"summary": f"{pod} has been cold for ten minutes"},
        "startsAt": "2026-05-04T11:50:00Z",
        "endsAt": end,
        "generatorURL": "http://prometheus.test/graph",
        "fingerprint": pod,
    }
    for status, pod, end in (("firing", "kiln-0", "0001-01-01T00:00:00Z"), ("resolved", "kiln-1", "2026-05-04T11:52:00Z"))
]
WEBHOOK = json.dumps(
    {
        "version": "4",
        "groupKey": "{}:{alertname=KilnCold}",
        "truncatedAlerts": 0,
        "status": "firing",
        "receiver": "ovens",
        "groupLabels": {"alertname": "KilnCold"},
        "commonLabels": {"alertname": "KilnCold", "severity": "critical"},
        "commonAnnotations": {},
        "externalURL": "http://alertmanager.test",
        "alerts": COLD,
    },
    indent=1,
)
ALERTS = json.dumps([{**COLD[0], "status": {"state": "active", "silencedBy": [], "inhibitedBy": []}}], indent=1)


def at(text: str, piece: str) -> int:
    """The line of a piece."""
    return text[: text.index(piece)].count("\n") + 1


PROMETHEUS = "prometheus.io/docs/alerting"
AWS, MONGO = "docs.aws.amazon.com, CLI reference", "mongodb.com/docs"
FORMATS: tuple[Format, ...] = (
    Format(
        name="docker inspect",
        kind=Kind.COMMAND_OUTPUT,
        example=INSPECT,
        source="docs.docker.com, Engine API",
        rows={"container/api": at(INSPECT, '"Name": "/api"')},
        must=(
            Must(what="a container that ran out of memory", kind="exit", line=at(INSPECT, "OOMKilled"), says="out of memory"),
            Must(what="a health check that fails, and what it says", kind="unhealthy_object", says="connection to db refused"),
            Must(what="restarts", kind="unhealthy_object", line=at(INSPECT, "RestartCount"), says="6 times"),
        ),
    ),
    Format(
        name="webhook of Alertmanager",
        kind=Kind.COMMAND_OUTPUT,
        example=WEBHOOK,
        source=f"{PROMETHEUS}, webhook_config",
        rows={"alert/kilncold": 1, "alert/kilncold#17": 17, "alert/kilncold#32": 32},
        must=(Must(what="what an alert says, and of what", kind="alert", line=25, subject="pod/kiln-0", says="cold for ten minutes"),),
    ),
    Format(
        name="alerts of Alertmanager",
        kind=Kind.COMMAND_OUTPUT,
        example=ALERTS,
        source=f"{PROMETHEUS}, API v2",
        rows={"alert/kilncold": 2},
        must=(Must(what="what an alert says", kind="alert", subject="pod/kiln-0"),),
    ),
    Format(
        name="aws ec2 describe-instances",
        kind=Kind.COMMAND_OUTPUT,
        example=EC2,
        source=AWS,
        rows={"instance/i-0aa11bb22cc33dd44": at(EC2, '"InstanceId": "i-0aa') - 1, "instance/i-0ee55ff6600aa77bb": at(EC2, '"InstanceId": "i-0ee') - 1},
        must=(Must(what="an instance that was stopped, and why", kind="unhealthy_object", line=at(EC2, "stopped"), says="User initiated"),),
    ),
    Format(
        name="aws rds describe-db-instances",
        kind=Kind.COMMAND_OUTPUT,
        example=RDS,
        source=AWS,
        rows={"dbinstance/shop": 3},
        must=(Must(what="a database without storage", kind="unhealthy_object", line=at(RDS, "storage-full"), says="storage-full"),),
    ),
    Format(
        name="aws elbv2 describe-target-health",
        kind=Kind.COMMAND_OUTPUT,
        example=TARGETS,
        source=AWS,
        rows={"targethealth/i-0aa11bb22cc33dd44": 3, "targethealth/i-0ee55ff6600aa77bb": at(TARGETS, "i-0ee") - 2},
        must=(Must(what="an unhealthy target, and why", kind="unhealthy_object", line=at(TARGETS, '"unhealthy"'), says="Target.Timeout"),),
    ),
    Format(
        name="aws cloudwatch describe-alarms",
        kind=Kind.COMMAND_OUTPUT,
        example=ALARMS,
        source=AWS,
        rows={"metricalarm/shop-5xx": 3, "metricalarm/shop-cpu": at(ALARMS, "shop-cpu") - 1},
        must=(Must(what="an alarm, and why", kind="unhealthy_object", line=at(ALARMS, '"ALARM"'), says="greater than 5.0"),),
    ),
    Format(
        name="gcloud container clusters list",
        kind=Kind.COMMAND_OUTPUT,
        example=GKE,
        source="cloud.google.com, gcloud --format=json",
        rows={"resource/yard": 2},
        must=(Must(what="a degraded cluster", kind="unhealthy_object", line=at(GKE, "DEGRADED"), says="not healthy"),),
    ),
    Format(
        name="az vm list -d",
        kind=Kind.COMMAND_OUTPUT,
        example=AZ,
        source="learn.microsoft.com, Azure CLI",
        rows={"resource/web-1": 2, "resource/web-2": at(AZ, "web-2") - 1},
        must=(
            Must(what="a machine that is switched off", kind="unhealthy_object", line=at(AZ, "deallocated"), says="VM deallocated"),
            Must(what="a machine that was not provisioned", kind="unhealthy_object", line=at(AZ, "Failed"), says="Failed"),
        ),
    ),
    Format(
        name="rs.status()",
        kind=Kind.COMMAND_OUTPUT,
        example=RS_STATUS,
        source=MONGO,
        rows={"member/oak-1:27017": 8, "member/oak-2:27017": 15, "member/oak-3:27017": 23},
        must=(
            Must(what="a member that is not there, and why", kind="unhealthy_object", line=17, says="Connection refused"),
            Must(what="a member that is behind", kind="row", line=26, says="478 s"),
        ),
    ),
    Format(
        name="db.currentOp()",
        kind=Kind.COMMAND_OUTPUT,
        example=CURRENT_OP,
        source=MONGO,
        rows={"operation/4021": 3, "operation/4022": at(CURRENT_OP, "4022") - 1},
        must=(
            Must(what="a long operation", kind="slow_span", line=at(CURRENT_OP, "812"), says="shop.orders"),
            Must(what="an operation that waits for a lock", kind="row", line=at(CURRENT_OP, "true"), says="lock"),
        ),
    ),
    Format(
        name="db.serverStatus()",
        kind=Kind.COMMAND_OUTPUT,
        example=SERVER,
        source=MONGO,
        rows={"database/oak-1": 2},
        must=(
            Must(what="connections near their limit", kind="resource", line=at(SERVER, '"current": 812'), says="812 of at most 819"),
            Must(what="a queue at the lock", kind="row", line=at(SERVER, '"total"'), says="41 operations"),
        ),
    ),
)  # fmt: skip
