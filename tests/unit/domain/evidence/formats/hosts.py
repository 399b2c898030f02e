"""Hosts: load, memory, processes, limits and the kernel."""

from __future__ import annotations

import re
from pathlib import Path

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must, captured

OUTPUT = Kind.COMMAND_OUTPUT


def meters(text: str) -> dict[str, int]:
    return {f"memory/{line.split(':')[0].lower()}": n for n, line in enumerate(text.splitlines(), 1)}


def listed(text: str) -> dict[str, int]:
    """Processes of `ps -o pid,comm`, whose names hold no blanks or slashes."""
    rows = [(n, line.split()) for n, line in enumerate(text.splitlines(), 1) if n > 1]
    return {
        f"process/{words[1]}[{words[0]}]".lower(): n
        for n, words in rows
        if len(words) == 2 and re.fullmatch(r"[\w.\-]+", words[1])
    }


PS = """\
USER       PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND
root         1  0.0  0.1 169404 13112 ?        Ss   Apr28   0:12 /sbin/init splash
app        640  198  81.2 9169404 8113112 ?    Rl   04:02 193:20 /usr/bin/java -Xmx8g -jar kiln.jar --hot
app        641  0.0  0.0      0     0 ?        Z    04:03   0:00 [stoker] <defunct>
root       642  0.1  0.0  12000  4000 ?        D    04:04   0:01 /usr/sbin/nfsd --all
"""
PS_EF = """\
UID          PID    PPID  C STIME TTY          TIME CMD
root           1       0  0 Apr28 ?        00:00:12 /sbin/init
app          640       1 97 04:02 ?        01:12:33 java -jar kiln.jar
app          699     640  0 04:02 pts/0    00:00:00 [mill] <defunct>
"""
PS_FOREST = """\
  PID  PPID STAT                  STARTED WCHAN            CMD
    2     0 S    Mon May  4 03:00:00 2026 kthreadd         [kthreadd]
   14     2 I<   Mon May  4 03:00:00 2026 rescuer_thread    \\_ [kworker/R-netns]
  700     1 D    Mon May  4 03:12:09 2026 wait_on_page_bit kiln --serve
  701   700 S    Mon May  4 03:12:10 2026 -                 \\_ kiln: worker one
"""
TOP = """\
top - 04:12:09 up 64 days,  3:12,  2 users,  load average: 64.10, 38.20, 21.04
Tasks: 311 total,  12 running, 295 sleeping,   0 stopped,   4 zombie
%Cpu(s):  6.1 us,  9.3 sy,  0.0 ni,  1.2 id, 71.4 wa,  0.0 hi,  0.4 si, 11.6 st
MiB Mem :  15884.8 total,    211.0 free,  15100.2 used,    573.6 buff/cache
MiB Swap:   2048.0 total,      0.0 free,   2048.0 used.    310.5 avail Mem

    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND
   2210 app       20   0   12.1g   9.8g  11232 D  88.1  63.4  93:12.44 kiln
   2381 postgres  20   0  412300  91232  80100 R  11.3   0.6   1:03.10 postgres
   2400 root      20   0       0      0      0 I   0.0   0.0   0:00.00 kworker/0:1
"""
TOP_MAC = """\
Processes: 412 total, 3 running, 409 sleeping, 2211 threads
2026/05/04 04:12:09
Load Avg: 12.51, 9.10, 6.01
CPU usage: 61.11% user, 35.2% sys, 3.69% idle
SharedLibs: 411M resident, 71M data, 32M linkedit.
PhysMem: 15G used (2901M wired, 5100M compressor), 121M unused.

PID    COMMAND      %CPU  TIME     #TH   #WQ  #PORTS MEM    PURG   CMPRS  PGRP  PPID  STATE
4211   kiln         181.2 01:12:33 21/2  3    210    2101M  0B     811M   4211  1     running
512    WindowServer 12.1  09:33:12 14    5    3101   611M   12M    90M    512   1     sleeping
"""
FREE = """\
               total        used        free      shared  buff/cache   available
Mem:           15884       15201         120          15         563         211
Swap:           2047        2040           7
"""
FREE_OLD = """\
             total       used       free     shared    buffers     cached
Mem:      16268300   16100200     168100          0      80100    7100200
-/+ buffers/cache:    8919900    7348400
Swap:      4194300          0    4194300
"""
FREE_WIDE = """\
               total        used        free      shared     buffers       cache   available
Mem:           1.9Gi       1.8Gi        21Mi       1.0Mi       3.0Mi        61Mi        40Mi
Swap:             0B          0B          0B
Total:         1.9Gi       1.8Gi        21Mi
"""
MEMINFO = """\
MemTotal:       16266036 kB
MemFree:          120200 kB
MemAvailable:     310240 kB
Buffers:            3080 kB
Cached:           411200 kB
SwapTotal:       2097148 kB
SwapFree:           7168 kB
Committed_AS:   22100200 kB
CommitLimit:    10230164 kB
"""
VMSTAT = """\
procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----
 r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st
 1  0 102400 211000   3080 411200    0    0    25    18  131  376 11  3 85  1  0
21 17 902400  91000   1080  91200 2210 4812 41200 12020 9110 8800 12  9  0 79  0
19 15 912400  90100   1080  90200 1810 3912 39200 11020 9010 8700 10  8  1 81  0
"""
VMSTAT_D = """\
disk- ------------reads------------ ------------writes----------- -----IO------
       total merged sectors      ms  total merged sectors      ms    cur    sec
sda   111591  62538 2469701  234050  62672  76683 1830289  240289      0    815
sdb       12      0     120       9      0      0       0       0      0      0
"""
UPTIME = " 04:12:09 up 64 days,  3:12,  2 users,  load average: 41.20, 22.10, 9.04\n"
W = """\
 04:12:09 up 64 days,  3:12,  2 users,  load average: 0.20, 0.10, 0.04
USER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT
ada      pts/0    192.0.2.7        03:58    1.00s  0.10s  0.01s w
"""
MPSTAT = """\
Linux 6.1.0-18-amd64 (oak-1) \t05/04/2026 \t_x86_64_\t(4 CPU)

04:12:09 AM  CPU    %usr   %nice    %sys %iowait    %irq   %soft  %steal  %guest  %gnice   %idle
04:12:10 AM  all    6.10    0.00    3.10   22.40    0.00    0.40   31.60    0.00    0.00   36.40
04:12:10 AM    0    3.00    0.00    1.00   91.00    0.00    0.00    4.00    0.00    0.00    1.00
04:12:10 AM    1    9.10    0.00    5.10    1.40    0.00   40.40    1.60    0.00    0.00   42.40

Average:     CPU    %usr   %nice    %sys %iowait    %irq   %soft  %steal  %guest  %gnice   %idle
Average:     all    6.10    0.00    3.10   22.40    0.00    0.40   31.60    0.00    0.00   36.40
"""
SAR = """\
Linux 6.1.0-18-amd64 (oak-1) \t05/04/2026 \t_x86_64_\t(4 CPU)

04:00:01        CPU     %user     %nice   %system   %iowait    %steal     %idle
04:10:01        all      6.10      0.00      3.10      0.40      0.00     90.40
04:20:01        all     61.10      0.00     38.10      0.40      0.00      0.40

04:00:01    kbmemfree   kbavail kbmemused  %memused kbbuffers  kbcached  kbcommit   %commit
04:10:01       211000    310240  16055036     98.70      3080    411200  22100200    120.36

04:00:01          DEV       tps     rkB/s     wkB/s     dkB/s   areq-sz    aqu-sz     await     %util
04:10:01          sda    411.20  41200.00  12020.00      0.00    129.40     12.10     29.40     99.20

04:00:01        IFACE   rxpck/s   txpck/s    rxkB/s    txkB/s   rxcmp/s   txcmp/s  rxmcst/s   %ifutil
04:10:01         eth0   9110.00   8110.00 112200.00  91200.00      0.00      0.00      0.00     97.10

04:00:01        IFACE   rxerr/s   txerr/s    coll/s  rxdrop/s  txdrop/s  txcarr/s  rxfram/s  rxfifo/s  txfifo/s
04:10:01         eth0      0.00      0.00      0.00    210.00      0.00      0.00      0.00      0.00      0.00

04:00:01      runq-sz  plist-sz   ldavg-1   ldavg-5  ldavg-15   blocked
04:10:01           21       311     41.20     22.10      9.04        17
"""
ULIMIT = """\
core file size              (blocks, -c) 0
open files                          (-n) 1024
max user processes                  (-u) 96365
stack size                  (kbytes, -s) 8192
"""
SYSCTL = """\
kernel.hostname = oak-1
net.netfilter.nf_conntrack_count = 262144
net.netfilter.nf_conntrack_max = 262144
fs.file-nr = 9120\t0\t9223372036854775807
net.core.somaxconn = 4096
vm.swappiness = 60
"""
DMESG = """\
[    0.000000] Linux version 6.1.0-18-amd64 (builder@oak-1)
[    0.004210] Memory: 16266036K/16777216K available
[ 8211.120001] kiln invoked oom-killer: gfp_mask=0x140cca, order=0, oom_score_adj=0
[ 8211.120417] Out of memory: Killed process 2210 (kiln) total-vm:12100200kB, anon-rss:9800100kB
[ 9102.000112] blk_update_request: I/O error, dev sda, sector 2101200 op 0x0:(READ)
[ 9102.000517] EXT4-fs error (device sda2): ext4_find_entry:1455: inode #2: comm kiln: reading directory lblock 0
[ 9102.000911] EXT4-fs (sda2): Remounting filesystem read-only
"""
WINDOWS = "learn.microsoft.com, wevtutil and Get-WinEvent"
VIEWER = """Log Name:      Application
Source:        .NET Runtime
Date:          3/4/2031 6:12:44 AM
Event ID:      1026
Level:         Error
Computer:      MILL-07.example
Description:
Application: Mill.Web.exe
CoreCLR Version: 8.0.1024.46610
Description: The process was terminated due to an unhandled exception.
Exception Info: System.IO.FileNotFoundException: Could not load file or assembly 'Oat.Json, Version=13.0.0.0'. The system cannot find the file specified.
   at Mill.Web.Startup.Configure(IApplicationBuilder app)

Log Name:      System
Source:        Microsoft-Windows-Kernel-General
Date:          3/4/2031 6:13:00 AM
Event ID:      16
Level:         Information
Computer:      MILL-07.example
Description:
The access history in hive was cleared updating 3 keys.
"""
WEVTUTIL = """Event[0]:
  Log Name: System
  Source: Service Control Manager
  Date: 2031-03-04T06:12:44.123
  Event ID: 7034
  Task: N/A
  Level: Error
  Opcode: N/A
  Keyword: Classic
  User: N/A
  User Name: N/A
  Computer: MILL-07.example
  Description: The Mill service terminated unexpectedly.  It has done this 3 time(s).
"""
WIN_EVENT = """TimeCreated      : 3/4/2031 6:12:44 AM
ProviderName     : srv
Id               : 2013
LevelDisplayName : Warning
Message          : The C: disk is at or near capacity. You may need to delete some files.

TimeCreated      : 3/4/2031 6:14:00 AM
ProviderName     : EventLog
Id               : 6013
LevelDisplayName : Information
Message          : The system uptime is 4211 seconds.
"""
PASTED = "ada@oak-1:~$ dmesg -T | tail -3\n" + "\n".join(
    f"[Mon May  4 04:12:0{n} 2026] {line.split('] ')[1]}" for n, line in enumerate(DMESG.splitlines()[2:5])
)

FORMATS: tuple[Format, ...] = (
    Format(name="ps aux", kind=OUTPUT, example=PS, source="procps manual, ps(1)",
           rows={"process/init[1]": 2, "process/java[640]": 3, "process/stoker[641]": 4, "process/nfsd[642]": 5},
           must=(Must(what="a process that takes most", kind="resource", line=3, says="198 % cpu"), Must(what="a zombie", kind="row", line=4),
                 Must(what="a process that waits for a device", kind="row", line=5, says="uninterruptible"))),
    Format(name="ps -ef", kind=OUTPUT, example=PS_EF, source="procps manual, ps(1)",
           rows={"process/init[1]": 2, "process/java[640]": 3, "process/mill[699]": 4}, must=(Must(what="a zombie", kind="row", line=4),)),
    Format(name="ps -eo … --forest", kind=OUTPUT, example=PS_FOREST, source="procps manual, ps(1)",
           rows={"process/kthreadd[2]": 2, "process/kworker/r-netns[14]": 3, "process/kiln[700]": 4, "process/kiln[701]": 5},
           must=(Must(what="where a process waits", kind="row", line=4),)),
    Format(name="ps aux, captured", kind=OUTPUT, example=captured("ps", "aux"), source="captured"),
    Format(name="ps -eo pid,comm, captured", kind=OUTPUT, example=captured("ps", "-eo", "pid,comm"), source="captured", rows=listed),
    Format(name="top", kind=OUTPUT, example=TOP, source="procps manual, top(1)",
           rows={"load/average": 1, "tasks/all": 2, "cpu/all": 3, "memory/mem": 4, "memory/swap": 5, "process/kiln[2210]": 8, "process/postgres[2381]": 9, "process/kworker/0:1[2400]": 10},
           must=(Must(what="the load", kind="resource", line=1, says="64.1"), Must(what="iowait", kind="resource", line=3, says="71.4 %"),
                 Must(what="steal", kind="resource", line=3, says="11.6"), Must(what="little memory", kind="resource", line=4),
                 Must(what="zombies", kind="row", line=2, says="4 zombies"))),
    Format(name="top, captured", kind=OUTPUT, example=captured("top", "-b", "-n1", "-w", "200"), source="captured"),
    Format(name="top of macOS", kind=OUTPUT, example=TOP_MAC, source="macOS manual, top(1)",
           rows={"process/kiln[4211]": 9, "process/windowserver[512]": 10},
           must=(Must(what="the load", kind="resource", line=3), Must(what="no idle time", kind="resource", line=4), Must(what="little memory", kind="resource", line=6))),
    Format(name="free -m", kind=OUTPUT, example=FREE, source="procps manual, free(1)", rows={"memory/mem": 2, "memory/swap": 3},
           must=(Must(what="little memory", kind="resource", line=2, says="1% of memory"), Must(what="swap used up", kind="resource", line=3))),
    Format(name="free, old layout", kind=OUTPUT, example=FREE_OLD, source="procps manual before 3.3.10", rows={"memory/mem": 2, "memory/buffers/cache": 3, "memory/swap": 4}),
    Format(name="free -h -w -t", kind=OUTPUT, example=FREE_WIDE, source="procps manual, free(1)", rows={"memory/mem": 2, "memory/swap": 3, "memory/total": 4},
           must=(Must(what="little memory", kind="resource", line=2, says="2% of memory"),)),
    Format(name="free -h, captured", kind=OUTPUT, example=captured("free", "-h"), source="captured", rows={"memory/mem": 2, "memory/swap": 3}),
    Format(name="free -b, captured", kind=OUTPUT, example=captured("free", "-b"), source="captured", rows={"memory/mem": 2, "memory/swap": 3}),
    Format(name="/proc/meminfo", kind=OUTPUT, example=MEMINFO, source="kernel documentation, proc", rows=meters(MEMINFO),
           must=(Must(what="little memory", kind="resource", line=3), Must(what="swap used up", kind="resource", line=7), Must(what="more promised than there is", kind="resource", line=8))),
    Format(name="/proc/meminfo, captured", kind=OUTPUT, example=lambda: Path("/proc/meminfo").read_text(encoding="utf-8"), source="captured", rows=meters),
    Format(name="vmstat", kind=OUTPUT, example=VMSTAT, source="procps manual, vmstat(8)", rows={f"sample/vmstat#{n}": n + 2 for n in (1, 2, 3)},
           must=(Must(what="swapping", kind="resource", line=4, says="swapped out"), Must(what="iowait", kind="resource", line=5, says="81 %"),
                 Must(what="a long run queue", kind="resource", line=4, says="21 processes wait"), Must(what="blocked processes", kind="resource", line=4, says="17 processes"))),
    Format(name="vmstat, captured", kind=OUTPUT, example=captured("vmstat"), source="captured", rows={"sample/vmstat#1": 3}),
    Format(name="vmstat -d", kind=OUTPUT, example=VMSTAT_D, source="procps manual, vmstat(8)", rows={"device/sda": 3, "device/sdb": 4}),
    Format(name="uptime", kind=OUTPUT, example=UPTIME, source="procps manual, uptime(1)", rows={"load/average": 1}, must=(Must(what="the load", kind="resource", line=1, says="41.2"),)),
    Format(name="uptime, captured", kind=OUTPUT, example=captured("uptime"), source="captured", rows={"load/average": 1}),
    Format(name="w", kind=OUTPUT, example=W, source="procps manual, w(1)", rows={"load/average": 1, "session/ada@pts/0": 3}),
    Format(name="/proc/loadavg", kind=OUTPUT, example="41.20 22.10 9.04 21/1023 16667\n", source="kernel documentation, proc", rows={"load/average": 1},
           must=(Must(what="the load", kind="resource", line=1),)),
    Format(name="mpstat -P ALL", kind=OUTPUT, example=MPSTAT, source="sysstat manual, mpstat(1)",
           rows={"sample/%usr:all@04:12:10 am": 4, "sample/%usr:0@04:12:10 am": 5, "sample/%usr:1@04:12:10 am": 6, "sample/%usr:all@average": 9},
           must=(Must(what="a processor that waits for devices", kind="resource", line=5, says="processor 0 waits 91 %"), Must(what="steal", kind="resource", line=4, says="31.6 %"),
                 Must(what="interrupts on one processor", kind="resource", line=6, says="processor 1"))),
    Format(name="sar -u -r -d -n DEV,EDEV -q", kind=OUTPUT, example=SAR, source="sysstat manual, sar(1)",
           rows={"sample/%user:all@04:10:01": 4, "sample/%user:all@04:20:01": 5, "sample/kbmemfree:@04:10:01": 8, "sample/tps:sda@04:10:01": 11,
                 "sample/rxpck/s:eth0@04:10:01": 14, "sample/rxerr/s:eth0@04:10:01": 17, "sample/runq-sz:@04:10:01": 20},
           must=(Must(what="no idle time", kind="resource", line=5, says="idle"), Must(what="memory in use", kind="resource", line=8, says="98.7 %"), Must(what="a busy device", kind="resource", line=11, says="sda"),
                 Must(what="a full link", kind="resource", line=14, says="eth0"), Must(what="dropped packets", kind="resource", line=17, says="drops 210"), Must(what="blocked processes", kind="resource", line=20))),
    Format(name="ulimit -a", kind=OUTPUT, example=ULIMIT, source="bash manual, ulimit", rows={"limit/core file size": 1, "limit/open files": 2, "limit/max user processes": 3, "limit/stack size": 4}),
    Format(name="/proc/<pid>/limits, captured", kind=OUTPUT, example=lambda: Path("/proc/self/limits").read_text(encoding="utf-8"), source="captured", rows=lambda text: {f"limit/{line[4:26].strip()}": n for n, line in enumerate(text.splitlines(), 1) if n > 1}),
    Format(name="sysctl", kind=OUTPUT, example=SYSCTL, source="kernel documentation, sysctl", rows={f"setting/{line.split(' ')[0]}": n for n, line in enumerate(SYSCTL.splitlines(), 1)},
           must=(Must(what="a full table of connections", kind="resource", line=2, says="262144 of 262144"),)),
    Format(name="dmesg", kind=Kind.LOGS, example=DMESG, source="util-linux manual, dmesg(1)",
           must=(Must(what="a kill for lack of memory", kind="severe_template", line=4, says="Killed process 2210"), Must(what="a broken disk", kind="severe_template", line=5, says="I/O error"))),
    Format(name="dmesg -T in a paste", kind=OUTPUT, example=PASTED, source="util-linux manual, dmesg(1)",
           must=(Must(what="a kill for lack of memory", kind="row", line=3, subject="process/kiln[2210]"), Must(what="a broken disk", kind="row", line=4, says="sda"))),
    Format(name="Windows events, as the Event Viewer copies them", kind=OUTPUT, example=VIEWER, source=WINDOWS,
           must=(Must(what="why a process ended", kind="row", line=11, subject="node/MILL-07.example", says="FileNotFoundException"),)),
    Format(name="wevtutil qe /f:text", kind=OUTPUT, example=WEVTUTIL, source=WINDOWS,
           must=(Must(what="a service that ended", kind="row", line=13, subject="node/MILL-07.example", says="terminated unexpectedly"),)),
    Format(name="Get-WinEvent | Format-List", kind=OUTPUT, example=WIN_EVENT, source=WINDOWS,
           must=(Must(what="a full disk", kind="row", line=5, says="at or near capacity"),)),
)  # fmt: skip
