"""Headers of database files."""

from __future__ import annotations

import struct

from domain.evidence.reading import Reading

ENCODINGS = {1: "UTF-8", 2: "UTF-16 LE", 3: "UTF-16 BE"}
WAL = 2


def tell_sqlite(reading: Reading, data: bytes) -> str:
    """Return size and versions (SQLite file format, 1.3); a file shorter than its pages is a finding."""
    (page,) = struct.unpack_from(">H", data, 16)
    page = 65_536 if page == 1 else page
    pages, schema, encoding, user = (struct.unpack_from(">I", data, at)[0] for at in (28, 40, 56, 60))
    (library,) = struct.unpack_from(">I", data, 96)
    written = f"{library // 1_000_000}.{library // 1_000 % 1_000}.{library % 1_000}"
    if page < 512 or page & (page - 1):
        raise ValueError("a page has no such size")
    if pages * page > len(data):
        missing = pages * page - len(data)
        statement = f"the database is cut off: {missing} of the {pages * page} bytes that its header declares are missing"
        reading.find("resource", "database/sqlite", 1, 4.0, statement, missing_bytes=float(missing))
    if data[18] == WAL:
        reading.notes.append("the database is in WAL mode: its newest changes may stand in the file beside it (-wal)")
    fields = {
        "pages": str(pages),
        "page_bytes": str(page),
        "encoding": ENCODINGS.get(encoding, "unknown"),
        "user_version": str(user),
    }
    reading.observe("database", "sqlite", 1, {**fields, "schema_version": str(schema), "written_by": written})
    return f"{pages} pages of {page} bytes, {ENCODINGS.get(encoding, 'unknown encoding')}, written by SQLite {written}"
