"""What single lines of each kind of evidence look like; every pattern is linear and sees at most 4 KiB of a line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from re import Pattern

from domain.evidence.kinds import command_marks

PIECE = 4_096
"""Characters of one line that a pattern sees (evidence.md 14)."""

MAGIC: tuple[tuple[bytes, str, bool], ...] = (
    (b"\x89PNG\r\n", "png", True),
    (b"\xff\xd8\xff", "jpeg", True),
    (b"GIF8", "gif", True),
    (b"RIFF", "webp", True),
    (b"BM", "bmp", True),
    (b"II*\x00", "tiff", True),
    (b"MM\x00*", "tiff", True),
    (b"\x7fELF", "elf", False),
    (b"%PDF", "pdf", False),
    (b"PK\x03\x04", "zip", False),
    (b"\xca\xfe\xba\xbe", "java class", False),
    (b"SQLite format 3\x00", "sqlite", False),
    (b"\xd4\xc3\xb2\xa1", "pcap", False),
    (b"\xa1\xb2\xc3\xd4", "pcap", False),
    (b"\x4d\x3c\xb2\xa1", "pcap", False),
    (b"\xa1\xb2\x3c\x4d", "pcap", False),
    (b"\x0a\x0d\x0d\x0a", "pcapng", False),
    (b"MZ", "windows executable", False),
    (b"\x1f\x8b", "gzip", False),
    (b"JAVA PROFILE", "java heap dump", False),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office document", False),
    (b"7z\xbc\xaf\x27\x1c", "7z", False),
    (b"\x28\xb5\x2f\xfd", "zstandard", False),
    (b"PAR1", "parquet", False),
)
"""(first bytes, format, is an image); the short marks count only in front of bytes that are no text."""

DATED = re.compile(
    r"""^[\[\s"'(<\w|:/\-\t.]{0,60}?(?=[\d\[ADEFIJMNOSW])(?:
        \d{4}[-/.]\d{1,2}[-/.]\d{1,2}[T\s_-]{1,2}\d{1,2}[:.]\d{2}   # 2025-01-01 10:00
      | \d{8}[- ]\d{1,2}:\d{1,2}:\d{1,2}                            # 20250101-10:00:00
      | \d{6}\s\d{6}\s                                              # 250101 100000
      | \d{1,2}[/.-](?:[A-Z][a-z]{2}|\d{1,2})[/.-]\d{2,4}[:\s]\d{1,2}:\d{2}
      | (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s{1,2}\d{1,2}\s\d{2}:\d{2}
      | \d{1,2}\s(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s\d{4}\s\d{2}:\d{2}
      | [IWEF]\d{4}\s\d{2}:\d{2}:\d{2}                              # klog
      | \[\s{0,6}\d{1,9}\.\d{3,6}\]                                 # seconds since boot
      | \d{2}:\d{2}:\d{2}[.,\s]
    )""",
    re.VERBOSE,
)
"""A line with a clock near its start."""
LEVELLED = re.compile(
    r"^.{0,80}?(?=[CDEFINPSTW])(?<![\w-])(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|SEVERE|PANIC)(?![\w-])"
)

FRAME = re.compile(
    r"""^(?:
        \s*at\s+[\w.$<>/@\[\]`,~+\-]+.{0,300}\(.*\)?                # Java, .NET, Node with parentheses
      | \s+at\s+\S+                                                 # Node, .NET
      | \s*File\s".+",\sline\s\d+
      | Traceback\s\(most\srecent\scall\slast\)
      | \s*\.\.\.\s\d+\s(?:more|common)
      | Caused\sby:\s | \s*Suppressed:\s | \s*---\sEnd\sof\s
      | (?:The\sabove|During\shandling\sof\sthe\sabove)\s.*exception
      | goroutine\s\d+\s\[ | \t\S+\.(?:go|s):\d+ | panic:\s | created\sby\s\S+ | \[signal\s | [\w./*()-]+\([^)]{0,300}\)$
      | \s*from\s.+:\d+:in\s | \S+\.rb:\d+:in\s
      | \#\d+\s+(?:0x[0-9a-f]+\sin\s|\S+) | Stack\strace: | PHP\s(?:Fatal|Warning|Notice|Parse)
      | thread\s'[^']*'\spanicked | \s+\d+:\s+(?:0x[0-9a-f]+\s-\s)?[\w<>{}$]+::\S+ | \s+at\s\S+\.rs:\d+ | stack\sbacktrace:
      | (?:BUG|Oops|Kernel\spanic|RIP|CPU|Call\sTrace|Code|Modules\slinked\sin|RAX|RDX|RBP|R\d\d|CR2|FS|RSP)\b.{0,3}:
      | \#PF:\s | \s*</?(?:TASK|IRQ)> | \s*+(?:\?\s)?\w[\w.]{0,200}\+0x[0-9a-f]+/0x | ---\[\send\strace
      | Core\swas\sgenerated | Program\sterminated | \#\s(?:A\sfatal\serror|\s*SIG|Problematic\sframe|JRE\sversion|Java\sVM|C\s\s\[)
      | (?:Exception\sin\sthread|Unhandled\s[Ee]xception|Uncaught)\b
      | (?:[\w$]+[.:]{1,2}){0,12}[A-Z]\w{0,80}(?:Error|Exception|Warning|Timeout|Failure|Fault|NotFound)\b
    )""",
    re.VERBOSE,
)
"""A line of a stack trace: Java, .NET, Node, Python, Go, Ruby, PHP, Rust, C, kernel, JVM crash."""

SPANS = re.compile(
    r"^(?:[\s│|]*+[├└]─+ .{1,300} [\d.]{1,20} ?(?:ms|s|µs|us|ns)\b|.{0,200}\btrace_?[iI][dD]=[0-9a-f]{8,32}|.{0,200}\bspan_?[iI][dD]=[0-9a-f]{8,16})"
)
"""A span of a printed trace, or a trace in a list of traces."""

PROFILE = re.compile(
    r"""^\s*+(?:
        flat\s+flat%\s | ncalls\s+tottime | Showing\snodes\saccounting | Total\ssamples\b | Duration:.*samples
      | [\d.]{1,20}\w{0,5}\s+[\d.]+%\s+[\d.]+%\s+[\d.]{1,20}\w{0,5}\s+[\d.]+%
      | \d[\d/]*\s+\d+\.\d+\s+\d+\.\d+\s+\d+\.\d+\s+\d+\.\d+\s\S
      | %\s+cumulative\s | Flat\sprofile: | Each\ssample\scounts | \#\s+Overhead | \d+\.\d+%\s+\S+\s+\S+\s+\[[.k]\]
      | ---\sExecution\sprofile | ---\s\d+\sns\s\( | \[\s*\d+\]\s[\w.$]+ | GC_\w+\s+:\s
      | num\s+\#instances | \d+:\s+\d+\s+\d+\s+\S+(?:\s\([^()]{1,80}\))?$ | \d+\.\d+%\s\(\d+\s?[KMG]?i?B\): | Total:\s.*\b(?:in\suse|allocs)
      | (?:\#\d+:\s)?\S{1,300}:\d+:\s(?:size=)?[\d.]{1,20}\s[KMG]?i?B\b | [\d.]{1,9}%\s+[\d.]{1,9}%\s+[\d.]{1,20}s\s+[\d.]{1,20}s\s
      | \d{1,15}\s+[\d.]{1,9}%\s+(?:[\d.]{1,9}%\s+)?\S | \d{1,15}\s+\([\d.]{1,9}%\)\s+\d{1,15}\s+\([\d.]{1,9}%\)\s | TOTAL\s+\(pct\)
      | (?:Mode:\s\w+\(|Samples:\s\d+\s\(|Total\sSamples\s|GC:\s\d+\s\(|GIL:\s[\d.]+%) | \[(?:Shared\slibraries|JavaScript|C\+\+|Summary|Bottom\sup)
      | (?:ns|bytes|total)\s+percent\s+samples | time\s+seconds\s+seconds | \d+\.\d+\s+\d+\.\d+\s+\d+\.\d+\s+(?:\d+\s|[A-Za-z_])
      | %Own\s+%Total | ticks\s+(?:parent|total) | \d+\sfunction\scalls
    )""",
    re.VERBOSE,
)
FOLDED = re.compile(r"^[^\s;=][^;=]*+(?:;[^;=]+)+ \d+$")
"""A folded stack: `main;run;work 812`."""

EXPOSITION = re.compile(r"^(?:# (?:HELP|TYPE|UNIT|EOF)\b|[a-zA-Z_:][\w:]*(?:\{[^}]*\})? [-+]?[\d.]+(?:[eE][-+]?\d+)?(?: \d+)?$)")
INFLUX = re.compile(r"^[\w.\-]+(?:,[\w.\-]+=(?:\\.|[^\s,\\])+)* [\w.\-]+=(?:[-\d.]+[iu]?|\"|[tTfF])[^\n]{0,2000} \d{10,19}$")

CODE = re.compile(
    r"""^\s*+(?:
        (?:async\s)?def\s\w+ | class\s\w+ | from\s[\w.]+\simport\s | import\s[\w."'{*]+ | func\s | package\s[\w.]+;?$ | use\s[\w:]+
      | (?:pub\s)?(?:fn|struct|enum|impl|mod|trait)\s\w+ | (?:public|private|protected|static|final|export|const|let|var)\s\w+
      | (?:if|for|while|switch|catch)\s?\(.*\)\s?\{?$ | (?:elif|else|try|finally|except\b.*|with\s.*|for\s.*\sin\s.*|if\s.*):$
      | return\b | raise\s\w+ | throw\s | @\w+ | \#include\s | \#\[ | \#!/ | namespace\s | using\s[\w.]+; | end$
      | (?:then|fi|done|do|esac)$ | (?:if|while)\s!?\s?(?:\[|\w+).*;\s?(?:then|do)$ | for\s\w+\sin\s.*;\s?do$ | set\s-[a-z]+
      | (?:SELECT|INSERT\sINTO|CREATE\s(?:TABLE|INDEX|OR)|ALTER\sTABLE|UPDATE\s\w+\sSET)\b
      | \}\s?(?:else\b.*\{)?;?$ | (?=.*+(?<=\{)$).*\)\s?(?:->\s\w+\s)?\{$ | .*+(?<=[\w)\]"'];)$ | \w+\s(?::=|=)\s.*[\w)\]"']$ | assert\s
      | [-+]{3}\s[ab]/ | @@\s-\d+ | diff\s--git
    )""",
    re.VERBOSE,
)

HUNK = re.compile(r"^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@")
"""The head of a stretch of a unified diff."""
KEYWORD = re.compile(
    r"""^\s*+(?:(?:async\s)?def\s\w+\(? | class\s\w+ | from\s[\w.]+\simport\s | import\s[\w."'{*]+ | func\s | package\s[\w.]+;?$ | use\s\w+::
      | (?:pub\s)?(?:fn|struct|enum|impl|mod|trait)\s\w+ | (?:public|private|protected)\s\w+ | (?:const|let|var)\s\w+
      | \#include\s | \#\[ | \#!/ | return\s\S+\(.*|(?:if|for|while)\s?\(.*\)\s?\{)""",
    re.VERBOSE,
)
"""A line that only a program has."""
CONSOLE = re.compile(
    r"""^\s{0,4}(?:\[[\w\s:/.-]{1,40}\]\s | >\s\S | \+\s\S | \$\s\S | [A-Z][a-z]{2,12}ing\b\s | Started\sby\s | Step\s\d | Progress\s
      | (?:ERROR|WARNING|WARN|INFO|FAILURE|BUILD)\b | \S{1,80}:\s(?:(?:line\s)?\d{1,6}:\s)?(?:syntax\s)?(?:error|warning|fatal|cannot)\b)""",
    re.VERBOSE,
)
"""A step that a build or a tool announces on its console."""

LOGFMT = re.compile(r"\s{0,200}+(?:[\w.\-]{1,60}+=(?:\"[^\"]{0,2000}+\"|[^\s\"]{0,500}+)\s++){2,}[\w.\-]{1,60}+=")
"""Three settings or more in one line are a record, not a configuration."""

SETTING = re.compile(
    r"""^\s*+(?:
        (?:-\s++)*+["']?[A-Za-z_][\w./\-$@ ]{0,80}+["']?\s?:(?:\s+\S.{0,4000})?$        # YAML
      | -\s+\S.{0,300}$
      | [\w.\-]{1,80}+\s?=\s?.*$ | export\s\w+=.* | \[{1,2}[^\]]+\]{1,2}$             # TOML, INI, properties, env
      | [\w\-]++\s[^;{]{0,300}+;$ | (?:[\w\-]++(?:\s[^{};]{0,200}+)?+)?\s?\{$ | \};?$      # nginx, HCL
      | </?[A-Za-z?!][^>]{0,500}>.{0,300}$                                            # XML
      | (?:global|defaults|frontend|backend|listen)\b.{0,80}$ | (?:bind|server|balance|mode|timeout|option|maxconn|default_backend|acl|use_backend)\s.+$
      | ["'][^"']+["']\s?:.*$ | [\]}],?$ | [#;!].*$ | ---$
    )""",
    re.VERBOSE,
)

HEADING = re.compile(
    r"^(?:#{1,6} \S|={4,}$|-{4,}$|```|\* \S|- \S|\d{1,2}\. \S|> \S|\s*\+ \S|.{0,300}\]\(https?://|<(?:details|summary))"
)
PROSE = re.compile(r"^.{0,200}?(?=[a-z])\b[a-z]{2,}+(?:[ ,]++[A-Za-z'\-]{1,20}+){4}")

HEADER = re.compile(
    r"^[A-Z][A-Z0-9_%()/.\-]*(?:[ ][A-Z(][A-Z0-9_%()/.:\-a-z]*)*(?:(?:\s{2,}|\t)[A-Z%][A-Za-z0-9_%()/.:\-]*(?:[ ][A-Z(][A-Za-z0-9_%()/.:\-]*)*)+\s*$"
)
"""Upper-case column names of a table, two or more."""

COMMANDS: Mapping[str, tuple[Pattern[str], ...]] = {
    name: tuple(re.compile(p) for p in patterns)
    for name, patterns in {
        **command_marks.MARKS,
        "kubectl describe": (
            r"^Name:\s+\S",
            r"^(?:Namespace|Labels|Annotations|CreationTimestamp|Start Time|Roles|Provisioner|StorageClass|Created on):\s",
            r"^(?:Events|Containers|Conditions|Data|Selector|Spec|Rules|Subjects|Type|Status|Resource|Mountable secrets|Pod Template|Source|Role):?(?:\s|$)",
        ),
        "kubectl get": (r"^(?:NAMESPACE\s+)?(?:NAME|LAST SEEN)\s{2,}[A-Z]", r"\s\d+/\d+\s+\w+|\s\d+[smhd](?:\d+[smhd])?(?:\s|$)"),
        "kubectl": (
            r"^Error from server \(\w+\)",
            r"^No (?:events|resources) found",
            r"^Command `[^`]+` failed with return code \d+",
        ),
        "docker ps": (r"^CONTAINER ID\s", r"\s(?:Up|Exited|Restarting|Created) "),
        "sql table": (r"^\+-[-+]+\+$", r"^\|.*\|$"),
        "redis info": (
            r"^# (?:Server|Clients|Memory|Persistence|Stats|Replication|CPU)$",
            r"^(?:redis_version|used_memory|connected_clients|role):",
        ),
        "kafka groups": (r"^GROUP\s+TOPIC\s", r"\sLAG\s"),
        "git log": (r"^commit [0-9a-f]{40}", r"^Author: ", r"^Date: "),
        "ownership tree": (r"^NAME\s+READY\s", r"^[\s│]*[├└]── \w+/"),
        "configuration tree": (r"^\[Service\]: ", r"^\[(?:Upstream|Downstream)"),
    }.items()
}
"""Format → patterns; two of them, or half of all lines matching one, name the command (hosts and networks: `host_marks`, `network_marks`)."""
