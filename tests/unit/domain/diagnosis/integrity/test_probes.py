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
