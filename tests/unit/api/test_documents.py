"""What a document is called when its sender does not say."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest
from temporalio.client import Client

from api.bodies import NewDocument
from api.documents import publish
from domain.privacy.accounts import Principal
from tests.builders import NOON
from tests.unit.api.house import ports

ADA = Principal(user_id="user_1", username="ada", team_id="team_1", roles=("user",))


class Engine:
    """What publishing needs of the engine's client."""

    async def start_workflow(self, *_: object, **_given: object) -> None:
        """Take the ingestion."""


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("# Pool exhausted\n\ntext", "Pool exhausted"),
        ("---\ntitle: Restart the ledger\n---\n# Steps\n\nPress it.\n", "Restart the ledger"),
        ("```sh\n# count the sessions\nps\n```\n\n# Pool exhausted\n\nRaise it.\n", "Pool exhausted"),
        ("text only", "ledger"),
    ],
)
async def test_a_document_is_called_what_it_calls_itself_else_like_its_file(content: str, title: str) -> None:
    opened = replace(ports(), temporal=cast(Client, Engine()))  # the one method of it that is called
    document = await publish(opened, ADA, NewDocument(content=content, filename="ledger.md"), NOON)
    assert document.title == title
