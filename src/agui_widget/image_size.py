"""How large an image is shown, by how its file begins (twin of js/src/outputs/picture-head.ts)."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from struct import error as EndsTooEarly
from struct import unpack_from
from typing import TypeAlias

Size: TypeAlias = tuple[int, int]

FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # segments of a JPEG that say its size (ITU T.81, B.1.1.3)
APP1 = 0xE1
ORIENTATION = 0x0112
FIRST_ON_ITS_SIDE = 5  # of eight


def image_size(content: bytes) -> Size | None:
    """Width and height in pixels; None for what is no such image, or says it further behind than `content` goes."""
    read = next((read for begins, read in FORMATS if begins.match(content)), None)
    with suppress(EndsTooEarly):
        width, height = read(content) if read else (0, 0)
        return (width, height) if width and height else None
    return None


def _png(content: bytes) -> Size:
    width, height = unpack_from(">II", content, 16)
    return width, height


def _gif(content: bytes) -> Size:
    width, height = unpack_from("<HH", content, 6)
    return width, height


def _jpeg(content: bytes) -> Size:
    """Segments, each with its length, until the one that begins a frame."""
    at = 2
    is_turned: bool | None = None
    while True:
        mark, kind, length = unpack_from(">BBH", content, at)
        if mark != 0xFF:
            return 0, 0
        if kind in FRAMES:
            height, width = unpack_from(">HH", content, at + 5)
            return (height, width) if is_turned else (width, height)
        if is_turned is None and kind == APP1 and content[at + 4 : at + 8] == b"Exif":  # of many, the first
            is_turned = _lies_on_its_side(content, at + 10)
        at += 2 + length


def _lies_on_its_side(content: bytes, start: int) -> bool:
    """How a camera was held, as the first of its tables says: browsers show the picture upright (Exif 2.32, 4.6.4)."""
    order = "<" if content[start : start + 2] == b"II" else ">"
    (offset,) = unpack_from(f"{order}I", content, start + 4)
    (count,) = unpack_from(f"{order}H", content, start + offset)
    entries = range(start + offset + 2, start + offset + 2 + 12 * count, 12)
    fields = (unpack_from(f"{order}HHIH", content, entry) for entry in entries)
    return any(tag == ORIENTATION and value >= FIRST_ON_ITS_SIDE for tag, _, _, value in fields)


def _webp(content: bytes) -> Size:
    """Lossy, lossless or extended (RFC 9649)."""
    read = WEBP.get(content[12:16])
    return read(content) if read else (0, 0)


def _lossy(content: bytes) -> Size:
    width, height = unpack_from("<HH", content, 26)
    return width & 0x3FFF, height & 0x3FFF


def _lossless(content: bytes) -> Size:
    (bits,) = unpack_from("<I", content, 21)
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _extended(content: bytes) -> Size:
    low_width, high_width, low_height, high_height = unpack_from("<HBHB", content, 24)
    return (high_width << 16 | low_width) + 1, (high_height << 16 | low_height) + 1


WEBP: dict[bytes, Callable[[bytes], Size]] = {b"VP8 ": _lossy, b"VP8L": _lossless, b"VP8X": _extended}
FORMATS: list[tuple[re.Pattern[bytes], Callable[[bytes], Size]]] = [
    (re.compile(rb"\x89PNG\r\n\x1a\n"), _png),
    (re.compile(rb"GIF8[79]a"), _gif),
    (re.compile(rb"\xff\xd8\xff"), _jpeg),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), _webp),
]
