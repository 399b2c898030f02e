"""What a fork takes from its origin: whole turns with the files that they brought, but for those that stay behind."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from domain.case.projection import CaseRecord, FileRecord
from domain.case.turns import EvidenceRef, Intent, UserTurn, turn_key
from domain.evidence.archives.naming import is_within

Files = tuple[FileRecord, ...]


def twin(fork_id: UUID, file_id: str) -> str:
    """Return the id that a file of the origin has in the fork."""
    material = f"{fork_id}\x1f{file_id}".encode()
    return f"file_{hashlib.sha256(material).hexdigest()[:20]}"


def left_out(files: Files, without: Iterable[str]) -> Files:
    """Return the files that stay behind: those named, and the members of an archive that is."""
    wanted = frozenset(without)
    named = [file for file in files if file.file_id in wanted]
    return tuple(file for file in files if file in named or any(is_within(one.name, file.name) for one in named))


def brought(files: Files, earlier: datetime | None, posted: datetime) -> Files:
    """Return what a turn brought, in the order of arrival: uploaded with it, or alone since the turn before it."""
    fresh = (file for file in files if file.uploaded_at <= posted and (earlier is None or file.uploaded_at > earlier))
    return tuple(sorted(fresh, key=lambda file: (file.uploaded_at, file.file_id)))


def retaken(turn: UserTurn, fork: CaseRecord, number: int, files: tuple[EvidenceRef, ...]) -> UserTurn:
    """Return a turn of the origin as the fork takes it: only the last one may ask a model and is as of now.

    Its text and its intent still have to be brought over.
    """
    key = turn_key(fork.owner_id, fork.case_id, f"again:{number}")  # no client's key has a colon
    brought_again = {ref.file_id for ref in files}
    known = (replace(ref, case_id=fork.case_id, file_id=twin(fork.case_id, ref.file_id), turn_key=key) for ref in turn.duplicates)
    return replace(
        turn,
        case_id=fork.case_id,
        turn_key=key,
        user_id=fork.owner_id,
        attachments=tuple(replace(ref, turn_key=key) for ref in files),
        duplicates=tuple(ref for ref in known if ref.file_id not in brought_again),
        owner_id=fork.owner_id,
        team_id=fork.team_id,
        again=number < fork.forked_turn,
        named_after=turn.named_after or turn.case_id,
        model=fork.model,
    )


def pointed(intent: Intent, twins: Mapping[str, str]) -> Intent:
    """Return a click with the fork's id of the file that it is about."""
    return replace(intent, data={name: twins.get(text, text) for name, text in intent.data.items()})
