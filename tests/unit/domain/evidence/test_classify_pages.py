"""The kind of texts that are mixed of two kinds of line, from none of one to all of it, as pages."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path

from domain.evidence.kinds.classify import classify
from domain.evidence.values import Classification, Hint, Kind
from tests.pages import kept
from tests.unit.domain.evidence import samples

PAGES = Path(__file__).parent / "pages"
SIZE = 20
LINES: dict[str, str] = {
    "neutral": "zz{} qq{dots}",
    "prose": "nobody of the team knew why the oven number {} was cold again{dots}",
    "dated": "2026-05-04 10:00:{:02} brick fired{dots}",
    "levelled": "ERROR brick {}",
    "telling": "mill {} failed",
    "setting": "port-{}: 80",
    "equal": "port_{} = 80",
    "record": "a=1 b=2 c=3 d={}",
    "keyword": "def fire_{}(brick):",
    "code": "brick_{} = kiln.fire(3)",
    "heading": "## Step {}",
    "item": "- look at {}",
    "frame": "\tat com.kiln.Oven.step{}(Oven.java:7)",
    "console": "[mill] > fired {}",
    "exposition": 'bricks_total{{oven="{}"}} 17',
    "folded": "main;run;step{} 17",
    "span": "├─ fire (mill) - {}.5ms",
    "pod": "yard mill-{} 1/1 Running 0 3d",
    "cell": "{},17,0.5",
}
RIVALS = ("neutral", "prose", "dated")
"""Lines of these differ in their marks, so that not all of them look alike."""


def of(lines: Iterable[str], hint: Hint | None = None) -> Classification:
    return classify("\n".join(lines).encode("utf-8", "replace"), b"", b"", hint or Hint())


def told(found: Classification) -> str:
    return f"{found.kind} ({found.format}) or {', '.join(found.alternatives) or 'nothing else'}"


def line(name: str, number: int) -> str:
    return LINES[name].format(number, dots="." * number)


def turning(one: str, other: str) -> str:
    """Return where a text turns from one kind to another while more of its lines are of the first kind."""
    kinds = [
        (count, of([*(line(one, n) for n in range(count)), *(line(other, n) for n in range(SIZE - count))]))
        for count in range(SIZE + 1)
    ]
    runs = [list(run) for _, run in groupby(kinds, key=lambda pair: told(pair[1]))]
    rows = (f"  {run[0][0]}-{run[-1][0]}: {told(run[0][1])} {run[0][1].confidence:g}..{run[-1][1].confidence:g}" for run in runs)
    return "\n".join((f"{one} among {SIZE} lines of {other}", *rows))


def test_a_text_turns_from_kind_to_kind_where_the_page_says() -> None:
    kept(PAGES / "turning.txt", "\n".join(turning(one, other) for other in RIVALS for one in LINES if one != other))


def made(maker: Callable[[random.Random], str | bytes]) -> list[str]:
    """Return twenty lines of that kind."""
    lines: list[str] = []
    dice = random.Random(5)
    while len(lines) < 20:
        text = maker(dice)
        lines += (text if isinstance(text, str) else text.decode("latin-1")).splitlines()
    return lines[:20]


def test_a_document_among_talk_has_the_kind_that_the_page_says() -> None:
    rows = []
    for kind, makers in samples.MAKERS.items():
        for maker in makers:
            whole, talk = made(maker), made(samples.talk)
            shares = (told(of([*whole[:count], *talk[count:]])) for count in (5, 10, 15, 20))
            rows += [f"{maker.__name__} of kind {kind}", *(f"  {share}" for share in shares)]
    kept(PAGES / "among_talk.txt", "\n".join(rows))


BYTES: dict[str, bytes] = {
    "png": b"\x89PNG\r\n", "bmp and control": b"BM\x00\x01", "bmp as text": b"BM is a word", "mz as text": b"MZ is a word", "elf": b"\x7fELFx",
    "30 % control": b"\x01" * 30 + b"a" * 70, "31 % control": b"\x01" * 31 + b"a" * 69, "a nul": b"abc\x00def", "wide": "abc".encode("utf-16"),
    "wide without mark": "abcd\nefgh".encode("utf-16-le"), "wide the other way": "abcd\nefgh".encode("utf-16-be"), "one wide letter": b"a\x00",
    "two wide letters": b"a\x00b\x00", "wide in part": b"a\x00b\x00cdefghij", "latin": "Größe überall\n".encode("latin-1") * 3,
    "30 % high": b"\xe4" * 30 + b"a" * 70, "31 % high": b"\xe4" * 31 + b"a" * 69, "2 % control": b"\xe4" + b"\x01\x01" + b"a" * 97,
    "3 % control": b"\xe4" + b"\x01" * 3 + b"a" * 96, "cut utf-8": "abcé".encode()[:-1], "broken early": b"\xc3abcdefgh",
    "mark": b"\xef\xbb\xbfport: 80\nhost: a\nuser: b\n", "blank": b" \n\n", "outputs": b"stdout:\nport: 80\nstderr:\n",
    "encoded": b"\n".join([b"QUJD" * 12] * 9 + [b"port: 80", b"host: a", b"user: b"]), "encoded alone": b"\n".join([b"QUJD" * 12] * 9 + [b"port: 80"]),
    "carriage returns": b"port: 80\rhost: a\r\nuser: b\r", "two heads": b"NAME   READY   AGE\nx   y   3d\n",
    "cut rows": b"yard mill-1 1/1 Running 0 3d\n" * 9 + b"x\n", "front matter": b"---\ntitle: x\n---\n## Step\nnobody knows\n",
    "json log": b'{"level":"info","msg":"x"}\n{"level":"info","msg":"y"}\n', "json one record": b'{"level":"info","msg":"x"}\n',
    "json spans": b'{"spans":[{"spanId":"1","traceId":"2"}]}', "json numbers": b'{"a":[1,2,3,4,5,6,7,8]}', "json seven": b'{"a":[1,2,3,4,5,6,7]}',
    "json words": b'{"a":[1,2,3,4,5,6,7,8],"b":["x","y","z","x","y","z","x","y","z","x","y","z","x","y","z","x","y","z","x","y"]}',
    "json status": b'{"status":"ok","ready":true}', "json object": b'{"kind":"Pod","apiVersion":"v1","status":{}}', "json setting": b'{"port":80}',
    "json manifest": b'{"kind":"Pod","apiVersion":"v1","spec":{}}', "json cut": b'[{"a":1', "json list": b'[{"a":1},{"b":2}', "json query": b'{"resultType":"x"}',
    "ini": b"[a]\nb = 1\n[c]\nd = 2\n", "xml": b"<a>\n<b>1</b>\n<c>2</c>\n</a>\n", "nginx": b"server {\n  listen 80;\n}\n", "yaml": b"a: 1\nb: 2\nc: 3\n",
    "properties": b"a=1\nb=2\nc: 3\nd: 4\n", "tabs": b"a\tb\n1\t2\n3\t4\n", "semicolons": b"a;b\n1;2\n3;4\n", "two rows": b"a,b\n1,2\n",
    "span table": b"traceId,spanId,x\na,b,c\nd,e,f\n", "log table": b"level,x\ninfo,a\nwarn,b\n", "words table": b"a,b\nx,y\nz,w\n",
    "timed table": b"time,b,c\nx,y,1\nz,w,2\nq,r,3\n", "uneven table": b"a,b\n" + b"1,2\n" * 8 + b"1,2,3\n", "too uneven": b"a,b\n" + b"1,2\n" * 8 + b"1,2,3\n4\n",
    "talked": b"Name: x\n" + b"nobody of the team knew why it was cold\n" * 3,
}  # fmt: skip


def test_bytes_and_structures_have_the_kind_that_the_page_says() -> None:
    rows = []
    for name, data in BYTES.items():
        found = classify(data, b"", b"", Hint())
        rows.append(f"{name}: {told(found)} {found.confidence:g}")
    kept(PAGES / "bytes.txt", "\n".join(rows))


def test_only_whole_lines_of_the_middle_and_the_tail_are_looked_at() -> None:
    found = classify(
        b"zz qq\n" * 30, b"cut line\n" + b"2026-05-04 10:00:01 x\n" * 40 + b"cut", b"cut\n" + b"port: 80\n" * 5, Hint()
    )
    assert (found.kind, found.format, found.confidence) == (Kind.LOGS, "lines", 0.68)


def test_a_name_and_a_choice_are_weighed_as_the_page_says() -> None:
    names = ("a.log", "a.CSV", "a.md", "a.yaml", "a.yml", "a.txt", "a.bin")
    rows = [f"{name}: {told(of([line('neutral', 1)], Hint(name=name)))}" for name in names]
    rows.append(told(of(["x"], Hint(chosen=Kind.TRACE))))
    kept(PAGES / "names.txt", "\n".join(rows))
