"""Memory, CPU, threads and file handles of a process."""

from functools import partial

from domain.case.state import Category
from domain.diagnosis.values import ActionTemplate, CheckTemplate, Family, Rule

fix = partial(ActionTemplate, kind="fix")
relief = partial(ActionTemplate, kind="mitigation")

OOM_KILLED = Family(
    id="oom_killed",
    called="OOM kill",
    category=Category.ENVIRONMENT,
    depth=2,
    title="{subject} was killed because it needed more memory than its limit[[ of {limit}]]",
    decisive=(
        Rule(pattern=r"\boom-?killed\b", weight=3, meaning="the container was killed for its memory"),
        Rule(
            kinds=("exit", "unhealthy_object"),
            attributes={"reason": "OOMKilled"},
            weight=3,
            meaning="the container was killed for its memory",
        ),
        Rule(
            pattern=r"out of memory: kill(?:ed)? process|oom-kill:|memory cgroup out of memory|invoked oom-killer|killed process \d+ .{0,60}(?:total-vm|anon-rss)",
            weight=3,
            meaning="the kernel killed the process for memory",
        ),
        Rule(
            pattern=r"memory size: (?P<limit>\d{2,6} mb)\s+max memory used: \1|runtime exited with error: signal: killed",
            weight=2.5,
            meaning="the function used all memory that it was given",
        ),
        Rule(
            pattern=r"java\.lang\.outofmemoryerror|javascript heap out of memory|std::bad_alloc|cannot allocate memory|\bmemoryerror\b",
            weight=2.5,
            meaning="the process found no memory",
        ),
    ),
    supports=(
        Rule(kinds=("exit",), attributes={"exit_code": "137"}, weight=1, meaning="exit code 137"),
        Rule(
            kinds=("integrity",),
            attributes={"check": "at_limit", "value": "memory"},
            weight=1,
            meaning="it uses all memory it may",
        ),
        Rule(kinds=("setting", "resource"), pattern=r"memory: *(?P<limit>\d+\w*)", weight=0.5, meaning="its limit"),
        Rule(kinds=("saturation", "resource", "level_shift", "trend"), pattern=r"mem", weight=1, meaning="memory near its limit"),
        Rule(
            kinds=("integrity",),
            attributes={"check": "heap"},
            pattern=r"limit of .* is (?P<limit>\d+\w*),",
            weight=1,
            meaning="its process is told to take more than its limit",
        ),
        Rule(
            kinds=("integrity",),
            attributes={"check": "limit_low", "value": "memory"},
            weight=1,
            meaning="its limit is far below those of other workloads",
        ),
    ),
    refutes=(Rule(pattern=r"failed liveness probe, will be restarted", meaning="the kubelet killed it for its probe"),),
    checks=(
        CheckTemplate(
            text="Compare the peak use with the limit",
            command="kubectl top pod <pod> --containers; kubectl describe pod <pod> | grep -A3 Limits",
            why="a peak at the limit confirms it; a kill by probe or by node pressure refutes it",
        ),
    ),
    actions=(
        relief(
            text="Raise the memory limit of {subject}",
            command="kubectl set resources deployment/<name> --limits=memory=<new limit>",
            state_change="the pod's limit; its pods restart",
            verify="no new OOMKilled within an hour of normal load",
        ),
        fix(
            text="Find what uses the memory and bound it",
            state_change="the application's version or settings",
            verify="memory stays below the limit",
        ),
    ),
    effects=(
        "db_restarting",
        "crash_loop",
        "unready",
        "rollout_stuck",
        "member_lost",
        "dependency_down",
        "probe_failing",
        "job_failed",
    ),
)

HOST_MEMORY_OUT = Family(
    id="host_memory_out",
    called="memory of a host used up",
    category=Category.ENVIRONMENT,
    depth=2,
    title="The host[[ {host}]] had no memory left, and its kernel killed[[ {process}]]",
    decisive=(
        Rule(
            pattern=r"(?:(?P<host>[\w.-]{1,80}) kernel: |[\]:] |^)out of memory: kill(?:ed)? process \d{1,10},? \(?(?P<process>[^\s()]{1,40})",
            weight=3,
            meaning="the kernel killed the process for the whole host",
        ),
        Rule(
            pattern=r"oom-kill:constraint=constraint_(?:none|cpuset|memory_policy)\b.{0,300}?\btask=(?P<process>[^\s,]{1,40})",
            weight=3,
            meaning="the kernel killed the process for the whole host",
        ),
    ),
    supports=(
        Rule(
            pattern=r"invoked oom-killer|killed by the oom killer|result 'oom-kill'",
            weight=1,
            meaning="a process was killed for memory",
        ),
        Rule(
            kinds=("saturation", "resource", "level_shift", "trend"),
            pattern=r"mem|swap",
            weight=1,
            meaning="memory was nearly used up",
        ),
    ),
    refutes=(
        Rule(pattern=r"memory cgroup out of memory|constraint_memcg", meaning="a limit was reached, not the memory of the host"),
    ),
    checks=(
        CheckTemplate(
            text="Look at who held the memory when the kernel looked",
            command="journalctl -k -b | grep -B40 'Out of memory'; free -m; ps aux --sort=-rss | head",
            why="free memory and swap near nothing in the kernel's table confirm it; a kill inside one memory cgroup refutes it",
        ),
    ),
    actions=(
        relief(
            text="Start {process} again, and move or bound what fills the memory of the host",
            state_change="what runs on the host",
            blast_radius="node",
            verify="the kernel kills nothing for an hour of normal load",
        ),
    ),
    effects=("oom_killed", "db_restarting", "crash_loop", "unready", "member_lost", "dependency_down", "job_failed"),
)

STORE_MEMORY_FULL = Family(
    id="store_memory_full",
    category=Category.ENVIRONMENT,
    depth=2,
    title="A store that {subject} uses has reached its memory limit[[: {fault}]]",
    decisive=(
        Rule(
            pattern=r"(?P<fault>oom command not allowed|used memory > 'maxmemory'|mem(?:ory)?_?alarm\"?\s?[:=]\s?true|memory (?:high )?watermark (?:reached|exceeded)|memory resource limit alarm set|circuit_?breaking_?exception|evicting keys|error: out of memory storing object)",
            weight=3,
            meaning="the store refuses for its memory",
        ),
        Rule(kinds=("vital",), attributes={"vital": "evicting"}, weight=3.5, meaning="it evicts what is still read"),
    ),
    supports=(
        Rule(
            kinds=("resource",),
            attributes={"resource": "memory"},
            pattern="used_memory",
            weight=1.5,
            meaning="its use is at its limit",
        ),
    ),
    refutes=(Rule(pattern=r"memory alarm (?:was )?cleared|memory usage (?:is )?back below", meaning="there is room again"),),
    checks=(
        CheckTemplate(
            text="Compare the store's use with its limit",
            command="redis-cli info",
            why="use at the limit confirms it; room left refutes it",
        ),
    ),
    actions=(
        relief(text="Raise the store's memory limit", state_change="a setting of the store", verify="writes are accepted"),
        fix(
            text="Expire or bound what is stored",
            state_change="the data that is kept",
            reversible="no",
            blast_radius="data",
            verify="use stays below 80 % of the limit",
        ),
    ),
    effects=("exception", "dependency_down", "queue_backlog", "cache_loss"),
)

MEMORY_LEAK = Family(
    id="memory_leak",
    called="memory leak",
    category=Category.CODE,
    depth=2,
    title="The memory of {subject} grows with its uptime",
    decisive=(
        Rule(kinds=("trend",), pattern=r"(?:mem|heap|rss)", weight=3, meaning="memory grows steadily"),
        Rule(kinds=("slot_shift",), attributes={"field": r".*(?:mem|heap|rss).*"}, weight=3, meaning="memory grows steadily"),
        Rule(
            pattern=r"(?:possible|suspected|potential) (?:memory )?leak|maxlistenersexceededwarning|heap .{0,40}grow(?:s|ing|n) (?:without|steadily|after every)",
            weight=2.5,
            meaning="a leak is suspected by the process itself",
        ),
    ),
    supports=(Rule(pattern=r"oomkilled|outofmemory|heap out of memory", weight=1, meaning="it ended out of memory"),),
    refutes=(
        Rule(
            pattern=r"heap .{0,60}(?:returned|fell|back) to (?:baseline|normal)|no leak",
            meaning="memory falls again without a restart",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Look at memory over several lives of the process",
            why="growth in every life, whatever the traffic, confirms it; following the traffic refutes it",
        ),
    ),
    actions=(
        relief(
            text="Roll back, or restart {subject} on a schedule",
            state_change="the running version, or restarts",
            verify="memory stays flat",
        ),
    ),
    effects=("oom_killed", "gc_pressure", "crash_loop"),
)

GC_PRESSURE = Family(
    id="gc_pressure",
    category=Category.CODE,
    depth=1,
    title="{subject} spends its time collecting garbage",
    decisive=(
        Rule(
            pattern=r"gc overhead limit|pause full|full gc\b.{0,100}\d|stop-the-world .{0,40}\d+ ?m?s|jvm .{0,40}paused? .{0,40}\d{4,} ?ms|detected jvm or host machine pause",
            weight=2.5,
            meaning="long collector pauses",
        ),
    ),
    supports=(Rule(kinds=("slot_shift", "level_shift"), pattern=r"\bgc\b|pause", weight=1, meaning="pauses grew"),),
    refutes=(Rule(pattern=r"pauses? (?:are |stayed )?flat|gc time back to", meaning="pauses are normal"),),
    checks=(
        CheckTemplate(
            text="Compare pauses with latency", command="jstat -gcutil <pid> 1000 10", why="pauses before the latency confirm it"
        ),
    ),
    actions=(
        relief(
            text="Raise the heap or cut the load of {subject}",
            state_change="a setting or the traffic share",
            verify="pauses are short",
        ),
    ),
    effects=("probe_failing", "dependency_down", "cpu_saturated"),
)

CPU_SATURATED = Family(
    id="cpu_saturated",
    called="CPU saturation",
    category=Category.ENVIRONMENT,
    depth=2,
    title="The CPU of {subject} is at its limit[[: {share}]]",
    decisive=(
        Rule(kinds=("saturation", "resource"), attributes={"resource": r"(?i)cpu"}, weight=2.5, meaning="CPU at its limit"),
        Rule(
            kinds=("integrity",),
            attributes={"check": "at_limit", "value": "cpu", "limit": "(?P<share>.*)"},
            weight=2.5,
            meaning="it uses all CPU that it may",
        ),
        Rule(kinds=("vital",), attributes={"vital": "cpu"}, weight=3.5, meaning="CPU at its limit, and who uses it"),
        Rule(kinds=("level_shift", "slot_shift"), pattern=r"cpu", weight=2, meaning="CPU rose"),
        Rule(
            kinds=("level_shift",),
            attributes={"metric": r"(?i).*(?:cfs_?throttl|throttled_(?:periods|time|seconds|ratio|percent)).*"},
            weight=2.5,
            meaning="its CPU is throttled at its limit",
        ),
        Rule(
            kinds=("integrity",),
            attributes={"check": "busy"},
            weight=3,
            meaning="its CPU and its latency rose, and its callers follow",
        ),
        Rule(
            pattern=r"cpu (?:usage|utili[sz]ation|load)?:? ?(?:is |at |of )?(?:above |over )?(?P<share>(?:9\d|100)(?:\.\d+)?%)|cpu throttl\w+|cfs throttl",
            weight=2,
            meaning="CPU at its limit",
        ),
    ),
    supports=(
        Rule(pattern=r"latency|slow|timed? ?out", weight=0.5, meaning="answers are slow"),
        Rule(kinds=("alert",), pattern=r"\bcpu", weight=2, meaning="an alert names it"),
        Rule(
            kinds=("integrity",),
            attributes={"check": "limit_low", "value": "cpu"},
            weight=1,
            meaning="its limit is far below those of other workloads",
        ),
    ),
    refutes=(
        Rule(
            pattern=r"latency (?:is |stayed |remains )?normal|cpu (?:usage )?back to", meaning="latency is normal with that CPU"
        ),
    ),
    checks=(
        CheckTemplate(
            text="Compare CPU with the limit and find what uses it",
            command="kubectl top pods --containers",
            why="saturation before the latency confirms it",
        ),
    ),
    actions=(
        relief(
            text="Scale {subject} out or raise its limit",
            command="kubectl scale deployment/<name> --replicas=<n>",
            state_change="the number of replicas",
            verify="CPU below 80 % and latency normal",
        ),
    ),
    effects=("probe_failing", "dependency_down", "unready"),
)

HANDLES_EXHAUSTED = Family(
    id="thread_or_fd_exhausted",
    category=Category.ENVIRONMENT,
    depth=2,
    title="{subject} has no more {what}",
    decisive=(
        Rule(pattern=r"too many open (?P<what>files)|\bemfile\b|\benfile\b", weight=3, meaning="no file handle is free"),
        Rule(
            pattern=r"unable to create (?:new )?(?:native )?(?P<what>thread)|can'?t start new (?P<what2>thread)|pthread_create failed|fork: (?:retry: )?resource temporarily unavailable",
            weight=3,
            meaning="no thread can be made",
        ),
        Rule(
            pattern=r"(?:rejectedexecutionexception|thread ?pool (?:is )?(?:exhausted|full))",
            weight=2.5,
            meaning="the pool of threads is full",
        ),
    ),
    refutes=(Rule(pattern=r"open files? .{0,40}below|descriptors? (?:were )?released", meaning="there is room again"),),
    checks=(
        CheckTemplate(
            text="Count handles and threads against their limits",
            command="ls /proc/<pid>/fd | wc -l; cat /proc/<pid>/limits",
            why="at the limit confirms it; below 80 % refutes it",
        ),
    ),
    actions=(
        relief(text="Restart {subject} to free what it holds", state_change="the process restarts", verify="the message stops"),
        fix(
            text="Raise the limit and close what is left open", state_change="a limit and the code", verify="the count stays flat"
        ),
    ),
    effects=("dependency_down", "crash_loop", "pool_exhausted"),
)

DEADLOCK = Family(
    id="deadlock",
    category=Category.CODE,
    depth=2,
    title="Threads of {subject} wait for each other",
    decisive=(
        Rule(
            pattern=r"found one java-level deadlock|all goroutines are asleep - deadlock|deadlock detected(?!.{0,80}process \d+ waits)|possible deadlock",
            weight=3,
            meaning="a cycle of waits",
        ),
    ),
    supports=(Rule(pattern=r"waiting to lock|blocked \(on object monitor\)", weight=1, meaning="threads are blocked"),),
    refutes=(Rule(pattern=r"lock (?:was )?(?:acquired|released) after|no deadlock", meaning="the wait ended"),),
    checks=(
        CheckTemplate(
            text="Take thread dumps ten seconds apart", command="jstack -l <pid>", why="the same cycle in both confirms it"
        ),
    ),
    actions=(relief(text="Restart {subject}", state_change="the process restarts", verify="requests are answered"),),
    effects=("probe_failing", "dependency_down", "pool_exhausted"),
)
