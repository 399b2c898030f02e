"""What `make test` needs, named before anything runs: exit 1 and one line when something is missing, else one line of versions."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from tests import servers


def _minio() -> str:
    built = servers.CACHE / "minio"
    known = shutil.which("minio") or (str(built) if built.exists() else None)
    if known:
        return servers.minio_version(Path(known))
    if shutil.which("go") is None:
        raise servers.Missing("MinIO is missing: install minio, or Go (Debian: apt-get install golang) and it is built once")
    return f"minio (to be built once by {servers.version(['go', 'version'])})"


def _postgres() -> str:
    return servers.version([str(servers.postgres_folder() / "postgres"), "--version"])


def _chromium() -> str:
    return servers.version([str(servers.chromium_binary()), "--version"])


def _temporal() -> str:
    return servers.version([str(servers.temporal_binary()), "--version"])


CHECKS: dict[str, Callable[[], str]] = {"temporal": _temporal, "postgres": _postgres, "minio": _minio, "chromium": _chromium}


def look() -> tuple[list[str], list[str]]:
    """Return the versions found and what is missing."""
    found, missing = [f"Python {sys.version.split()[0]} in {Path(sys.prefix).name}"], []
    for name, check in CHECKS.items():
        if servers.refused_by_the_environment(name):
            found.append(f"without {name}")
            continue
        try:
            found.append(check())
        except servers.Missing as problem:
            missing.append(str(problem))
    return found, missing


def main() -> int:
    """Print one line; return the exit code."""
    found, missing = look()
    print("; ".join(missing or found))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
