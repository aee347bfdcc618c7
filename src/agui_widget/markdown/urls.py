"""Which addresses a link or an image may have, and which host the reader is shown.

Refused: relative addresses and schemes other than http, https and mailto (the Jupyter server is the same origin),
control, white-space and bidirectional characters, backslashes, hosts that a browser might read differently.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from .bounds import DATA_IMAGE, MAX_DATA_IMAGE

_MAX_URL = 4_000
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.?")
_PORT = re.compile(r":[0-9]{1,5}")
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@([A-Za-z0-9.-]{1,253})")
_SAFE = ":/?#@!$&()*+,;=%'~-._[]"


class Address(NamedTuple):
    """An address as the browser gets it, and the host that is shown beside it."""

    href: str
    host: str


def link(url: str) -> Address | None:
    """The address of a link; None if it is refused."""
    if not url or len(url) > _MAX_URL or not _is_plain(url):
        return None
    scheme, separator, rest = url.partition(":")
    if scheme.lower() == "mailto" and separator:
        return _mail(rest)
    return _web(url) if scheme.lower() in ("http", "https") and rest.startswith("//") else None


def image(url: str) -> str | None:
    """The source of an image: embedded within bounds, or remote; None if it is refused."""
    if url[:5].lower() == "data:":
        return url if len(url) <= MAX_DATA_IMAGE and DATA_IMAGE.fullmatch(url) else None
    return media(url)


def media(url: str) -> str | None:
    """The source of a remote image, film or sound; None if it is refused."""
    address = link(url)
    return address.href if address and not address.href.startswith("mailto:") else None


def host_of(url: str) -> str:
    """The host of an address that was let through."""
    address = link(url)
    return address.host if address else ""


def is_hidden(character: str) -> bool:
    """Whether a character is a control or format character: it shows nothing, or turns the text around it."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def _is_plain(url: str) -> bool:
    """No hidden characters, no white space, no backslash; written out or as percent escapes."""
    return not any(
        is_hidden(character) or character.isspace() or character == "\\" for character in url + _host_part(url)
    ) and not any(is_hidden(character) for character in unquote(url, errors="ignore"))


def _host_part(url: str) -> str:
    return unquote(url.partition("//")[2].partition("/")[0], errors="ignore")


def _mail(rest: str) -> Address | None:
    address, _, query = rest.partition("?")
    match = _MAIL.fullmatch(unquote(address))
    if match is None or not _HOST.fullmatch(match[1].lower()):
        return None
    href = f"mailto:{quote(address, safe=_SAFE)}"
    return Address(f"{href}?{quote(query, safe=_SAFE)}" if query else href, match[0])


def _web(url: str) -> Address | None:
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket that is no IPv6 address
        return None
    if "@" in parts.netloc or not parts.netloc:  # a name before the host is there to mislead
        return None
    found = _ascii_host(parts.netloc)
    if found is None:
        return None
    path = quote(url.partition("//")[2][len(parts.netloc) :], safe=_SAFE)
    return Address(f"{parts.scheme.lower()}://{found}{path}", found)


def _ascii_host(netloc: str) -> str | None:
    """The host as it goes over the wire (`xn--…`), with its port; None if a browser might see another."""
    name, port = netloc, ""
    if match := _PORT.search(netloc):
        if match.end() != len(netloc):
            return None
        name, port = netloc[: match.start()], match[0]
    name = unquote(name) if "%" in name else name
    try:
        name = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    name = name.lower()
    return name + port if _HOST.fullmatch(name) else None
