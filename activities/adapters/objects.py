"""Which object store the settings name."""

from __future__ import annotations

from activities.adapters.folder_objects import FolderObjects
from activities.adapters.settings import Settings
from domain.ports.sealing import ObjectStore


def open_objects(settings: Settings) -> ObjectStore:
    """Return the bucket where an S3 endpoint is named, else the folder; the client of S3 takes a fifth of a second to import."""
    chosen = settings.objects
    if chosen.endpoint:
        from activities.adapters.s3_objects import open_service  # ruff: ignore[import-outside-top-level]  # heavy, see above

        return open_service(chosen)
    settings.objects_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return FolderObjects(settings.objects_folder)
