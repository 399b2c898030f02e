"""Claims, volumes, disks and paths."""

from functools import partial

from domain.case.state import Category
from domain.diagnosis.values import ActionTemplate, CheckTemplate, Family, Rule

fix = partial(ActionTemplate, kind="fix")
relief = partial(ActionTemplate, kind="mitigation")

MOUNT_FAILED = Family(
    id="mount_failed",
    category=Category.ENVIRONMENT,
    depth=2,
    title="A volume of {subject} cannot be attached or mounted[[: {volume}]]",
    decisive=(
        Rule(
            pattern=r"multi-attach error for volume \"?(?P<volume>[\w.-]{1,100})",
            weight=3,
            meaning="the volume is still attached elsewhere",
        ),
        Rule(
            pattern=r"(?:failedmount|failedattachvolume|mountvolume\.\w{1,40} failed|unable to (?:attach or )?mount volumes?)(?! .{0,200}(?:secret|configmap) )",
            weight=2.5,
            meaning="attach or mount failed",
        ),
    ),
    supports=(Rule(pattern=r"timed out waiting for the condition|containercreating", weight=0.5, meaning="the container waits"),),
    refutes=(
        Rule(
            pattern=r"mountvolume\.\w{1,40} succeeded|retried successfully|successfullyattachvolume|attachvolume\.attach succeeded",
            meaning="the volume was mounted",
        ),
        Rule(
            pattern=r"(?:secret|configmap)s? \"[^\"]{1,200}\" not found", meaning="the mounted object is missing, not the volume"
        ),
    ),
    checks=(
        CheckTemplate(
            text="See to which node the volume is attached",
            command="kubectl get volumeattachments",
            why="another node confirms it",
        ),
    ),
    actions=(
        relief(
            text="Let the old pod end and the volume detach, then restart {subject}",
            state_change="the volume moves between nodes",
            reversible="partly",
            blast_radius="data",
            verify="the mount events stop and the pod starts",
        ),
    ),
    effects=("unready", "rollout_stuck", "dependency_down"),
)

DISK_FULL = Family(
    id="disk_full",
    called="storage exhaustion (disk full)",
    category=Category.ENVIRONMENT,
    depth=2,
    title="The disk of {subject} is full[[: {path}]]",
    decisive=(
        Rule(
            pattern=r"(?:(?<![\w.])(?P<path>/[\w./-]{1,200})\S{0,3} ?:? .{0,40})?no space left on device|\benospc\b|disk quota exceeded|no free inodes|(?:above|exceeds?|exceeded|reached) the (?:low|high|flood[- ]stage) (?:disk )?watermark|disk watermark \[.{1,80}\] exceeded|free storage (?:capacity|space)\b.{0,80} (?:is low|low at)|not enough (?:free )?(?:disk )?space",
            weight=3,
            meaning="a write found no space",
        ),
        Rule(
            kinds=("resource", "saturation"),
            attributes={"resource": r"(?i)disk|filesystem|inodes|storage"},
            weight=2.5,
            meaning="the file system is at its limit",
        ),
        Rule(
            pattern=r"\b(?:9[89]|100)% (?P<path>/[\w./-]{0,200})",
            kinds=("resource", "row"),
            weight=2.5,
            meaning="the file system is at its limit",
        ),
        Rule(pattern=r"\b(?:disk|storage|volume|filesystem) (?:is )?full\b", weight=2, meaning="a full disk is reported"),
        Rule(kinds=("vital",), attributes={"vital": "storage"}, weight=3.5, meaning="free space runs out, and who uses it"),
    ),
    supports=(
        Rule(
            pattern=r"read-only (?:file ?system|mode)|could not (?:write|extend)|write failed", weight=0.5, meaning="writes fail"
        ),
        Rule(kinds=("alert",), pattern=r"storage|disk", weight=2, meaning="an alert names it"),
    ),
    refutes=(
        Rule(
            pattern=r"(?:space|disk) (?:was )?(?:freed|reclaimed|recovered)|disk usage (?:is )?back to",
            meaning="there is room again",
        ),
    ),
    checks=(
        CheckTemplate(
            text="Look at free space and inodes",
            command="df -h; df -i",
            why="a file system at 100 % confirms it; more than 10 % free refutes it",
        ),
    ),
    actions=(
        relief(
            text="Free space on the file system: old logs, images, temporary files",
            state_change="files are removed",
            reversible="no",
            blast_radius="data",
            verify="writes succeed and the messages stop",
        ),
        fix(
            text="Extend the volume and set a limit on what fills it",
            state_change="the volume's size",
            reversible="partly",
            blast_radius="data",
            verify="free space stays above 10 %",
        ),
    ),
    effects=(
        "db_restarting",
        "db_read_only",
        "member_lost",
        "dependency_down",
        "crash_loop",
        "build_compile",
        "build_tool",
        "exception",
        "queue_backlog",
    ),
)

DISK_FAILING = Family(
    id="disk_failing",
    category=Category.HARDWARE,
    depth=3,
    title="A disk of {subject} fails[[: {device}]]",
    decisive=(
        Rule(
            pattern=r"(?:blk_update_request: )?i/o error,? (?:on )?dev(?:ice)? (?P<device>\w{2,20})|buffer i/o error on (?:dev|device) (?P<device2>\w{2,20})|uncorrectable (?:ecc |sector )?error|smart .{0,40}failing|smart overall-health.{0,60}failed|drive failure expected|(?P<device3>\w{2,12})\[\d{1,3}\]\(f\)|\[\d{1,3}/\d{1,3}\] \[(?:u{0,16}_)+u{0,16}\]",
            weight=3,
            meaning="the device reports errors",
        ),
        Rule(
            kinds=("unhealthy_object",),
            attributes={"resource": "device"},
            weight=3,
            meaning="a disk, or what it is part of, is not whole",
        ),
        Rule(
            kinds=("resource",), attributes={"resource": "disk health"}, weight=2.5, meaning="the device counts errors of its own"
        ),
        Rule(pattern=r"remounting filesystem read-only", weight=2.5, meaning="the kernel stopped writes"),
    ),
    refutes=(Rule(pattern=r"smart overall-health .{0,40}passed", meaning="the device passes its own test"),),
    checks=(
        CheckTemplate(
            text="Read the kernel log and the device's own report",
            command="dmesg -T | tail -100; smartctl -a /dev/<device>",
            why="reallocated or pending sectors confirm it",
        ),
    ),
    actions=(
        relief(
            text="Fail over to another node, then replace the device",
            state_change="the load moves, the device is removed",
            reversible="no",
            blast_radius="data",
            verify="no I/O errors on the new place",
        ),
    ),
    effects=("disk_full", "db_read_only", "slow_query", "crash_loop"),
)

PERMISSION_PATH = Family(
    id="permission_path",
    category=Category.CONFIG,
    depth=2,
    title="{subject} is denied access[[ to {path}]]: its user or mount does not allow it",
    decisive=(
        Rule(
            pattern=r"(?:(?P<path>/[\w./-]{1,200})['\"]?: )permission denied|permission denied:? ['\"]?(?P<path2>/[\w./-]{1,200})|eacces|(?:cannot|can'?t|could not|unable to|failed to) (?:create|open|write|read|load|save|mkdir|access)[ /].{0,120}permission denied|(?:chown|chmod|changing (?:ownership|permissions) of|mkdir)\b.{0,200}operation not permitted|accessdeniedexception: ?(?P<path3>/[\w./-]{1,200})",
            weight=3,
            meaning="a path refuses the process",
        ),
        Rule(pattern=r"read-only file system", weight=2, meaning="the mount is read-only"),
    ),
    refutes=(
        Rule(pattern=r"remounting filesystem read-only|i/o error", meaning="the kernel made it read-only after disk errors"),
        Rule(pattern=r"ownership of \S{1,200} (?:was )?(?:changed|fixed)", meaning="the owner was corrected"),
    ),
    checks=(
        CheckTemplate(
            text="Compare the process's user with owner and mode of the path",
            command="kubectl exec <pod> -- sh -c 'id; ls -ld <path>'",
            why="another owner without write permission confirms it",
        ),
    ),
    actions=(
        fix(
            text="Set the owner or the mode of the path, or the user of the process (of a pod: fsGroup or runAsUser)",
            state_change="modes of the path, or the user of the process",
            verify="the message does not return after the restart",
        ),
    ),
    effects=("crash_loop", "unready", "rollout_stuck"),
)
