"""Who holds what database sessions wait for, across the results of two statements."""

from tests.quality.reading import text_case

SESSIONS = """\
  pid  |        state        | wait_event_type |  wait_event   |    xact_age     |                query
-------+---------------------+-----------------+---------------+-----------------+--------------------------------------
 20117 | idle in transaction | Client          | ClientRead    | 01:47:12.118231 | UPDATE bills SET void=true WHERE n=1
 20544 | active              | Lock            | transactionid | 00:12:01.004411 | UPDATE bills SET paid=true WHERE n=2
 20551 | active              | Lock            | transactionid | 00:11:40.771233 | UPDATE bills SET paid=true WHERE n=3
(3 rows)
"""
BLOCKERS = """\
  pid  | pg_blocking_pids
-------+------------------
 20544 | {20117}
 20551 | {20117,20544}
(2 rows)
"""
"""Columns of PostgreSQL (postgresql.org/docs, pg_stat_activity and pg_blocking_pids)."""


def test_the_session_at_the_root_of_the_waits_is_the_cause_with_its_own_row() -> None:
    leader = text_case({"sessions.txt": SESSIONS, "blockers.txt": BLOCKERS}).answer.causes[0]
    assert leader.family == "lock_wait"
    assert "held by session 20117 (idle in transaction for 01:47:12" in leader.statement
    assert leader.evidence[0].text.startswith("20117 | idle in transaction")


def test_without_the_list_of_blockers_the_waits_themselves_are_told() -> None:
    leader = text_case({"sessions.txt": SESSIONS}).answer.causes[0]
    assert (leader.family, "20544" in leader.evidence[0].text) == ("lock_wait", True)
