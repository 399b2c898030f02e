"""Machines beyond processes: disks, devices, mounts, open files, units, runtimes and graphics."""

from __future__ import annotations

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must, captured

OUTPUT = Kind.COMMAND_OUTPUT


def mounted(text: str) -> dict[str, int]:
    """File systems of `df` by where they are mounted, the first of two at one place."""
    rows = [(n, line.split()[-1].lower()) for n, line in enumerate(text.splitlines(), 1) if n > 1]
    return {f"filesystem/{mount}": n for n, mount in reversed(rows)}


def sized(text: str) -> dict[str, int]:
    """Folders of `du`."""
    return {f"path/{line.split(chr(9))[1].lower()}": n for n, line in reversed(list(enumerate(text.splitlines(), 1)))}


def targets(text: str) -> dict[str, int]:
    """Mounts of `findmnt -l`, those without blanks in their names."""
    rows = [(n, line.split()) for n, line in enumerate(text.splitlines(), 1) if n > 1]
    return {f"filesystem/{words[0].lower()}": n for n, words in reversed(rows) if len(words) == 4}


DF = """\
Filesystem     1K-blocks     Used Available Use% Mounted on
/dev/sda2       20511312 20200112         0 100% /var
tmpfs            1024000     1200   1022800   1% /run
/dev/loop3         65536    65536         0 100% /snap/core/16202
"""
DF_T = """\
Filesystem             Type      Size  Used Avail Use% Mounted on
/dev/mapper/vg-data    xfs       200G  183G   17G  92% /data/with blank
overlay                overlay    40G   12G   28G  30% /var/lib/docker/overlay2/aa/merged
"""
DF_I = """\
Filesystem      Inodes   IUsed   IFree IUse% Mounted on
/dev/sda2      1310720 1310720       0  100% /var
/dev/sda1            0       0       0     - /boot/efi
"""
DF_P = """\
Filesystem         1024-blocks      Used Available Capacity Mounted on
filer.test:/export/very/long/name
                     209715200 209000000    715200     100% /mnt/filer
/dev/sda1               511720      6100    505620       2% /boot
"""
DF_MAC = """\
Filesystem       Size   Used  Avail Capacity iused      ifree %iused  Mounted on
/dev/disk3s5    460Gi  441Gi  6.1Gi    99% 4012345   64012345    6%   /System/Volumes/Data
map auto_home     0Bi    0Bi    0Bi   100%       0          0     -   /System/Volumes/Data/home
"""
DU = "120M\t./var/cache\n8.1G\t./var/log\n8.3G\t./var\n8.4G\t.\n"
IOSTAT = """\
Linux 6.1.0-18-amd64 (oak-1) \t05/04/2026 \t_x86_64_\t(4 CPU)

avg-cpu:  %user   %nice %system %iowait  %steal   %idle
           6.10    0.00    3.10   61.40    0.00   29.40

Device            r/s     rkB/s   rrqm/s  %rrqm r_await rareq-sz     w/s     wkB/s   wrqm/s  %wrqm w_await wareq-sz  aqu-sz  %util
sda            411.20  41200.00     0.00   0.00   81.40   100.19  120.20  12020.00     1.00   0.80  312.40   100.00   71.20  99.60
nvme0n1          1.00     10.00     0.00   0.00    0.20    10.00    1.00     10.00     0.00   0.00    0.40    10.00    0.00   0.10

avg-cpu:  %user   %nice %system %iowait  %steal   %idle
           5.10    0.00    2.10   31.40    0.00   61.40

Device            r/s     rkB/s   rrqm/s  %rrqm r_await rareq-sz     w/s     wkB/s   wrqm/s  %wrqm w_await wareq-sz  aqu-sz  %util
sda            211.20  21200.00     0.00   0.00   21.40   100.19   20.20   2020.00     1.00   0.80   12.40   100.00    1.20  61.60
nvme0n1          1.00     10.00     0.00   0.00    0.20    10.00    1.00     10.00     0.00   0.00    0.40    10.00    0.00   0.10
"""
MOUNT = """\
/dev/sda1 on / type ext4 (ro,relatime,errors=remount-ro)
/dev/sdb1 on /data type xfs (rw,noatime)
tmpfs on /run type tmpfs (ro,nosuid,nodev)
filer.test:/export on /mnt/filer type nfs4 (ro,vers=4.2)
"""
LSBLK = """\
NAME        MAJ:MIN RM   SIZE RO TYPE MOUNTPOINTS
sda           8:0    0   100G  0 disk
├─sda1        8:1    0    99G  0 part /
└─sda2        8:2    0     1G  1 part /boot
"""
LSBLK_F = """\
NAME         FSTYPE      FSVER    LABEL UUID                                   FSAVAIL FSUSE% MOUNTPOINTS
sda
├─sda1       ext4        1.0            3f1b2c4d-0a1b-4c2d-8e3f-1a2b3c4d5e6f      1.2G    97% /
│                                                                                             /var/lib/kiln
├─sda2       vfat        FAT32    EFI   1A2B-3C4D                               504.9M     1% /boot/efi
└─sda3       LVM2_member LVM2 001       dhE3xk-Qm1v-8sTz-4KpL-aWcR-0nYb-Ju7GhF
  └─vg-data  xfs                  kiln  7c9e6679-7425-40de-944b-e07fc1f90ae7        0   100% /srv/kiln
loop0        squashfs    4.0                                                        0   100% /snap/core/1
"""
FINDMNT = """\
TARGET                SOURCE    FSTYPE OPTIONS
/                     /dev/sda1 ext4   ro,relatime,errors=remount-ro
├─/proc               proc      proc   rw,nosuid
└─/data               /dev/sdb1 xfs    rw,noatime
"""
LSOF = """\
COMMAND   PID   USER   FD      TYPE             DEVICE SIZE/OFF      NODE NAME
kiln     2210    app  cwd       DIR              254,0     4096   5309064 /srv/kiln
kiln     2210    app  txt       REG              254,0  1265648    246999 /usr/bin/kiln
kiln     2210    app    1w      REG              254,0 8712001024    31022 /var/log/kiln.log (deleted)
kiln     2210    app    3u     IPv4             411201      0t0       TCP 10.0.0.1:41200->10.0.0.2:5432 (CLOSE_WAIT)
kiln     2210    app    4u     unix 0xffff8881041      0t0    411202 type=STREAM
"""
SYSTEMCTL = """\
● kiln.service - brick kiln
     Loaded: loaded (/etc/systemd/system/kiln.service; enabled; preset: enabled)
     Active: activating (auto-restart) (Result: oom-kill) since Mon 2026-05-04 04:12:09 UTC; 3s ago
    Process: 2511 ExecStart=/usr/bin/kiln (code=killed, signal=KILL)
   Main PID: 2511 (code=killed, signal=KILL)
      Tasks: 4915 (limit: 4915)
     Memory: 1.9G (max: 2.0G)

May 04 04:12:09 oak-1 systemd[1]: kiln.service: Failed with result 'oom-kill'.
May 04 04:12:09 oak-1 systemd[1]: kiln.service: Scheduled restart job, restart counter is at 41.
"""
UNITS = """\
  UNIT                 LOAD      ACTIVE     SUB          DESCRIPTION
● kiln.service         loaded    failed     failed       brick kiln
  mill.service         loaded    activating auto-restart grain mill
  ssh.service          loaded    active     running      OpenBSD Secure Shell server
  dbus.socket          loaded    active     running      D-Bus System Message Bus Socket
● yard.service         not-found inactive   dead         yard.service

LOAD   = Reflects whether the unit definition was properly loaded.
5 loaded units listed.
"""
SHOW = """\
Id=kiln.service
LoadState=loaded
ActiveState=failed
SubState=failed
Result=exit-code
NRestarts=7
ExecMainCode=1
ExecMainStatus=203

Id=mill.service
LoadState=loaded
ActiveState=active
SubState=running
NRestarts=0
ExecMainStatus=0
MemoryCurrent=2147000000
MemoryMax=2147483648
"""
JOURNAL = """\
May 04 04:12:07 oak-1 kiln[2511]: brick 4111 done
May 04 04:12:08 oak-1 kiln[2511]: cannot write brick 4112: No space left on device
May 04 04:12:09 oak-1 systemd[1]: kiln.service: Main process exited, code=exited, status=1/FAILURE
May 04 04:12:09 oak-1 systemd[1]: kiln.service: Failed with result 'exit-code'.
"""
JOURNAL_ISO = JOURNAL.replace("May 04 04:12", "2026-05-04T04:12").replace(" oak-1", "+0000 oak-1")
JOURNAL_JSON = "".join(
    f'{{"__REALTIME_TIMESTAMP":"177786792{n}000000","_HOSTNAME":"oak-1","SYSLOG_IDENTIFIER":"kiln","PRIORITY":"{priority}","MESSAGE":"{text}"}}\n'
    for n, (priority, text) in enumerate((
        ("6", "brick 4111 done"),
        ("3", "cannot write brick 4112: No space left on device"),
        ("6", "bye"),
    ))
)
JSTACK = """\
2026-05-04 04:12:09
Full thread dump OpenJDK 64-Bit Server VM (17.0.9+9 mixed mode, sharing):

"main" #1 prio=5 os_prio=0 cpu=81.10ms elapsed=11.02s tid=0x00007f81 nid=0x1a03 waiting for monitor entry  [0x00007f82]
   java.lang.Thread.State: BLOCKED (on object monitor)
\tat test.kiln.Store.put(Store.java:41)
\t- waiting to lock <0x00000000e0a01> (a test.kiln.Store)
\tat test.kiln.Main.main(Main.java:12)

"worker-1" #12 prio=5 os_prio=0 cpu=1.10ms elapsed=10.02s tid=0x00007f83 nid=0x1a04 waiting for monitor entry  [0x00007f84]
   java.lang.Thread.State: BLOCKED (on object monitor)
\tat test.kiln.Store.put(Store.java:41)
\t- waiting to lock <0x00000000e0a01> (a test.kiln.Store)

"worker-2" #13 prio=5 os_prio=0 cpu=1.10ms elapsed=10.02s tid=0x00007f85 nid=0x1a05 waiting for monitor entry  [0x00007f86]
   java.lang.Thread.State: BLOCKED (on object monitor)
\tat test.kiln.Store.put(Store.java:41)
\t- waiting to lock <0x00000000e0a01> (a test.kiln.Store)

"worker-3" #14 prio=5 os_prio=0 cpu=1.10ms elapsed=10.02s tid=0x00007f87 nid=0x1a06 runnable  [0x00007f88]
   java.lang.Thread.State: RUNNABLE
\tat java.net.SocketInputStream.socketRead0(Native Method)
\tat test.kiln.Store.flush(Store.java:77)
\t- locked <0x00000000e0a01> (a test.kiln.Store)

"GC Thread#0" os_prio=0 cpu=1.00ms elapsed=11.03s tid=0x00007f89 nid=0x1a07 runnable

Found one Java-level deadlock:
=============================
"left":
  waiting to lock monitor 0x00007f8a (object 0x00000000e0b01, a java.lang.Object),
  which is held by "right"

"right":
  waiting to lock monitor 0x00007f8b (object 0x00000000e0b02, a java.lang.Object),
  which is held by "left"

Found 1 deadlock.
"""
HEAP = """\
 garbage-first heap   total 2097152K, used 2090112K [0x0000000080000000, 0x0000000100000000)
  region size 1024K, 3 young (3072K), 1 survivors (1024K)
 Metaspace       used 61001K, committed 61440K, reserved 1114112K
  class space    used 7001K, committed 7232K, reserved 1048576K
"""
HEAP_OLD = """\
 PSYoungGen      total 611840K, used 101K [0x0000000715a00000, 0x0000000740000000, 0x00000007c0000000)
  eden space 524800K, 0% used [0x0000000715a00000,0x0000000715a19410,0x0000000735a80000)
 ParOldGen       total 1398272K, used 1398101K [0x00000005c0e00000, 0x0000000616380000, 0x0000000715a00000)
  object space 1398272K, 99% used [0x00000005c0e00000,0x0000000616345410,0x0000000616380000)
"""
HISTO = """\
$ jmap -histo:live 2210
 num     #instances         #bytes  class name (module)
-------------------------------------------------------
   1:       4110200     1310720000  [B (java.base@17.0.9)
   2:       4100100       98402400  test.kiln.Brick
   3:         12000         384000  java.util.HashMap$Node (java.base@17.0.9)
Total       8222300     1409506400
"""
NVIDIA = """\
Mon May  4 04:12:09 2026
+---------------------------------------------------------------------------------------+
| NVIDIA-SMI 535.161.08             Driver Version: 535.161.08   CUDA Version: 12.2     |
|-----------------------------------------+----------------------+----------------------+
| GPU  Name                 Persistence-M | Bus-Id        Disp.A | Volatile Uncorr. ECC |
| Fan  Temp   Perf          Pwr:Usage/Cap |         Memory-Usage | GPU-Util  Compute M. |
|=========================================+======================+======================|
|   0  NVIDIA A100-SXM4-40GB          On  | 00000000:07:00.0 Off |                    4 |
| N/A   89C    P0             391W / 400W |  40100MiB / 40960MiB |     99%      Default |
|   1  NVIDIA A100-SXM4-40GB          On  | 00000000:0F:00.0 Off |                    0 |
| N/A   31C    P0              51W / 400W |      5MiB / 40960MiB |      0%      Default |
+-----------------------------------------+----------------------+----------------------+
| Processes:                                                                            |
|  GPU   GI   CI        PID   Type   Process name                            GPU Memory |
|    0   N/A  N/A      2210      C   /usr/bin/python3                          40090MiB |
+---------------------------------------------------------------------------------------+
"""

FORMATS: tuple[Format, ...] = (
    Format(name="df", kind=OUTPUT, example=DF, source="coreutils manual, df", rows=mounted(DF), must=(Must(what="a full file system", kind="resource", line=2, says="/var"),)),
    Format(name="df -hT", kind=OUTPUT, example=DF_T, source="coreutils manual, df", rows={"filesystem//data/with blank": 2, "filesystem//var/lib/docker/overlay2/aa/merged": 3},
           must=(Must(what="a nearly full file system", kind="resource", line=2, says="92 %"),)),
    Format(name="df -i", kind=OUTPUT, example=DF_I, source="coreutils manual, df", rows=mounted(DF_I), must=(Must(what="no inode left", kind="resource", line=2, says="inodes"),)),
    Format(name="df -P, long names", kind=OUTPUT, example=DF_P, source="coreutils manual, df", rows={"filesystem//mnt/filer": 3, "filesystem//boot": 4}, must=(Must(what="a full file system", kind="resource", line=3, says="/mnt/filer"),)),
    Format(name="df of macOS", kind=OUTPUT, example=DF_MAC, source="macOS manual, df(1)", rows={"filesystem//system/volumes/data": 2}, must=(Must(what="a full file system", kind="resource", line=2, says="99 %"),)),
    Format(name="df -h, captured", kind=OUTPUT, example=captured("df", "-h"), source="captured", rows=mounted),
    Format(name="df -i, captured", kind=OUTPUT, example=captured("df", "-i"), source="captured", rows=mounted),
    Format(name="df -PT, captured", kind=OUTPUT, example=captured("df", "-PT"), source="captured", rows=mounted),
    Format(name="du -h", kind=OUTPUT, example=DU, source="coreutils manual, du", rows=sized(DU), must=(Must(what="the largest folders", kind="resource", line=3, says="99%"),)),
    Format(name="du -h, captured", kind=OUTPUT, example=captured("du", "-h", "--max-depth=1", "/etc"), source="captured", rows=sized),
    Format(name="iostat -x", kind=OUTPUT, example=IOSTAT, source="sysstat manual, iostat(1)",
           rows={"sample/avg-cpu#1": 4, "device/sda": 7, "device/nvme0n1": 8, "sample/avg-cpu#2": 11, "device/sda#2": 14, "device/nvme0n1#2": 15},
           must=(Must(what="a busy device", kind="resource", line=7, says="busy 99.6 %"), Must(what="slow writes", kind="resource", line=7, says="312.4 ms"), Must(what="iowait", kind="resource", line=4, says="61.4 %"))),
    Format(name="mount", kind=OUTPUT, example=MOUNT, source="util-linux manual, mount(8)", rows={"filesystem//": 1, "filesystem//data": 2, "filesystem//run": 3, "filesystem//mnt/filer": 4},
           must=(Must(what="a file system made read-only", kind="row", line=1, says="after disk errors"),)),
    Format(name="lsblk", kind=OUTPUT, example=LSBLK, source="util-linux manual, lsblk(8)", rows={"device/sda": 2, "device/sda1": 3, "device/sda2": 4}, must=(Must(what="a read-only device", kind="row", line=4),)),
    Format(name="lsblk -f", kind=OUTPUT, example=LSBLK_F, source="util-linux manual, lsblk(8)",
           rows={"device/sda": 2, "device/sda1": 3, "device/sda2": 5, "device/sda3": 6, "device/vg-data": 7, "device/loop0": 8},
           must=(Must(what="a full file system", kind="resource", line=3, says="97 % full"), Must(what="one without a byte left", kind="resource", line=7, says="/srv/kiln is 100 %"))),
    Format(name="findmnt", kind=OUTPUT, example=FINDMNT, source="util-linux manual, findmnt(8)", rows={"filesystem//": 2, "filesystem//proc": 3, "filesystem//data": 4}, must=(Must(what="a file system made read-only", kind="row", line=2),)),
    Format(name="findmnt -l, captured", kind=OUTPUT, example=captured("findmnt", "-l"), source="captured", rows=targets),
    Format(name="lsof", kind=OUTPUT, example=LSOF, source="lsof manual",
           rows={"open/2210:cwd:/srv/kiln": 2, "open/2210:txt:/usr/bin/kiln": 3, "open/2210:1w:/var/log/kiln.log (deleted)": 4, "open/2210:3u:10.0.0.1:41200->10.0.0.2:5432 (close_wait)": 5, "open/2210:4u:type=stream": 6},
           must=(Must(what="a deleted file that fills a disk", kind="resource", line=4, says="deleted"), Must(what="half-closed sockets", kind="connection", line=5))),
    Format(name="systemctl status", kind=OUTPUT, example=SYSTEMCTL, source="systemd manual, systemctl(1)", rows={"unit/kiln": 1},
           must=(Must(what="a unit that is not up", kind="unhealthy_object", line=3), Must(what="how it ended", kind="exit", line=4, says="KILL"), Must(what="its task limit", kind="resource", line=6, says="4915"),
                 Must(what="restarts", kind="restart", line=10, says="41"))),
    Format(name="systemctl list-units", kind=OUTPUT, example=UNITS, source="systemd manual, systemctl(1)", rows={"unit/kiln": 2, "unit/mill": 3, "unit/ssh": 4, "unit/dbus.socket": 5, "unit/yard": 6},
           must=(Must(what="a failed unit", kind="unhealthy_object", line=2), Must(what="a unit that restarts", kind="unhealthy_object", line=3))),
    Format(name="systemctl show", kind=OUTPUT, example=SHOW, source="systemd manual, systemctl(1)", rows={"unit/kiln": 1, "unit/mill": 10},
           must=(Must(what="a failed unit", kind="unhealthy_object", line=3), Must(what="its exit code", kind="exit", line=8, says="203"), Must(what="restarts", kind="restart", line=6), Must(what="its memory limit", kind="resource", line=16))),
    Format(name="journalctl", kind=Kind.LOGS, example=JOURNAL, source="systemd manual, journalctl(1)", must=(Must(what="errors", kind="severe_template", line=2, says="No space left"),)),
    Format(name="journalctl -o short-iso", kind=Kind.LOGS, example=JOURNAL_ISO, source="systemd manual, journalctl(1)", must=(Must(what="errors", kind="severe_template", line=2, says="No space left"),)),
    Format(name="journalctl -o json", kind=Kind.LOGS, example=JOURNAL_JSON, source="systemd manual, journalctl(1)", must=(Must(what="errors", kind="severe_template", line=2, says="No space left"),)),
    Format(name="jstack", kind=OUTPUT, example=JSTACK, source="OpenJDK documentation, jstack", rows={"thread/main": 4, "thread/worker-1": 10, "thread/worker-2": 15, "thread/worker-3": 20, "thread/gc thread#0": 26},
           must=(Must(what="a deadlock", kind="row", line=28, says="left, right"), Must(what="a lock that threads wait for", kind="row", line=4, says="held by worker-3"), Must(what="pools by state", kind="row", line=10, subject="pool/worker"))),
    Format(name="jcmd GC.heap_info", kind=OUTPUT, example=HEAP, source="OpenJDK documentation, jcmd", rows={"space/garbage-first heap": 1, "space/metaspace": 3, "space/class space": 4}, must=(Must(what="a full heap", kind="resource", line=1),)),
    Format(name="jcmd GC.heap_info, parallel", kind=OUTPUT, example=HEAP_OLD, source="OpenJDK documentation, jcmd", rows={"space/psyounggen": 1, "space/psyounggen: eden": 2, "space/paroldgen": 3, "space/paroldgen: object": 4},
           must=(Must(what="a full old generation", kind="resource", line=3),)),
    Format(name="jmap -histo in a paste", kind=OUTPUT, example=HISTO, source="OpenJDK documentation, jmap", rows={"class/[b (java.base@17.0.9)": 4, "class/test.kiln.brick": 5, "class/java.util.hashmap$node (java.base@17.0.9)": 6}, must=(Must(what="the classes that take most", kind="resource", line=4, says="93%"),)),
    Format(name="nvidia-smi", kind=OUTPUT, example=NVIDIA, source="NVIDIA documentation, nvidia-smi", rows={"gpu/0": 8, "gpu/1": 10, "process/python3[2210]": 15},
           must=(Must(what="a device out of memory", kind="resource", line=9, says="98%"), Must(what="a hot device", kind="resource", line=9, says="89 degrees"), Must(what="memory errors", kind="resource", line=8, says="4 errors"))),
)  # fmt: skip
