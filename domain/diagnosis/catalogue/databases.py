"""Databases and those who wait for them."""

from functools import partial

from domain.case.state import Category
from domain.diagnosis.catalogue.siblings import ACCESS, odd
from domain.diagnosis.values import ActionTemplate, CheckTemplate, Family, Rule

fix = partial(ActionTemplate, kind="fix")
relief = partial(ActionTemplate, kind="mitigation")

SLOW = r"|(?:[5-9]\d{2}|\d{4,})(?:\.\d+)?"
"""Half a second or more, in milliseconds: below it a person waits for something else; nothing where no duration was read."""

DB_CREDENTIALS = Family(
    id="db_credentials",
    called="database credentials",
    category=Category.SECURITY,
    depth=2,
    title="The database refuses the login of {subject}[[ (user {user})]]",
    decisive=(
        Rule(
            pattern=r"password authentication failed for user \"?(?P<user>[\w.<>@-]{1,80})|access denied for user '?(?P<user2>[\w.<>-]{1,80}+)(?!'?@'(?:localhost|127\.0\.0\.1|::1)' \(using password: no\))|login failed for user '?(?P<user3>[\w.<>-]{1,80})",
            weight=3,
            meaning="the login is refused",
        ),
        Rule(
            pattern=r"ora-01017|\bwrongpass\b|\bnoauth authentication required|authentication failed.{0,60}(?:mongo|scram|database)|(?:mongo|scram|database|role).{0,60}authentication failed|role \"(?P<user>[\w.-]{1,80})\" does not exist",
            weight=3,
            meaning="the login is refused",
        ),
    ),
    supports=(
        odd(ACCESS),
        Rule(kinds=("integrity",), attributes={"check": "credentials"}, weight=1.5, meaning="the others use another password"),
    ),
    refutes=(Rule(pattern=r"(?:login|authentication) (?:of|for) .{1,80} succeeded after", meaning="the same login succeeds"),),
    checks=(
        CheckTemplate(
            text="Compare the secret's version with that of services that can log in",
            command="kubectl get secret <name> -o jsonpath='{.metadata.resourceVersion}'",
            why="another version confirms it; the same login elsewhere refutes it",
        ),
    ),
    actions=(fix(text="Correct the credentials of {subject} and restart it", state_change="a secret", verify="logins succeed"),),
    effects=("crash_loop", "dependency_down", "unready", "exception", "pool_exhausted"),
)

DB_CONNECTIONS = Family(
    id="db_connections",
    called="connection exhaustion",
    category=Category.DATABASE,
    depth=2,
    title="The database has no connection left[[: {count}]]",
    decisive=(
        Rule(
            pattern=r"(?:sorry, )?too many (?:clients already|connections)|remaining connection slots are reserved|max_?connections?.{0,40}(?:reached|exceeded|limit)|ora-00018|max number of clients reached|connection limit (?:exceeded|reached) for",
            weight=3,
            meaning="the server is at its limit of connections",
        ),
        Rule(kinds=("resource",), attributes={"resource": "(?:max_)?connections"}, weight=2.5, meaning="hardly one is left"),
        Rule(kinds=("vital",), attributes={"vital": "connections"}, weight=3.5, meaning="connections run out"),
    ),
    supports=(
        Rule(pattern=r"idle in transaction", weight=1, meaning="connections are held idle"),
        Rule(
            kinds=("integrity",), attributes={"check": "pools"}, weight=1, meaning="the clients' pools are larger than its limit"
        ),
        Rule(
            kinds=("saturation", "level_shift", "resource"),
            pattern=r"connection",
            weight=1.5,
            meaning="connections at their limit",
        ),
        Rule(kinds=("burst",), pattern=r"too many|connection slots", weight=0.5, meaning="it came in a burst"),
        Rule(kinds=("alert",), pattern=r"connection", weight=2, meaning="an alert names it"),
    ),
    refutes=(
        Rule(
            pattern=r"connections? (?:count )?(?:back )?below|idle (?:connections|sessions) (?:were )?terminated",
            meaning="connections are free again",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Count the sessions against the limit and see who holds them",
            command="psql -c \"select usename, state, count(*) from pg_stat_activity group by 1, 2 order by 3 desc\" -c 'show max_connections'",
            why="a count at the limit confirms it; below it the clients' pool is the suspect",
        ),
    ),
    actions=(
        relief(
            text="End idle sessions",
            command="psql -c \"select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle' and state_change < now() - interval '10 minutes'\"",
            state_change="sessions are closed",
            reversible="no",
            blast_radius="data",
            verify="new connections are accepted",
        ),
        fix(
            text="Put a pool before the database, or lower the pools of its clients",
            state_change="clients' settings",
            verify="sessions stay below 80 % of the limit",
        ),
    ),
    effects=("pool_exhausted", "dependency_down", "crash_loop", "exception", "unready"),
)

POOL_EXHAUSTED = Family(
    id="pool_exhausted",
    called="exhausted connection pool",
    category=Category.CODE,
    depth=2,
    title="The connection pool of {subject} is empty[[: {pool}]]",
    decisive=(
        Rule(
            pattern=r"(?:connection )?pool (?:is )?(?:exhausted|empty|timed out|limit)|timeout (?:waiting for|acquiring|exceeded when trying to (?:get|connect)).{0,40}(?:connection|pool|client)|connection is not available, request timed out|queuepool limit|unable to acquire (?:jdbc )?connection|could not (?:get|acquire) (?:a )?(?:jdbc )?(?:resource|connection) from (?:the )?pool|(?P<pool>total=\d+, active=\d+, idle=0)",
            weight=2.5,
            meaning="callers wait for a connection of the pool",
        ),
    ),
    refutes=(
        Rule(
            pattern=r"too many (?:clients already|connections)|connection slots are reserved",
            meaning="the server itself is at its limit",
        ),
        Rule(pattern=r"pool (?:has )?recovered", meaning="the pool has room"),
    ),
    checks=(
        CheckTemplate(
            text="Compare pool size with how long connections are held",
            why="room at the server while callers wait confirms it; a server at its limit refutes it",
        ),
    ),
    actions=(
        relief(
            text="Restart {subject} to free held connections",
            state_change="the process restarts",
            verify="no more waits for the pool",
        ),
        fix(
            text="Return connections on every path, or size the pool to the load",
            state_change="code or a setting",
            verify="waits stay at zero under load",
        ),
    ),
    effects=("dependency_down", "probe_failing", "exception", "unready"),
)

SLOW_QUERY = Family(
    id="slow_query",
    category=Category.DATABASE,
    depth=2,
    title="A database statement of {service} is slow[[ ({duration} ms)]][[: {statement}]]",
    decisive=(
        Rule(
            kinds=("vital",), attributes={"vital": "load"}, weight=3, meaning="the load grew, and one statement makes most of it"
        ),
        Rule(
            kinds=("slow_span",),
            attributes={"statement": r"(?is)(?P<statement>.{3,200}).*", "duration_ms": SLOW},
            weight=3,
            meaning="the longest own time lies in a database statement",
        ),
        Rule(
            pattern=r"duration: (?P<duration>\d{4,9})(?:\.\d+)? ms\s+(?:statement|execute|plan)[^:]{0,40}: ?(?P<statement>.{3,160})",
            weight=2.5,
            meaning="the server logged a slow statement",
        ),
        Rule(
            pattern=r"slow (?:sql|query|statement)[^\n]{0,40}?(?P<duration>\d{3,9})? ?(?:ms)?[^\n]{0,20}?(?P<statement>(?:select|insert|update|delete|with) .{3,140})|query_time: (?P<duration2>[1-9]\d*\.\d+)",
            weight=2.5,
            meaning="a slow statement is logged",
        ),
        Rule(
            kinds=("slow_span",),
            attributes={"reason": "full scan", "operation": r"(?P<statement>.{3,200})"},
            weight=2.5,
            meaning="the plan reads a whole table",
        ),
        Rule(
            pattern=r"canceling statement due to statement timeout|query execution was interrupted, maximum statement",
            weight=2,
            meaning="a statement was cut for its length",
        ),
    ),
    supports=(Rule(kinds=("level_shift", "slot_shift"), pattern=r"latency|duration|took", weight=0.5, meaning="durations rose"),),
    refutes=(
        Rule(
            pattern=r"index (?:was )?created.{0,80}duration (?:is )?(?:back|normal)|waiting for (?:sharelock|exclusivelock|accessexclusivelock)",
            meaning="the statement is fast again, or it waits for a lock",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Explain the statement",
            command="psql -c 'explain (analyze, buffers) <statement>'",
            why="a scan of a large table confirms it; a fast plan points to locks or load",
        ),
    ),
    actions=(
        relief(
            text="Stop the statement's sessions, or cache its result",
            state_change="sessions are ended",
            reversible="partly",
            blast_radius="service",
            verify="latency falls",
        ),
        fix(
            text="Add the index that the statement needs, or rewrite it",
            state_change="the database's schema",
            blast_radius="data",
            verify="the statement's duration is normal",
        ),
    ),
    effects=("pool_exhausted", "dependency_down", "slow_call", "probe_failing", "db_connections"),
)

SLOW_CALL = Family(
    id="slow_call",
    category=Category.EXTERNAL,
    depth=1,
    title="{service} spends the time in {operation}[[ ({duration} ms)]]",
    decisive=(
        Rule(
            kinds=("slow_span",),
            attributes={"duration_ms": SLOW},
            weight=1.5,
            meaning="the longest own time on the critical path",
        ),
    ),
    supports=(
        Rule(
            kinds=("integrity",),
            attributes={"check": "patience"},
            weight=1,
            meaning="a caller gives up before what it calls does",
        ),
    ),
    refutes=(Rule(kinds=("slow_span",), attributes={"statement": r"(?s).+"}, meaning="the time lies in a database statement"),),
    checks=(CheckTemplate(text="Open the slow span and its children", why="time without a child lies in that service itself"),),
    actions=(relief(text="Cut or cache the call", state_change="a setting of the caller", verify="latency falls"),),
    effects=("dependency_down",),
)

LOCK_WAIT = Family(
    id="lock_wait",
    called="lock wait",
    category=Category.DATABASE,
    depth=2,
    title="Database sessions wait for a lock[[: {lock}]][[; session {idle} is idle in an open transaction, which keeps its locks]]",
    decisive=(
        Rule(
            pattern=r"still waiting for (?P<lock>\w*lock on \w+ [\w.\"]{1,80})|lock wait timeout exceeded|canceling statement due to lock timeout|deadlock (?:detected|found when trying to get lock)|process \d+ waits for \w*lock",
            weight=3,
            meaning="sessions wait for a lock",
        ),
        Rule(
            kinds=("integrity",),
            attributes={"check": "holder", "lock": "(?P<lock>.*)"},
            weight=3.5,
            meaning="it holds what others wait for",
        ),
        Rule(kinds=("vital",), attributes={"vital": "locks"}, weight=3.5, meaning="most of the load waits for locks"),
        Rule(kinds=("row",), attributes={"reason": "lock wait|deadlock"}, weight=3, meaning="a session waits for a lock"),
    ),
    supports=(
        Rule(
            kinds=("connection",),
            attributes={"reason": "idle in transaction"},
            pattern=r"^\W*(?P<idle>\d{1,10})\b|",
            weight=1.5,
            meaning="a transaction was left open, which keeps its locks",
        ),
    ),
    refutes=(Rule(pattern=r"(?:acquired|released) \w*lock.{0,60}after|lock (?:was )?released", meaning="the lock was released"),),
    checks=(
        CheckTemplate(
            text="See who blocks whom",
            command="psql -c 'select pid, pg_blocking_pids(pid), query from pg_stat_activity where cardinality(pg_blocking_pids(pid)) > 0'",
            why="one blocker at the root confirms it",
        ),
    ),
    actions=(
        relief(
            text="End the blocking session",
            command="psql -c 'select pg_terminate_backend(<pid>)'",
            state_change="a session and its transaction are rolled back",
            reversible="no",
            blast_radius="data",
            verify="no waits remain",
        ),
    ),
    effects=("pool_exhausted", "slow_query", "dependency_down", "db_connections"),
)

SCHEMA_MISMATCH = Family(
    id="schema_mismatch",
    category=Category.DATA,
    depth=2,
    title="The schema lacks what {subject} expects[[: {name}]]",
    decisive=(
        Rule(
            pattern=r"(?:column|relation|table) \"?'?(?P<name>[\w.]{1,120})'?\"? (?:of relation .{1,80} )?does not exist|unknown column '(?P<name2>[\w.]{1,120})'|no such (?:table|column): (?P<name3>[\w.]{1,120})|table '(?P<name4>[\w.]{1,120})' doesn'?t exist|(?:pending|unapplied|failed) migrations?",
            weight=3,
            meaning="a table or column is missing",
        ),
    ),
    refutes=(Rule(pattern=r"migrations? (?:were )?applied|migration completed", meaning="the migration is complete"),),
    checks=(
        CheckTemplate(text="Compare the applied migrations with the version", why="a migration that is not applied confirms it"),
    ),
    actions=(
        fix(
            text="Finish the migration, or roll {subject} back to the version that fits",
            state_change="the database's schema or the running version",
            reversible="no",
            blast_radius="data",
            verify="the statement succeeds",
        ),
    ),
    effects=("exception", "crash_loop", "unready"),
)
