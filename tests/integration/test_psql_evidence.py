"""What a real PostgreSQL says of its sessions and plans is read as the format table says (formats/stores.py)."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Generator
from contextlib import contextmanager

import psycopg
import pytest

from domain.evidence.values import Analysis, Kind
from tests.unit.domain.evidence.formats.table import Must, has, read
from tests.waiting import until

ACTIVITY = (
    "select pid, state, wait_event_type, wait_event, now() - xact_start as duration, pg_blocking_pids(pid) as blocked_by, query "
    "from pg_stat_activity where backend_type = 'client backend' and datname = current_database() and pid <> pg_backend_pid() order by pid"
)
LOCKS = "select locktype, relation::regclass, mode, pid, granted from pg_locks where relation = 'bricks'::regclass and pid <> pg_backend_pid()"
PLAN = "explain (analyze) select * from bricks where colour = 'red' order by note"
ROWS = 40_000


def psql(url: str, statement: str, *options: str) -> str:
    """What psql prints of a statement."""
    program = shutil.which("psql")
    assert program, "psql is not installed: install your system's postgresql-client package"
    command = (program, url, "-X", *options, "-c", "set work_mem = '64kB'", "-c", statement)
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True, env={"LC_ALL": "C"})
    return done.stdout.removeprefix("SET\n")


@pytest.fixture
def url(postgres_url: str) -> str:
    """The address as psql and psycopg know it, with a table of bricks."""
    plain = postgres_url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as base:
        base.execute("create table if not exists bricks (id int, colour text, note text)")
        base.execute(
            "insert into bricks select n, case n %% 2 when 0 then 'red' else 'grey' end, md5(n::text) from generate_series(1, %s) n",
            (ROWS,),
        )
    return plain


@contextmanager
def waiting(url: str) -> Generator[tuple[int, int], None, None]:
    """One session that holds a lock on a table and one that waits for it; their process ids."""
    with psycopg.connect(url) as holder, psycopg.connect(url) as waiter:
        holder.execute("lock table bricks in access exclusive mode")
        thread = threading.Thread(target=waiter.execute, args=("update bricks set colour = 'blue' where id = 1",))
        thread.start()
        with psycopg.connect(url, autocommit=True) as base:
            until(lambda: base.execute("select 1 from pg_locks where not granted").fetchone() is not None, what="a session waits")
        try:
            yield holder.info.backend_pid, waiter.info.backend_pid
        finally:
            holder.rollback()
            thread.join()
            waiter.rollback()


def told(analysis: Analysis, *must: Must) -> list[str]:
    """What of it was not found."""
    assert analysis.classification.kind is Kind.COMMAND_OUTPUT
    return [one.what for one in must if not has(analysis, one)]


def test_a_session_that_waits_for_another_is_read_from_every_form_of_the_table(url: str) -> None:
    with waiting(url) as (holder, waiter):
        forms = [psql(url, ACTIVITY), psql(url, ACTIVITY, "-x"), psql(url, LOCKS)]
    edge = (f"session/{waiter}", "waits for", f"session/{holder}")
    for text in forms:
        analysis = read(text)
        assert told(analysis, Must(what="a lock wait", kind="row", says="lock wait")) == []
        assert edge in {(one.source, one.relation, one.target) for one in analysis.edges}
    assert {f"session/{holder}", f"session/{waiter}"} <= {one.id for one in read(forms[0]).objects}


def test_a_plan_tells_its_scan_and_its_sort_on_disk(url: str) -> None:
    text = psql(url, PLAN)
    analysis = read(text)
    assert (
        told(
            analysis,
            Must(what="a scan of a whole table", kind="slow_span", subject="table/bricks", says="whole table"),
            Must(what="a sort on disk", kind="slow_span", says="spills to disk"),
        )
        == []
    )
    steps = [line for line in text.splitlines() if "(cost=" in line]
    assert len([one for one in analysis.objects if one.id.startswith("step/")]) == len(steps)
