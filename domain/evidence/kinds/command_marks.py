"""What the outputs of clusters, containers, stores and deliveries look like; linear patterns over one line each."""

from __future__ import annotations

import re
from collections.abc import Mapping


def sure(pattern: str) -> tuple[str, str]:
    """Return a line that names its format by itself, as two met patterns do."""
    return pattern, pattern


MARKS: Mapping[str, tuple[str, ...]] = {
    "helm status": (r"^NAME: \S+$", r"^LAST DEPLOYED: ", r"^(?:STATUS|REVISION|NAMESPACE): \S"),
    "helm table": sure(r"^(?:NAME\s+NAMESPACE\s+)?REVISION\s+UPDATED\s+STATUS\s"),
    "docker-compose ps": (r"^\s*Name\s+Command\s+State\s+Ports", r"^-{20,}$"),
    "container stats": sure(r"^(?:CONTAINER(?: ID)?|ID)\s+NAME\s+CPU %\s+MEM"),
    "docker events": (
        r"^\d{4}-\d\d-\d\dT\S+ (?:container|network|volume|image|daemon|plugin|service|node|secret|config) \w+(?::\s.{0,200})? \S+(?: \(|$)",
    ),
    "psql": sure(r"^-{2,}(?:\+-+)+$"),
    "sql records": sure(r"^(?:-\[ RECORD \d+ \]|\*{5,} \d+\. row \*{5,}$)"),
    "sql batch": sure(r"^(?:Id\tUser\tHost|Variable_name\tValue$|trx_id\ttrx_state|id\tselect_type)"),
    "explain": (
        r"\(cost=[\d.]+(?:e\+\d+)?(?:\.\.[\d.]+)? rows=[\d.e+]+",
        r"\(actual time=[\d.]+\.\.[\d.]+ rows=",
        r"^(?:\s*QUERY PLAN\s*|[\s|`]{0,80}--(?:SCAN|SEARCH) \w.*)$",
        r"^\s*(?:Planning|Execution) Time: [\d.]+ ms",
    ),
    "innodb status": (
        r"^=+$|^[A-Z ]+ INNODB MONITOR OUTPUT",
        r"^(?:LATEST DETECTED DEADLOCK|TRANSACTIONS|BACKGROUND THREAD|SEMAPHORES)$",
        r"^---TRANSACTION \d+",
    ),
    "redis slow log": (r"^\s{0,4}(?:\d{1,6}\) )1\) \(integer\) \d+$", r"^\s+[23]\) \(integer\) \d+$", r"^\s+4\) 1\) \""),
    "redis clients": (r"^id=\d+ addr=\S+ ", r"qbuf=\d+ .{0,200}\bomem=\d+"),
    "kafka state": sure(r"^GROUP\s+COORDINATOR \(ID\)\s"),
    "kafka topics": (r"^\s*Topic: \S+\s+(?:TopicId|PartitionCount): ?\S+", r"^\s*Topic: \S+\s+Partition: \d+\s+Leader: "),
    "rabbit queues": (r"^Timeout: [\d.]+ seconds", r"^Listing queues", r"^name\s+(?:messages|consumers|state|memory)\b"),
    "rabbit status": (
        r"^(?:Cluster s|S)tatus of node \S+",
        r"^(?:Alarms|Network Partitions|Running Nodes|Listeners|Feature flags)$",
    ),
    "search nodes": sure(
        r"^(?:health\s+status\s+index|epoch\s+timestamp\s+cluster|index\s+shard\s+prirep\s+state|ip\s+heap\.percent|shards\s+disk\.indices|node_name\s+name\s+active)\s"
    ),
    "etcd endpoints": (
        r"^\S+, [0-9a-f]{8,16}, [\d.]+, [\d.]+ [kMGT]?B, (?:true|false), ",
        r"^\S++ is (?:un)?healthy: (?:successfully|failed) ",
    ),
    "consul members": sure(r"^Node\s+Address\s+Status\s+Type\s+Build\s"),
    "vault status": (r"^Key\s+Value$", r"^Seal Type\s", r"^Sealed\s+(?:true|false)$"),
    "terraform": (
        r"^(?:Terraform|OpenTofu) (?:will perform|used the selected providers)",
        r"^\s*# \S+ (?:will be|must be|has been|has changed)",
        r"^(?:Plan|Apply complete! Resources|Destroy complete! Resources): \d+ ",
        r"^\S+: (?:Creating|Destroying|Modifying|Creation complete|Destruction complete|Refreshing state|Still \w+)\b",
        r"^│ (?:(?:Error|Warning): .{1,500}| {1,3}with \S+,)$",
        r"^╷$",
    ),
    "ansible": (
        r"^(?:PLAY|TASK|RUNNING HANDLER) (?:\[|RECAP)",
        r"^(?:ok|changed|skipping|fatal|failed): \[",
        r"^\S++\s++: ok=\d+\s+changed=\d+",
    ),
    "git status": (
        r"^(?:On branch \S+|HEAD detached (?:at|from) \S+)$",
        r"^(?:Changes (?:not staged|to be committed)|Untracked files:|nothing to commit|Your branch |Unmerged paths:|no changes added)",
    ),
    "rollout": sure(
        r"^(?:Waiting for (?:deployment|daemon set|statefulset|\d+ pods)\b|(?:error: )?(?:deployment|daemon set|statefulset) \"[^\"]+\" (?:successfully rolled|exceeded its)|REVISION\s+CHANGE-CAUSE|statefulset rolling update)"
    ),
    "permissions": sure(r"^Resources\s+Non-Resource URLs\s"),
    "mongo": (
        r"^\s*(?:stateStr|set|optimeDate|opid|secs_running|inprog|lastHeartbeatMessage)['\"]? ?: ",
        r": ?(?:ISODate|NumberLong|Timestamp|ObjectId|Long)\(",
    ),
    "argocd": (
        r"^Sync Status:\s",
        r"^Health Status:\s",
        r"^Sync Policy:\s",
        r"^SyncWindow:\s",
        r"^GROUP\s+KIND\s+NAMESPACE\s+NAME\s+STATUS\s+HEALTH\b",
    ),
}
"""Format → patterns, as in `fingerprints.COMMANDS`; a pattern that half of all lines match names its format, too, so none is general."""
DATED = frozenset({
    "helm table",
    "docker events",
    "innodb status",
    "psql",
    "sql table",
    "sql records",
    "sql batch",
    "search nodes",
})
"""Formats whose lines carry dates though they are no logs."""
TYPED = re.compile(
    r"^(?:sudo )?(?:psql|mysql|mariadb|sqlite3|rabbitmqctl|redis-cli|etcdctl|kubectl (?:\S{1,80} ){0,6}?(?:auth|rollout)|git (?:-C \S{1,200} )?(?:status|log|show))\b"
)
"""Commands whose output is never a log, however short it is."""
LOGGED = re.compile(
    r"^(?:sudo )?(?:kubectl (?:\S{1,80} ){0,6}?logs|(?:docker|podman|nerdctl|docker-compose|docker compose|crictl) logs|journalctl|dmesg)\b"
)
"""Commands that print nothing but logs."""
NO_WORDS = re.compile(
    r"(?i)^\s*+(?:[\[{<]|error from server|error: |unable to |no resources found|the connection to the server|defaulted container)"
)
"""How a document begins, and what such a command says of itself where it has no log to print (kubectl): no words of a process."""
