"""Composition root of the API process: settings → adapters → application → server."""

from __future__ import annotations

import asyncio
import os
import sys
from importlib.metadata import version

import uvicorn

from activities.adapters.accounts import configured
from activities.adapters.credentials import open_passwords, open_tokens
from activities.adapters.embedded_passages import open_passages
from activities.adapters.engine_door import EngineDoor
from activities.adapters.safety import open_blobs, open_redactor, open_vault
from activities.adapters.settings import Settings
from activities.adapters.settings_check import SettingsInvalid, read_settings
from activities.adapters.sql_case_records import SqlCaseRecords
from activities.adapters.sql_conversation import SqlConversation, SqlEvidence
from activities.adapters.sql_files import SqlFiles
from activities.adapters.sql_intake import SqlIntake
from activities.adapters.sql_knowledge import SqlKnowledge
from activities.adapters.sql_people import SqlPeople
from activities.adapters.sql_reports import SqlReports
from activities.adapters.sql_sessions import SqlRefreshTokens, SqlReplies, SqlSessions, SqlSignInAttempts
from activities.adapters.sql_store import open_database
from activities.adapters.telemetry import configure_logging
from activities.adapters.temporal import Address, connect
from activities.adapters.turn_stream import StreamedProgress
from api.app import create_app
from api.dependencies import Deployment, Ports
from api.health import HealthBoard
from api.probes import Probes
from workflows import names


async def open_ports(settings: Settings) -> Ports:
    """Open every adapter; nothing but the database is contacted yet."""
    database = await open_database(settings)
    temporal = await connect(Address(target=settings.temporal.address, namespace=settings.temporal.namespace), lazy=True)
    vault = open_vault(settings, database)
    people, blobs, redactor = SqlPeople(database), open_blobs(settings, vault), open_redactor(settings, vault)
    deployed = deployment(settings)
    probes = Probes(
        temporal=temporal,
        people=people,
        blobs=blobs,
        redactor=redactor,
        passages=open_passages(settings.folder / "passages.db"),
        models=bool(deployed.providers),
    )
    return Ports(
        deployment=deployed,
        temporal=temporal,
        board=HealthBoard(probes.all()),
        people=people,
        sessions=SqlSessions(database),
        refresh_tokens=SqlRefreshTokens(database),
        attempts=SqlSignInAttempts(database),
        passwords=open_passwords(),
        tokens=open_tokens(settings),
        replies=SqlReplies(database),
        cases=SqlCaseRecords(database),
        conversation=SqlConversation(database),
        files=SqlFiles(database),
        evidence=SqlEvidence(database),
        reports=SqlReports(database),
        turns=SqlIntake(database),
        door=EngineDoor(temporal, names),
        blobs=blobs,
        redactor=redactor,
        knowledge=SqlKnowledge(database),
        progress=StreamedProgress(temporal, names.turn),
    )


def deployment(settings: Settings) -> Deployment:
    """Return what routes need to know of the settings."""
    limits = settings.limits
    return Deployment(
        version=version("faultmaven"),
        dashboard_url=settings.api.dashboard_url,
        access_minutes=settings.auth.access_minutes,
        refresh_days=settings.auth.refresh_days,
        dev_login=settings.auth.dev_login,
        registration=settings.auth.registration,
        providers=_providers(settings),
        origins=settings.api.allowed_origins,
        patience_s=settings.api.patience_s,
        per_minute={
            "reads": limits.reads_per_minute,
            "writes": limits.writes_per_minute,
            "turns": limits.turns_per_minute,
            "titles": limits.titles_per_minute,
        },
    )


def _providers(settings: Settings) -> tuple[str, ...]:
    """Return who is asked for hypotheses, in order; recorded answers stand before everybody."""
    if settings.models.recorded is not None:
        return ("recorded",)
    return tuple(name for name in settings.models.order if name in configured(settings.providers))


async def serve(settings: Settings) -> None:
    """Serve until the process is told to stop; open requests get ten seconds."""
    app = create_app(await open_ports(settings))
    config = uvicorn.Config(
        app,
        settings.api.host,
        settings.api.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=10,
        server_header=False,
    )
    await uvicorn.Server(config).serve()
    await asyncio.sleep(0.3)  # the engine's client aborts in native code when the process ends right behind it


def main() -> int:
    """Run the process; return its exit code."""
    try:
        settings = read_settings(os.environ)
    except SettingsInvalid as mistakes:
        print(mistakes, file=sys.stderr)  # ruff: ignore[print]  # logging needs settings
        return 2
    configure_logging(settings.log)
    asyncio.run(serve(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
