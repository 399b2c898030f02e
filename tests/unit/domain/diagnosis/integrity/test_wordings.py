"""Other words for the same fault, as other versions of Kubernetes and of databases print them."""

import pytest

from tests.quality.reading import text_case
from tests.unit.domain.diagnosis.examples.shapes import events, log

POD = "pod/orders-7d9c6b5f4-x2x4z"
PULL = 'Failed to pull image "registry.test/shop/orders:4.2": failed to do request: Head "https://registry.test/v2/shop/orders/manifests/4.2": dial tcp: lookup registry.test on 127.0.0.53:53: {}'
HTTP = 'Readiness probe failed: Get "http://10.2.3.4:6379/": EOF'
QUOTA = 'create Pod orders-0 in StatefulSet orders failed error: failed to create PVC data-orders-0: persistentvolumeclaims "data-orders-0" is forbidden: exceeded quota: disks, requested: slow.storageclass.storage.k8s.io/requests.storage=8Gi, used: slow.storageclass.storage.k8s.io/requests.storage=8Gi, limited: slow.storageclass.storage.k8s.io/requests.storage=10Gi'


def first(files: dict[str, str]) -> str:
    return next((one.family for one in text_case(files).diagnosis.candidates), "")


@pytest.mark.parametrize("why", ["no such host", "server misbehaving", "i/o timeout"])
def test_a_registry_without_an_address_is_told_in_each_resolver_s_words(why: str) -> None:
    assert first(events(("Warning", "Failed", POD, PULL.format(why)))) == "registry_unresolved"


def test_a_probe_whose_connection_is_closed_unanswered_speaks_another_protocol() -> None:
    assert first(events(("Warning", "Unhealthy", POD, HTTP))) == "probe_protocol"
    assert first(events(("Warning", "Unhealthy", POD, HTTP.replace("EOF", "context deadline exceeded")))) == "probe_failing"


def test_a_quota_of_one_storage_class_is_a_quota_of_storage() -> None:
    found = text_case(events(("Warning", "FailedCreate", "statefulset/orders", QUOTA))).diagnosis.candidates[0]
    assert (found.family, found.attributes["resource"]) == ("quota_exceeded", "storage")


@pytest.mark.parametrize(
    ("family", "line"),
    [
        ("config_invalid", 'nginx: [emerg] host not found in upstream "api.internal" in /etc/nginx/conf.d/api.conf:14'),
        ("manifest_rejected", 'Error: failed to create typed patch object: unknown field "spec.template.spec.limit"'),
        ("permission_path", "chown: changing ownership of '/var/lib/store/': Operation not permitted"),
        ("permission_path", "ERROR Can't create/write to file '/var/lib/store/x' (OS errno 13 - Permission denied)"),
        ("db_read_only", "ERROR insert: Error 1836 (HY000): Running in read-only mode"),
        ("tls_expired", "ERROR PKIX path validation failed: validity check failed: NotAfter: Sat Jan 31 00:00:00 UTC 2026"),
        ("command_wrong", "ERROR exec /usr/local/bin/orders: exec format error"),
    ],
)
def test_a_line_of_a_log_names_its_family(family: str, line: str) -> None:
    assert first(log(line)) == family
