"""Labels of the cluster incidents by family, one row each; the product itself knows none of them."""

from __future__ import annotations

import re

from domain.diagnosis.subjects import owner, split
from domain.diagnosis.values import Candidate

ADMISSION, SCHEDULING, INFRASTRUCTURE = "Admission_Fault", "Scheduling_Fault", "Infrastructure_Fault"
STARTUP, RUNTIME, ROUTING, PERFORMANCE = "Startup_Fault", "Runtime_Fault", "Service_Routing_Fault", "Performance_Fault"
LABELS: dict[str, tuple[str, str]] = {
    "quota_exceeded": (ADMISSION, "namespace_{resource}_quota_exceeded"),
    "account_missing": (ADMISSION, "missing_service_account"),
    "node_cordoned": (SCHEDULING, "node_cordon_mismatch"),
    "affinity_unmatched": (SCHEDULING, "node_affinity_mismatch"),
    "selector_unmatched": (SCHEDULING, "node_selector_mismatch"),
    "anti_affinity": (SCHEDULING, "pod_anti_affinity_conflict"),
    "taint_not_tolerated": (SCHEDULING, "taint_toleration_mismatch"),
    "capacity_cpu": (SCHEDULING, "cpu_capacity_mismatch"),
    "capacity_memory": (SCHEDULING, "memory_capacity_mismatch"),
    "claim_selector": (SCHEDULING, "pvc_selector_mismatch"),
    "claim_class": (SCHEDULING, "pvc_storage_class_mismatch"),
    "claim_mode": (SCHEDULING, "pvc_access_mode_mismatch"),
    "claim_size": (SCHEDULING, "pvc_capacity_mismatch"),
    "volume_taken": (SCHEDULING, "pv_binding_occupied"),
    "node_delay": (INFRASTRUCTURE, "node_network_delay"),
    "node_loss": (INFRASTRUCTURE, "node_network_packet_loss"),
    "runtime_down": (INFRASTRUCTURE, "containerd_unavailable"),
    "kubelet_down": (INFRASTRUCTURE, "kubelet_unavailable"),
    "proxy_down": (INFRASTRUCTURE, "kube_proxy_unavailable"),
    "scheduler_down": (INFRASTRUCTURE, "kube_scheduler_unavailable"),
    "registry_unresolved": (STARTUP, "image_registry_dns_failure"),
    "image_wrong": (STARTUP, "incorrect_image_reference"),
    "pull_denied": (STARTUP, "missing_image_pull_secret"),
    "permission_path": (STARTUP, "volume_mount_permission_denied"),
    "secret_missing": (STARTUP, "missing_secret_binding"),
    "oom_killed": (RUNTIME, "oom_killed"),
    "probe_protocol": (RUNTIME, "{probe}_probe_incorrect_protocol"),
    "probe_port": (RUNTIME, "{probe}_probe_incorrect_port"),
    "probe_timing": (RUNTIME, "liveness_probe_incorrect_timing"),
    "port_conflict": (RUNTIME, "service_sidecar_port_conflict"),
    "db_credentials": (RUNTIME, "mysql_invalid_credentials"),
    "db_port": (RUNTIME, "mysql_invalid_port"),
    "db_connections": (RUNTIME, "db_connection_exhaustion"),
    "db_read_only": (RUNTIME, "db_read_only"),
    "zero_replicas": (RUNTIME, "deployment_zero_replicas"),
    "service_selector": (ROUTING, "service_selector_mismatch"),
    "service_port": (ROUTING, "service_port_mapping_mismatch"),
    "service_protocol": (ROUTING, "service_protocol_mismatch"),
    "address_wrong": (ROUTING, "service_env_var_address_mismatch"),
    "env_missing": (ROUTING, "service_env_var_address_mismatch"),
    "dns_failure": (ROUTING, "service_dns_resolution_failure"),
    "gateway_route": (ROUTING, "gateway_misroute"),
    "cpu_saturated": (PERFORMANCE, "pod_cpu_overload"),
    "pod_network": (PERFORMANCE, "pod_network_delay"),
}
"""Family → taxonomy and root cause; `{…}` is a piece that the cause names."""


QUOTAS = {"pods": "pod", "services": "service", "persistentvolumeclaims": "storage"}
"""Resource of a quota → its word in the labels."""


OTHER_STORES = re.compile(r"redis|valkey|memcache|mongo")
"""Databases for whose port the labels have no word but that of any wrong address."""


def label(one: Candidate, namespace: str) -> dict[str, object]:
    """Return the three fields of a cause's label."""
    family = "address_wrong" if one.family == "db_port" and OTHER_STORES.search(one.attributes.get("value", "")) else one.family
    taxonomy, cause = LABELS.get(family, ("", family))
    kind, _ = split(one.subject)
    place = (
        f"namespace/{namespace}"
        if one.family == "quota_exceeded"
        else f"node/{owner(one.subject)}"
        if kind == "node"
        else f"app/{owner(one.subject)}"
    )
    resource = QUOTAS.get(one.attributes.get("resource", ""), one.attributes.get("resource", "cpu"))
    pieces = {"probe": "liveness", **{name: value.lower() for name, value in one.attributes.items()}, "resource": resource}
    return {"taxonomy": taxonomy, "object": place, "root_cause": cause.format_map(pieces)}
