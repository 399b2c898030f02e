import json

import pytest

from api.limits import EVIDENCE_BYTES, JSON_BYTES, TURN_BYTES, bound, bucket_of, json_complaint


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"", ""),
        (b"{}", ""),
        (b'{"text": "[[[[ not nested"}', ""),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b'{"n": NaN}', "NaN"),
        (b'{"n": -Infinity}', "-Infinity"),
        (b"[" * 65 + b"]" * 65, "64 levels"),
        (b"[" * 100_000 + b"]" * 100_000, "64 levels"),
        (b"[" * 64 + b"]" * 64, ""),
    ],
)
def test_a_json_body_is_refused_by_name_of_what_is_wrong(body: bytes, complaint: str) -> None:
    found = json_complaint(body)
    assert complaint in found
    assert bool(found) is bool(complaint)


def test_deep_objects_are_counted_too() -> None:
    deep: object = 1
    for _ in range(65):
        deep = {"a": deep}
    assert "64 levels" in json_complaint(json.dumps(deep).encode())


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("/api/v1/cases", JSON_BYTES),
        ("/api/v1/cases/x/turns", TURN_BYTES),
        ("/api/v1/cases/x/evidence", EVIDENCE_BYTES + (1 << 20)),
    ],
)
def test_each_route_has_its_bound(path: str, size: int) -> None:
    assert bound(path) == size


@pytest.mark.parametrize(
    ("method", "path", "bucket"),
    [
        ("GET", "/api/v1/cases", "reads"),
        ("POST", "/api/v1/cases", "writes"),
        ("POST", "/api/v1/cases/x/turns", "turns"),
        ("POST", "/api/v1/cases/x/title", "titles"),
        ("GET", "/api/v1/cases/x/turns/y", ""),
        ("GET", "/health", ""),
        ("OPTIONS", "/api/v1/cases", ""),
    ],
)
def test_polling_and_health_are_exempt_and_the_rest_draws_from_its_bucket(method: str, path: str, bucket: str) -> None:
    assert bucket_of({"type": "http", "method": method, "path": path}) == bucket
