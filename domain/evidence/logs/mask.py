"""The signature of one unknown line: what is surely variable becomes `<*>` (evidence.md 7.3)."""

from __future__ import annotations

import re

WILD = "<*>"
FAR = 4096
_VARIABLE = re.compile(
    r"""
      <\*> | <[A-Z][A-Z_]*_\d+>                                          # wildcards, placeholders of the redactor
    | (?<=://)[^\s"'<>,;)\]]+                                           # URL behind its scheme
    | [\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+                        # e-mail
    | \b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},?\ )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\ {1,2}\d{1,2}(?:,?\ \d{4})?(?:\ \d\d:\d\d:\d\d)?(?:\ \d{4})?\b  # date in words
    | (?<=[ =:(]['"])(?=[^\s'"]{0,200}[/\\\d])[^\s'"]{1,200}(?=['"])       # quoted value with a digit or a slash
    | \b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b           # UUID
    | \b[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5,15}\b                     # MAC, fingerprints
    | (?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5}|/\d{1,2})?(?!\.?\w)  # IPv4 with port
    | (?<![\w:])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){3,7}(?![\w:])      # IPv6
    | (?<![\w/.])(?:[A-Za-z]:)?(?:[/\\][\w.+@%~$*=-]+){2,}[/\\]?         # path
    | (?<![\w/.])~?/(?!\d{1,3}(?:\.\d{1,3}){3})[\w.+@%~$-]*[\d.][\w.+@%~$-]*  # short path with a digit or a dot
    | \b0[xX][0-9a-fA-F]+\b | \b[0-9a-fA-F]{8,}\b                        # hex
    | (?<![\w.])[+-]?\d+(?:[.,:]\d+)*(?:[KMGT]i?B|bytes|[mun]?s|sec|%)?(?![\w]|[.-]\w)   # numbers with a unit
    | (?<![\w$.-])[A-Za-z_$][\w$-]*(?:\.[a-z_$][\w$-]*){2,9}\.[a-z_][a-z_-]*(?::\d+)?(?![\w$-]|\.\w)  # host names; a class name ends in capitals
    | (?<=[A-Za-z]{2}\.)\d+(?![\w.-])                                    # number of a file or part
    | (?<![\w-])(?![A-Za-z_]\w{0,60}\(|[A-Za-z]{2,60}(?:\d|\.\d{1,30})(?![\w@.-]|:\w))  # but for functions, the word of such a part and words like ssh2
      [\w-]*(?:\.[\w-]+){0,9}?\d(?:[\w@$-]|:(?=\w))*(?:\.(?:[\w@$-]|:(?=\w))+)*          # any word with a digit
    """,
    re.VERBOSE,
)
_RUNS = re.compile(r"<\*>(?:[\s.,:/#@_+-]?<\*>)+")


def signature(line: str) -> str:
    """Return the line with its surely variable parts as `<*>` and white space folded."""
    masked = _VARIABLE.sub(WILD, line[:FAR])
    return _RUNS.sub(WILD, " ".join(masked.split())).replace("<*> ()", "<*> (<*>)")
