"""Caches, queues, search and stores that agree by vote."""

from __future__ import annotations

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must

REDIS_INFO = """\
# Server
redis_version:7.2.4
# Clients
connected_clients:9800
maxclients:10000
blocked_clients:0
# Memory
used_memory:1073741824
maxmemory:1073741824
mem_fragmentation_ratio:1.91
# Stats
rejected_connections:44
evicted_keys:120031
# Replication
role:master
slave0:ip=10.0.0.8,port=6379,state=online,offset=99120,lag=41
slave1:ip=10.0.0.9,port=6379,state=wait_bgsave,offset=0,lag=0
master_link_status:up
# Persistence
rdb_last_bgsave_status:err
"""
SLOWLOG = """\
1) 1) (integer) 14
   2) (integer) 1777895000
   3) (integer) 1520321
   4) 1) "KEYS"
      2) "session:*"
   5) "10.0.0.5:51234"
   6) "web"
2) 1) (integer) 13
   2) (integer) 1777894990
   3) (integer) 10321
   4) 1) "GET"
      2) "cart:7"
   5) "10.0.0.5:51234"
   6) "web"
"""
CLIENTS = """\
id=3 addr=10.0.0.5:52555 laddr=10.0.0.1:6379 fd=8 name= age=905 idle=0 flags=N db=0 sub=0 psub=0 multi=-1 qbuf=26 qbuf-free=20448 obl=0 oll=410 omem=98304000 events=r cmd=subscribe user=default
id=4 addr=10.0.0.6:52556 laddr=10.0.0.1:6379 fd=9 name=web age=9 idle=0 flags=N db=0 sub=0 psub=0 multi=-1 qbuf=26 qbuf-free=20448 obl=0 oll=0 omem=0 events=r cmd=get user=default
"""
KAFKA_GROUPS = """\

GROUP           TOPIC           PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG             CONSUMER-ID                                     HOST            CLIENT-ID
billing         orders          0          104123          104125          2               billing-1-0d2c9a11-7d0f-4c54-9f6e-a5f1f2e3d4c5 /10.0.0.21      billing-1
billing         orders          1          80110           312007          231897          billing-2-1e3d0b22-8e1a-4d65-8a7f-b6a2a3f4e5d6 /10.0.0.22      billing-2
billing         refunds         0          11              40              29              -                                               -               -
"""
KAFKA_STATE = """\
GROUP                     COORDINATOR (ID)          ASSIGNMENT-STRATEGY  STATE           #MEMBERS
billing                   10.0.0.31:9092 (1)        range                Empty           0
"""
KAFKA_TOPICS = """\
Topic: orders\tTopicId: 9mC1cS5xQyG8b1r3rQk6Bg\tPartitionCount: 3\tReplicationFactor: 3\tConfigs: min.insync.replicas=2
\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2,3
\tTopic: orders\tPartition: 1\tLeader: 2\tReplicas: 2,3,1\tIsr: 2
\tTopic: orders\tPartition: 2\tLeader: none\tReplicas: 3,1,2\tIsr: 3
"""
RABBIT_QUEUES = """\
Timeout: 60.0 seconds ...
Listing queues for vhost / ...
name\tmessages\tmessages_unacknowledged\tconsumers\tstate
mail\t40112\t0\t0\trunning
orders\t5210\t5000\t3\trunning
audit\t0\t0\t1\tdown
idle\t0\t0\t0\trunning
"""
RABBIT_STATUS = """\
Cluster status of node rabbit@oak-1 ...
Basics

Cluster name: rabbit@oak-1
Total CPU cores available cluster-wide: 8

Disk Nodes

rabbit@oak-1
rabbit@oak-2
rabbit@oak-3

Running Nodes

rabbit@oak-1
rabbit@oak-3

Alarms

Memory alarm on node rabbit@oak-1

Network Partitions

(none)
"""
CAT_HEALTH = """\
epoch      timestamp cluster status node.total node.data shards pri relo init unassign pending_tasks max_task_wait_time active_shards_percent
1777895999 11:59:59  logs    red             3         3    118  60    0    2       22            4               1.2s                 84.3%
"""
CAT_INDICES = """\
health status index             uuid                   pri rep docs.count docs.deleted store.size pri.store.size
green  open   audit-2026.05.03  f0zKlIG0Q3m2yYHx8ZP1vA   1   1       9120            0      4.1mb          2.0mb
yellow open   web-2026.05.04    kqXhI9H1SZGQ4mPRn0b5XA   3   1   90211004            0     41.2gb         41.2gb
red    open   orders            b1cX7d2eQzG8c1r3rQk6Bg   5   1     120031           12     88.1mb         60.2mb
"""
CAT_SHARDS = """\
index  shard prirep state      docs   store ip        node  unassigned.reason
orders 0     p      STARTED    24001 17.5mb 10.0.0.41 oak-1
orders 1     p      UNASSIGNED                              NODE_LEFT
orders 1     r      UNASSIGNED                              NODE_LEFT
"""
CAT_NODES = """\
ip        heap.percent ram.percent cpu load_1m load_5m load_15m node.role master name
10.0.0.41           97          99  88   12.01   11.20     9.80 dim       *      oak-1
10.0.0.42           61          90  12    1.01    1.20     1.10 di        -      oak-2
"""
CAT_ALLOCATION = """\
shards disk.indices disk.used disk.avail disk.total disk.percent host      ip        node
    60       41.2gb    95.1gb      4.9gb      100gb           95 10.0.0.41 10.0.0.41 oak-1
    58       40.1gb    52.0gb     48.0gb      100gb           52 10.0.0.42 10.0.0.42 oak-2
"""
CAT_POOLS = """\
node_name name   active queue rejected
oak-1     search     13   998    40211
oak-2     search      1     0        0
"""
ETCD = """\
10.0.0.51:2379, 8e9e05c52164694d, 3.5.12, 2.1 GB, false, false, 9, 410221, 410221, etcdserver: mvcc: database space exceeded
10.0.0.52:2379, 91bc3c398fb3c146, 3.5.12, 25 kB, false, false, 9, 410220, 410220,
10.0.0.53:2379 is unhealthy: failed to commit proposal: context deadline exceeded
"""
ETCD_TABLE = """\
+----------------+------------------+---------+---------+-----------+------------+-----------+------------+--------------------+--------+
|    ENDPOINT    |        ID        | VERSION | DB SIZE | IS LEADER | IS LEARNER | RAFT TERM | RAFT INDEX | RAFT APPLIED INDEX | ERRORS |
+----------------+------------------+---------+---------+-----------+------------+-----------+------------+--------------------+--------+
| 10.0.0.51:2379 | 8e9e05c52164694d |  3.5.12 |  2.1 GB |      true |      false |         9 |     410221 |             410221 |        |
| 10.0.0.52:2379 | 91bc3c398fb3c146 |  3.5.12 |   25 kB |     false |      false |         9 |     410220 |             410220 |        |
+----------------+------------------+---------+---------+-----------+------------+-----------+------------+--------------------+--------+
"""
CONSUL = """\
Node   Address         Status  Type    Build   Protocol  DC   Partition  Segment
oak-1  10.0.0.61:8301  alive   server  1.17.0  2         dc1  default    <all>
oak-2  10.0.0.62:8301  failed  server  1.17.0  2         dc1  default    <all>
oak-7  10.0.0.67:8301  left    client  1.17.0  2         dc1  default    <default>
"""
VAULT = """\
Key                Value
---                -----
Seal Type          shamir
Initialized        true
Sealed             true
Total Shares       5
Threshold          3
Unseal Progress    1/3
Version            1.15.4
HA Enabled         true
"""
REDIS, KAFKA, RABBIT, ELASTIC = (
    "redis.io/docs",
    "kafka.apache.org, operations",
    "rabbitmq.com, rabbitmqctl",
    "elastic.co, compact and aligned text APIs",
)

FORMATS: tuple[Format, ...] = (
    Format(
        name="redis-cli INFO",
        kind=Kind.COMMAND_OUTPUT,
        example=REDIS_INFO,
        source=REDIS,
        rows={"cache/upload": 1, "replica/10.0.0.8:6379": 16, "replica/10.0.0.9:6379": 17},
        must=(
            Must(what="memory at its limit", kind="resource", line=8, says="100%"),
            Must(what="clients near their limit", kind="resource", line=4, says="9800 of at most 10000"),
            Must(what="refused connections", kind="field", line=12, says="44"),
            Must(what="evicted keys", kind="field", line=13, says="120031"),
            Must(what="a failed save", kind="field", line=20, says="err"),
            Must(what="a replica that is behind", kind="row", line=16, says="replication lag of 41 s"),
            Must(what="a replica that is not online", kind="unhealthy_object", line=17, says="wait_bgsave"),
        ),
    ),
    Format(
        name="redis-cli SLOWLOG GET",
        kind=Kind.COMMAND_OUTPUT,
        example=SLOWLOG,
        source=REDIS,
        rows={"command/14": 1, "command/13": 8},
        must=(Must(what="a slow command", kind="slow_span", line=3, says="KEYS session:*"),),
    ),
    Format(
        name="redis-cli CLIENT LIST",
        kind=Kind.COMMAND_OUTPUT,
        example=CLIENTS,
        source=REDIS,
        rows={"client/3": 1, "client/4": 2},
        must=(Must(what="a client that does not read its replies", kind="row", line=1, says="unread"),),
    ),
    Format(
        name="kafka-consumer-groups --describe",
        kind=Kind.COMMAND_OUTPUT,
        example=KAFKA_GROUPS,
        source=KAFKA,
        rows={"assignment/billing:orders:0": 3, "assignment/billing:orders:1": 4, "assignment/billing:refunds:0": 5},
        must=(
            Must(what="consumer lag", kind="row", line=4, subject="queue/billing:orders", says="231897"),
            Must(what="a partition that nobody consumes", kind="row", line=5, says="nobody consumes"),
        ),
    ),
    Format(
        name="kafka-consumer-groups --describe --state",
        kind=Kind.COMMAND_OUTPUT,
        example=KAFKA_STATE,
        source=KAFKA,
        rows={"group/billing": 2},
        must=(Must(what="a group without members", kind="unhealthy_object", line=2, says="Empty"),),
    ),
    Format(
        name="kafka-topics --describe",
        kind=Kind.COMMAND_OUTPUT,
        example=KAFKA_TOPICS,
        source=KAFKA,
        rows={"partition/orders:0": 2, "partition/orders:1": 3, "partition/orders:2": 4},
        must=(
            Must(what="an under-replicated partition", kind="unhealthy_object", line=3, says="replicas 3, 1 are not in step"),
            Must(what="a partition without a leader", kind="unhealthy_object", line=4, says="no leader"),
        ),
    ),
    Format(
        name="rabbitmqctl list_queues",
        kind=Kind.COMMAND_OUTPUT,
        example=RABBIT_QUEUES,
        source=RABBIT,
        rows={"queue/mail": 4, "queue/orders": 5, "queue/audit": 6, "queue/idle": 7},
        must=(
            Must(what="a queue without a consumer", kind="row", line=4, says="40112 messages and has no consumer"),
            Must(what="messages that are not acknowledged", kind="row", line=5, says="5000 messages"),
            Must(what="a queue that is down", kind="unhealthy_object", line=6, says="down"),
        ),
    ),
    Format(
        name="rabbitmqctl cluster_status",
        kind=Kind.COMMAND_OUTPUT,
        example=RABBIT_STATUS,
        source=RABBIT,
        rows={"broker/rabbit@oak-1": 9, "broker/rabbit@oak-2": 10, "broker/rabbit@oak-3": 11},
        must=(
            Must(what="an alarm", kind="field", line=20, says="Memory alarm"),
            Must(what="a node that is not running", kind="unhealthy_object", line=10, says="oak-2 is not running"),
        ),
    ),
    Format(
        name="_cat/health",
        kind=Kind.COMMAND_OUTPUT,
        example=CAT_HEALTH,
        source=ELASTIC,
        rows={"cluster/logs": 2},
        must=(Must(what="a red cluster", kind="unhealthy_object", line=2, says="red"),),
    ),
    Format(
        name="_cat/indices",
        kind=Kind.COMMAND_OUTPUT,
        example=CAT_INDICES,
        source=ELASTIC,
        rows={"index/audit-2026.05.03": 2, "index/web-2026.05.04": 3, "index/orders": 4},
        must=(
            Must(what="a yellow index", kind="unhealthy_object", line=3, says="yellow"),
            Must(what="a red index", kind="unhealthy_object", line=4, says="red"),
        ),
    ),
    Format(
        name="_cat/shards",
        kind=Kind.COMMAND_OUTPUT,
        example=CAT_SHARDS,
        source=ELASTIC,
        rows={"shard/orders:0:p": 2, "shard/orders:1:p": 3, "shard/orders:1:r": 4},
        must=(Must(what="an unassigned shard, and why", kind="unhealthy_object", line=3, says="UNASSIGNED NODE_LEFT"),),
    ),
    Format(
        name="_cat/nodes",
        kind=Kind.COMMAND_OUTPUT,
        example=CAT_NODES,
        source=ELASTIC,
        rows={"host/oak-1": 2, "host/oak-2": 3},
        must=(Must(what="a heap at its limit", kind="resource", line=2, says="97 % of its heap"),),
    ),
    Format(
        name="_cat/allocation",
        kind=Kind.COMMAND_OUTPUT,
        example=CAT_ALLOCATION,
        source=ELASTIC,
        rows={"host/oak-1": 2, "host/oak-2": 3},
        must=(Must(what="a full disk", kind="resource", line=2, says="95 % of its disk"),),
    ),
    Format(
        name="_cat/thread_pool",
        kind=Kind.COMMAND_OUTPUT,
        example=CAT_POOLS,
        source=ELASTIC,
        rows={"pool/oak-1:search": 2, "pool/oak-2:search": 3},
        must=(Must(what="rejected requests", kind="row", line=2, says="40211"),),
    ),
    Format(
        name="etcdctl endpoint status and health",
        kind=Kind.COMMAND_OUTPUT,
        example=ETCD,
        source="etcd.io/docs, etcdctl",
        rows={"member/10.0.0.51:2379": 1, "member/10.0.0.52:2379": 2, "member/10.0.0.53:2379": 3},
        must=(
            Must(what="a full store", kind="resource", line=1, says="2.1 GB"),
            Must(what="an alarm of a member", kind="field", line=1, says="space exceeded"),
            Must(what="an unhealthy member", kind="unhealthy_object", line=3, says="deadline exceeded"),
            Must(what="a cluster that nobody leads", kind="unhealthy_object", line=1, subject="cluster/etcd", says="no member"),
        ),
    ),
    Format(
        name="etcdctl endpoint status -w table",
        kind=Kind.COMMAND_OUTPUT,
        example=ETCD_TABLE,
        source="etcd.io/docs, etcdctl",
        rows={"member/10.0.0.51:2379": 4, "member/10.0.0.52:2379": 5},
        must=(Must(what="a full store", kind="resource", line=4, says="2.1 GB"),),
    ),
    Format(
        name="consul members",
        kind=Kind.COMMAND_OUTPUT,
        example=CONSUL,
        source="developer.hashicorp.com/consul",
        rows={"member/oak-1": 2, "member/oak-2": 3, "member/oak-7": 4},
        must=(Must(what="a failed member", kind="unhealthy_object", line=3, says="failed"),),
    ),
    Format(
        name="vault status",
        kind=Kind.COMMAND_OUTPUT,
        example=VAULT,
        source="developer.hashicorp.com/vault",
        rows={"vault/vault": 1},
        must=(Must(what="a sealed vault", kind="unhealthy_object", line=5, says="Sealed is true"),),
    ),
)  # fmt: skip
