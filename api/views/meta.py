"""Capabilities, sign-in configuration and health (contract 5.1, 5.11)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from api.dependencies import Deployment
from api.health import CRITICAL, OPTIONAL, Component, HealthBoard
from api.limits import EVIDENCE_BYTES
from api.uploads import FILE_BYTES
from api.views.wire import Json, at, when

EXTENSIONS = [
    "log", "txt", "json", "jsonl", "csv", "tsv", "yaml", "yml", "toml", "ini", "conf", "cfg", "env", "xml", "md", "html",
    "gz", "bz2", "xz", "zip", "tar", "tgz", "txz", "out", "err", "trace", "prom", "diff", "patch", "py", "java", "go", "js", "ts", "rb", "rs", "c",
    "png", "jpg", "jpeg", "pdf",
]  # fmt: skip


def capabilities(deployment: Deployment) -> Json:
    """Return what this deployment really serves."""
    return {
        "deploymentMode": "self-hosted",
        "kbManagement": "dashboard",
        "dashboardUrl": deployment.dashboard_url,
        "features": {
            "extensionKB": False,
            "adminKB": False,
            "teamSharing": False,
            "caseHistory": True,
            "sso": False,
            "managementConsole": False,
        },
        "limits": {
            "maxFileBytes": FILE_BYTES,
            "allowedExtensions": EXTENSIONS,
            "maxDocuments": None,
            "turnResponseBoundSeconds": int(deployment.patience_s),
            "maxEvidenceBytes": EVIDENCE_BYTES,
            "maxFilesPerTurn": 10,
        },
        "branding": {"name": "FaultMaven", "logoUrl": None, "supportUrl": None},
        "contractVersion": "2.0.0",
        "unavailable": []
        if deployment.providers
        else ["language model: set ANTHROPIC_API_KEY, OPENAI_API_KEY or that of another provider"],
    }


def auth_config(deployment: Deployment) -> Json:
    """Return how people sign in here."""
    return {
        "auth_mode": "local",
        "login_endpoint": "/api/v1/auth/login",
        "register_endpoint": "/api/v1/auth/register" if deployment.registration else None,
        "supports_registration": deployment.registration,
        "oauth": None,
    }


def health(board: HealthBoard, deployment: Deployment) -> Json:
    """Return the last looks; nothing is probed here."""
    now = datetime.now(UTC)
    components = {name: _component(item, now) for name, item in sorted(board.components.items())}
    lost = board.lost.get("models", ())
    active = [name for name in deployment.providers if name not in lost]
    components.setdefault("models", {}).update(active_providers=active, failed_providers=list(lost))
    return {
        "status": board.overall(),
        "timestamp": at(now),
        "version": deployment.version,
        "overall_sla": None,
        "components": components,
        "dependencies": {"critical": list(CRITICAL), "optional": list(OPTIONAL)},
        "sessions": {"active": 0, "expired_last_run": 0, "last_cleanup_at": None},
    }


def _component(item: Component, now: datetime) -> Json:
    uptime = int((now - item.healthy_since).total_seconds()) if item.healthy_since else 0
    fields = asdict(item) | {"checked_at": when(item.checked_at), "uptime_seconds": uptime, "sla_current": None}
    fields.pop("healthy_since")
    return fields
