"""What a deleted case looks like from the front door."""

from __future__ import annotations

from tests.workflow.front import api_ports, front, open_case, sign_in
from tests.workflow.stage import Stage


async def test_a_deleted_case_is_gone_at_once_though_its_workflow_still_runs(stage: Stage) -> None:
    async with front(api_ports(stage)) as visitor:
        case_id = await open_case(await sign_in(visitor))
        turns = f"/api/v1/cases/{case_id}/turns"
        await visitor.post(turns, data={"query": "checkout fails since 14:00"})
        assert (await visitor.delete(f"/api/v1/cases/{case_id}")).status_code == 204
        for path in ("", "/ui", "/messages"):
            assert (await visitor.get(f"/api/v1/cases/{case_id}{path}")).status_code == 404
        assert (await visitor.post(turns, data={"query": "hello"})).status_code == 404
        assert (await visitor.delete(f"/api/v1/cases/{case_id}")).status_code == 204
