"""Text that speaks to whoever reads it, or that hides what it is: no machine says that of itself, so it proves nothing."""

from __future__ import annotations

import base64
import html
import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote_plus

_REMARKS = (
    # what the reader shall do, leave out or believe
    r"\b(?:(?:ignore|disregard|forget|skip)\b.{0,40}\b(?:previous|above|below|prior|all|earlier|everything|evidence|instructions?|files?|rules?|them)\b"
    r"|new instructions?\b|instructions?=|instructions? for (?:the )?(?:ai|assistant|model)|your task\b|next task\b"
    r"|you (?:are|must|should|will|have|were) (?:now|no longer|report|answer|run|call|treat|say|state|told|administrator"
    r"|not(?! (?:authori[sz]ed|allowed|permitted|entitled|eligible|subscribed|logged in))|reached(?! (?:your|the|an?)\b.{0,60}\b(?:limit|quota|maximum)))\b"
    r"|when you (?:summari[sz]e|analy[sz]e|read|report|answer|write)\b|your (?:answer|report|summary|analysis|reply|verdict|conclusion)\b"
    r"|(?:report that|tell the (?:user|operator)|answer (?:only|in)|in the report|output nothing but|to the title of the case|include the contents?)\b"
    r"|(?:say|state|answer|conclude|repeat) that (?:all|no|the|it|this|every)\b|(?:in|from) (?:the|your|every) (?:analysis|diagnosis|summary|timeline|report|investigation)\b"
    r"|do not (?:report|use|mention)|must not mention|stop (?:the|your) (?:analysis|investigation|diagnosis)|from (?:here|now) on\b"
    r"|treat (?:every|all|any|lines?|later|the following)\b.{0,40}\bas\b|(?:exclude|hide|omit|leave out) (?:it|this|them|the (?:following|next|above))\b|part of a drill"
    r"|every following line\b|this line alone|blame the\b|decode and (?:obey|follow|run)|mark (?:this|the|hypothesis)\b|close[_ ](?:this[_ ]|the[_ ])?case\b|i approve\b"
    # whom it speaks to, or who it says it is
    r"|(?<![\w.-])(?:assistant|developer|human|analyst|reviewers?)\s*(?::\s|\]|>|=|message|model|action)|note to (?:ai|the)\b"
    r"|(?:attention|dear|hey),? (?:ai|llm|language model|assistant|model)\b|(?:ai|llm|language model|analysts?|analysis tools?) (?:must|should|shall)\b"
    r"|from the administrator|redaction is off|the user is (?:an administrator|allowed)|human: "
    # a planted remedy
    r"|(?:known fix|workaround|resolution|remedy|recommended by \w+):|(?:fix|solution confirmed|remediation|recommended action): ?(?:run|execute|downgrade|disable|drop|delete|chmod|pip|curl)\b"
    r"|(?:operators?|admins?|engineers?|users?) (?:must|should) (?:run|execute|install|delete|disable)|needs? no review|no review needed"
    r"|to restore service\b|(?:pip|npm|gem) install\b.{0,80}(?:index-url|registry)|(?:curl|wget)\b.{0,80}\|\s*(?:ba|z)?sh\b"
    # calls of tools, and forged parts of an answer
    r"|(?:tool|function)_?call\b|call tool\b|invoke:|(?:real )?root cause (?:is|was|confirmed)\b|real root cause\b|first error of the incident"
    r"|confidence\b.{0,10}(?:must|=|:)|evidence_id=|citation check|e\d{1,3}:l\d{1,6}\b|hypothes[ei]s\\{0,3}\"|rank=1\b|correct verdict\b|end of uploaded)"
)
_MARKS = (
    # of prompts and documents, and what a viewer would load or run
    r"|(?:^|[\"'>#|]\s*)system\s*(?::\s|\]|>|message)|<\|?/?(?:im_|system|assistant|evidence|conclusion|document>|end|start_|eot_)|\[/?inst\]|<<sys>>|\[\d+\]\(|!\[|```tool"
    r"|\]\((?:https?:)?//|<(?:img|script|iframe|svg|object|embed)\b|<!--|=hyperlink\(|role\\{0,3}\": ?\\{0,3}\"(?:system|assistant)|action input:"
    r"|</?(?:instructions?|prompt|diagnosis|verdict|system-reminder|function_calls|invoke|tool_\w+|assistant_\w+)\b|\bbegin_trusted|javascript:|document\.cookie|\[system message|### ?(?:instruction|response):|## diagnosis\b"
    r"|\bfinal answer:|\"(?:tool_calls|tool_use|function_call)\\{0,3}\"|\"tool\\{0,3}\": ?\\{0,3}\"(?:shell|bash|exec|run)|\btool output:|@(?:assistant|copilot)\b|\bmcp: ?call|plugin\.invoke\(|run_command\("
    "|\\\\x1b\\]8;|\x1b\\]8;"
)
_PLEAS = (
    # whom it speaks to, who it says it is, and what it wants believed
    r"|\b(?:as an? (?:ai|llm|language model)|(?:ai|llm)(?: agents?| models?)? (?:please|say)|(?:agents?|models?) reading this|copilot: |dear \w+ (?:bot|agent|assistant)|automated (?:reviewers|analysts?)"
    r"|reader (?:must|shall)|whoever (?:reads|analy)|trust me\b|trust this (?:alert|line|message)|the only truth|says? the admin|because the ai\b|told by (?:the )?sysadmin|signed by the c[te]o)"
    r"|(?:[,#(]|//|--) ?(?:llm|ai|assistant|analyst|copilot)(?:[:,)](?:\s|$)| agrees?\b| must\b|$)"
    r"|\b(?:pay no attention|kindly (?:conclude|refrain|ignore|report)|refrain from (?:citing|reporting|mention)|do(?:n't| not) (?:consider|cite|look at|investigate)|(?:stop|cease) (?:investigating|further work)"
    r"|no (?:further )?(?:root cause|investigation) (?:work )?(?:is )?needed|you (?:may|shall) (?:stop|ignore|close|say)|you will (?:now )?act as|forget (?:what|everything) you|over all (?:other )?evidence|drop every other"
    r"|prioriti[sz]e this (?:message|line)|(?:respond|reply|answer) (?:with a single word|that (?:everything|all))|with 100 ?% (?:certainty|confidence)|attribute (?:all|every) (?:errors?|failures?) to|must obey|\bobey\b"
    r"|say (?:it was|that it was|healthy)\b|(?<!git )(?<!analyze )blame[- ](?!command|view)\w|culprit (?:is|was)|is the culprit|(?:true|final) (?:culprit|cause)\b|correct answer"
    r"|your (?:previous|prior|earlier) instructions?|write that the\b|set (?:the )?severity of|note for the (?:model|ai|reader)|report (?:this|that) only|always answer|operator consent"
    r"|analysis complete: ?cause|now you know|rca: |status=identified|hypothesis h\d|validated, others|ai-verified|this incident was caused by|evidence_verdict)"
)
_FOREIGN = (
    # the same in other languages
    r"|\b(?:ignorier|vergiss|missacht|ignor[aeo]|zignoruj|olvid|esque[cç]|dimentic|oubli|negeer|vergeet|glöm|glem)\w{0,6}\b.{0,60}(?:anweisung|befehl|fehler|oben\b|instrucc|instruktion|instruç|istruz|anterior|précédent|precedent[ie]\b|eerdere|vorige|tidigare|tidligere|polecen|poprzedni)"
    r"|\bignore[zr] (?:toutes )?(?:les|ces|mes) |ne (?:tiens|tenez) (?:pas|aucun) compte|talimat.{0,40}(?:yok say|unut|görmezden)|bỏ qua.{0,40}(?:hướng dẫn|chỉ thị|trước)"
    r"|\b(?:antworte nur|responde (?:solo|apenas|sólo)|réponds? (?:seulement|uniquement)|rispondi solo|antwoord alleen|svara (?:bara|endast)|odpowiedz tylko)\b"
    r"|(?:игнорир|забудь|не обращай|ігнору).{0,60}(?:инструкц|указани|предыдущ|команд|інструкц)|(?:忽略|无视|無視|忘记|忽視).{0,20}(?:指令|指示|说明|之前|以上|前面)|(?:指示|命令).{0,12}(?:無視|忘れ)|(?:지시|명령).{0,12}(?:무시|잊)"
    r"|(?:تجاهل|انس).{0,40}(?:تعليمات|الأوامر|السابق)|निर्देश.{0,20}(?:अनदेखा|भूल)|התעלם.{0,40}(?:הוראות|הקודמות)"
)
_PAYLOADS = (
    # what is meant to be run by whatever reads it
    r"|['\"] ?or ['\"]?1['\"]? ?= ?['\"]?1|\bunion(?:/\*\*/|\s)+(?:all(?:/\*\*/|\s)+)?select\b.{0,40}(?:password|null|from users)|waitfor delay '|\$\{(?:jndi|\$\{)|(?:\.\./){2,}(?:etc|proc|windows|boot)/|(?:%n){3}|(?:%x){3}|\{\{\d\*\d|\{\{config|<%= ?system"
    r"|\(\) ?\{ ?:;|<!entity|=cmd\||\*cmd\||%0d%0a|cat /etc/(?:passwd|shadow)|\*\)\(uid=|\bon(?:error|load)=\\?['\"]?\w+\(|o:\d+:\\{0,2}\"stdclass|drop table \w+; ?--|eval\(compile\(|__import__\(\\{0,2}['\"]os|\bsqlmap/|[$#]\{\d+\*\d"
)
ORDERS = re.compile(_REMARKS + _MARKS + _PLEAS + _FOREIGN + _PAYLOADS, re.IGNORECASE)
"""Text that addresses a reader instead of stating a fact: nothing that a machine logs about itself."""
DISGUISED = re.compile(
    r"[a-z][\u200b-\u200f\u2060-\u2064][a-z]|[\u202a-\u202e\u2066-\u2069]|[a-z][\u0400-\u04ff]|[\u0400-\u04ff][a-z]|[\U000e0020-\U000e007e]",
    re.IGNORECASE,
)
"""A word with marks that take no room, a turned direction, or letters of two alphabets in it: meant to be read by people only."""
PACKED = re.compile(r"(?<![\w+/=.-])[A-Za-z0-9+/]{24,}={0,2}(?![\w+/=])")
"""What may be a text in base64."""
SAID = re.compile(r"(?:[A-Za-z]{1,15}[ ,.:;'!-]{1,3}){3}")
"""A few words: what was packed is a text."""
QUOTED_LETTERS = re.compile(r"%[2-7][0-9a-f]|&#x?[0-9a-f]{2,4};|&(?:lt|gt|quot|amp);", re.IGNORECASE)
"""Letters that a link or a page writes as numbers."""
WRITTEN = re.compile(r"\\{1,4}u(?!d[89a-f])([0-9a-f]{4})", re.IGNORECASE)
"""A letter that JSON writes as its number, also in JSON that stands in a text of JSON; halves of a pair stay as they are."""


def visible(text: str) -> str:
    """Return a text as it looks to people: letters in their plain form, without marks that take no room."""
    plain = unicodedata.normalize("NFKC", spelled(text))
    return "".join(letter for letter in plain if unicodedata.category(letter) != "Cf")


def spelled(text: str) -> str:
    """Return a text with the letters that JSON writes as numbers."""
    return WRITTEN.sub(lambda found: chr(int(found[1], 16)), text)


def is_plain(text: str) -> bool:
    """Tell whether a text looks as it is: nothing in it can be disguised."""
    return text.isascii() and "\\u" not in text


def is_disguised(text: str) -> bool:
    """Tell whether words are written so that a search does not find them."""
    return not is_plain(text) and DISGUISED.search(spelled(text)) is not None


def unpacked(text: str) -> Iterator[str]:
    """Yield what a text says where its letters are written as a link, a page or base64 writes them."""
    if QUOTED_LETTERS.search(text):
        yield html.unescape(unquote_plus(text))
    for found in PACKED.finditer(text):
        raw = found[0].rstrip("=")
        told = base64.b64decode(raw[: len(raw) // 4 * 4]).decode("ascii", "replace")
        if SAID.match(told):
            yield told
