"""Starts parts of the product, each in a process of its own, over fakes alone, and prints every module that it needed.

`python -m tests.alone domain evidence knowledge`, `… activities cases`, `… api turns`. A line per part: its name, then its
modules as JSON. Frameworks are imported once, before the processes are forked; of ours nothing is. The names of the fakes
follow the ports.
"""

from __future__ import annotations

import asyncio
import dataclasses
import importlib
import json
import os
import pkgutil
import sys
import traceback
from pathlib import Path
from typing import Any

FAKES = {
    "AnswerCache": "MemoryAnswerCache",
    "AnswerLedger": "MemoryLedger",
    "BlobStore": "MemoryBlobs",
    "BudgetLedger": "MemoryBudgets",
    "CaseErasure": "MemoryCaseErasure",
    "CaseRecords": "MemoryCaseRecords",
    "CaseStore": "MemoryCases",
    "CaseDoor": "MemoryDoor",
    "Conversation": "MemoryConversation",
    "Erasure": "MemoryErasure",
    "EvidenceRecords": "MemoryEvidence",
    "FileStore": "MemoryFiles",
    "KeyVault": "MemoryVault",
    "KnowledgeStore": "MemoryKnowledge",
    "LanguageModel": "ScriptedModel",
    "PassageIndex": "MemoryPassages",
    "Passwords": "PlainPasswords",
    "People": "MemoryPeople",
    "Redactor": "StarRedactor",
    "RefreshTokens": "MemoryRefreshTokens",
    "ReportStore": "MemoryReports",
    "Sessions": "MemorySessions",
    "SignInAttempts": "MemorySignInAttempts",
    "StoredReplies": "MemoryReplies",
    "Tokens": "PlainTokens",
    "TurnFeeds": "MemoryFeeds",
    "Linter": "QuietLinter",
    "OutsideTools": "MemoryOutside",
    "TextReader": "PlainReader",
    "TurnIntake": "MemoryIntake",
    "TurnProgress": "MemoryProgress",
}
"""Port → fake."""


FRAMEWORKS = {"domain": (), "activities": ("pydantic", "temporalio.worker"), "api": ("fastapi", "httpx", "temporalio.client")}
"""What the parts of a layer share, and the domain must not know."""


def over_fakes(cls: Any, **given: Any) -> Any:
    """Return the dataclass with a fake in every field that names a port."""
    fakes = importlib.import_module("tests.fakes")
    wanted = {field.name: str(field.type).rpartition(".")[2] for field in dataclasses.fields(cls)}
    ports = {name: getattr(fakes, FAKES[port])() for name, port in wanted.items() if port in FAKES}
    return cls(**ports, **given)


def domain(package: str) -> None:
    """Import every module of the package."""
    found = importlib.import_module(f"domain.{package}")
    for module in pkgutil.walk_packages(found.__path__, f"{found.__name__}."):
        importlib.import_module(module.name)


def activities(module: str) -> None:
    """Make the step class and look for its steps."""
    from activities.knowledge import KnowledgeActivities
    from activities.outside import Outside
    from activities.processes import Processes
    from activities.purse import Purse
    from activities.recall import Recall
    from activities.scratch import Scratch

    found = importlib.import_module(f"activities.{module}")
    (cls,) = [each for name, each in vars(found).items() if name.endswith("Activities") and each.__module__ == found.__name__]
    others = {
        "processes": lambda: Processes(1),
        "scratch": lambda: Scratch(Path()),
        "knowledge": lambda: over_fakes(KnowledgeActivities),
        "outside": lambda: over_fakes(Outside),
        "purse": lambda: over_fakes(Purse),
        "recall": lambda: over_fakes(Recall),
    }
    given = {field.name: others[field.name]() for field in dataclasses.fields(cls) if field.name in others}
    made = over_fakes(cls, **given)
    assert any(hasattr(getattr(made, name), "__temporal_activity_definition") for name in dir(made)), "no step"


def api(group: str) -> None:
    """Serve this group of routes alone and ask each of its paths without a token."""
    asyncio.run(_served(group))


async def _served(group: str) -> None:
    import httpx
    from fastapi import FastAPI

    from api.dependencies import Deployment, Ports
    from api.errors import handle_errors
    from api.health import HealthBoard

    app = FastAPI()
    app.include_router(importlib.import_module(f"api.routes.{group}").router)
    handle_errors(app)
    deployment = Deployment(version="0", dashboard_url="")
    app.state.ports = over_fakes(Ports, deployment=deployment, temporal=None, board=HealthBoard({}))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://alone") as client:
        for path, methods in app.openapi()["paths"].items():
            for method in methods:
                answer = await client.request(method, path.replace("{", "").replace("}", ""))
                assert answer.status_code < 500 or path == "/readiness", (method, path, answer.status_code)


def main(layer: str, *names: str) -> None:
    for framework in FRAMEWORKS[layer]:
        importlib.import_module(framework)
    for name in names:
        process = os.fork()
        if process == 0:
            _tell(layer, name)
        os.waitpid(process, 0)


def _tell(layer: str, name: str) -> None:
    """Start the part and end the process; one that fails says why and prints no line."""
    try:
        {"domain": domain, "activities": activities, "api": api}[layer](name)
        print(name, json.dumps(sorted(sys.modules)), flush=True)
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
