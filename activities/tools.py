"""What a model asked to look at, as one step: read-only, of this case alone, safe before a model sees it.

A call that cannot be carried out has an answer too: what is wrong with it, in words that quote nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from itertools import chain
from uuid import UUID

from pydantic import TypeAdapter
from temporalio import activity

from activities.answer_schema import MalformedAnswer, parse, schema_of
from activities.diagnosis import FILES, ReadFile
from activities.knowledge import RESULT, KnowledgeActivities, SearchPassages
from activities.last_gate import let_out
from activities.outside import Outside
from activities.processes import Processes
from activities.recall import ANSWERED
from activities.redacting import redacted, restored
from activities.reopening import Stored, look_again
from activities.scratch import Scratch
from activities.used import USED, Misused, Used
from domain.diagnosis.tools import (
    ARGUMENTS,
    RESULT_TOKENS,
    TOOLS,
    Call,
    EvidenceCall,
    Looked,
    SearchKnowledge,
    files_of,
    fitted,
    known,
    mistake,
    printed_result,
)
from domain.errors import LeakPrevented, NotFound
from domain.evidence.decoding.decode import fold_space
from domain.evidence.values import Kind
from domain.ports.cases import FileStore
from domain.ports.documents import TextReader
from domain.ports.models import ToolOffer, ToolUse
from domain.ports.sealing import BlobStore, Redactor, read
from domain.privacy.placeholders import SafeText

LOOKED = TypeAdapter(Looked)
ADAPTERS: Mapping[str, TypeAdapter[Call]] = {name: TypeAdapter(kind) for name, kind in TOOLS.items()}
OFFERS = tuple(
    ToolOffer(name=name, description=" ".join((kind.__doc__ or "").split()), schema=schema_of(ADAPTERS[name]))
    for name, kind in TOOLS.items()
)
"""What a model is told that it may ask for."""

LARGEST = 256 << 20
"""Bytes of a file that are read again within a turn: a few seconds of a core, most of it laying it down."""
PASSAGES, PASSAGE = 4, 500
"""Passages of one answer, and characters of each."""
SUMMARY = 200
ROOM = 2 * RESULT_TOKENS
"""Of a raw result: placeholders are shorter or longer than values, and what is not told gets none."""
NOTHING = SafeText("{}")
NOT_DONE = "Nothing was looked up"

Numbers = Mapping[str, int]
"""Id of a file → its number in the digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UseTool:
    """One call of a model's answer, and what the person may read."""

    case_id: UUID
    team_id: str
    user_id: str
    calls_key: str
    """Blob of the `ModelAnswer` as JSON."""
    place: int
    """Of the call in that answer."""
    files_key: str
    """Blob of the analysed files of the case, in the digest's order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolUsed:
    """Where `Used` lies."""

    used_key: str
    summary: SafeText
    """For who follows the turn, at most 200 characters."""
    sources: tuple[SafeText, ...] = ()
    """Where another server has it from, for who reads the reply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolActivities:
    """Steps that look for a model; none of them writes anything but what it found."""

    blobs: BlobStore
    files: FileStore
    redactor: Redactor
    processes: Processes
    scratch: Scratch
    reader: TextReader
    knowledge: KnowledgeActivities
    outside: Outside

    @activity.defn
    async def use_tool(self, request: UseTool) -> ToolUsed:
        """Carry out one call, or say why not.

        Safe to retry: it reads, and its blob is named by its content. Raises OutsideUnreachable for another attempt and
        OutsideRefused where there is none.
        """
        answer = ANSWERED.validate_json(await read(self.blobs, request.case_id, request.calls_key))
        call = answer.calls[request.place]
        name = known(call.name, self.outside.names)
        asked = self._elsewhere if name in self.outside.names else self._used
        used = await self._gated(request, await asked(request, name, call.arguments))
        key = await self.blobs.put(request.case_id, USED.dump_json(used))
        first = used.use.result.partition("\n")[0] if used.done else NOT_DONE
        summary = SafeText(fold_space(f"{used.use.name}: {first}", SUMMARY))
        return ToolUsed(used_key=key, summary=summary, sources=used.sources)

    async def _used(self, request: UseTool, name: str, arguments: str) -> Used:
        """Return the answer to a call; what is told of its arguments is what was understood, made safe anew."""
        case_id, told = request.case_id, NOTHING
        try:
            wanted = _understood(name, arguments)
            whole = await restored(self.redactor, case_id, ADAPTERS[name], wanted)
            safe = await redacted(self.redactor, case_id, ADAPTERS[name], whole)
            told = SafeText(ADAPTERS[name].dump_json(safe).decode())
            looked, numbers = await self._looked(request, whole)
        except (Misused, MalformedAnswer) as reason:
            return await self._not_done(request, ToolUse(name=name, arguments=told, result=SafeText(str(reason))))
        text = SafeText(printed_result(looked, numbers))
        return Used(use=ToolUse(name=name, arguments=told, result=text), lines=looked.lines, done=True)

    async def _elsewhere(self, request: UseTool, name: str, arguments: str) -> Used:
        """Return what another server says."""
        try:
            _bounded(arguments)
            return await self.outside.used(request.case_id, name, arguments)
        except (Misused, MalformedAnswer) as reason:
            return await self._not_done(request, ToolUse(name=name, arguments=NOTHING, result=SafeText(str(reason))))

    async def _not_done(self, request: UseTool, refused: ToolUse) -> Used:
        """Return why nothing was looked up; a reason may quote the name of a field that a model made up."""
        (why,) = await self.redactor.redact(request.case_id, (f"{NOT_DONE}: {refused.result}.",))
        return Used(use=replace(refused, result=why))

    async def _gated(self, request: UseTool, used: Used) -> Used:
        """Return it if it may leave as it stands, and otherwise nothing of it."""
        try:
            await let_out(self.redactor, request.case_id, (used.use.arguments, used.use.result, *used.sources))
        except LeakPrevented:
            return Used(use=ToolUse(name=used.use.name, arguments=NOTHING, result=SafeText(f"{NOT_DONE}: it cannot be shown.")))
        return used

    async def _looked(self, request: UseTool, whole: Call) -> tuple[Looked, Numbers]:
        """Return what is found, safe and within its tokens, and how its files are numbered."""
        if isinstance(whole, SearchKnowledge):
            return await self._passages(request, whole.words), {}
        files = FILES.validate_json(await read(self.blobs, request.case_id, request.files_key))
        numbers = {file.file_id: number for number, file in enumerate(files, start=1)}
        found = fitted(await self._evidence(request.case_id, files, whole), numbers, ROOM)
        return fitted(await redacted(self.redactor, request.case_id, LOOKED, found), numbers), numbers

    async def _evidence(self, case_id: UUID, files: tuple[ReadFile, ...], wanted: EvidenceCall) -> Looked:
        """Search the named files of this case in another process; what it finds is raw."""
        async with AsyncExitStack() as stack:
            named = [_named(files, name) for name in files_of(wanted)]
            stored = [await self._stored(case_id, file, stack) for file in named]
            return await self.processes.run(look_again, wanted, tuple(stored), self.reader)

    async def _stored(self, case_id: UUID, file: ReadFile, stack: AsyncExitStack) -> Stored:
        try:
            row = await self.files.get(case_id, file.file_id)
        except NotFound:
            raise Misused("this file was removed") from None
        if row.kind == Kind.BINARY:
            raise Misused("this file has no lines of text; what an archive holds are files of their own")
        if row.size_bytes > LARGEST:
            raise Misused(f"this file is larger than {LARGEST >> 20} MiB; the digest shows what is known of it")
        path = await stack.enter_async_context(self.scratch.laid_down(self.blobs.stream(case_id, row.blob_key)))
        return Stored(path=path, evidence=file.file_id, name=file.name, size=row.size_bytes, observed_at=row.observed_at)

    async def _passages(self, request: UseTool, words: str) -> Looked:
        """Search as the turn itself does; the passages are safe already."""
        (safe,) = await self.redactor.redact(request.case_id, (words,))
        search = SearchPassages(
            case_id=request.case_id,
            team_id=request.team_id,
            user_id=request.user_id,
            message_key=await self.blobs.put(request.case_id, safe.encode(errors="replace")),
        )
        found = await self.knowledge.search_passages(search)
        hits = RESULT.validate_json(await read(self.blobs, request.case_id, found.key)).hits if found.key else ()
        told = [hit.passage for hit in hits if hit.passage.scope != "case"][:PASSAGES]
        said = tuple(f"{' > '.join((one.title, *one.heading_path))}: {one.text[:PASSAGE]}" for one in told)
        return fitted(Looked(said=said), {})


def _bounded(arguments: str) -> None:
    if len(arguments) > ARGUMENTS:
        raise Misused(f"the arguments are longer than {ARGUMENTS} characters")


def _understood(name: str, arguments: str) -> Call:
    """Return the call, or say what is wrong with it."""
    if name not in TOOLS:
        raise Misused(f"there is no such tool; there are {', '.join(TOOLS)}")
    _bounded(arguments)
    wanted = parse(ADAPTERS[name], arguments)
    if wrong := mistake(wanted):
        raise Misused(wrong)
    return wanted


def _named(files: tuple[ReadFile, ...], name: str) -> ReadFile:
    """Return a file of this case by its number or name; nothing else is a file, whatever it looks like."""
    wanted = name.strip()
    numbered = (file for number, file in enumerate(files, start=1) if wanted == f"E{number}")
    named = (file for file in files if wanted in {file.name, file.file_id})
    if found := next(chain(numbered, named), None):
        return found
    raise Misused(f"there is no such file; there are E1 to E{len(files)}" if files else "this case has no files")
