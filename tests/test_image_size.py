"""How large an image is, by its first bytes: of every format that is told, as its own library wrote it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from agui_widget.image_size import image_size


def written(kind: str, **options: Any) -> bytes:
    target = BytesIO()
    Image.new("RGB", (300, 200), "teal").save(target, kind, **options)
    return target.getvalue()


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("GIF", {}),
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"exif": b"Exif\0\0"}),
    ],
    ids=str,
)
def test_an_image_says_its_size_as_it_begins(kind: str, options: dict[str, Any]) -> None:
    content = written(kind, **options)
    assert image_size(content) == (300, 200)
    assert all(image_size(content[:end]) in (None, (300, 200)) for end in range(len(content)))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_as_large_as_it_is_shown(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    exif[0x0112] = orientation
    assert image_size(written("JPEG", exif=exif)) == ((300, 200) if orientation < 5 else (200, 300))


def test_of_many_accounts_of_a_camera_one_is_read() -> None:
    account = b"\xff\xe1\x00\x10Exif\0\0MM\0*\0\0\0\x08"
    content = b"\xff\xd8" + account * 16_000 + b"\xff" * 65_535 * 12
    assert image_size(content) is None  # soon: not after sixteen thousand tables


@pytest.mark.parametrize("content", [b"", b"<svg>", b"\xff\xd8\xff" + b"\0" * 90, b"RIFF....WEBPVP9 " + b"\1" * 90])
def test_what_is_no_image_has_no_size(content: bytes) -> None:
    assert image_size(content) is None
