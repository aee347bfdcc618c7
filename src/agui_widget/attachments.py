"""What goes along with a user's words: files, bytes, pictures and figures become AG-UI content parts.

    chat.submit("What is wrong here?", attachments=["plot.png", figure, Path("data.csv").read_bytes()])

A part carries its bytes, so that an agent anywhere can read them. An address stays an address.
"""

from __future__ import annotations

import binascii
import mimetypes
import os
import re
import stat
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

from .content import Content, byte_count, file_name, media_parts
from .display import figures, media
from .errors import AttachmentError
from .protocol.boundary import modern_parts
from .protocol.events import CONTENT_PART
from .protocol.walk import problem
from .protocol.warnings import Warnings
from .signatures import type_of

Json = dict[str, Any]

MAX_BYTES = 10_000_000  # of one
MAX_BYTES_IN_ALL = 20_000_000
MAX_COUNT = 50
PATH_CHARS = 200  # of one that is complained of: it may be a text that was meant for something else

UNKNOWN = "application/octet-stream"
TAKEN = "a path, bytes, a PIL image, a matplotlib figure, a data: or https: URL, or an AG-UI content part"

_DATA_URL = re.compile(r"data:([^,;]*)((?:;[^,;]*)*),(.*)", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class Attachment:
    """What a user gave along with the words, as an agent gets it: `data`, or only a `url`."""

    mime: str
    name: str = ""
    data: bytes = field(default=b"", repr=False)
    url: str = ""


def message_content(text: str, parts: list[Json]) -> str | list[Json]:
    """The content of a user message: plain text, or parts with the words first."""
    if not parts:
        return text
    return [*([{"type": "text", "text": text}] if text.strip() else []), *parts]


def attachment_parts(attachments: Iterable[Any]) -> list[Json]:
    """The content parts of what a user attaches.

    Raises `AttachmentError` for what cannot be attached, or is too large; files that are none (a folder, a pipe, a
    device) are not read.
    """
    if isinstance(attachments, str | bytes | Mapping):
        raise AttachmentError("attachments is a list. Write: attachments=[…]")
    parts: list[Json] = []
    size = 0
    for number, given in enumerate(attachments, start=1):
        if number > MAX_COUNT:
            raise AttachmentError(f"at most {MAX_COUNT} attachments go with one message")
        part = _part(given)
        size += _size(part)
        if size > MAX_BYTES_IN_ALL:
            raise AttachmentError(
                f"the attachments of one message are at most {_megabytes(MAX_BYTES_IN_ALL)} together; "
                f"{_named(part, number)} is too much"
            )
        parts.append(part)
    return parts


def received(content: Content) -> list[Attachment]:
    """What came with a message, from its content."""
    return [_received(part) for part in media_parts(content)]


def _received(part: Json) -> Attachment:
    source, name = part["source"], file_name(part)
    mime = source.get("mimeType", UNKNOWN)
    if source["type"] == "data":
        return Attachment(mime, name, _decoded(source["value"], name))
    return Attachment(mime, name, url=source["value"])


# -- one function for each kind of thing -------------------------------------------------------------


def _part(given: Any) -> Json:
    for recognises, make in KINDS:
        if recognises(given):
            return make(given)
    kind = type(given)
    raise AttachmentError(f"{kind.__module__}.{kind.__qualname__} cannot be attached; what can: {TAKEN}")


def _from_part(given: Mapping[str, Any]) -> Json:
    """A content part as it is; of an older spelling, in today's."""
    part: Json = modern_parts([dict(given)], Warnings())[0]
    wrong = problem(CONTENT_PART, part, "")
    if wrong:
        raise AttachmentError(f"the attachment is no AG-UI content part: {wrong}")
    source = part.get("source", {})
    if source.get("type") == "data":
        _refuse_large(byte_count(source["value"]), file_name(part))
        _decoded(source["value"], file_name(part))
    return part


def _from_bytes(given: bytes | bytearray | memoryview) -> Json:
    return _carrying(bytes(given), mime_of(bytes(given)))


def _from_data_url(given: str) -> Json:
    match = _DATA_URL.fullmatch(given)
    if match is None:
        raise AttachmentError(f"{given[:40]!r}… is no data: URL. Write: data:image/png;base64,…")
    mime, options, body = match.groups()
    content = _decoded(body, "") if ";base64" in options.lower() else unquote_to_bytes(body)
    return _carrying(content, mime or "text/plain")


def _from_address(given: str) -> Json:
    """An address, which whoever reads it may fetch; nothing here does."""
    mime = mimetypes.guess_type(given)[0]
    source = {"type": "url", "value": given, **({"mimeType": mime} if mime else {})}
    return {"type": _family(mime or UNKNOWN), "source": source}


def _from_file(given: str | os.PathLike[str]) -> Json:
    path = Path(given).expanduser()
    content = _read(path)
    guessed = mimetypes.guess_type(path.name)[0]
    return _carrying(content, guessed or mime_of(content), path.name)


def _from_picture(given: Any) -> Json:
    """A PIL image: a photograph stays one, everything else keeps every pixel."""
    name = "JPEG" if given.format == "JPEG" else "PNG"
    is_storable = name == "JPEG" or given.mode in ("1", "L", "LA", "I", "P", "RGB", "RGBA")
    buffer = BytesIO()
    (given if is_storable else given.convert("RGB")).save(buffer, format=name)
    return _carrying(buffer.getvalue(), f"image/{name.lower()}", Path(getattr(given, "filename", "") or "").name)


def _from_figure(given: Any) -> Json:
    return _carrying(figures.png(given), "image/png", "figure.png")


def _is_text(*starts: str) -> Callable[[Any], bool]:
    return lambda given: isinstance(given, str) and given[:8].lower().startswith(starts)


# Tried in order. A path comes last of the texts: anything could be one.
KINDS: list[tuple[Callable[[Any], bool], Callable[[Any], Json]]] = [
    (lambda given: isinstance(given, Mapping), _from_part),
    (lambda given: isinstance(given, bytes | bytearray | memoryview), _from_bytes),
    (_is_text("data:"), _from_data_url),
    (_is_text("https://", "http://"), _from_address),
    (lambda given: isinstance(given, str | os.PathLike), _from_file),
    (media.is_image, _from_picture),
    (figures.is_whole, _from_figure),
]


# -- bytes -------------------------------------------------------------------------------------------


def mime_of(content: bytes) -> str:
    """What bytes are, by how they begin; text if they can be read as such."""
    if known := type_of(content):
        return known
    try:
        content.decode()
    except UnicodeDecodeError:
        return UNKNOWN
    return UNKNOWN if b"\0" in content else "text/plain"


def _read(path: Path) -> bytes:
    """The content of a regular file."""
    try:
        with open(path, "rb", opener=_opened) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise AttachmentError(f"{str(path)!r} cannot be attached: it is no regular file")
            _refuse_large(status.st_size, path.name)
            content = file.read(MAX_BYTES + 1)  # it may have grown
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise AttachmentError(f"{str(path)[:PATH_CHARS]!r} cannot be attached: {reason}") from error
    _refuse_large(len(content), path.name)
    return content


def _opened(path: str, flags: int) -> int:
    """Opened without waiting: a pipe would keep us until someone writes to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _carrying(content: bytes, mime: str, name: str = "") -> Json:
    """The part that carries `content` with it."""
    _refuse_large(len(content), name)
    source = {"type": "data", "value": b64encode(content).decode(), "mimeType": mime}
    part: Json = {"type": _family(mime), "source": source}
    return {**part, "metadata": {"filename": name}} if name else part


def _family(mime: str) -> str:
    family = mime.partition("/")[0]
    return family if family in ("image", "audio", "video") else "document"


def _decoded(base64: str, name: str) -> bytes:
    try:
        return b64decode(base64, validate=True)
    except (binascii.Error, ValueError) as error:
        raise AttachmentError(f"{name or 'an attachment'} is no base64: {error}") from error


def _refuse_large(size: int, name: str) -> None:
    if size > MAX_BYTES:
        raise AttachmentError(
            f"{name or 'an attachment'} has {_megabytes(size)}; at most {_megabytes(MAX_BYTES)} can be attached"
        )


def _size(part: Json) -> int:
    source = part.get("source", {})
    return byte_count(source["value"]) if source.get("type") == "data" else 0


def _named(part: Json, number: int) -> str:
    return file_name(part) or f"attachment {number}"


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
