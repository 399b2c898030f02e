"""Which object store the settings name."""

from __future__ import annotations

from minio import Minio

from activities.adapters.folder_objects import FolderObjects
from activities.adapters.s3_objects import connection, open_s3
from activities.adapters.settings import Settings
from domain.ports.sealing import ObjectStore


def open_objects(settings: Settings) -> ObjectStore:
    """Return the bucket where an S3 endpoint is named, else the folder."""
    chosen = settings.objects
    if not chosen.endpoint:
        settings.objects_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return FolderObjects(settings.objects_folder)
    client = Minio(
        chosen.endpoint,
        access_key=chosen.access_key.get_secret_value(),
        secret_key=chosen.secret_key.get_secret_value(),
        secure=chosen.tls,
        region=chosen.region or None,
        http_client=connection(),
    )
    return open_s3(client, chosen.bucket)
