"""Profiles: captured where Python itself prints them, else built from the documented formats."""

from __future__ import annotations

import cProfile
import io
import json
import pstats
import tracemalloc
from collections.abc import Mapping

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must


def cprofile() -> str:
    """The standard library's profiler over some JSON."""
    profiler = cProfile.Profile()
    profiler.enable()
    json.loads(json.dumps([{"brick": n, "heat": [n] * 20} for n in range(300)], indent=1))
    profiler.disable()
    out = io.StringIO()
    pstats.Stats(profiler, stream=out).sort_stats("tottime").print_stats()
    return out.getvalue()


def memory() -> str:
    """The standard library's memory tracer over a list that is kept."""
    tracemalloc.start()
    kept = [bytes(1_000) for _ in range(500)]
    more = [str(n) * 3 for n in range(2_000)]
    names = {n: [n] for n in range(500)}
    statistics = tracemalloc.take_snapshot().statistics("lineno")
    tracemalloc.stop()
    assert kept and more and names
    return "\n".join(["[ Top 10 ]", *map(str, statistics[:10])])


def called(text: str) -> Mapping[str, int]:
    """Rows of pstats: everything below the header."""
    lines = text.split("\n")
    start = next(n for n, line in enumerate(lines) if "ncalls" in line) + 1
    rows = [(n, line.split(None, 5)) for n, line in enumerate(lines[start:], start=start + 1) if line.strip()]
    return {f"function/{row[5].strip()}".lower(): n for n, row in rows if len(row) == 6}


def places(text: str) -> Mapping[str, int]:
    rows = text.split("\n")[1:]
    return {f"place/{row.split(': ')[0]}".lower(): n for n, row in enumerate(rows, start=2)}


PPROF = """\
File: kiln
Type: cpu
Time: May 4, 2026 at 10:00am (UTC)
Duration: 30.11s, Total samples = 42.38s (140.75%)
Showing nodes accounting for 38.11s, 89.92% of 42.38s total
Dropped 312 nodes (cum <= 0.21s)
      flat  flat%   sum%        cum   cum%
    16.95s 40.00% 40.00%     17.20s 40.59%  runtime.scanobject
     9.10s 21.47% 61.47%      9.10s 21.47%  runtime.futex
     6.36s 15.01% 76.48%     30.10s 71.02%  kiln/oven.(*Oven).Fire
     3.20s  7.55% 84.03%      3.20s  7.55%  encoding/json.(*Decoder).Decode (inline)
     2.50s  5.90% 89.92%      2.50s  5.90%  syscall.Syscall6
"""
HEAP = """\
Type: inuse_space
Showing nodes accounting for 512.06MB, 97.12% of 527.25MB total
      flat  flat%   sum%        cum   cum%
  480.02MB 91.04% 91.04%   480.02MB 91.04%  kiln/cache.(*Cache).Put
   32.04MB  6.08% 97.12%    32.04MB  6.08%  bytes.growSlice
"""
PERF = """\
# To display the perf.data header info, please use --header/--header-only options.
#
# Samples: 12K of event 'cycles:u'
# Event count (approx.): 9123456789
#
# Overhead  Command  Shared Object        Symbol
# ........  .......  ...................  ..............................
#
    61.20%  kiln     kiln                 [.] fire_bricks
    18.33%  kiln     [kernel.kallsyms]    [k] __x64_sys_futex
    12.01%  kiln     libc.so.6            [.] __memcpy_avx_unaligned_erms
     3.02%  kiln     [kernel.kallsyms]    [k] entry_SYSCALL_64
"""
GPROF = """\
Flat profile:

Each sample counts as 0.01 seconds.
  %   cumulative   self              self     total
 time   seconds   seconds    calls  ms/call  ms/call  name
 72.50      1.45     1.45     4000     0.36     0.36  fire_bricks
 20.00      1.85     0.40        1   400.00  2000.00  main
  7.50      2.00     0.15                             mcount
"""
FOLDED = """\
main;serve;handle;load_bricks 812
main;serve;handle;encode 120
main;serve;handle;load_bricks;decode 60
main;gc_collect 8
"""
PYSPY = """\
Total Samples 1200
GIL: 96.00%, Active: 100.00%, Threads: 4

  %Own   %Total  OwnTime  TotalTime  Function (filename)
 62.00%  70.00%    7.44s     8.40s   load_bricks (kiln/store.py)
 20.00%  20.00%    2.40s     2.40s   acquire (threading.py)
  8.00%  98.00%    0.96s    11.76s   handle (kiln/web.py)
"""
ASYNC = """\
--- Execution profile ---
Total samples       : 4000

--- 22500000000 ns (56.25%), 2250 samples
  [ 0] kiln.Oven.fire
  [ 1] kiln.Main.main

--- 9000000000 ns (22.50%), 900 samples
  [ 0] java.util.HashMap.resize
  [ 1] kiln.Oven.fire

          ns  percent  samples  top
  ----------  -------  -------  ---
 22500000000   56.25%     2250  kiln.Oven.fire
  9000000000   22.50%      900  java.util.HashMap.resize
  6000000000   15.00%      600  G1ParScanThreadState::copy_to_survivor_space
"""
HISTOGRAM = """\
 num     #instances         #bytes  class name (module)
-------------------------------------------------------
   1:        950211      912202560  [B (java.base@17.0.1)
   2:         45020       64828800  com.kiln.Brick
   3:         31022        1240880  java.util.HashMap$Node (java.base@17.0.1)
Total       1026253      978272240
"""
LATER = HISTOGRAM.replace("  45020       64828800", "7045020    10164828800")
V8 = """\
Statistical profiling result from isolate.log, (5000 ticks, 12 unaccounted, 0 excluded).

 [Shared libraries]:
   ticks  total  nonlib   name
    900   18.0%          /usr/bin/node
    100    2.0%          /usr/lib/x86_64-linux-gnu/libc.so.6

 [JavaScript]:
   ticks  total  nonlib   name
   2600   52.0%   65.0%  LazyCompile: *fire /srv/kiln/oven.js:10:14
    400    8.0%   10.0%  LazyCompile: ~cool /srv/kiln/oven.js:31:14

 [Summary]:
   ticks  total  nonlib   name
   3000   60.0%   75.0%  JavaScript
   1250   25.0%   31.2%  GC

 [Bottom up (heavy) profile]:
   ticks parent  name
   2600   52.0%  LazyCompile: *fire /srv/kiln/oven.js:10:14
"""
STACKPROF = """\
==================================
  Mode: cpu(1000)
  Samples: 1000 (0.00% miss rate)
  GC: 210 (21.00%)
==================================
     TOTAL    (pct)     SAMPLES    (pct)     FRAME
       640  (64.0%)         600  (60.0%)     Kiln::Oven#fire
       210  (21.0%)         210  (21.0%)     (garbage collection)
       990  (99.0%)          12   (1.2%)     Kiln::Web#call
"""


def takes(what: str, says: str, line: int = 0) -> Must:
    return Must(what=what, kind="resource", line=line, says=says)


FORMATS: tuple[Format, ...] = (
    Format(name="cProfile", kind=Kind.PROFILE, example=cprofile, source="captured", rows=called,
           must=(takes("the function that takes most", " takes "),)),
    Format(name="tracemalloc", kind=Kind.PROFILE, example=memory, source="captured", rows=places,
           must=(takes("the line that holds most", "profiles.py:"),)),
    Format(name="pprof -top, CPU", kind=Kind.PROFILE, example=PPROF, source="Go, go tool pprof -top",
           rows={"function/runtime.scanobject": 8, "function/runtime.futex": 9, "function/kiln/oven.(*oven).fire": 10,
                 "function/encoding/json.(*decoder).decode": 11, "function/syscall.syscall6": 12},
           must=(takes("the function that takes most", "runtime.scanobject takes 40.0 %", 8),
                 takes("own code by what it calls", "Fire takes 71.0 % with what it calls", 10))),
    Format(name="pprof -top, heap", kind=Kind.PROFILE, example=HEAP, source="Go, go tool pprof -top -inuse_space",
           rows={"function/kiln/cache.(*cache).put": 4, "function/bytes.growslice": 5},
           must=(takes("what holds most memory", "Put takes 91.0 %", 4),)),
    Format(name="perf report", kind=Kind.PROFILE, example=PERF, source="Linux, perf report --stdio",
           rows={"function/fire_bricks": 9, "function/__x64_sys_futex": 10, "function/__memcpy_avx_unaligned_erms": 11, "function/entry_syscall_64": 12},
           must=(takes("the function that takes most", "fire_bricks takes 61.2 %", 9),)),
    Format(name="gprof", kind=Kind.PROFILE, example=GPROF, source="GNU gprof manual, flat profile",
           rows={"function/fire_bricks": 6, "function/main": 7, "function/mcount": 8},
           must=(takes("the function that takes most", "fire_bricks takes 72.5 %", 6),)),
    Format(name="Folded stacks", kind=Kind.PROFILE, example=FOLDED, source="flame graph tools, stackcollapse",
           rows={"function/load_bricks": 1, "function/encode": 2, "function/decode": 3, "function/gc_collect": 4},
           must=(takes("the leaf that takes most", "load_bricks takes 81.2 %", 1),)),
    Format(name="py-spy top", kind=Kind.PROFILE, example=PYSPY, source="py-spy, top",
           rows={"function/load_bricks (kiln/store.py)": 5, "function/acquire (threading.py)": 6, "function/handle (kiln/web.py)": 7},
           must=(takes("the function that takes most", "takes 62.0 %", 5), takes("own code by what it calls", "handle (kiln/web.py) takes 98.0 %", 7))),
    Format(name="async-profiler", kind=Kind.PROFILE, example=ASYNC, source="async-profiler, text output",
           rows={"function/kiln.oven.fire": 4, "function/java.util.hashmap.resize": 8,
                 "function/g1parscanthreadstate::copy_to_survivor_space": 16},
           must=(takes("the method that takes most", "kiln.Oven.fire takes 56.2 %"),)),
    Format(name="JVM class histogram", kind=Kind.PROFILE, example=HISTOGRAM, source="JDK, jcmd GC.class_histogram and jmap -histo",
           rows={"class/[b": 3, "class/com.kiln.brick": 4, "class/java.util.hashmap$node": 5},
           must=(takes("the class that holds most, with instances and bytes", "[B takes 93.2 % (950211 instances, 912202560 bytes)", 3),)),
    Format(name="Two class histograms", kind=Kind.PROFILE, example=HISTOGRAM + "\n" + LATER, source="JDK, jmap -histo twice",
           must=(Must(what="what grew between them", kind="trend", line=11, says="com.kiln.Brick grew from 64828800 to 10164828800"),)),
    Format(name="V8 --prof", kind=Kind.PROFILE, example=V8, source="Node.js, --prof-process",
           rows={"function//usr/bin/node": 5, "function/lazycompile: *fire /srv/kiln/oven.js:10:14": 10, "function/lazycompile: ~cool /srv/kiln/oven.js:31:14": 11},
           must=(takes("the function that takes most", "*fire /srv/kiln/oven.js:10:14 takes 52.0 %", 10),)),
    Format(name="stackprof", kind=Kind.PROFILE, example=STACKPROF, source="Ruby, stackprof --text",
           rows={"function/kiln::oven#fire": 7, "function/(garbage collection)": 8, "function/kiln::web#call": 9},
           must=(takes("the method that takes most", "Kiln::Oven#fire takes 60.0 %", 7), takes("collection", "(garbage collection) takes 21.0 %", 8))),
)  # fmt: skip
