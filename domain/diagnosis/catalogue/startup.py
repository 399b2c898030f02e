"""Containers that start wrong or are judged wrongly."""

from functools import partial

from domain.case.state import Category
from domain.diagnosis.catalogue.siblings import odd
from domain.diagnosis.values import ActionTemplate, CheckTemplate, Family, Rule

fix = partial(ActionTemplate, kind="fix")
relief = partial(ActionTemplate, kind="mitigation")

BACK_OFF = Rule(
    pattern=r"back-off restarting failed|crashloopbackoff", weight=0.5, meaning="the container is restarted again and again"
)
STARTED_WELL = ("crash_loop", "init_failed", "unready", "rollout_stuck", "dependency_down", "job_failed")

SECRET_MISSING = Family(
    id="secret_missing",
    called="missing secret",
    category=Category.CONFIG,
    depth=2,
    title="The secret[[ {name}]] that {subject} needs does not exist or lacks a key[[: {key}]]",
    decisive=(
        Rule(pattern=r"\bsecrets? \"(?P<name>[\w./-]{1,200})\" not found", weight=3, meaning="the secret does not exist"),
        Rule(
            pattern=r"couldn'?t find key (?P<key>[\w./-]{1,200}) in secret (?P<name>[\w./-]{1,200})",
            weight=3,
            meaning="the key is not in the secret",
        ),
        Rule(
            pattern=r"references non-existent secret key:? (?P<key>[\w./-]{1,200})",
            weight=3,
            meaning="the key is not in the secret",
        ),
    ),
    supports=(Rule(pattern=r"createcontainerconfigerror|failedmount", weight=0.5, meaning="the container cannot be configured"),),
    refutes=(Rule(pattern=r"secret/[\w.-]{1,200} (?:created|configured)", meaning="the secret exists"),),
    checks=(
        CheckTemplate(
            text="List the secrets of the namespace",
            command="kubectl get secrets -n <namespace>",
            why="absent confirms it; present with the key refutes it",
        ),
    ),
    actions=(
        fix(
            text="Create the secret, or correct the name in {subject}",
            state_change="a secret or the pod's specification",
            verify="the container starts",
        ),
    ),
    effects=STARTED_WELL,
)

CONFIG_MISSING = Family(
    id="config_missing",
    called="missing configuration",
    category=Category.CONFIG,
    depth=2,
    title="The configuration[[ {name}]] that {subject} needs does not exist[[ or lacks {key}]]",
    decisive=(
        Rule(pattern=r"\bconfigmaps? \"(?P<name>[\w./-]{1,200})\" not found", weight=3, meaning="the config map does not exist"),
        Rule(
            pattern=r"couldn'?t find key (?P<key>[\w./-]{1,200}) in configmap (?P<name>[\w./-]{1,200})",
            weight=3,
            meaning="the key is not in the config map",
        ),
        Rule(
            pattern=r"(?:config(?:uration)? file|configuration) [\"']?(?P<name>/?[\w./-]{1,200})[\"']? (?:was |is )?(?:not found|missing|does not exist)|(?:open|read|load)(?:ing)? (?P<name2>/[\w./-]{1,200}\.(?:ya?ml|json|toml|conf|ini|properties|cfg)): no such file",
            weight=2.5,
            meaning="the configuration file does not exist",
        ),
    ),
    supports=(Rule(pattern=r"createcontainerconfigerror|failedmount", weight=0.5, meaning="the container cannot be configured"),),
    refutes=(
        Rule(
            pattern=r"configmap/[\w.-]{1,200} (?:created|configured)|loaded configuration from",
            meaning="the configuration exists",
        ),
    ),
    checks=(
        CheckTemplate(
            text="List the config maps of the namespace",
            command="kubectl get configmaps -n <namespace>",
            why="absent confirms it; present with the key refutes it",
        ),
    ),
    actions=(
        fix(
            text="Create the configuration, or correct its name in {subject}",
            state_change="a config map or the pod's specification",
            verify="the container starts",
        ),
    ),
    effects=STARTED_WELL,
)

COMMAND_WRONG = Family(
    id="command_wrong",
    category=Category.CONFIG,
    depth=2,
    title="{subject} runs a command that cannot work[[: {command}]][[ ({fault})]]",
    decisive=(
        Rule(
            pattern=r"exec: \\?\"(?P<command>[^\"\\]{1,120})\\?\": (?P<fault>executable file not found|stat \S{1,120}: no such file|permission denied|no such file or directory|exec format error)",
            weight=3,
            meaning="the command does not exist in the image",
        ),
        Rule(
            pattern=r"exec(?: user process caused:?)? \"?(?P<command>[\w./-]{0,120})\"?:? ?(?P<fault>exec format error)",
            weight=3,
            meaning="the image is for another processor, or its script has no interpreter line",
        ),
        Rule(
            pattern=r"(?:failed to locate executable|failed at step exec spawning) (?P<command>[^\s:]{1,200}): (?P<fault>permission denied|no such file or directory|exec format error)",
            weight=3,
            meaning="the command is not there, or may not be executed (systemd.exec, exit 203)",
        ),
        Rule(
            pattern=r"(?P<command>(?:/bin/)?(?:ba|da|a)?sh): (?:line )?(?:\d+: )?(?P<fault>syntax error:? .{1,120})",
            weight=3,
            meaning="the script has a syntax error",
        ),
        Rule(
            pattern=r"(?:^|[\s\"'])(?:/bin/)?(?:ba|da|a)?sh: (?:line )?(?:\d+: )?(?P<command>[\w./-]{1,100}): (?P<fault>(?:command )?not found|permission denied)|: line \d+: (?P<command2>[\w./-]{1,100}): (?P<fault2>command not found|permission denied)",
            weight=3,
            meaning="the command does not exist",
        ),
        Rule(
            pattern=r"can'?t open (?:file )?'(?P<command>[^']{1,200})': .{0,20}(?P<fault>no such file)|unknown (?:flag|option|command|shorthand flag):? (?P<fault2>.{1,80})|unrecognized (?:arguments?|option):? (?P<fault3>.{1,80})|cannot find module '(?P<command2>/[^']{1,200})'",
            weight=2.5,
            meaning="the command line is wrong",
        ),
        Rule(
            kinds=("exit", "unhealthy_object"),
            attributes={"exit_code": "126|127"},
            weight=2,
            meaning="the shell's exit code for a command that cannot be run (126) or is not found (127)",
        ),
    ),
    supports=(
        BACK_OFF,
        Rule(
            kinds=("exit", "unhealthy_object"),
            attributes={"exit_code": "2|128"},
            weight=1,
            meaning="the exit code of a command that cannot run",
        ),
    ),
    refutes=(
        Rule(
            pattern=r"exec: .{0,120}: fork failed|ran successfully with the same command", meaning="the command itself is right"
        ),
    ),
    checks=(
        CheckTemplate(
            text="Compare command and arguments with the image's own",
            command="kubectl get pod <pod> -o jsonpath='{.spec.containers[*].command} {.spec.containers[*].args}'",
            why="a typing error or a path that the image lacks confirms it",
        ),
    ),
    actions=(
        fix(
            text="Correct the command or script of {subject}",
            state_change="the pod's specification or its script",
            verify="the container starts and does not exit at once",
        ),
    ),
    effects=STARTED_WELL,
)

ENV_MISSING = Family(
    id="env_missing",
    category=Category.CONFIG,
    depth=2,
    title="{subject} stops at start because a setting is missing[[: {setting}]]",
    decisive=(
        Rule(
            pattern=r"(?:missing|required|undefined|unset) (?:required )?(?:environment variable|env(?:ironment)? var|env|setting|configuration key)s?:? ['\"]?(?P<setting>[\w.]{2,100})",
            weight=3,
            meaning="a setting is missing",
        ),
        Rule(
            pattern=r"(?:environment variable|env var|setting) ['\"]?(?P<setting>\w{2,100})['\"]? (?:is |was )?(?:not set|required|missing|undefined|must be set)",
            weight=3,
            meaning="a setting is missing",
        ),
        Rule(
            pattern=r"\b(?P<setting>(?-i:[A-Z][A-Z0-9]{1,40}_[A-Z0-9_]{1,60}))['\"]? (?:is |was )?(?:not set|required|missing|undefined|must be set)|keyerror: ['\"](?P<setting2>(?-i:[A-Z][A-Z0-9_]{3,80}))['\"]|unbound variable",
            weight=3,
            meaning="a setting is missing",
        ),
    ),
    supports=(BACK_OFF,),
    refutes=(
        Rule(pattern=r"using default (?:value )?(?:for|of)|falling back to (?:the )?default", meaning="a default stands in"),
    ),
    checks=(
        CheckTemplate(
            text="List the settings of {subject}",
            command="kubectl set env pod/<pod> --list",
            why="absent confirms it; set refutes it",
        ),
    ),
    actions=(
        fix(text="Set the missing value in {subject}", state_change="the pod's specification", verify="the container starts"),
    ),
    effects=STARTED_WELL,
)

PORT_CONFLICT = Family(
    id="port_conflict",
    category=Category.CONFIG,
    depth=2,
    title="{subject} cannot listen: the port[[ {port}]] is taken",
    decisive=(
        Rule(
            pattern=r"(?:listen|bind|address|port).{0,80}?(?:[:\s](?P<port>\d{2,5}))?:? .{0,40}(?:address already in use|eaddrinuse)|eaddrinuse.{0,60}:(?P<port2>\d{2,5})",
            weight=3,
            meaning="another process owns the port",
        ),
        Rule(
            pattern=r"(?:port (?P<port>\d{2,5}) (?:is|was) already (?:in use|allocated))|address already in use",
            weight=3,
            meaning="another process owns the port",
        ),
        Rule(
            pattern=r"didn'?t have free ports for the requested pod ports",
            weight=3,
            meaning="the host port is taken on every node",
        ),
    ),
    supports=(
        odd("host_network"),
        BACK_OFF,
    ),
    refutes=(
        Rule(
            pattern=r"retr(?:y|ied).{0,40}(?:bound|listening) (?:on|to)|previous instance (?:has )?exited",
            meaning="the port became free",
        ),
    ),
    checks=(CheckTemplate(text="See who owns the port", command="ss -ltnp", why="another owner confirms it"),),
    actions=(
        fix(text="Give one of the two another port", state_change="the specification of one process", verify="both listen"),
    ),
    effects=STARTED_WELL,
)

OF_INIT = (
    Rule(
        kinds=("exit",),
        attributes={"init": "yes", "container": "(?P<container>.+)", "exit_code": "(?P<exit_code>[1-9]\\d*)"},
        weight=2.5,
        meaning="an init container ended with an error, and the others wait for it",
    ),
    Rule(
        kinds=("unhealthy_object",),
        attributes={"init": "yes", "container": "(?P<container>.+)", "reason": "crashloopbackoff|runcontainererror|starterror"},
        weight=2.5,
        meaning="an init container ended with an error, and the others wait for it",
    ),
    Rule(
        kinds=("unhealthy_object",),
        attributes={"status": r"init:(?:error|crashloopbackoff|oomkilled|exitcode:(?P<exit_code>\d{1,3})|signal:\d{1,3})"},
        weight=2,
        meaning="an init container ended with an error, and the others wait for it",
    ),
)

INIT_FAILED = Family(
    id="init_failed",
    called="failing init container",
    category=Category.CONFIG,
    depth=1,
    title="{subject} does not start: its init container[[ {container}]] fails[[ with exit code {exit_code}]]",
    decisive=OF_INIT,
    supports=(BACK_OFF,),
    refutes=(
        Rule(
            kinds=("event",),
            pattern=r"init containers? (?:have |has )?completed|\binitialized: true",
            meaning="the init containers are done",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Read the log of the init container",
            command="kubectl logs <pod> -c <init container> --previous",
            why="its last lines name the fault; the waiting containers have none",
        ),
    ),
    actions=(
        fix(
            text="Correct what the init container of {subject} does or waits for",
            state_change="the init container, or what it needs",
            verify="the pod leaves Init and becomes Ready",
        ),
    ),
    effects=("unready", "rollout_stuck", "dependency_down", "job_failed"),
)

CRASH_LOOP = Family(
    id="crash_loop",
    called="CrashLoopBackOff",
    category=Category.OTHER,
    depth=1,
    title="{subject} crashes again and again[[ with exit code {exit_code}]]",
    decisive=(
        Rule(
            pattern=r"back-off restarting failed|crashloopbackoff",
            weight=1.5,
            meaning="the container is restarted again and again",
        ),
        Rule(
            kinds=("exit",),
            attributes={"exit_code": "(?P<exit_code>[1-9]\\d*)"},
            weight=1,
            meaning="a container ended with an error",
        ),
    ),
    supports=(Rule(kinds=("restart",), weight=0.5, meaning="it restarted"),),
    refutes=(
        Rule(
            pattern=r"deletiontimestamp|terminat(?:ing|ion grace period)|belongs? to (?:an |the )?old replica",
            meaning="the pod is being taken away",
        ),
        *OF_INIT,
    ),
    checks=(
        CheckTemplate(
            text="Read the log of the crashed container",
            command="kubectl logs <pod> --previous --all-containers",
            why="its last lines name the fault",
        ),
    ),
    actions=(
        relief(
            text="Roll {subject} back to its last good revision",
            command="kubectl rollout undo deployment/<name>",
            state_change="the running revision",
            verify="the restarts stop",
        ),
    ),
    effects=("init_failed", "unready", "rollout_stuck", "dependency_down"),
)

UNREADY = Family(
    id="unready",
    category=Category.OTHER,
    depth=0,
    title="{subject} is not ready",
    decisive=(
        Rule(kinds=("unhealthy_object",), weight=1, meaning="it is not ready"),
        Rule(
            kinds=("condition",),
            attributes={"type": "Ready|Available|ContainersReady|PodScheduled", "status": "False|Unknown"},
            weight=1,
            meaning="it is not ready",
        ),
    ),
    refutes=(
        Rule(
            pattern=r"deletiontimestamp|\bterminating\b|successfully rolled out",
            meaning="the pod is being taken away or replaced",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Describe it and read its events",
            command="kubectl describe <object>",
            why="its conditions and events name the reason",
        ),
    ),
    effects=(),
)

JOB_FAILED = Family(
    id="job_failed",
    category=Category.OTHER,
    depth=0,
    title="The job {subject} failed",
    decisive=(
        Rule(
            pattern=r"backofflimitexceeded|job has reached the specified backoff limit|kubejobfailed",
            weight=1.5,
            meaning="the job used all its attempts",
        ),
    ),
    refutes=(Rule(pattern=r"job completed", meaning="the job completed"),),
    checks=(
        CheckTemplate(
            text="Read the log of a failed pod of the job",
            command="kubectl logs job/<name> --all-containers",
            why="its last lines name the fault",
        ),
    ),
)
