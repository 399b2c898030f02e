"""What lines of commands about one host look like: format → patterns, as in `fingerprints.COMMANDS`."""

from __future__ import annotations

from collections.abc import Mapping

HOSTS: Mapping[str, tuple[str, ...]] = {
    "systemctl": (r"^\s*(?:\w+: )*[●○×*] \S+\.\w+ - ", r"^\s+Loaded: ", r"^\s+Active: \w+"),
    "systemctl list": (
        r"^\s+UNIT\s+LOAD\s+ACTIVE\s+SUB\b",
        r"^[●○×*↻ ]{0,4}\S+\.(?:service|socket|timer|mount|target|slice|path|device|scope)\s+(?:loaded|not-found|masked|error)\s+\w",
        r"^\d+ loaded units listed",
    ),
    "systemctl show": (r"^(?:ActiveState|SubState)=\w", r"^(?:LoadState|UnitFileState)=", r"^(?:NRestarts|ExecMainStatus|MainPID|Restart)="),
    "df": (r"^Filesystem\s.*(?:Use%|IUse%|Capacity)", r"\s(?:\d+%|-)\s+/"),
    "du": (r"^\d[\d.]{0,12}(?:[KMGTP]\t\S|\t[./])", r"^\d[\d.]{0,12}[KMGTP]?\s+(?:\.{1,2}/|/|total$|\.$)"),
    "iostat": (r"^Device:?\s.*(?:r/s|tps|%util)", r"^avg-cpu:\s"),
    "lsblk": (
        r"^NAME\s+MAJ:MIN\s", r"\s\d+:\d+\s+[01]\s+[\d.]+[BKMGT]?\s+[01]\s", r"^NAME\s+FSTYPE\s",
        r"^(?:[│| ]{0,40}[├└|`][─-])?\w[\w.!+-]{0,100}\s+(?:ext[234]|xfs|btrfs|vfat|swap|LVM2_member|crypto_LUKS|linux_raid_member|zfs_member|ntfs)\b",
    ),
    "mount": (r"^\S++ on /\S*+ type \S+ \(r[ow]\b", r"^\S++ on /[^()]{0,200} \([a-z]+, ", r"^\S++ /\S*+ \S++ r[ow]\S* \d \d$"),
    "findmnt": (r"^TARGET\s+SOURCE\s+FSTYPE", r"^[│├└─ ]*/\S*\s+\S+\s+\S+\s+r[ow],"),
    "mdstat": (r"^Personalities : (?:\[|$)", r"^unused devices: ", r"^md\S{1,40} : (?:in)?active "),
    "smartctl": (r"^smartctl \d\.\d", r"^=== START OF .{1,60} SECTION ===$", r"^SMART (?:overall-health|Health Status)", r"^ID# ATTRIBUTE_NAME\s", r"^SMART/Health Information \("),
    "zpool": (r"^\s{0,8}pool: \S", r"^\s{0,8}state: (?:ONLINE|DEGRADED|FAULTED|UNAVAIL|OFFLINE|REMOVED|SUSPENDED)$", r"^\tNAME\s+STATE\s+READ WRITE CKSUM$"),
    "free": (r"^\s+total\s+used\s+free\s", r"^Mem:\s+\d", r"^Swap:\s+\d"),
    "meminfo": (r"^(?:MemTotal|MemFree|MemAvailable|Buffers|Cached):\s+\d+ kB", r"^(?:Swap|Dirty|Slab|Active|Inactive|Commit)\w*(?:\(\w+\))?:\s+\d+ kB", r"^\w+(?:\(\w+\))?:\s+\d+ kB$"),
    "uptime": (r"^\s*\d\d:\d\d(?::\d\d)?\s+up\s+.*load averages?:", r"^USER\s+TTY\s+FROM\s+LOGIN@", r"^\d+\.\d\d \d+\.\d\d \d+\.\d\d \d+/\d+ \d+$"),
    "vmstat": (r"^procs\s-+memory", r"^\s*r\s+b\s+swpd\s"),
    "vmstat -s": (r"^\s+\d+ K (?:total|used|free) memory$", r"^\s+\d+ (?:K |non-nice |nice |system |idle |pages |CPU |interrupts|forks|boot )"),
    "processors": (r"^(?:Architecture|CPU op-mode\(s\)|CPU\(s\)|Thread\(s\) per core|Vendor ID|Model name):\s", r"^(?:On-line CPU\(s\) list|Core\(s\) per socket|Socket\(s\)|NUMA node\S*|Flags):\s", r"^(?:processor|vendor_id|cpu family)\s*: ",
        r"^(?:model name|siblings|cpu cores|bogomips|cpu MHz)\s*: "),
    "ls": (r"^[-dlcbps][rwxsStT-]{9}[.+@]?\s+\d+\s+\S+\s+\S+\s+[\d.,]+", r"^total [\d.]+[KMGT]?$"),
    "vmstat -d": (r"^disk-\s-+reads-+", r"^\s+total merged sectors\s"),
    "sar": (
        r"^\d\d:\d\d:\d\d(?: [AP]M)?\s+(?:CPU|DEV|IFACE|kbmemfree|kbswpfree|runq-sz|tps|pswpin/s|pgpgin/s|proc/s|UID|totsck)\s",
        r"^(?:Average:|\d\d:\d\d:\d\d(?: [AP]M)?)\s+(?:\S{1,30}\s+){0,3}(?:\d{1,12}[.,]\d\d\s+){2,30}\d{1,12}[.,]\d\d\s*$",
        r"^Linux \S+ \(\S+\)\s",
    ),
    "ps": (
        r"^\s*(?:[A-Z%*]{1,10}\s+){0,12}PID\s.*\b(?:COMMAND|CMD|ARGS|COMM)\b",
        r"\s(?:COMMAND|CMD)$",
        r"^\s*(?:[A-Z%*]{1,10}\s+){0,12}PID\b.*\s(?:STAT|S|TTY|TT|TIME|%CPU|%MEM|RSS|WCHAN)\b",
    ),
    "top": (
        r"^top - \d", r"^Tasks: +\d+ total", r"^%?Cpu\d*\(?s?\)?\s*:", r"^\s*(?:[KMG]iB )?Mem\s?:",
        r"^Processes: \d+ total", r"^(?:Load Avg|PhysMem|CPU usage|SharedLibs|MemRegions): ",
    ),
    "lsof": (r"^COMMAND\s+PID\s", r"\s(?:REG|DIR|IPv4|IPv6|CHR)\s"),
    "limits": (r"^[a-z][a-zA-Z ]{3,40}\s\(.{0,60}-[a-zA-Z]\) \S+$", r"^Limit\s+Soft Limit\s+Hard Limit", r"^Max [a-z ]{3,30}\s{2,}(?:\d+|unlimited)\s"),
    "windows events": (
        r"^\s{0,4}(?:Log Name|ProviderName)\s*: \S", r"^\s{0,4}(?:Event ID|TimeCreated)\s*: +\d", r"^\s{0,4}(?:Level|LevelDisplayName)\s*: +(?:Critical|Error|Warning|Information|Verbose)\s*$",
    ),
    "dmesg": (r"^\[\s*\d+\.\d{6}\] \S", r"Out of memory: Kill", r"^\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\] \S"),
    "sysctl": (r"^(?:kernel|vm|net|fs|dev|user|debug|abi)\.[\w.\-]+ = ", r"^net\.(?:ipv[46]|core|netfilter)\.\S+ = "),
    "thread dump": (
        r"^Full thread dump ", r'^"[^"]{1,200}".{0,60}\s(?:os_)?prio=\d+ ', r"^\s+java\.lang\.Thread\.State: [A-Z_]+", r"^JNI global ref",
        r"^Found (?:one|a total of|\d+).{0,20}deadlock",
    ),
    "heap spaces": (
        r"^\s*(?:garbage-first heap|PSYoungGen|ParOldGen|PSOldGen|def new generation|tenured generation|par new generation|ZHeap|Shenandoah Heap)\s+",
        r"^\s*(?:Metaspace|class space)\s+used \d+K", r"^\s+(?:region size \d+K|eden space \d+K|object space \d+K)",
    ),
    "heap classes": (r"^\s*num\s+#instances\s+#bytes", r"^\s*\d+:\s+\d+\s+\d+\s+\S+"),
    "nvidia-smi": (r"^\| NVIDIA-SMI ", r"MiB /", r"^\|\s+GPU\s+Name\s", r"^\|[=+]{20,}\|$", r"^NVIDIA-SMI has failed"),
}  # fmt: skip
"""Two patterns of a format, or half of all lines matching one, name the command."""
DATED = frozenset({"ls", "sar", "ps", "uptime"})
"""Formats whose rows carry clocks though it is no log."""
