"""What makes two spellings one value, and which structure a placeholder keeps."""

from __future__ import annotations

import ipaddress
import re

_NOT_DIGITS = re.compile(r"\D")
_SHARED = ipaddress.ip_network("100.64.0.0/10")
_SECOND_LEVEL = frozenset({"co", "com", "net", "org", "gov", "edu", "ac"})


def normalised(kind: str, value: str) -> str:
    """Return the form that is compared: host and mail domain in lower case, digits only, addresses compressed."""
    match kind:
        case "EMAIL":
            local, _, domain = value.rpartition("@")
            return f"{local}@{domain.lower()}"
        case "HOST":
            return value.lower()
        case "CARD" | "PHONE" | "SSN":
            return ("+" if value.startswith("+") else "") + _NOT_DIGITS.sub("", value)
        case "IBAN" | "MAC":
            return re.sub(r"[ :.-]", "", value.lower())
        case "IP":
            return str(ipaddress.ip_address(value))
        case _:
            return value


def group(kind: str, value: str) -> tuple[str, str] | None:
    """Return (prefix, what is numbered) of a normalised value: the subnet of an address, the registered domain of a host."""
    match kind:
        case "IP":
            return _subnet(value)
        case "HOST":
            return "dom", _registered(value)
        case _:
            return None


def _subnet(value: str) -> tuple[str, str]:
    """Number addresses by /24 (v4) or /64 (v6): private `net`, shared `cg`, else `pub`."""
    address = ipaddress.ip_address(value)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    address = mapped or address
    network = ipaddress.ip_network((address, 24 if address.version == 4 else 64), strict=False)
    if address.version == 4 and address in _SHARED:
        return "cg", str(network)
    return ("net" if address.is_private or address.is_link_local else "pub"), str(network)


def _registered(host: str) -> str:
    labels = host.split(".")
    kept = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-kept:])
