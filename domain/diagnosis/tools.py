"""What a model may ask for while it reasons: read-only tools as values.

A tool is one class here, whose docstring the model reads, and one rule: in `looking.py` for evidence, in `activities/tools.py` for
knowledge. None of them writes, runs anything or reaches beyond the case and what its person may read. Tools of other servers are
none of these: settings name them, and what they say is bounded in `outside.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

from domain.evidence.digest import printed, tokens
from domain.evidence.values import DigestLine

RESULT_TOKENS = 800
"""Of one result; a turn's fifteen at most stay within the hard bound of a prompt (rule J5)."""
CALLS = 3
"""Tools that one step uses; further calls of an answer are told to come one after the other."""
WORDS = 200
"""Characters of a text argument."""
ARGUMENTS = 4_000
"""Characters of all arguments as a model wrote them."""
LARGEST = 1_000_000_000
"""Of a line number."""
LEFT_OUT = "The rest is left out; the last line shown is L{last}."
ROWS_LEFT_OUT = "The rest is left out."


@dataclass(frozen=True, slots=True, kw_only=True)
class FindLines:
    """Lines of one file that hold all of the words, in any letter case, with `context` lines (0 to 5) around each. Words are plain text, no patterns. `after` goes on behind that line; 0 starts at the top."""

    file: str
    words: str
    context: int = 0
    after: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLines:
    """The lines of one file from `first` to `last`, as they stand."""

    file: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListKinds:
    """The kinds of line in one file, severe and frequent ones first, each with its count and its first line. `words` keeps kinds that hold them; empty for all."""

    file: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountLines:
    """How many lines of one file hold all of the words, over time."""

    file: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareWindows:
    """What lines `after_first` to `after_last` of one file say that lines `before_first` to `before_last` do not, and the other way round."""

    file: str
    before_first: int
    before_last: int
    after_first: int
    after_last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareFiles:
    """What one file says that an earlier one of the same source does not, and the other way round."""

    earlier: str
    later: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchKnowledge:
    """Passages of runbooks, documents and past cases about a few words."""

    words: str


EvidenceCall = FindLines | ReadLines | ListKinds | CountLines | CompareWindows | CompareFiles
Call = EvidenceCall | SearchKnowledge

TOOLS: Mapping[str, type[Call]] = {
    "find_lines": FindLines,
    "read_lines": ReadLines,
    "list_kinds": ListKinds,
    "count_lines": CountLines,
    "compare_windows": CompareWindows,
    "compare_files": CompareFiles,
    "search_knowledge": SearchKnowledge,
}
"""All there is: a name that is not here does nothing."""
UNKNOWN = "unknown_tool"
"""How a call of anything else is told, whatever it was named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a tool found: raw until redacted, as `printed_result` prints it within its tokens. Its lines may be cited."""

    said: tuple[str, ...] = ()
    lines: tuple[DigestLine, ...] = ()
    cut: bool = False
    """More was found than is told."""


def known(name: str, outside: Collection[str] = ()) -> str:
    """Return the tool's name, one of ours or of `outside`, or the one word for all that are none."""
    return name if name in TOOLS or name in outside else UNKNOWN


def files_of(call: EvidenceCall) -> tuple[str, ...]:
    """Return the files that a call names."""
    return (call.earlier, call.later) if isinstance(call, CompareFiles) else (call.file,)


def mistake(call: Call) -> str:
    """Return what is wrong with arguments of the right types, in words that quote none of them; empty when nothing is."""
    for name, value in asdict(call).items():
        if isinstance(value, str) and len(value) > WORDS:
            return f"`{name}` is longer than {WORDS} characters"
        if isinstance(value, str) and not value.strip() and not isinstance(call, ListKinds):
            return f"`{name}` is empty"
        if isinstance(value, int) and not 0 <= value <= LARGEST:
            return f"`{name}` is no line number"
    return "" if all(first <= last for first, last in _ranges(call)) else "a range ends before it begins"


def _ranges(call: Call) -> tuple[tuple[int, int], ...]:
    match call:
        case ReadLines(first=first, last=last):
            return ((first, last),)
        case CompareWindows():
            return ((call.before_first, call.before_last), (call.after_first, call.after_last))
        case _:
            return ()


def fitted(looked: Looked, numbers: Mapping[str, int], most: int = RESULT_TOKENS) -> Looked:
    """Return as much of it as fits the tokens, from the beginning."""
    left = most - tokens(LEFT_OUT.format(last=LARGEST))
    said = _fitting(looked.said, left)
    left -= sum(tokens(row) + 1 for row in said)
    lines = looked.lines[: len(_fitting([printed(line, numbers[line.evidence]) for line in looked.lines], left))]
    cut = looked.cut or len(said) < len(looked.said) or len(lines) < len(looked.lines)
    return Looked(said=said, lines=lines, cut=cut)


def _fitting(rows: Sequence[str], most: int) -> tuple[str, ...]:
    """Return rows from the first on, as many as fit."""
    for place, row in enumerate(rows):
        most -= tokens(row) + 1
        if most < 0:
            return tuple(rows[:place])
    return tuple(rows)


def printed_result(looked: Looked, numbers: Mapping[str, int]) -> str:
    """Return the result as a model reads it: what is said of it, then its lines as the digest prints them."""
    rows = [*looked.said, *(printed(line, numbers[line.evidence]) for line in looked.lines)]
    if looked.cut:
        rows.append(LEFT_OUT.format(last=looked.lines[-1].first) if looked.lines else ROWS_LEFT_OUT)
    return "\n".join(rows) or "Nothing was found."
