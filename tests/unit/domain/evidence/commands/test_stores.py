"""Databases and queues: sessions, plans, caches and consumers, with a value on each side of every limit."""

from domain.evidence.commands import known_tables
from domain.evidence.commands.stores import caches, query_plans, sql_results
from tests import told
from tests.evidence import read_part


def test_sessions_that_wait_for_a_lock_or_run_for_long_are_found() -> None:
    parsed, understood = read_part(
        sql_results.read,
        """
    +----+------+---------+------+---------------------------------+---------------------------+
    | Id | User | Command | Time | State                           | Info                      |
    +----+------+---------+------+---------------------------------+---------------------------+
    |  1 | app  | Query   |   59 | executing                       | SELECT a FROM bricks      |
    |  2 | app  | Query   |   60 | executing                       | SELECT b FROM bricks      |
    |  3 | app  | Query   |    2 | Waiting for table metadata lock | ALTER TABLE bricks        |
    |  4 | app  | Sleep   | 9000 |                                 | SELECT c FROM bricks      |
    |  5 | app  | Daemon  | 9000 | Waiting on empty queue          | NULL                      |
    |  6 | app  | Query   | 9000 | starting                        | NULL                      |
    |  7 | app  | Query   | 9000 | cleaning up                     |                           |
    |  8 | odd  | row with too few cells |
    |  9 | app  | Query   |  n/a | executing                       | SELECT d FROM bricks      |
    | 10 | app  | Query   |   61 | executing                       | SELECT e FROM bricks      |
    """,
    )
    assert told.findings(parsed) == [
        "3.5 row session/3 @7: session 3 waits for a lock 2 s: ALTER TABLE bricks | reason=lock wait statement=ALTER TABLE bricks state=Waiting for table metadata lock duration_s:2",
        "3 slow_span session/2 @6: a statement runs for 60 s: SELECT b FROM bricks | reason=long statement duration_ms:60000 statement=SELECT b FROM bricks state=executing duration_s:60",
        "3 slow_span session/10 @14: a statement runs for 61 s: SELECT e FROM bricks | reason=long statement duration_ms:61000 statement=SELECT e FROM bricks state=executing duration_s:61",
    ]
    assert understood == 13


def listed(count: int) -> str:
    rows = [f"{number} | idle in transaction | UPDATE bricks" for number in range(count)]
    return "\n".join(["pid | state | query", "----+-------+------", "99 | active | SELECT 1", *rows])


def test_twenty_sessions_in_one_state_are_a_crowd() -> None:
    parsed, _ = read_part(sql_results.read, listed(20))
    assert told.findings(parsed)[0] == (
        "2.5 connection - @5: 20 sessions are idle in transaction | reason=idle in transaction count:20"
    )
    assert told.findings(read_part(sql_results.read, listed(19))[0]) == []


def test_waiting_on_a_lock_is_read_from_the_wait_event_too() -> None:
    parsed, understood = read_part(
        sql_results.read,
        """
     pid | wait_event_type | wait_event | duration | query
    -----+-----------------+------------+----------+-------------------
     41  | Lock            | tuple      | 12       | UPDATE bricks SET wet
     42  | Client          | ClientRead | 12       | COMMIT
    """,
    )
    assert told.findings(parsed) == [
        "3.5 row session/41 @4: session 41 waits for a lock 12 s: UPDATE bricks SET wet | reason=lock wait statement=UPDATE bricks SET wet state=Lock duration_s:12",
    ]
    assert understood == 4


def test_the_two_heaviest_steps_of_a_plan_are_named_and_scans_count_double() -> None:
    parsed, understood = read_part(
        query_plans.read,
        """
    Sort  (cost=10.00..120.00 rows=1 width=8)
      ->  Seq Scan on bricks  (cost=0.00..61.00 rows=9 width=8)
      ->  Index Scan using bricks_pk on bricks  (cost=0.00..119.00 rows=9 width=8)
    Planning Time: 0.1 ms
    """,
    )
    assert told.findings(parsed) == [
        "3 slow_span table/bricks @3: Seq Scan on bricks takes most of the plan | operation=Seq Scan on bricks value=bricks weight:122",
        "1.5 slow_span - @2: Sort takes most of the plan | operation=Sort weight:120",
    ]
    assert understood == 4


def test_a_plan_that_ran_weighs_time_by_loops() -> None:
    parsed, understood = read_part(
        query_plans.read,
        """
    Nested Loop  (cost=0.00..900.00 rows=1 width=8) (actual time=0.10..10.00 rows=9 loops=1)
      ->  Hash Join  (cost=0.00..1.00 rows=9 width=8) (actual time=0.00..3.00 rows=9 loops=4)
      ->  Seq Scan on ovens  (cost=0.00..2.00 rows=9 width=8) (actual time=0.00..2.00 rows=9 loops=2)
      ->  Materialize  (cost=0.00..2.00 rows=9 width=8) (actual time=0.00..11.00 rows=9 loops=1)
    """,
    )
    assert told.findings(parsed) == [
        "1.5 slow_span - @3: Hash Join takes most of the plan | operation=Hash Join weight:12",
        "1.5 slow_span - @5: Materialize takes most of the plan | operation=Materialize weight:11",
    ]
    assert understood == 4


def test_a_cache_at_95_percent_of_its_memory_that_refuses_and_lost_its_master_is_found() -> None:
    parsed, understood = read_part(
        caches.info,
        """
    # Memory
    used_memory:950
    maxmemory:1000
    rejected_connections:0
    evicted_keys:12
    master_link_status:down
    rdb_last_bgsave_status:ok
    loading:1
    """,
    )
    assert told.findings(parsed) == [
        "3.5 resource - @3: the cache uses 95% of its memory | resource=memory used:950 limit:1000",
        "3 field - @6: evicted_keys is 12 | field=evicted_keys value=12",
        "3 field - @7: master_link_status is down | field=master_link_status value=down",
        "3 field - @9: loading is 1 | field=loading value=1",
    ]
    assert told.objects(parsed) == [
        "cache/sample @2 used_memory=950 maxmemory=1000 rejected_connections=0 evicted_keys=12 master_link_status=down rdb_last_bgsave_status=ok loading=1",
    ]
    assert understood == 8


def test_a_cache_below_its_limit_or_without_one_is_in_order() -> None:
    parsed, understood = read_part(
        caches.info,
        """
    used_memory:949
    maxmemory:1000
    master_link_status:up
    rdb_last_bgsave_status:err
    """,
    )
    assert told.findings(parsed) == [
        "3 field - @5: rdb_last_bgsave_status is err | field=rdb_last_bgsave_status value=err",
    ]
    assert told.objects(parsed) == [
        "cache/sample @2 used_memory=949 maxmemory=1000 master_link_status=up rdb_last_bgsave_status=err",
    ]
    assert understood == 4


def test_a_cache_without_a_limit_is_never_full() -> None:
    parsed, understood = read_part(
        caches.info,
        """
    used_memory:949
    maxmemory:0
    """,
    )
    assert told.findings(parsed) == []
    assert told.objects(parsed) == [
        "cache/sample @2 used_memory=949 maxmemory=0",
    ]
    assert understood == 2


def test_consumers_are_behind_from_a_thousand_messages_or_when_nobody_consumes() -> None:
    parsed, understood = read_part(
        known_tables.read,
        """
    The output of a tool with a LAG
    GROUP  TOPIC   PARTITION  CURRENT-OFFSET  LOG-END-OFFSET  LAG   CONSUMER-ID
    kiln   bricks  0          10              1009            999   kiln-1
    kiln   mortar  0          10              1010            1000  kiln-2
    yard   sand    0          10              10              -     -
    yard   clay    0          10              1011            1001  -
    """,
    )
    assert told.findings(parsed) == [
        "3.5 row queue/kiln:mortar @5: kiln:mortar is 1000 messages behind | lag:1000 consumer=kiln-2 partition=0",
        "3.5 row queue/yard:clay @7: yard:clay is 1001 messages behind, nobody consumes it | lag:1001 consumer=- partition=0",
        "2 row queue/yard:sand @6: yard:sand is 0 messages behind, nobody consumes it | lag:0 consumer=- partition=0",
    ]
    assert understood == 5


def test_a_table_without_lag_has_no_consumers() -> None:
    parsed, understood = read_part(
        known_tables.read,
        """
    GROUP  TOPIC   PARTITION
    kiln   bricks  0
    """,
    )
    assert told.findings(parsed) == []
    assert understood == 0
