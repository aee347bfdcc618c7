"""Bare addresses in a text: `https://…`, `www.…` and `name@host`, as GFM reads them.

Source: https://github.github.com/gfm/#autolinks-extension-
"""

from __future__ import annotations

import re

START = r"(?:[hH][tT][tT][pP][sS]?|[fF][tT][pP])://|[wW]{3}\."
_START = re.compile(START)
_ADDRESS = re.compile(r"[^\s<]+")
_DOMAIN = re.compile(r"[^\s<>/?#:\"'()\[\]{}|\\^`,;!*~]+")
_ENTITY_END = re.compile(r"&[A-Za-z0-9]+;$")
_BEFORE = frozenset("*_~([\"'|")
_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_+")
_MAIL_HOST = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")


def read(text: str, at: int, *, in_brackets: bool = False) -> tuple[str, str] | None:
    """The bare address that begins at a scheme or `www.`, as it is written and as it is meant; None if none does."""
    match = _START.match(text, at)
    if match is None or not _may_begin(text, at, match[0]):
        return None
    is_www = match[0].lower() == "www."
    domain = _DOMAIN.match(text, at if is_www else match.end())
    if domain is None or not _is_domain(domain[0], needs_dot=is_www):
        return None
    whole = _ADDRESS.match(text, at)
    assert whole is not None
    address = _trimmed(whole[0].partition("]")[0] if in_brackets else whole[0])
    if len(address) <= len(match[0]):
        return None
    return address, f"http://{address}" if is_www else address


def _may_begin(text: str, at: int, start: str) -> bool:
    if not at:
        return True
    before = text[at - 1]
    return before.isspace() or before in _BEFORE or (start[-1] == "/" and not before.isalnum())


def _is_domain(domain: str, *, needs_dot: bool) -> bool:
    """Letters, digits, hyphens and dots; no underscore in the last two parts."""
    parts = domain.rstrip(".,:;!?_-").split(".")
    if needs_dot and len(parts) < 2:
        return False
    return bool(parts[-1]) and not any("_" in part for part in parts[-2:]) and any(c.isalnum() for c in domain)


def _trimmed(address: str) -> str:
    """Without punctuation at the end, parentheses that open outside, and an entity."""
    opened, closed = address.count("("), address.count(")")
    while address:
        last = address[-1]
        if last in "?!.,:*_~'\"":
            address = address[:-1]
        elif last == ")" and closed > opened:
            address = address[:-1]
            closed -= 1
        elif last == ";" and (entity := _ENTITY_END.search(address, max(0, len(address) - 40))):
            address = address[: entity.start()]
        elif last == ";":
            address = address[:-1]
        else:
            break
    return address


def mails(text: str) -> list[tuple[int, int]]:
    """Where mail addresses stand in a text."""
    found: list[tuple[int, int]] = []
    end = 0
    at = text.find("@")
    while at >= 0:
        start = at
        while start > end and text[start - 1] in _LOCAL:
            start -= 1
        host = _MAIL_HOST.match(text, at + 1)
        if start < at and host and host[0].rstrip(".")[-1] not in "-_":
            found.append((start, host.end()))
            end = host.end()
        at = text.find("@", max(at + 1, end))
    return found
