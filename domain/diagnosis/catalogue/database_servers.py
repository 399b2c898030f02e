"""Database servers: their role, their replicas, their restarts and their own upkeep."""

from functools import partial

from domain.case.state import Category
from domain.diagnosis.values import ActionTemplate, CheckTemplate, Family, Rule

fix = partial(ActionTemplate, kind="fix")
relief = partial(ActionTemplate, kind="mitigation")

DB_READ_ONLY = Family(
    id="db_read_only",
    called="read-only database",
    category=Category.DATABASE,
    depth=2,
    title="The database refuses writes as read-only",
    decisive=(
        Rule(
            pattern=r"cannot execute \w+(?: \w+)? in a read-only transaction|running with the --(?:(?:super|innodb)-)?read-only option|running in read-only mode|innodb is in read[- ]only mode|you can'?t write against a read only replica|not (?:master|primary|writable primary)\b|index .{0,60}read-only.{0,20}allow.delete",
            weight=3,
            meaning="writes are refused",
        ),
    ),
    refutes=(
        Rule(
            pattern=r"promoted to (?:primary|master)|read-only mode (?:was )?(?:disabled|lifted)",
            meaning="writes are possible again",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Ask the server for its role",
            command="psql -c 'select pg_is_in_recovery()' -c 'show default_transaction_read_only'",
            why="a replica or a read-only setting confirms it",
        ),
    ),
    actions=(
        relief(
            text="Send writes to the primary, or promote this server",
            state_change="the role of a database server",
            reversible="partly",
            blast_radius="data",
            verify="writes succeed",
        ),
    ),
    effects=("exception", "dependency_down"),
)

IDS_EXHAUSTED = Family(
    id="ids_exhausted",
    called="exhausted transaction ids",
    category=Category.DATABASE,
    depth=2,
    title="The transaction IDs of {subject} are used up (wraparound), so that it refuses writes until it is vacuumed",
    decisive=(
        Rule(
            pattern=r"(?:not accepting commands|must be vacuumed within).{0,80}(?:wraparound|transactions)|to avoid wraparound data loss|multixact.{0,60}wraparound",
            weight=3.5,
            meaning="it stops before ids are used twice",
        ),
        Rule(kinds=("vital",), attributes={"vital": "ids"}, weight=3, meaning="nearly all ids are in use"),
    ),
    refutes=(
        Rule(pattern=r"(?:wraparound|vacuum).{0,60}(?:finished|completed).{0,60}(?:accept|frozen)", meaning="ids are free again"),
    ),
    checks=(
        CheckTemplate(
            text="Read the age of every database and what keeps vacuum from freezing",
            command="psql -c 'select datname, age(datfrozenxid) from pg_database order by 2 desc' -c 'select pid, backend_xmin, xact_start from pg_stat_activity where backend_xmin is not null order by 3'",
            why="an age near 2 billion confirms it; an old transaction, prepared transaction or replication slot holds vacuum back",
        ),
    ),
    actions=(
        relief(
            text="End what holds vacuum back, then vacuum (freeze) the oldest tables",
            state_change="old rows are frozen",
            blast_radius="data",
            verify="the age falls and writes succeed",
        ),
    ),
    effects=("db_read_only", "exception", "dependency_down"),
)

REPLICATION_LAG = Family(
    id="replication_lag",
    category=Category.DATABASE,
    depth=1,
    title="The replica of {subject} is behind[[ by {lag}]]",
    decisive=(
        Rule(
            pattern=r"(?:replication|replica) ?lag\w*\"?[^\d\n]{0,40}(?P<lag>\d[\d.,]{0,12} ?(?:ms|s|sec\w*|minutes?|mb|gb|bytes)?)|seconds_behind_(?:master|source)[^\d\n]{0,10}(?P<lag2>[1-9]\d{1,8})|requested wal segment .{0,80}already been removed|replica .{0,40}(?:is|fell) (?:far )?behind",
            weight=2.5,
            meaning="the replica is behind",
        ),
        Rule(kinds=("level_shift", "trend", "saturation"), pattern=r"replica\w*.{0,10}lag", weight=2.5, meaning="the lag grew"),
        Rule(kinds=("vital",), attributes={"vital": "lag"}, weight=3.5, meaning="a gauge shows the lag and who makes it"),
        Rule(kinds=("row",), attributes={"reason": "replication lag", "behind": "(?P<lag>.+)"}, weight=2.5, meaning="it lags"),
    ),
    supports=(Rule(kinds=("alert",), pattern=r"replica", weight=2, meaning="an alert names it"),),
    refutes=(
        Rule(
            pattern=r"(?:replica|replication).{0,40}caught up|lag (?:is )?(?:flat|back to (?:0|zero))",
            meaning="the replica caught up",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Compare write rate, long transactions and apply rate",
            command="psql -c 'select client_addr, state, sent_lsn, replay_lsn, replay_lag from pg_stat_replication'",
            why="a write rate that rose before the lag names the side",
        ),
    ),
    actions=(
        relief(
            text="Cut or batch the writes; read from the primary meanwhile",
            state_change="load of a job or routing of reads",
            blast_radius="service",
            verify="the lag falls",
        ),
    ),
    effects=("exception",),
)

DB_RESTARTING = Family(
    id="db_restarting",
    called="restarting database",
    category=Category.DATABASE,
    depth=1,
    title="The database behind {subject} is restarting or recovering and takes no connections yet",
    decisive=(
        Rule(
            pattern=r"database system is (?:starting up|shutting down|in recovery mode|not (?:yet )?accepting connections)|database system was (?:interrupted|not properly shut down)|terminating connection (?:due to administrator command|because of crash of another)|ora-0(?:1033|1089)\b|loading the dataset in memory|interruptedatshutdown|server shutdown in progress|starting crash recovery|database .{1,80} is being recovered",
            weight=1.5,
            meaning="the database server is on its way down or up",
        ),
    ),
    supports=(
        Rule(pattern=r"\bredo (?:starts|done) at\b|automatic recovery in progress", weight=0.5, meaning="it replays its log"),
    ),
    refutes=(
        Rule(
            pattern=r"(?:database|server) (?:has been up|uptime is) (?:for )?\d+ (?:days|weeks)",
            meaning="the server has not restarted",
        ),
    ),
    checks=(
        CheckTemplate(
            text="See why the server stopped: its own log before the restart, and its pod's or host's last exit",
            command="kubectl get pods -o wide; kubectl describe pod <database pod>",
            why="a kill, a full disk or an order to restart is the cause; this is only what clients saw of it",
        ),
    ),
    actions=(
        relief(
            text="Wait until the server is ready; let callers retry with a growing pause",
            state_change="none",
            verify="connections are accepted",
        ),
    ),
    effects=("pool_exhausted", "dependency_down", "crash_loop", "exception", "unready", "probe_failing"),
)

FAILOVER = Family(
    id="failover",
    category=Category.DATABASE,
    depth=3,
    title="A failover moved the database {subject} to another server",
    decisive=(
        Rule(
            pattern=r"failover\b(?: to [\w -]{1,60})? (?:has |was |is )?(?:been )?(?:started|initiated|completed|finished|in progress|begun)|starting an election|transition to primary complete|electing new (?:leader|master|primary)|\+switch-master|stepp(?:ed|ing) down (?:as |from )?(?:primary|master|leader)|(?:started|completed|initiated|performed) .{0,60}failover|multi-az .{0,40}failover|failed over to|(?:standby|replica) .{0,60}promoted to (?:primary|master|writer)",
            weight=3,
            meaning="the roles were switched",
        ),
    ),
    supports=(
        Rule(
            pattern=r"connection (?:reset|refused|terminated|dropped)|instance (?:was )?(?:re)?started",
            weight=0.5,
            meaning="clients lost their connections",
        ),
        Rule(kinds=("alert",), pattern=r"failover|unavailab|connection", weight=1, meaning="an alert names it"),
    ),
    refutes=(
        Rule(
            pattern=r"failover (?:test|drill) (?:was )?(?:planned|passed)|no failover (?:took place|happened)",
            meaning="no failover was needed",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Read the events of the database around that time, and why the old primary was given up",
            command="aws rds describe-events --source-type db-instance --duration 1440",
            why="a switch just before the errors confirms it; host, storage or network of the old primary is the deeper cause",
        ),
    ),
    actions=(
        relief(
            text="Verify that clients reconnect to the new primary; restart those that hold stale connections",
            state_change="clients' connections",
            verify="connections and throughput are back at their level",
        ),
    ),
    effects=("db_restarting", "db_read_only", "dependency_down", "pool_exhausted", "exception", "unready", "replication_lag"),
)

MAINTENANCE_STORM = Family(
    id="maintenance_storm",
    called="I/O saturation by maintenance",
    category=Category.DATABASE,
    depth=2,
    title="The upkeep of the database {subject} takes its disk[[: {job}]]",
    decisive=(
        Rule(kinds=("vital",), attributes={"vital": "upkeep"}, weight=3.5, meaning="upkeep and slow storage at once"),
        Rule(
            pattern=r"(?P<job>checkpoints? (?:are )?occurring too frequently|autovacuum: \w.{0,60}to prevent wraparound|backup .{0,60}(?:saturat\w+|slows? down) .{0,20}(?:disk|storage|i/?o))",
            weight=2.5,
            meaning="the server's own work is heavy",
        ),
    ),
    supports=(
        Rule(kinds=("alert",), pattern=r"latency|i/?o\b|iops|checkpoint|vacuum|backup", weight=2, meaning="an alert names it"),
    ),
    refutes=(
        Rule(
            pattern=r"(?:checkpoint|vacuum|backup) (?:was )?(?:cancell?ed|paused).{0,60}(?:no change|still slow)",
            meaning="it is as slow without that work",
        ),
    ),
    checks=(
        CheckTemplate(
            text="See which upkeep runs and what it waits for",
            command="psql -c \"select pid, backend_type, wait_event_type, wait_event, query from pg_stat_activity where backend_type <> 'client backend' or query ilike '%vacuum%'\" -c 'select * from pg_stat_bgwriter'",
            why="upkeep that began with the slowness and waits for I/O confirms it",
        ),
    ),
    actions=(
        relief(
            text="Pause or slow that job; spread checkpoints over time",
            state_change="a job or a setting of the server",
            blast_radius="data",
            verify="write latency is back at its level",
        ),
    ),
    effects=("slow_query", "pool_exhausted", "dependency_down"),
)

LOG_HELD = Family(
    id="log_held",
    called="replication slot without a reader",
    category=Category.DATABASE,
    depth=2,
    title="A replication slot that nobody reads keeps the log of {subject}[[: {slot}]]",
    decisive=(
        Rule(
            kinds=("row",),
            attributes={"reason": "inactive slot"},
            weight=3,
            meaning="the server keeps its write-ahead log for a slot without a reader (postgresql.org, pg_replication_slots)",
        ),
        Rule(
            pattern=r"(?:terminating process .{1,40} to release|invalidating(?: obsolete)?) replication slot \"(?P<slot>[^\"]{1,80})\"|replication slot \"?(?P<slot2>[\w.-]{1,80})\"? (?:is not active|is inactive|retains|holds back|exceeds)",
            weight=3,
            meaning="a slot keeps more of the log than the server may hold",
        ),
    ),
    refutes=(
        Rule(
            pattern=r"starting logical decoding for slot|replication slot .{1,80} (?:was |has been )?(?:dropped|is active again)",
            meaning="the slot is read again, or gone",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Look at the slots and at how much of the log each keeps",
            command="psql -c 'select slot_name, active, wal_status, pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)) from pg_replication_slots'",
            why="an inactive slot that keeps more than the others confirms it",
        ),
    ),
    actions=(
        relief(
            text="Start the reader of the slot again, or drop the slot if nobody needs it; never remove files of the log by hand",
            state_change="a slot of the server, and where its reader goes on",
            reversible="no",
            blast_radius="data",
            verify="the log shrinks at the next checkpoint",
        ),
    ),
    effects=("disk_full", "db_restarting"),
)
