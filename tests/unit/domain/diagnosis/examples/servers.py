"""Servers that are gone, cut, or out of what they were granted."""

from __future__ import annotations

from tests.unit.domain.diagnosis.examples.services import said

EXAMPLES = {
    "db_down": said(
        "ERROR database server was shut down by its supervisor",
        "INFO the database instance is healthy",
        "INFO the database instance was restarted",
    ),
    "host_failed": said(
        "ERROR instance reachability check failed", "INFO host rotated its logs", "INFO status checks have passed"
    ),
    "encryption_key": said(
        "ERROR cannot read block: customer managed key is pending deletion",
        "INFO encryption key rotated, new version 7",
        "INFO key was enabled again",
    ),
    "limit_lowered": said(
        "WARN worker limit was lowered by rollout-bot from 640 to 16",
        "INFO worker limit is 640",
        "INFO limit was restored",
    ),
    "memory_short": said(
        "ERROR ORA-04031: unable to allocate 4160 bytes of shared memory",
        "INFO memory target 4160",
        "INFO memory is back to its usual use",
    ),
    "kernel_table_full": said(
        "ERROR connect 10.8.1.4:443: EADDRNOTAVAIL", "INFO conntrack table enlarged to 900000", "INFO conntrack table was drained"
    ),
    "mtu_mismatch": said("ERROR tunnel: packet too big for the path", "INFO mtu is 1500 on eth0", "INFO path MTU is consistent"),
    "lock_held": said(
        "ERROR E: Could not get lock /var/lib/dpkg/lock-frontend", "INFO took the lock in 3 ms", "INFO lock was released"
    ),
    "capacity_reached": said(
        "ERROR ProvisionedThroughputExceededException on index by-day",
        "INFO provisioned throughput 400",
        "INFO capacity was raised",
    ),
}
