"""Hosts: what units, disks, memory, processes and the kernel say, line by line."""

from domain.evidence.commands.hosts import disks, kernel, memory, processes, units
from tests import told
from tests.evidence import read_part


def test_units_tell_their_state_their_end_and_the_entries_of_their_journal() -> None:
    parsed, understood = read_part(
        units.status,
        """
    Host: oak-1
    ● kiln.service - brick kiln
         Active: failed (Result: exit-code) since Mon 2026-05-04 04:12:09 UTC; 46min ago
        Process: 2511 ExecStart=/usr/bin/kiln (code=exited, status=203/EXEC)
       Main PID: 2512 (code=killed, signal=KILL)
        Process: 2513 ExecStop=/bin/true (code=exited, status=0/SUCCESS)
    May  4 04:12:09 oak-1 kiln[2511]: cannot open brick store
    May 14 04:12:09 oak-1 kiln[2511]: fatal: brick store is corrupt
    May 14 04:12:10 oak-1 kiln[2511]: warming up
    note: cannot read this line, it is no entry of the journal
    -- cannot open the journal of boot 7 --
    ○ mill.timer
         Active: inactive (dead)
    × yard.socket - the yard
         Active: active (running) since Mon 2026-05-04 04:12:09 UTC; 46min ago
    ↻ gate.path - the gate
         Active: active (auto-restart) since Mon 2026-05-04 04:12:09 UTC
    * barn.mount - the barn
         Active: maintenance (dead)
    forge.service is not the head of a unit
    2026-05-04T04:12:09 oak-1 barn[1]: error: no hay
    """,
    )
    assert told.findings(parsed) == [
        "4 unhealthy_object unit/kiln@oak-1 @4: unit/kiln@oak-1 is failed (Result: exit-code) | status=failed reason=Result: exit-code node=oak-1 unit=kiln@oak-1 detail=failed (Result: exit-code) | 2026-05-04 04:12:09+00:00",
        "4 unhealthy_object unit/mill.timer@oak-1 @14: unit/mill.timer@oak-1 is inactive (dead) | status=inactive reason=dead node=oak-1 unit=mill.timer@oak-1 detail=inactive (dead)",
        "3.5 exit unit/kiln@oak-1 @5: unit/kiln@oak-1 ended, exited, status 203/EXEC | reason=203/EXEC code=exited exit_code:203",
        "3.5 exit unit/kiln@oak-1 @6: unit/kiln@oak-1 ended, killed, status KILL | reason=KILL code=killed",
        "3.5 unhealthy_object unit/gate.path@oak-1 @18: unit/gate.path@oak-1 is active (auto-restart) | status=active reason=auto-restart node=oak-1 unit=gate.path@oak-1 detail=active (auto-restart) | 2026-05-04 04:12:09+00:00",
        "3.5 unhealthy_object unit/barn.mount@oak-1 @20: unit/barn.mount@oak-1 is maintenance (dead) | status=maintenance reason=dead node=oak-1 unit=barn.mount@oak-1 detail=maintenance (dead)",
        "3 row unit/kiln@oak-1 @9: May 14 04:12:09 oak-1 kiln[2511]: fatal: brick store is corrupt | message=May 14 04:12:09 oak-1 kiln[2511]: fatal: brick store is corrupt unit=unit/kiln@oak-1 node=oak-1",
        "2 row unit/kiln@oak-1 @8: May 4 04:12:09 oak-1 kiln[2511]: cannot open brick store | message=May  4 04:12:09 oak-1 kiln[2511]: cannot open brick store unit=unit/kiln@oak-1 node=oak-1",
        "2 row unit/kiln@oak-1 @12: -- cannot open the journal of boot 7 -- | message=-- cannot open the journal of boot 7 -- unit=unit/kiln@oak-1 node=oak-1",
        "2 row unit/barn.mount@oak-1 @22: 2026-05-04T04:12:09 oak-1 barn[1]: error: no hay | message=2026-05-04T04:12:09 oak-1 barn[1]: error: no hay unit=unit/barn.mount@oak-1 node=oak-1",
    ]
    assert told.objects(parsed) == [
        "unit/kiln@oak-1 @3 node=oak-1 what=brick kiln active=failed detail=Result: exit-code since=Mon 2026-05-04 04:12:09 UTC",
        "unit/mill.timer@oak-1 @13 node=oak-1 active=inactive detail=dead",
        "unit/yard.socket@oak-1 @15 node=oak-1 what=the yard active=active detail=running since=Mon 2026-05-04 04:12:09 UTC",
        "unit/gate.path@oak-1 @17 node=oak-1 what=the gate active=active detail=auto-restart since=Mon 2026-05-04 04:12:09 UTC",
        "unit/barn.mount@oak-1 @19 node=oak-1 what=the barn active=maintenance detail=dead",
    ]
    assert understood == 21


def test_a_unit_without_a_host_is_named_by_itself() -> None:
    parsed, understood = read_part(
        units.status,
        """
    ● kiln.service - brick kiln
         Active: deactivating (stop-sigterm)
    """,
    )
    assert told.findings(parsed) == [
        "4 unhealthy_object unit/kiln @3: unit/kiln is deactivating (stop-sigterm) | status=deactivating reason=stop-sigterm unit=kiln detail=deactivating (stop-sigterm)",
    ]
    assert told.objects(parsed) == [
        "unit/kiln @2 what=brick kiln active=deactivating detail=stop-sigterm",
    ]
    assert understood == 2


def test_disks_are_tight_from_90_and_full_from_95_percent() -> None:
    parsed, understood = read_part(
        disks.df,
        """
    Filesystem  Size Used Avail Use% Mounted on
    /dev/sda1   10G  9G   1G    89%  /
    /dev/sda2   10G  9G   1G    90%  /home
    overlay     10G  9G   1G    94%  /var/lib
    /dev/sda3   10G  10G  0     95%  /var
    tmpfs       none
    /dev/sda4   10G  10G  0     100% /srv
    """,
    )
    assert told.findings(parsed) == [
        "4 resource filesystem//var @6: /var is 95 % full of disk | resource=disk used:95 limit:100 mount=/var",
        "4 resource filesystem//srv @8: /srv is 100 % full of disk | resource=disk used:100 limit:100 mount=/srv",
        "3 resource filesystem//home @4: /home is 90 % full of disk | resource=disk used:90 limit:100 mount=/home",
        "3 resource filesystem//var/lib @5: /var/lib is 94 % full of disk | resource=disk used:94 limit:100 mount=/var/lib",
    ]
    assert told.objects(parsed) == [
        "filesystem// @3 device=/dev/sda1 used_percent=89",
        "filesystem//home @4 device=/dev/sda2 used_percent=90",
        "filesystem//var/lib @5 device=overlay used_percent=94",
        "filesystem//var @6 device=/dev/sda3 used_percent=95",
        "filesystem//srv @8 device=/dev/sda4 used_percent=100",
    ]
    assert understood == 6


def test_inodes_are_told_from_bytes_by_the_header() -> None:
    parsed, understood = read_part(
        disks.df,
        """
    Filesystem  Inodes IUsed IFree IUse% Mounted on
    /dev/sda1   1000   990   10    99%   /
    """,
    )
    assert told.findings(parsed) == [
        "4 resource filesystem// @3: / is 99 % full of inodes | resource=inodes used:99 limit:100 mount=/",
    ]
    assert told.objects(parsed) == [
        "filesystem// @3 device=/dev/sda1 used_percent=99",
    ]
    assert understood == 2


def test_memory_and_swap_are_short_below_a_tenth() -> None:
    parsed, understood = read_part(
        memory.free,
        """
    Swap:          1000       1000          0
                   total        used        free   available
    Mem:           10000        9000         500         999
    Swap:          1000         901          99
    """,
    )
    assert told.findings(parsed) == [
        "3.5 resource - @4: 10% of memory is left | resource=memory used:9001 limit:10000",
        "2 resource - @5: 10% of swap is left | resource=swap used:901 limit:1000",
    ]
    assert understood == 3


def test_a_tenth_of_memory_is_enough_and_absent_swap_is_no_fault() -> None:
    parsed, understood = read_part(
        memory.free,
        """
                   total        used        free   available
    Mem:           10000        9000         500        1000
    Swap:              0           0           0
    Mem:             n/a
    """,
    )
    assert told.findings(parsed) == []
    assert understood == 4


def test_load_memory_and_processes_that_hang_or_take_most_are_found() -> None:
    parsed, understood = read_part(
        processes.read,
        """
    top - 10:00:01 up 1 day, load average: 8.00, 7.0, 6.0
    KiB Mem : 16000.0 total, 799.0 free, 15000 used
      PID USER      STAT %CPU %MEM COMMAND
       10 root      Zs    0.0  0.0 [defunct kiln]
       11 root      D     0.1  0.1 nfsd
       12 app       Rl   80.0 79.9 /bin/kiln --hot
       13 app       S    79.9 80.0 /bin/mill
       14 app
       15 app       Ss   99.0 0.5 /bin/yard with many words
    """,
    )
    assert told.findings(parsed) == [
        "2.5 resource - @2: load average 8 | resource=load used:8",
        "2.5 resource - @3: 799 of 16000 memory is free | resource=memory used:15201 limit:16000",
        "2.5 resource process/kiln[12] @7: /bin/kiln --hot takes 80 % cpu | resource=cpu used:80",
        "2.5 resource process/mill[13] @8: /bin/mill takes 80 % memory | resource=memory used:80",
        "2.5 resource process/yard[15] @10: /bin/yard with many words takes 99 % cpu | resource=cpu used:99",
        "2 row process/defunct[10] @5: [defunct kiln] is a zombie | state=Zs command=[defunct kiln]",
        "2 row process/nfsd[11] @6: nfsd is in uninterruptible wait | state=D command=nfsd",
    ]
    assert understood == 8


def test_a_twentieth_of_free_memory_and_a_load_below_eight_are_no_trouble() -> None:
    parsed, understood = read_part(
        processes.read,
        """
    load average: 7.99, 7.0, 6.0
    Mem: 16000k total, 800k free
    MiB Mem : 0 total, 0 free
      PID USER      S     %CPU %MEM CMD
       10 root      R     1.0  0.0 sh
       11 root      Z     1.0  0.0 ash
    """,
    )
    assert told.findings(parsed) == [
        "2 row process/ash[11] @7: ash is a zombie | state=Z command=ash",
        "0.5 resource - @2: load average 7.99 | resource=load used:7.99",
    ]
    assert understood == 6


def test_rows_of_processes_need_their_header() -> None:
    parsed, understood = read_part(
        processes.read,
        """
       11 root      Z     1.0  0.0 ash
    load average: 9.00, 7.0, 6.0
    """,
    )
    assert told.findings(parsed) == [
        "2.5 resource - @3: load average 9 | resource=load used:9",
    ]
    assert understood == 1


def test_the_kernel_names_what_broke_and_what_lost_data_weighs_most() -> None:
    parsed, understood = read_part(
        kernel.messages,
        """
    [ 12.000001] eth0: up
    [ 13.000001] EXT4-fs error (device sda1): bad block
    [ 14.000001] Out of memory: Killed process 41 (kiln) total-vm:1kB
    [ 15.000001] blk_update_request: I/O error, dev sda
    [ 16.000001] Remounting filesystem read-only
    [ 17.000001] kiln[7]: segfault at 0
    [ 18.000001] nf_conntrack: table full, dropping packet
    """,
    )
    assert told.findings(parsed) == [
        "5 row process/kiln[41] @4: [ 14.000001] Out of memory: Killed process 41 (kiln) total-vm:1kB | message=[ 14.000001] Out of memory: Killed process 41 (kiln) total-vm:1kB source=kernel process=kiln reason=out of memory",
        "5 row - @5: [ 15.000001] blk_update_request: I/O error, dev sda | message=[ 15.000001] blk_update_request: I/O error, dev sda source=kernel device=sda",
        "5 row - @6: [ 16.000001] Remounting filesystem read-only | message=[ 16.000001] Remounting filesystem read-only source=kernel",
        "4 row - @3: [ 13.000001] EXT4-fs error (device sda1): bad block | message=[ 13.000001] EXT4-fs error (device sda1): bad block source=kernel device=sda1",
        "4 row - @7: [ 17.000001] kiln[7]: segfault at 0 | message=[ 17.000001] kiln[7]: segfault at 0 source=kernel",
        "4 row - @8: [ 18.000001] nf_conntrack: table full, dropping packet | message=[ 18.000001] nf_conntrack: table full, dropping packet source=kernel",
    ]
    assert understood == 7


def test_at_most_a_hundred_lines_of_the_kernel_are_kept() -> None:
    parsed, _ = read_part(kernel.messages, "\n".join(["[ 17.000001] kiln[7]: segfault at 0"] * 101))
    assert len(parsed.findings) == 100
