"""What a file given on the command line is read as: itself, or the members of an archive, laid down in a folder that goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from activities.unpacking import unpack
from domain.evidence.analyse import VERSION
from domain.evidence.archives.told import container
from domain.evidence.values import Analysis, Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfolded:
    """The documents to read, and of an archive what it is told to be."""

    documents: tuple[Document, ...]
    archive: Analysis | None = None

    def like(self, document: Document) -> Document | None:
        """Return the document of the same path within its archive, whatever the one folder of each is called; a lone one is like any."""
        if self.archive is None:
            return self.documents[0]
        path = document.hint.name
        names = {one.hint.name: one for one in self.documents}
        _, folder, rest = path.partition("/")
        if path in names or not folder or len({name.partition("/")[0] for name in names}) > 1:
            return names.get(path)
        return {name.partition("/")[2]: one for name, one in names.items()}.get(rest)


def unfolded(file: Path, document: Document, folder: Path) -> Unfolded:
    """Return what is read of a file; members say where they come from in their names."""
    found = unpack(file, folder / f"{len(list(folder.iterdir()))}")
    if found is None:
        return Unfolded(documents=(document,))
    members = tuple(
        replace(
            document,
            evidence=f"{document.evidence}/{laid.name}",
            name=f"{document.name}/{laid.name}",
            chunks=laid,
            size=laid.size,
            observed_at=laid.modified or document.observed_at,
            hint=replace(document.hint, name=laid.name),
        )
        for laid in found.members
    )
    return Unfolded(documents=members, archive=container(document, VERSION, found.held, found.unread))
