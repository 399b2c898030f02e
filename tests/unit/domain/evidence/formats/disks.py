"""Disks that fail and arrays that lost some."""

from __future__ import annotations

from domain.evidence.values import Kind
from tests.unit.domain.evidence.formats.table import Format, Must

OUTPUT = Kind.COMMAND_OUTPUT

MDSTAT = """\
Personalities : [raid1] [raid6] [raid5] [raid4]
md1 : active raid1 sdb2[1](F) sda2[0]
      976630336 blocks super 1.2 [2/1] [U_]
      bitmap: 3/8 pages [12KB], 65536KB chunk

md2 : active raid5 sdd1[3] sdc1[1] sda3[0]
      1953260544 blocks level 5, 64k chunk, algorithm 2 [3/2] [UU_]
      [==>..................]  recovery = 12.6% (123043392/976630272) finish=127.5min speed=33440K/sec

md5 : inactive sde1[0](S)
      976630464 blocks super 1.2

unused devices: <none>
"""
SMART = """\
smartctl 7.2 2020-12-30 r5155 [x86_64-linux-5.15.0-91-generic] (local build)
Copyright (C) 2002-20, Bruce Allen, Christian Franke, www.smartmontools.org

=== START OF INFORMATION SECTION ===
Model Family:     Kiln Red
Device Model:     KILN 40EFRX-68N32N0
Firmware Version: 82.00A82
User Capacity:    4,000,787,030,016 bytes [4.00 TB]
SMART support is: Enabled

=== START OF READ SMART DATA SECTION ===
SMART overall-health self-assessment test result: FAILED!
Drive failure expected in less than 24 hours. SAVE ALL DATA.

Vendor Specific SMART Attributes with Thresholds:
ID# ATTRIBUTE_NAME          FLAG     VALUE WORST THRESH TYPE      UPDATED  WHEN_FAILED RAW_VALUE
  1 Raw_Read_Error_Rate     0x002f   200   200   051    Pre-fail  Always       -       0
  5 Reallocated_Sector_Ct   0x0033   001   001   140    Pre-fail  Always   FAILING_NOW 4095
  9 Power_On_Hours          0x0032   045   045   000    Old_age   Always       -       40233
197 Current_Pending_Sector  0x0032   200   200   000    Old_age   Always       -       24
198 Offline_Uncorrectable   0x0030   200   200   000    Old_age   Offline      -       0
"""
NVME = """\
smartctl 7.3 2022-02-28 r5338 [x86_64-linux-6.1.0-18-amd64] (local build)

=== START OF INFORMATION SECTION ===
Model Number:                       KILN SSD 980 500GB
Firmware Version:                   3B4QFXO7

=== START OF SMART DATA SECTION ===
SMART overall-health self-assessment test result: PASSED

SMART/Health Information (NVMe Log 0x02)
Critical Warning:                   0x04
Temperature:                        41 Celsius
Available Spare:                    9%
Available Spare Threshold:          10%
Percentage Used:                    104%
Media and Data Integrity Errors:    12
"""
ZPOOL = """\
  pool: tank
 state: DEGRADED
status: One or more devices could not be used because the label is missing or invalid.
action: Replace the device using 'zpool replace'.
  scan: scrub repaired 0B in 02:11:09 with 0 errors on Sun May  3 02:35:10 2026
config:

\tNAME        STATE     READ WRITE CKSUM
\ttank        DEGRADED     0     0     0
\t  mirror-0  DEGRADED     0     0     0
\t    sda     ONLINE       0     0     0
\t    sdb     UNAVAIL      3   112     0  corrupted data
\t  mirror-1  ONLINE       0     0     0
\t    sdc     ONLINE       0     0     7
\t    sdd     ONLINE       0     0     0

errors: 2 data errors, use '-v' for a list
"""

FORMATS: tuple[Format, ...] = (
    Format(name="/proc/mdstat", kind=OUTPUT, example=MDSTAT, source="Linux kernel documentation, md", rows={"device/md1": 2, "device/md2": 6, "device/md5": 10},
           must=(Must(what="a member that failed", kind="unhealthy_object", line=2, subject="device/sdb2"), Must(what="an array without its redundancy", kind="unhealthy_object", line=3, subject="device/md1", says="1 of 2 members"),
                 Must(what="a rebuild", kind="row", line=8, subject="device/md2", says="12.6 %"), Must(what="an array that does not run", kind="unhealthy_object", line=10, subject="device/md5"))),
    Format(name="smartctl -a", kind=OUTPUT, example=SMART, source="smartmontools manual, smartctl(8)",
           rows={"device/kiln 40efrx-68n32n0": 6, "attribute/raw_read_error_rate": 17, "attribute/reallocated_sector_ct": 18, "attribute/power_on_hours": 19, "attribute/current_pending_sector": 20, "attribute/offline_uncorrectable": 21},
           must=(Must(what="a disk that fails its own test", kind="unhealthy_object", line=12, subject="device/kiln 40efrx-68n32n0"), Must(what="an attribute below its least", kind="resource", line=18, says="140 is the least"),
                 Must(what="sectors that wait to be moved", kind="resource", line=20, says="24 sectors"))),
    Format(name="smartctl -a of an NVMe", kind=OUTPUT, example=NVME, source="smartmontools manual, smartctl(8); NVM Express Base Specification", rows={"device/kiln ssd 980 500gb": 4, "attribute/critical warning": 11, "attribute/percentage used": 15, "attribute/media and data integrity errors": 16},
           must=(Must(what="a device that warns", kind="resource", line=11, says="warns of itself"), Must(what="a worn device", kind="resource", line=15, says="worn out"), Must(what="lost data", kind="resource", line=16, says="could not keep"))),
    Format(name="zpool status", kind=OUTPUT, example=ZPOOL, source="OpenZFS manual, zpool-status(8)", rows={"pool/tank": 1, "device/mirror-0": 10, "device/sda": 11, "device/sdb": 12, "device/mirror-1": 13, "device/sdc": 14, "device/sdd": 15},
           must=(Must(what="a device that is gone", kind="unhealthy_object", line=12, subject="device/sdb", says="corrupted data"), Must(what="a device that made errors", kind="unhealthy_object", line=14, subject="device/sdc", says="7 sums"),
                 Must(what="a pool that lost data", kind="unhealthy_object", line=17, subject="pool/tank", says="2 data errors"))),
)  # fmt: skip
