from domain.diagnosis.integrity import containers
from domain.evidence.values import ObservedObject
from tests.unit.domain.diagnosis.integrity.graphs import thing, told

ASKED = tuple(
    thing(f"deployment/{name}", container__main__readiness="tcp-socket :80 delay=9s timeout=1s period=9s") for name in "abcd"
)


def unready(probe: str, **more: str) -> ObservedObject:
    fields = {"state": "Running", "ready": "false", "restarts": "0", "ports": "80/TCP", "readiness": f"{probe} delay=9s", **more}
    spelled = {f"container__main__{key}": value for key, value in fields.items()}
    return thing("pod/web-7d9c6b5f4-x2x4z", ready="0/1", status="Running", **spelled)


def test_a_running_container_that_alone_is_asked_in_a_protocol_never_answers_it() -> None:
    assert told(containers.check, *ASKED, unready("grpc <pod>:80 ")) == [("probe_unlike", "pod/web-7d9c6b5f4-x2x4z")]


def test_a_container_that_is_asked_like_the_others_fails_for_another_reason() -> None:
    assert told(containers.check, *ASKED, unready("tcp-socket :80")) == []
    assert told(containers.check, *ASKED[:3], unready("grpc <pod>:80 ")) == []


def test_a_container_that_crashes_is_not_judged_by_its_probe() -> None:
    assert told(containers.check, *ASKED, unready("grpc <pod>:80 ", restarts="4")) == []


def test_a_probe_that_kills_sooner_than_a_usual_period_is_impatient() -> None:
    hasty = "http-get http://:80/ delay=3s timeout=1s period=3s #success=1 #failure=2"
    patient = "http-get http://:80/ delay=30s timeout=1s period=3s #success=1 #failure=2"
    subject = "pod/web-7d9c6b5f4-x2x4z"
    assert told(containers.check, unready("tcp-socket :80", restarts="4", liveness=hasty)) == [("probe_timing", subject)]
    assert told(containers.check, unready("tcp-socket :80", restarts="4", liveness=patient)) == []


def test_a_probe_of_another_protocol_than_the_service_names_its_port_after_is_told() -> None:
    subject, front = "pod/web-7d9c6b5f4-x2x4z", {"selector": "app=web", "target_ports": "80"}
    web = thing("deployment/web", pod_labels="app=web")
    for name, probe, found in (
        ("http-main", "grpc <pod>:80 ", [("probe_protocol", subject)]),
        ("tcp-redis", "http-get http://:80/ ", [("probe_protocol", subject)]),
        ("http", "http-get http://:80/ ", []),
        ("http", "tcp-socket :80", []),
        ("main", "grpc <pod>:80 ", []),
    ):
        assert told(containers.check, web, thing("service/web", port_names=name, **front), unready(probe)) == found


def test_a_probe_that_a_sidecar_answers_is_judged_as_the_template_has_it() -> None:
    rewritten = unready("http-get http://:15020/app-health/main/readyz")
    for port, found in (("81", [("probe_port", "pod/web-7d9c6b5f4-x2x4z")]), ("80", [])):
        web = thing("deployment/web", container__main__readiness=f"tcp-socket :{port} delay=9s timeout=1s period=9s")
        assert told(containers.check, *ASKED, web, rewritten) == found
