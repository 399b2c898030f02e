"""Settings in stanzas and below lines at the margin are maps of their own: no key is set twice where only stanzas follow each other."""

from __future__ import annotations

import pytest

from domain.evidence.structure import languages
from domain.evidence.structure.trees import Tree, said, walk

INTERFACES = """\
# interfaces(5)
source /etc/network/interfaces.d/*

auto lo
iface lo inet loopback

auto eth0
iface eth0 inet static
    address 10.0.0.5
    netmask 255.255.255.0
    up ip route add 10.1.0.0/16 via 10.0.0.1
    up ip route add 10.2.0.0/16 via 10.0.0.1
iface eth0 inet6 static
    address 2001:db8::5

auto eth1
iface eth1 inet static
    address 10.0.1.5
    netmask 255.255.255.0
"""
PACKAGES = "Package: kiln\nVersion: 1.2\nStatus: installed\n\nPackage: brick\nVersion: 1.3\nStatus: half\n"
PROXY = "global\nmaxconn 100\n\ndefaults\ntimeout connect 5s\n\nfrontend web\nbind :80\n\nbackend web\nserver a 10.0.0.1:80\n"


def read(text: str) -> Tree:
    return languages.read(tuple(text.split("\n")))


def settings(tree: Tree) -> dict[tuple[str, int], str]:
    """Return (path, line) → value."""
    every = ((path, node) for root in tree.roots for path, node in walk(root))
    return {(".".join(path), node.line): said(node.value) for path, node in every if node.shape == "scalar"}


def test_interfaces_keep_their_own_addresses() -> None:
    tree = read(INTERFACES)
    assert (tree.language, tree.duplicates, tree.faults) == ("directives", (), ())
    found = settings(tree)
    assert found["iface eth0 inet static.address", 9] == "10.0.0.5"
    assert found["iface eth0 inet6 static.address", 14] == "2001:db8::5"
    assert found["iface eth1 inet static.netmask", 19] == "255.255.255.0"
    assert found["auto", 4] == "lo"


def test_interfaces_without_indentation_are_stanzas_between_blank_lines() -> None:
    tree = read("\n".join(line.strip() for line in INTERFACES.split("\n")))
    assert tree.duplicates == ()
    assert settings(tree)["auto eth1.netmask", 19] == "255.255.255.0"


def test_blocks_of_keys_and_values_are_one_map_each_with_their_lines() -> None:
    tree = read(PACKAGES)
    assert tree.duplicates == ()
    assert settings(tree)["Package brick.Status", 7] == "half"


def test_a_key_that_is_doubled_within_its_stanza_is_still_told() -> None:
    assert read(PACKAGES.replace("Status: half", "Version: 1.4")).duplicates == (("Version", 7),)


@pytest.mark.parametrize(
    "text",
    [
        "server:\n  port: 80\n\nlog:\n  level: info\n\nserver:\n  port: 81\n",
        "host: a\nport: 1\n\nhost: a\nport: 2\n",
        "host: a\nport: 1\n\nlog: b\n\npath: c\n\nhost: d\n",
    ],
)
def test_keys_that_head_no_stanzas_are_doubled(text: str) -> None:
    assert read(text).duplicates


def test_sections_of_haproxy_need_no_indentation() -> None:
    tree = read(PROXY)
    assert tree.language == "haproxy"
    assert settings(tree)["backend web.server a", 11] == "10.0.0.1:80"
    assert settings(tree)["defaults.timeout connect", 5] == "5s"
