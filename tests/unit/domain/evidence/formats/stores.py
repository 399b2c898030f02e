"""Databases: results of their clients, sessions, locks, replicas and plans."""

from __future__ import annotations

import sqlite3

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must

ACTIVITY = """\
 pid | usename |        state        | wait_event_type |  wait_event   |          xact_start           | blocked_by |              query
-----+---------+---------------------+-----------------+---------------+-------------------------------+------------+---------------------------------
 101 | shop    | idle in transaction | Client          | ClientRead    | 2026-05-04 11:45:00.000001+00 | {}         | UPDATE stock SET n = n - 1
 102 | shop    | active              | Lock            | transactionid | 2026-05-04 11:58:30.000001+00 | {101}      | UPDATE stock SET n = n - 2
 103 | report  | active              |                 |               | 2026-05-04 11:20:00.000001+00 | {}         | SELECT sum(price) FROM orders
 104 | shop    | idle                | Client          | ClientRead    |                               | {}         | COMMIT
(4 rows)
"""
EXPANDED = """\
-[ RECORD 1 ]----+------------------------------
pid              | 102
state            | active
wait_event_type  | Lock
duration         | 00:01:30.5
blocked_by       | {101}
query            | UPDATE stock SET n = n - 2
-[ RECORD 2 ]----+------------------------------
pid              | 104
state            | idle
wait_event_type  | Client
duration         | 00:00:01
blocked_by       | {}
query            | COMMIT
"""
TUPLES = """\
 ledger | failed  | checksum of page 12 is wrong
 web    | ok      | fine
 mail   | ok      | fine
"""
LOCKS = """\
  locktype  | relation |        mode         | pid | granted
------------+----------+---------------------+-----+---------
 relation   | orders   | AccessExclusiveLock | 201 | f
 relation   | orders   | RowExclusiveLock    | 202 | t
(2 rows)
"""
REPLICATION = """\
 application_name |   state   | sync_state |   replay_lag    | lag_bytes
------------------+-----------+------------+-----------------+-----------
 standby1         | streaming | async      | 00:02:11.034    | 734003200
 standby2         | catchup   | async      | 00:00:00.5      | 1024
 standby3         | streaming | sync       | 00:00:00.001    | 0
"""
PROCESSLIST = """\
+----+------+-----------------+------+---------+------+---------------------------------+------------------------------+
| Id | User | Host            | db   | Command | Time | State                           | Info                         |
+----+------+-----------------+------+---------+------+---------------------------------+------------------------------+
|  5 | app  | 10.0.0.7:50112  | shop | Query   |  912 | Waiting for table metadata lock | ALTER TABLE orders ADD x int |
|  6 | app  | 10.0.0.7:50113  | shop | Query   |  340 | Sending data                    | SELECT * FROM orders         |
|  7 | app  | 10.0.0.7:50114  | shop | Sleep   |  950 |                                 | NULL                         |
+----+------+-----------------+------+---------+------+---------------------------------+------------------------------+
3 rows in set (0.00 sec)
"""
BATCH = """\
Id\tUser\tHost\tdb\tCommand\tTime\tState\tInfo
5\tapp\t10.0.0.7:50112\tshop\tQuery\t912\tWaiting for table metadata lock\tALTER TABLE orders ADD x int
7\tapp\t10.0.0.7:50114\tshop\tSleep\t950\t\tNULL
"""
STATUS = """\
+----------------------------------+-------+
| Variable_name                    | Value |
+----------------------------------+-------+
| Connection_errors_max_connections | 41    |
| Threads_connected                | 150   |
| max_connections                  | 151   |
| Uptime                           | 86400 |
+----------------------------------+-------+
"""
REPLICA = """\
*************************** 1. row ***************************
             Replica_IO_State: Waiting for source to send event
                  Source_Host: 10.0.0.9
           Replica_IO_Running: Yes
          Replica_SQL_Running: No
                   Last_Error: Could not execute Write_rows event on table shop.orders
        Seconds_Behind_Source: 4210
1 row in set (0.00 sec)
"""
LOCK_WAITS = """\
*************************** 1. row ***************************
                wait_started: 2026-05-04 11:57:12
                    wait_age: 00:01:12
               wait_age_secs: 72
                locked_table: `shop`.`orders`
                 waiting_pid: 31
               waiting_query: UPDATE orders SET paid = 1 WHERE id = 7
                blocking_pid: 28
              blocking_query: NULL
"""
PLAN = """\
                                                        QUERY PLAN
--------------------------------------------------------------------------------------------------------------------------
 Sort  (cost=61230.11..61480.11 rows=100 width=40) (actual time=812.011..901.500 rows=120000 loops=1)
   Sort Key: orders.created
   Sort Method: external merge  Disk: 18232kB
   ->  Hash Join  (cost=8.50..20110.30 rows=100 width=40) (actual time=0.311..610.010 rows=120000 loops=1)
         Hash Cond: (orders.customer = customers.id)
         ->  Seq Scan on orders  (cost=0.00..18334.00 rows=100 width=36) (actual time=0.020..402.221 rows=120000 loops=1)
               Filter: (status = 'open'::text)
               Rows Removed by Filter: 880000
         ->  Hash  (cost=6.00..6.00 rows=200 width=12) (actual time=0.201..0.202 rows=200 loops=1)
               Buckets: 1024  Batches: 1  Memory Usage: 17kB
               ->  Seq Scan on customers  (cost=0.00..6.00 rows=200 width=12) (actual time=0.006..0.092 rows=200 loops=1)
 Planning Time: 0.301 ms
 Execution Time: 921.774 ms
(13 rows)
"""
MYSQL_PLAN = """\
+----+-------------+-----------+------------+------+---------------+---------+---------+---------------+--------+----------+-----------------------------+
| id | select_type | table     | partitions | type | possible_keys | key     | key_len | ref           | rows   | filtered | Extra                       |
+----+-------------+-----------+------------+------+---------------+---------+---------+---------------+--------+----------+-----------------------------+
|  1 | SIMPLE      | orders    | NULL       | ALL  | customer      | NULL    | NULL    | NULL          | 991204 |    10.00 | Using where; Using filesort |
|  1 | SIMPLE      | customers | NULL       | ref  | PRIMARY       | PRIMARY | 4       | shop.orders.c |      1 |   100.00 | NULL                        |
+----+-------------+-----------+------------+------+---------------+---------+---------+---------------+--------+----------+-----------------------------+
"""
MYSQL_TREE = """\
*************************** 1. row ***************************
EXPLAIN: -> Sort: orders.created  (cost=100512 rows=991204) (actual time=1250..1320 rows=120000 loops=1)
    -> Filter: (orders.`status` = 'open')  (cost=100512 rows=991204) (actual time=0.0912..811 rows=120000 loops=1)
        -> Table scan on orders  (cost=100512 rows=991204) (actual time=0.0901..640 rows=1e+6 loops=1)

1 row in set (1.34 sec)
"""
INNODB = """\
=====================================
2026-05-04 11:59:30 0x7f10 INNODB MONITOR OUTPUT
=====================================
------------------------
LATEST DETECTED DEADLOCK
------------------------
2026-05-04 11:58:02 0x7f11
*** (1) TRANSACTION:
TRANSACTION 421001, ACTIVE 3 sec starting index read
MySQL thread id 28, OS thread handle 1, query id 90 10.0.0.7 app updating
UPDATE stock SET n = n - 1 WHERE id = 4
*** (1) HOLDS THE LOCK(S):
RECORD LOCKS space id 5 page no 4 n bits 72 index PRIMARY of table `shop`.`stock` trx id 421001 lock_mode X locks rec but not gap
*** (1) WAITING FOR THIS LOCK TO BE GRANTED:
RECORD LOCKS space id 6 page no 4 n bits 72 index PRIMARY of table `shop`.`orders` trx id 421001 lock_mode X waiting
*** (2) TRANSACTION:
TRANSACTION 421002, ACTIVE 2 sec starting index read
MySQL thread id 31, OS thread handle 2, query id 91 10.0.0.8 app updating
*** WE ROLL BACK TRANSACTION (2)
------------
TRANSACTIONS
------------
Trx id counter 421010
History list length 2100345
LIST OF TRANSACTIONS FOR EACH SESSION:
---TRANSACTION 421009, ACTIVE 51 sec starting index read
mysql tables in use 1, locked 1
LOCK WAIT 2 lock struct(s), heap size 1136, 1 row lock(s)
MySQL thread id 33, OS thread handle 3, query id 99 10.0.0.7 app updating
------- TRX HAS BEEN WAITING 48 SEC FOR THIS LOCK TO BE GRANTED:
---TRANSACTION 420000, ACTIVE 4210 sec
1 lock struct(s), heap size 1136, 0 row lock(s)
"""


def lite_plan() -> str:
    """What SQLite says of a join without an index."""
    base = sqlite3.connect(":memory:")
    base.executescript(
        "create table orders (id integer primary key, customer int, price int); create table customers (id integer primary key, town text);"
    )
    rows = base.execute(
        "explain query plan select sum(price) from orders o join customers c on c.id = o.customer where c.town = 'x' group by o.price"
    ).fetchall()
    base.close()
    depth = {0: 0}
    lines = ["QUERY PLAN"]
    for number, parent, _, what in rows:
        depth[number] = depth[parent] + 1
        lines.append(f"{'   ' * depth[parent]}|--{what}")
    return "\n".join(lines) + "\n"


def lite_rows(text: str) -> dict[str, int]:
    """Every step is an object in its line."""
    steps = [(number, line.split("--", 1)[1]) for number, line in enumerate(text.splitlines(), start=1) if "--" in line]
    return {f"step/{place} {what}".lower(): line for place, (line, what) in enumerate(steps, start=1)}


PG, MY = "postgresql.org/docs, psql and monitoring statistics", "dev.mysql.com/doc, mysql client and SHOW statements"

FORMATS: tuple[Format, ...] = (
    Format(
        name="psql: pg_stat_activity",
        kind=Kind.COMMAND_OUTPUT,
        example=ACTIVITY,
        source=PG,
        rows={f"session/{pid}": line for pid, line in ((101, 3), (102, 4), (103, 5), (104, 6))},
        must=(
            Must(what="a transaction that is open and idle", kind="connection", line=3, says="900 s"),
            Must(what="a session that waits for a lock, and who holds it", kind="row", line=4, says="held by 101"),
            Must(what="a long statement", kind="slow_span", line=5, says="SELECT sum(price)"),
        ),
    ),
    Format(
        name="psql \\x",
        kind=Kind.COMMAND_OUTPUT,
        example=EXPANDED,
        source=PG,
        rows={"session/102": 1, "session/104": 8},
        must=(Must(what="a lock wait", kind="row", line=1, says="lock wait"),),
    ),
    Format(
        name="psql -t",
        kind=Kind.COMMAND_OUTPUT,
        example=TUPLES,
        command="psql -t -c 'select * from checks'",
        source=PG,
        rows={"row/ledger": 1, "row/web": 2, "row/mail": 3},
        must=(Must(what="the odd row", kind="row", line=1, says="failed"),),
    ),
    Format(
        name="psql: pg_locks",
        kind=Kind.COMMAND_OUTPUT,
        example=LOCKS,
        source=PG,
        rows={"lock/201:orders:relation:accessexclusivelock": 3, "lock/202:orders:relation:rowexclusivelock": 4},
        must=(Must(what="a lock that was not granted", kind="row", line=3, says="AccessExclusiveLock on orders"),),
    ),
    Format(
        name="psql: pg_stat_replication",
        kind=Kind.COMMAND_OUTPUT,
        example=REPLICATION,
        source=PG,
        rows={"replica/standby1": 3, "replica/standby2": 4, "replica/standby3": 5},
        must=(
            Must(what="a replica that is behind", kind="row", line=3, subject="replica/standby1", says="replication lag"),
            Must(what="a replica that does not stream", kind="unhealthy_object", line=4, says="catchup"),
        ),
    ),
    Format(
        name="SHOW PROCESSLIST",
        kind=Kind.COMMAND_OUTPUT,
        example=PROCESSLIST,
        source=MY,
        rows={"session/5": 4, "session/6": 5, "session/7": 6},
        must=(
            Must(what="a lock wait", kind="row", line=4, says="metadata lock"),
            Must(what="a long statement", kind="slow_span", line=5, says="340 s"),
        ),
    ),
    Format(
        name="mysql -B",
        kind=Kind.COMMAND_OUTPUT,
        example=BATCH,
        source=MY,
        rows={"session/5": 2, "session/7": 3},
        must=(Must(what="a lock wait", kind="row", line=2, says="metadata lock"),),
    ),
    Format(
        name="SHOW STATUS and VARIABLES",
        kind=Kind.COMMAND_OUTPUT,
        example=STATUS,
        source=MY,
        rows={"variable/connection_errors_max_connections": 4, "variable/threads_connected": 5, "variable/max_connections": 6, "variable/uptime": 7},
        must=(
            Must(what="refused connections", kind="field", line=4, says="41"),
            Must(what="connections near their limit", kind="resource", line=5, says="150 of at most 151"),
        ),
    ),
    Format(
        name="SHOW REPLICA STATUS \\G",
        kind=Kind.COMMAND_OUTPUT,
        example=REPLICA,
        source=MY,
        rows={"replica/10.0.0.9": 1},
        must=(
            Must(what="a replication that stopped, and why", kind="field", line=6, says="Could not execute"),
            Must(what="replication lag", kind="row", line=1, says="4210 s"),
        ),
    ),
    Format(
        name="sys.innodb_lock_waits \\G",
        kind=Kind.COMMAND_OUTPUT,
        example=LOCK_WAITS,
        source=MY,
        rows={"session/31": 1},
        must=(Must(what="who waits for whom", kind="row", line=1, says="held by 28"),),
    ),
    Format(
        name="EXPLAIN ANALYZE (PostgreSQL)",
        kind=Kind.COMMAND_OUTPUT,
        example=PLAN,
        source="postgresql.org/docs, EXPLAIN; the live server's is captured in tests/integration",
        rows={"step/1 sort": 3, "step/2 hash join": 6, "step/3 seq scan on orders": 8, "step/4 hash": 11, "step/5 seq scan on customers": 13},
        must=(
            Must(what="a scan of a whole table", kind="slow_span", line=8, subject="table/orders", says="1000000 rows"),
            Must(what="a sort on disk", kind="slow_span", line=5, says="18232kB"),
            Must(what="a wrong estimate", kind="slow_span", line=8, says="100 rows were expected, 120000 came"),
        ),
    ),
    Format(
        name="EXPLAIN (MySQL table)",
        kind=Kind.COMMAND_OUTPUT,
        example=MYSQL_PLAN,
        source=MY,
        rows={"step/1:orders": 4, "step/1:customers": 5},
        must=(
            Must(what="a scan of a whole table", kind="slow_span", line=4, subject="table/orders", says="991204 rows"),
            Must(what="a sort without an index", kind="slow_span", line=4, says="Using filesort"),
        ),
    ),
    Format(
        name="EXPLAIN ANALYZE (MySQL tree)",
        kind=Kind.COMMAND_OUTPUT,
        example=MYSQL_TREE,
        source=MY,
        rows={"step/1 sort: orders.created": 2, "step/3 table scan on orders": 4},
        must=(Must(what="a scan of a whole table", kind="slow_span", line=4, subject="table/orders", says="1000000 rows"),),
    ),
    Format(
        name="EXPLAIN QUERY PLAN (SQLite)",
        kind=Kind.COMMAND_OUTPUT,
        example=lite_plan,
        source="captured",
        rows=lite_rows,
        must=(Must(what="a scan of a whole table", kind="slow_span", says="a whole table is read"),),
    ),
    Format(
        name="SHOW ENGINE INNODB STATUS",
        kind=Kind.COMMAND_OUTPUT,
        example=INNODB,
        source=MY,
        rows={"section/latest detected deadlock": 5, "section/transactions": 21, "transaction/421009": 26, "transaction/420000": 31},
        must=(
            Must(what="a deadlock with both sides", kind="row", line=5, says="deadlock detected between 2 transactions"),
            Must(what="a transaction that waits for a lock", kind="row", line=26, says="48 s"),
            Must(what="a long transaction", kind="row", line=31, says="4210 s"),
            Must(what="undo records that are not purged", kind="field", line=24, says="2100345"),
        ),
    ),
)  # fmt: skip
