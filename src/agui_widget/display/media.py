"""Pictures, sounds and films: of Pillow, of IPython, as bytes, and several at once."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from io import BytesIO
from typing import Any

from .. import signatures
from ..gallery import MEDIA
from . import figures
from .recognise import Bundle, Data, counted, is_a

MAX_ITEMS = 100


def type_of(raw: bytes) -> str | None:
    """The MIME type of a file's bytes, if it is one that a page can show."""
    mime = signatures.type_of(raw) or ""
    return mime if mime.startswith(("image/", "audio/", "video/")) else None


def is_bytes(value: Any) -> bool:
    """True for bytes that are a picture, a sound or a film."""
    return isinstance(value, bytes) and type_of(value) is not None


def of_bytes(value: bytes) -> Bundle:
    """A file's bytes."""
    return Bundle({str(type_of(value)): b64encode(value).decode(), "text/plain": says_bytes(value)}, {})


def says_bytes(value: bytes) -> str:
    """What the bytes are."""
    return f"{type_of(value)}, {len(value):,} bytes"


def is_image(value: Any) -> bool:
    """True for an image of Pillow."""
    return is_a(value, "PIL", "Image") and hasattr(value, "save")


def of_image(value: Any) -> Bundle:
    """The image as PNG."""
    known = value if value.mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16") else value.convert("RGB")
    target = BytesIO()
    known.save(target, format="PNG")
    data = {"image/png": b64encode(target.getvalue()).decode(), "text/plain": says_image(value)}
    return Bundle(data, {"image/png": {"width": value.width, "height": value.height}})


def says_image(value: Any) -> str:
    """The image's size and mode."""
    return f"Image {value.width}x{value.height} ({value.mode})"


def is_playable(value: Any) -> bool:
    """True for IPython's Audio and Video that carry what they play."""
    return is_a(value, "IPython", "Audio", "Video") and isinstance(getattr(value, "data", None), bytes)


def of_playable(value: Any) -> Bundle:
    """A sound or a film without IPython's HTML around it."""
    mime = value.mimetype or type_of(value.data) or "video/mp4"
    return Bundle({mime: b64encode(value.data).decode(), "text/plain": says_playable(value)}, {})


def says_playable(value: Any) -> str:
    """What it is, and how long."""
    return f"{type(value).__name__}, {len(value.data):,} bytes"


def are_pictures(value: Any) -> bool:
    """True for a list of pictures of any kind; the parts of one figure are that figure."""
    is_list = isinstance(value, (list, tuple)) and bool(value)
    return is_list and all(is_image(each) or figures.is_whole(each) or is_bytes(each) for each in value)


def gallery(value: Any) -> Bundle:
    """The pictures as one output, the first hundred."""
    items = [_item(each) for each in value[:MAX_ITEMS]]
    return Bundle({MEDIA: {"items": items}, "text/plain": says_pictures(value)}, {})


def says_pictures(value: Any) -> str:
    """How many, and what each is."""
    lines = [PICTURES_SAY[_kind(each)](each) for each in value[:MAX_ITEMS]]
    return "\n".join([f"{counted(len(value), 'picture')}:", *lines])


def _item(value: Any) -> Data:
    """One picture as an item of the media type."""
    bundle = PICTURES[_kind(value)](value)
    mime = next(iter(bundle.data))
    item = {"type": mime.partition("/")[0], "mime": mime, "data": bundle.data[mime], "alt": bundle.data["text/plain"]}
    return {**item, **bundle.metadata.get(mime, {})}


def _kind(value: Any) -> str:
    return "bytes" if isinstance(value, bytes) else "image" if is_image(value) else "figure"


PICTURES: dict[str, Callable[[Any], Bundle]] = {"bytes": of_bytes, "image": of_image, "figure": figures.picture}
PICTURES_SAY: dict[str, Callable[[Any], str]] = {"bytes": says_bytes, "image": says_image, "figure": figures.says}
