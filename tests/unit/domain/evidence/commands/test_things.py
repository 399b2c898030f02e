"""Lists of named things in any JSON: objects, events, missing replicas and failed containers."""

from domain.evidence.commands import things
from domain.evidence.reading import Reading
from domain.evidence.structure import jsontree
from domain.evidence.values import Context, Document, Parsed, Text
from tests import told
from tests.evidence import read_by


def listed(text: Text, document: Document, _context: Context) -> Parsed:
    reading = Reading(document=document, lines=text.lines)
    roots = jsontree.read("\n".join(text.lines)).roots
    return reading.parsed(f"{sum(things.read(reading, root) for root in roots)} things")


def test_things_of_lists_become_objects_with_what_they_lack() -> None:
    parsed = read_by(
        listed,
        """
    {"pods": [
      {"name": "mill-1", "node_name": "oak-1", "containers": [
        {"name": "c", "restart_count": 5, "state": {"reason": "CrashLoopBackOff", "message": "back-off"},
         "last_state": {"reason": "OOMKilled", "exit_code": 137}},
        {"name": "d", "state": {"reason": "Completed", "exit_code": 0}},
        {"name": "e", "status": {"reason": "PodInitializing"}},
        {"name": "f", "state": {"exit_code": 2, "message": "bad flag"}}]},
      {"name": "mill-2", "nodeName": "oak-2", "deletedAt": "x", "deleted_at": "y", "containers": [
        {"name": "c", "state": {"reason": "Error", "exit_code": 1}}]}],
     "deployments": [
      {"name": "mill", "desired": 3, "ready": 1, "available": 3},
      {"name": "kiln", "replicas": 2, "ready_replicas": 2},
      {"name": "yard", "wanted": 2},
      {"name": "barn", "ready": 2, "node_name": "oak-1"},
      {"name": "gate", "desired_replicas": 2, "running": 0},
      "text", 7],
     "policies": [{"id": "p1", "a": {"b": {"c": {"d": "deep"}, "e": 1}}}, {"comment": "nameless"}]
    }
    """,
    )
    assert told.findings(parsed) == [
        "5 exit pod/mill-1 @4: pod/mill-1: container c, OOMKilled | reason=OOMKilled container=c restarts:5 exit_code:137",
        "4 exit pod/mill-1 @7: pod/mill-1: container f, bad flag | message=bad flag container=f restarts:0 exit_code:2",
        "3.5 unhealthy_object pod/mill-1 @3: pod/mill-1: container c, CrashLoopBackOff back-off | message=back-off reason=CrashLoopBackOff container=c restarts:5",
        "3 unhealthy_object deployment/gate @15: deployment/gate: 0 of 2 are ready | reason=replicas missing ready:0 desired:2",
    ]
    assert told.objects(parsed) == [
        "pod/mill-1 @2 name=mill-1 node_name=oak-1 containers.0.name=c containers.0.restart_count=5 containers.0.state.reason=CrashLoopBackOff containers.0.state.message=back-off containers.0.last_state.reason=OOMKilled containers.0.last_state.exit_code=137 containers.1.name=d containers.1.state.reason=Completed containers.1.state.exit_code=0 containers.2.name=e containers.2.status.reason=PodInitializing containers.3.name=f containers.3.state.exit_code=2 containers.3.state.message=bad flag",
        "pod/mill-2 @8 name=mill-2 nodeName=oak-2 deletedAt=x deleted_at=y containers.0.name=c containers.0.state.reason=Error containers.0.state.exit_code=1",
        "container/c @3 name=c restart_count=5 state.reason=Error state.message=back-off last_state.reason=OOMKilled last_state.exit_code=137 state.exit_code=1",
        "container/d @5 name=d state.reason=Completed state.exit_code=0",
        "container/e @6 name=e status.reason=PodInitializing",
        "container/f @7 name=f state.exit_code=2 state.message=bad flag",
        "deployment/mill @11 name=mill desired=3 ready=1 available=3",
        "deployment/kiln @12 name=kiln replicas=2 ready_replicas=2",
        "deployment/yard @13 name=yard wanted=2",
        "deployment/barn @14 name=barn ready=2 node_name=oak-1",
        "deployment/gate @15 name=gate desired_replicas=2 running=0",
        "policy/p1 @17 id=p1 a.b.c.d=deep a.b.e=1",
    ]
    assert told.edges(parsed) == [
        "pod/mill-1 runs on node/oak-1 @2",
        "pod/mill-2 runs on node/oak-2 @8",
    ]
    assert parsed.summary == "14 things"


def test_events_are_read_wherever_they_are_listed() -> None:
    parsed = read_by(
        listed,
        """
    {"events": [
     {"reason": "FailedMount", "message": "no volume", "type": "Warning", "involved_object": "Pod/P", "last_time": "2026-05-04T11:00:00Z", "count": 3},
     {"involved_object": "Pod/q", "message": "cannot start", "type": "Warning", "timestamp": "2026-05-04T11:01:00Z"},
     {"reason": "Unhealthy", "object": "pod/r",
      "message": "probe failed", "type": "Warning"},
     {"message": "no event", "name": "x"},
     {"reason": "no event either", "name": "y"}
    ]}
    """,
    )
    assert told.findings(parsed) == [
        "4 event pod/p @2: FailedMount: no volume (pod/p) | message=no volume reason=FailedMount type=Warning object=pod/p count:3 | 2026-05-04 11:00:00+00:00",
        "3.5 event pod/r @5: Unhealthy: probe failed (pod/r) | message=probe failed reason=Unhealthy type=Warning object=pod/r count:1",
        "3 event pod/q @3: : cannot start (pod/q) | message=cannot start type=Warning object=pod/q count:1 | 2026-05-04 11:01:00+00:00",
    ]
    assert told.events(parsed) == [
        "4 pod/p @2: FailedMount: no volume | 2026-05-04 11:00:00+00:00",
        "3 pod/q @3: : cannot start | 2026-05-04 11:01:00+00:00",
        "3.5 pod/r @5: Unhealthy: probe failed | order only",
    ]
    assert told.objects(parsed) == [
        "event/x @6 message=no event name=x",
        "event/y @7 reason=no event either name=y",
    ]
    assert parsed.summary == "5 things"


def test_two_thousand_things_are_taken_from_one_document() -> None:
    rows = ", ".join(f'{{"name": "n{number}"}}' for number in range(2001))
    parsed = read_by(listed, f'{{"nodes": [{rows}]}}')
    assert (len(parsed.objects), parsed.summary) == (2000, "2000 things")


def test_eighty_fields_of_a_thing_are_kept() -> None:
    fields = ", ".join(f'"f{number}": {number}' for number in range(100))
    [thing] = read_by(listed, f'[{{"name": "n", {fields}}}]').objects
    assert (thing.id, len(thing.fields)) == ("object/n", 80)
