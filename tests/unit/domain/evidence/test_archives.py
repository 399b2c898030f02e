"""Archives: what they hold, what of it is taken and in which order, whatever form they have and however they end."""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
import zipfile
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence.archives.choosing import TAKEN, rank
from domain.evidence.archives.naming import SHOWN, shown, within
from domain.evidence.archives.told import counted, share_read
from domain.evidence.archives.unpacking import LISTED, Contents, bodies, contents, is_archive
from domain.evidence.archives.values import FREE, HeldBytes, Why
from tests.unit.domain.evidence.bundles import (
    Files,
    flagged,
    itself,
    overlapping,
    streamed,
    tarred,
    with_types,
    zipped,
)

FILES: Files = (
    ("bundle/app.log", b"2026-03-04 12:00:00 ERROR refused\n" * 40),
    (f"bundle/{'deep/' * 30}pods.json", b'{"kind": "List"}'),
    ("bundle/ü.txt", b"\xff\xfe\x00 no text\n"),
)
PACKED = {
    "ustar": lambda files: tarred(files, form=tarfile.USTAR_FORMAT),
    "gnu": tarred,
    "pax": lambda files: tarred(files, form=tarfile.PAX_FORMAT),
    "tar.gz": lambda files: tarred(files, "w:gz"),
    "tar.bz2": lambda files: tarred(files, "w:bz2"),
    "tar.xz": lambda files: tarred(files, "w:xz"),
    "zip": zipped,
    "zip from a pipe": streamed,
    "zip stored": lambda files: zipped(files, zipfile.ZIP_STORED),
    "zip of bzip2": lambda files: zipped(files, zipfile.ZIP_BZIP2),
}


def opened(data: bytes) -> tuple[Contents, dict[str, bytes]]:
    """Return what an archive holds and the bytes of what is taken."""
    stored = HeldBytes(data)
    held = contents(stored)
    assert held is not None
    return held, {held.members[place].name: b"".join(body) for place, body in bodies(stored, held)}


def reasons(held: Contents) -> list[Why | None]:
    return [member.why for member in held.members]


@pytest.mark.parametrize("form", PACKED)
def test_every_member_comes_out_as_it_went_in(form: str) -> None:
    held, read = opened(PACKED[form](FILES))
    assert read == dict(FILES)
    assert {member.modified for member in held.members} == {datetime(2026, 3, 4, 12, tzinfo=UTC)}
    assert held.notes == ()


@pytest.mark.parametrize("form", ["pax", "tar.gz", "zip"])
@given(files=st.dictionaries(st.from_regex(r"[a-z]{1,9}(/[a-z]{1,9}){0,3}\.log", fullmatch=True), st.binary(min_size=1, max_size=900), min_size=2, max_size=9))  # fmt: skip
def test_any_members_come_out_as_they_went_in(form: str, files: dict[str, bytes]) -> None:
    assert opened(PACKED[form](tuple(files.items())))[1] == files


@given(data=st.sampled_from([PACKED[form](FILES) for form in ("gnu", "tar.gz", "zip")]), cut=st.floats(0, 1))
def test_a_cut_archive_gives_what_lies_before_the_cut(data: bytes, cut: float) -> None:
    held = contents(HeldBytes(data[: int(cut * len(data))]))
    for place, body in bodies(HeldBytes(data[: int(cut * len(data))]), held) if held else ():
        whole = dict(FILES).get(held.members[place].name if held else "")
        assert whole is None or whole.startswith(b"".join(body))


@given(
    data=st.sampled_from([PACKED[form](FILES) for form in ("pax", "tar.xz", "zip")]),
    damage=st.lists(st.tuples(st.integers(0, 4_000), st.integers(0, 255)), max_size=20),
)
def test_a_damaged_archive_never_breaks_the_reader(data: bytes, damage: list[tuple[int, int]]) -> None:
    broken = bytearray(data)
    for at, value in damage:
        broken[at % len(broken)] = value
    stored = HeldBytes(bytes(broken))
    held = contents(stored)
    for _, body in bodies(stored, held) if held else ():
        assert sum(map(len, body)) <= FREE


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"plain text\n" * 90,
        bytes(2_000),
        gzip.compress(b"one log\n" * 99),
        bz2.compress(b"one log\n"),
        lzma.compress(b"one log\n"),
        zipped([("one.log", b"one log\n" * 99)]),
        zipped([]),
        zipped([("word/document.xml", b"<w/>"), ("[Content_Types].xml", b"<t/>")]),
        zipped([("META-INF/MANIFEST.MF", b"Main-Class: A"), ("A.class", b"\xca\xfe\xba\xbe")]),
        b"PK\x03\x04" + bytes(40),
    ],
)
def test_one_packed_file_a_document_and_a_program_are_no_bundles(data: bytes) -> None:
    assert contents(HeldBytes(data)) is None
    assert not is_archive(HeldBytes(data))


def test_an_archive_of_one_file_is_one() -> None:
    assert opened(tarred(FILES[:1]))[1] == dict(FILES[:1])
    assert opened(zipped(FILES[:1], zipfile.ZIP_STORED))[1] == dict(FILES[:1])


@pytest.mark.parametrize("inner", [tarred(FILES, "w:gz"), zipped(FILES), tarred(FILES)])
@pytest.mark.parametrize("outer", ["tar.gz", "zip"])
def test_members_of_an_archive_within_an_archive_belong_to_it(inner: bytes, outer: str) -> None:
    _, read = opened(PACKED[outer]([("node-1/inner", inner), ("read.me", b"hello")]))
    assert read == {"read.me": b"hello", **{f"node-1/inner/{name}": data for name, data in FILES}}


def test_a_packed_archive_alone_in_a_zip_is_opened() -> None:
    assert set(opened(zipped([("a.tar.gz", tarred(FILES, "w:gz"))]))[1]) == {f"a.tar.gz/{name}" for name, _ in FILES}


def test_an_archive_three_deep_stays_closed() -> None:
    third = zipped(FILES)
    assert opened(tarred([("b.tar", tarred([("c.zip", third)]))]))[1] == {"b.tar/c.zip": third}


def test_an_archive_of_itself_ends() -> None:
    _, read = opened(itself())
    assert list(read) == ["inner.zip/inner.zip"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../../etc/cron.d/x", Why.OUTSIDE),
        ("logs/../../x", Why.OUTSIDE),
        ("..\\..\\x", Why.OUTSIDE),
        ("/etc/passwd", Why.OUTSIDE),
        ("C:\\windows\\x", Why.OUTSIDE),
        ("\\\\host\\share\\x", Why.OUTSIDE),
        ("__MACOSX/._app.log", Why.ASIDE),
        ("logs/._app.log", Why.ASIDE),
        ("./fine.log", None),
        ("fine..log", None),
    ],
)
@pytest.mark.parametrize("form", ["pax", "zip"])
def test_a_name_that_leads_outside_is_left_out(name: str, why: Why | None, form: str) -> None:
    held, _ = opened(PACKED[form]([(name, b"data"), ("other.log", b"more")]))
    assert reasons(held) == [why, None]


def test_links_and_devices_are_left_out() -> None:
    kinds = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.GNUTYPE_SPARSE)
    held, read = opened(with_types(*((f"m{n}", kind) for n, kind in enumerate(kinds))))
    assert reasons(held) == [Why.LINK, Why.LINK, Why.DEVICE, Why.DEVICE, Why.DEVICE, Why.SPARSE]
    assert read == {}


@pytest.mark.parametrize(("mode", "why"), [(0o120777, Why.LINK), (0o020666, Why.DEVICE), (0o100644, None), (0, None)])
def test_links_and_devices_of_a_zip_are_left_out(mode: int, why: Why | None) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        member = zipfile.ZipInfo("m")
        member.create_system, member.external_attr = 3, mode << 16
        archive.writestr(member, "/etc/passwd")
        archive.writestr("app.log", "fine")
    assert reasons(opened(out.getvalue())[0]) == [why, None]


def test_members_that_need_a_password_are_left_out_and_counted() -> None:
    held, read = opened(flagged(zipped(FILES), 1))
    assert (set(reasons(held)), read) == ({Why.LOCKED}, {})
    assert counted(held, {Why.LOCKED: 3}) == "archive of 3 files, 0 read; left out: 3 that need a password"


def test_what_is_left_out_lowers_the_share_that_is_read() -> None:
    held, _ = opened(zipped([("a.log", b"x" * 300), ("../b", b"y" * 100), ("empty", b"")]))
    assert share_read(held) == 0.75
    assert share_read(Contents(members=(), taken=())) == 1.0


def test_a_name_that_comes_twice_is_two_members() -> None:
    _, read = opened(tarred([("a.log", b"first"), ("a.log", b"second")]))
    assert read == {"a.log": b"first", "a.log (2)": b"second"}


def test_members_that_share_their_bytes_are_taken_once() -> None:
    held, read = opened(overlapping(copies=5_000, size=10_000_000))
    assert reasons(held).count(Why.OVERLAPPING) == 4_999
    assert sum(map(len, read.values())) == 10_000_000


@pytest.mark.parametrize("form", ["tar.gz", "tar.xz", "zip"])
def test_a_bomb_is_unpacked_no_further_than_its_bound(form: str) -> None:
    bomb = PACKED[form]([("zeros", bytes(60 << 20)), ("more", bytes(60 << 20))])
    held, read = opened(bomb)
    assert sum(map(len, read.values())) <= FREE
    assert set(reasons(held)) == {Why.LARGE}


def test_a_bomb_within_a_bomb_is_bounded_as_one() -> None:
    bomb = zipped([("zeros", bytes(20 << 20))])
    held, read = opened(zipped([(f"{n}.zip", bomb) for n in range(400)]))
    assert sum(map(len, read.values())) <= FREE
    assert len(held.members) <= 400


@pytest.mark.parametrize("form", ["gnu", "zip"])
def test_of_very_many_members_the_first_are_looked_at_and_some_taken(form: str) -> None:
    held, read = opened(PACKED[form]([(f"d{n % 40}/f{n}.log", b"%d" % n) for n in range(LISTED + 500)]))
    assert (len(held.members), len(read)) == (LISTED, TAKEN)
    assert any(f"only the first {LISTED}" in note for note in held.notes)
    assert reasons(held).count(Why.LESS) == LISTED - TAKEN


def test_a_missing_directory_is_made_up_for_by_the_members_own_headers() -> None:
    data = zipped(FILES)
    held, read = opened(data[: data.find(b"PK\x01\x02") + 20])
    assert read == dict(FILES)
    assert "directory is damaged" in held.notes[0]


def test_members_whose_size_stands_behind_them_are_read_with_and_without_a_directory() -> None:
    data = streamed(FILES)
    assert opened(data)[1] == dict(FILES)
    assert opened(data[: data.find(b"PK\x01\x02")])[1] == dict(FILES)


def test_of_two_zips_one_behind_the_other_the_last_directory_counts() -> None:
    assert opened(zipped([("old.log", b"old"), ("x", b"y")]) + zipped(FILES))[1] == dict(FILES)


def test_size_that_lies_gives_no_more_than_it_says() -> None:
    data = bytearray(zipped([("a.log", b"x" * 5_000), ("b.log", b"y" * 10)]))
    at = data.find(b"PK\x01\x02")
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    assert opened(bytes(data))[1] == {"a.log": b"x" * 100, "b.log": b"y" * 10}


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("default/events.json", "default/app/logs.txt"),
        ("kube-system/dns/logs.txt", "nodes.json"),
        ("sos_commands/kernel/dmesg", "etc/hosts.conf"),
        ("pods/web/previous.log", "pods/web/current.log"),
        ("var/log/messages", "var/log/messages-20260301.gz"),
        ("nodes.json", "usr/share/icons/a.png"),
        ("etc/app.conf", "lib/x.so"),
    ],
)
def test_what_tells_of_a_fault_comes_first(better: str, worse: str) -> None:
    assert rank(better) < rank(worse)


def test_every_folder_has_its_turn_before_one_has_a_second() -> None:
    files = [(f"pods/loud/{n}.log", b"x" * (9_000 - n)) for n in range(TAKEN)]
    files += [(f"pods/quiet-{n}/a.log", b"quiet") for n in range(20)]
    held, read = opened(zipped(files))
    assert sum("quiet" in name for name in read) == 20
    assert held.members[held.taken[0]].name == "pods/loud/0.log"


def test_names_are_shown_without_what_could_mislead() -> None:
    assert shown("a\x00b\u202e\\c//./d\n") == "ab/c/d"
    assert shown("a\x9b2Jb\u200b\u200f\u061cc\u2028d\ufeff") == "a2Jbcd"
    assert shown("///") == "unnamed"


@given(archive=st.text(min_size=1, max_size=255), path=st.text(min_size=1, max_size=900))
def test_a_members_name_fits_what_a_case_remembers(archive: str, path: str) -> None:
    assert len(within(archive, path)) <= SHOWN


def test_the_middle_of_a_long_name_goes() -> None:
    name = within("must-gather.tar.gz", f"{'namespaces/' * 12}pods/etcd-0/logs/current.log")
    assert name.startswith("must-gather.tar.gz/…/namespaces/")
    assert name.endswith("pods/etcd-0/logs/current.log")
