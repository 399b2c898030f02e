"""Labels of the incident sets; the product itself knows none of them."""

from __future__ import annotations

from domain.case.state import Category
from domain.diagnosis.values import Answer

EXHAUSTED = frozenset({
    "quota_exceeded", "capacity_cpu", "capacity_memory", "capacity_device", "disk_full", "node_pressure", "oom_killed", "memory_leak", "gc_pressure",
    "cpu_saturated", "thread_or_fd_exhausted", "db_connections", "pool_exhausted", "replication_lag", "slow_query", "queue_backlog", "maintenance_storm", "memory_short", "capacity_reached", "kernel_table_full", "lock_wait",
    "credits_exhausted", "ids_exhausted", "store_memory_full", "traffic_surge",
})  # fmt: skip
DEPENDENCIES = frozenset({"dependency_down", "external_down"})
BY_CATEGORY = {
    Category.CODE: "code_defect",
    Category.CONFIG: "configuration_error",
    Category.HUMAN: "configuration_error",
    Category.SECURITY: "configuration_error",
    Category.DATA: "data_quality",
    Category.EXTERNAL: "dependency_failure",
    Category.NETWORK: "infrastructure",
    Category.HARDWARE: "infrastructure",
    Category.ENVIRONMENT: "infrastructure",
    Category.DATABASE: "infrastructure",
}


def category(answer: Answer) -> str:
    """Return the label of the first cause."""
    if answer.status == "healthy":
        return "healthy"
    if not answer.causes:
        return "unknown"
    leader = answer.causes[0]
    if leader.family in EXHAUSTED:
        return "resource_exhaustion"
    return BY_CATEGORY.get(Category(leader.category), "unknown")
