"""How runtimes print exceptions and frames; every pattern sees at most 4 KiB of a line and is linear."""

from __future__ import annotations

import re

HEAD = re.compile(
    r"""^\s*(?:Exception\sin\sthread\s"[^"]{0,200}"\s|Caused\sby:\s|Unhandled\s[Ee]xception[.:]\s?|Uncaught\s(?:\(in\spromise\)\s)?|(?:--->\s)|Suppressed:\s
      |PHP\sFatal\serror:\s+(?:Uncaught\s)?|Fatal\serror:\s+(?:Uncaught\s)?|\[error\]\s|\[cause\]:\s|Next\s)?
      (?P<name>(?:[A-Za-z_$][\w$]*(?:\.|::|\\))*[A-Z][\w$]*(?:Error|Exception|Timeout|Failure|Fault|Interrupt|Exit|NotFound|Expired|Refused|Missing|Invalid|Large|Throwable|ExceptionGroup)[\w$]*
        |Error(?=:\s))(?:\s\[[A-Z_]{3,60}\])?
      (?::\s?(?P<message>.*))?$""",
    re.VERBOSE,
)
"""`package.SomeException: message`, alone or behind the words a runtime puts before it."""
ENDING = re.compile(r"^(?P<name>[A-Za-z_][\w.]*)(?::\s(?P<message>.*))?$")
CAUSED = re.compile(
    r"^\s*(?:(?:\[CIRCULAR REFERENCE:\s*)?Caused by:|--->|\[cause\]:|Next)\s(?P<name>[\w$.:\\]+?)(?:\s\[[A-Z_]{3,60}\])?(?::\s(?P<message>.*)|:?)$"
)
INNER = re.compile(r"\s--->\s(?P<name>[\w$.`]+):\s(?P<message>.*)$")
"""A cause on the line of the exception it caused, as older .NET prints it."""
NUMBERED = re.compile(r"^\s{2,8}(?:\d{1,3}:\s)?(?P<message>\S.*)$")
"""A cause of Rust's error reports, below `Caused by:`."""
RUBY = re.compile(r"^(?P<where>\S+\.rb:\d+):in [`'](?P<function>[^']*)': (?P<message>.*?) \((?P<name>[A-Z][\w:]*)\)$")
PANIC = re.compile(
    r"^(?:panic: (?P<go>.*)|thread '[^']{0,100}'(?: \(\d+\))? panicked at (?P<rust>.*)|fatal error: (?P<fatal>.*)|Error: (?P<anyhow>.*))$"
)
KERNEL = re.compile(
    r"^(?:\[\s*[\d.]+\] )?(?:BUG|Oops|Kernel panic[^:]*|general protection fault|watchdog)\b[:,]? ?(?P<message>.*)$"
)
SIGNAL = re.compile(
    r"^(?:Program (?:terminated with|received) signal (?P<signal>\w+)|#\s+(?P<jvm>SIG\w+) |.*segfault at (?P<at>\S+))"
)
OTHERS = (
    ("native", re.compile(r"^(?:==\d+==\s?)?(?:ERROR|WARNING): (?P<name>\w+Sanitizer): (?P<message>.*)$")),
    ("native", re.compile(r"^(?P<place>\S{1,300}:\d+:\d+): (?P<name>runtime error): (?P<message>.*)$")),
    (
        "native",
        re.compile(
            r"^==\d+== (?P<name>Invalid (?:read|write) of size \d+|Conditional jump[^:]*|Process terminating)(?P<message>.*)$"
        ),
    ),
    ("native", re.compile(r"^terminate called after throwing an instance of '(?P<name>[^']{1,200})'(?P<message>)$")),
    ("native", re.compile(r"^\S{1,200}: (?P<place>\S{1,300}:\d+): .{0,300}?(?P<name>Assertion) [`'](?P<message>.*)' failed\.?$")),
    ("jvm", re.compile(r"^# (?P<name>There is insufficient memory)(?P<message>.*)$")),
    ("elixir", re.compile(r"^\s*\*\* \((?P<name>[A-Z][\w.]*|exit|throw|EXIT from [^)]{1,60})\) (?P<message>.*)$")),
    ("erlang", re.compile(r"^\s*(?:\*\* )?(?P<name>exception (?:error|exit|throw)): (?P<message>.*)$")),
    ("apple", re.compile(r"^Exception Type:\s+(?P<name>\S+)(?P<message>.*)$")),
    (
        "apple",
        re.compile(r"^\*\*\* Terminating app due to uncaught exception '(?P<name>[^']{1,120})', reason: '(?P<message>.*?)'?$"),
    ),
    ("swift", re.compile(r"^(?:\S{1,200}/)?(?P<place>[\w+-]{1,80}\.swift:\d+): (?P<name>Fatal error): (?P<message>.*)$")),
    ("powershell", re.compile(r"^(?P<name>[\w./\\-]{1,120}) : (?P<message>\S.*)$")),
)
"""(language, head) of runtimes whose exceptions are not written `Name: message`; a name may be missing from the line."""
DART = re.compile(r"^(?:Unhandled exception:|\[ERROR:flutter[^\]]{0,200}\] Unhandled Exception: (?P<message>.*))$")
SCRIPT_AT = re.compile(r"^At (?P<at>\S.{0,300}):(?P<line>\d+) char:\d+$")
"""The line below a PowerShell error that makes it one."""
FRAME = re.compile(
    r"""^\s*(?:at\s(?P<net>[\w.`<>+\[\],]+\([^)]{0,300}\))\sin\s(?P<netat>.{1,300}:line\s\d+)
      |at\s(?P<java>[\w.$<>/@]+)\((?P<javaat>[^)]{0,200})\)
      |at\s(?:async\s)?(?:new\s)?(?P<node>[\w.<>$\s\[\]]{1,200}?)\s?\((?P<nodeat>[^)]{1,300}:\d+:\d+)\) | at\s(?:async\s)?(?P<bare>\S+:\d+:\d+)
      |(?P<js>[\w$./<>\[\]*]{0,200})@(?P<jsat>(?:https?|file|webpack|moz-extension)\S{1,300}:\d+:\d+)
      |File\s"(?P<pyat>[^"]{1,300})",\sline\s(?P<pyline>\d+)(?:,\sin\s(?P<py>.{1,100}))?
      |from\s(?P<rbat>\S+:\d+):in\s[`'](?P<rb>[^']{1,200})'
      |\#\d+\s+(?P<dart>[\w$.<> ]{1,200})\s\((?P<dartat>(?:package|file|dart):[^)\s]{1,300})\)
      |\#\d+\s+0x[0-9a-f]+\s(?:in\s)?(?P<asan>[\w:~<>.*$]{1,300}(?:\([^()]{0,200}\))?)\s(?P<asanat>/?[\w./+\-]{1,300}:\d+(?::\d+)?)
      |\#\d+\s+(?P<tsan>[\w:~<>.*$]{1,300}(?:\([^()]{0,200}\))?)\s(?P<tsanat>/?[\w./+\-]{1,300}:\d+(?::\d+)?)
      |\#\d+\s+(?:0x[0-9a-f]+\sin\s)?(?P<c>[\w:~<>.*]+)\s?\(.{0,300}?\)(?:\s(?:at|from)\s(?P<cat>\S+))?
      |\#\d+\s(?P<phpat>\S+\(\d+\)):\s(?P<php>.{1,200})
      |(?:at|by)\s0x[0-9A-F]+:\s(?P<grind>[^(]{1,200})\s\((?P<grindat>[^)]{1,200})\)
      |\([\w]{1,60}(?:\s[\w.\-]{1,30})?\)\s(?P<exat>\S{1,200}:\d+):\s(?P<ex>\S{1,200})
      |(?:in\s(?:function|call\sfrom)\s+)(?P<erl>\S{1,200})\s\((?P<erlat>[^)]{1,200})\)
      |\d+\s{1,4}(?P<appleat>\S{1,80})\s+0x[0-9a-f]{6,16}\s(?P<apple>\S.{0,200})
      |(?:\?\s)?(?P<ker>[A-Za-z_][\w.]{1,100})\+0x[0-9a-f]+/0x[0-9a-f]+ | RIP:\s[0-9a-f]{4}:(?P<rip>[A-Za-z_][\w.]{1,100})\+
      |[CVjJ]\s{1,3}(?:\d+\s)?(?:\[(?P<hsat>[^\]]{1,120})\]\s{1,3})?(?P<hs>[A-Za-z_][\w.$:~()<>;/\[]{2,200})(?:\+0?x?[0-9a-f]+)?
      |\d+:\s+(?:0x[0-9a-f]+\s-\s)?(?P<rs>[\w<>{}$:]+::[\w<>{}$:]+)
      )""",
    re.VERBOSE,
)
GO = re.compile(r"^(?P<name>[\w./*()\-]+)\([^)]{0,300}\)$")
GOAT = re.compile(r"^\t(?P<at>\S+\.go:\d+)")
RUSTAT = re.compile(r"^\s+at (?P<at>\S+\.rs:\d+(?::\d+)?)")
WHAT = re.compile(r"^\s*(?:what\(\):\s+|SUMMARY: \w+: )(?P<message>.*)$")
"""The message of a C++ exception, on the line below it."""
GROUPED = re.compile(r"^\s*(?:\+-[+-]*(?: \d+ -+)?$|[|+](?: |$))")
"""The frame that Python draws around the members of an exception group."""
TICK = re.compile(r"^(?:==\d+==\s?|\[\s*\d+\.\d+\]\s)")
"""What valgrind and the kernel put before each line."""
LIBRARY = re.compile(
    r"(?:site-packages|dist-packages|/lib/python|node_modules|node:internal|/usr/lib|/usr/local/(?:go|lib)|/lib64/|/gems/|vendor/|/rustc/|\.cargo/registry"
    r"|^(?:dart|java|javax|jdk|sun|com\.sun|scala|kotlin|akka|System|Microsoft|runtime|net/http|reflect|testing|std|core|alloc|tokio|rust_begin_unwind|__|raise$|abort$"
    r"|gen_server|proc_lib|erlang|elixir|panic$|libc\.|libjvm|libsystem|UIKit|CoreFoundation|Foundation|org\.(?:apache|springframework|hibernate|eclipse|jboss))[./:(+]?)"
)
"""Code that came with a runtime or a package."""
PROCESS = re.compile(
    r"(?:\bComm: (?P<comm>\S{1,60})|^Process:\s+(?P<process>\S.{0,80})|^Core was generated by `(?P<core>[^' ]{1,200}))"
)
RELEASE = re.compile(r"^(?:Version|Release|Build|App Version|Code Version):?\s{1,20}(?P<release>\d[\w.+-]{0,60})")
