"""A saved conversation as a JSON file."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from ..errors import StoreError
from .document import Saved


def write(path: str | Path, saved: Saved) -> Path:
    """Write the file, whole or not at all; gives its path. Raises `StoreError` for what JSON cannot hold."""
    target = Path(path)
    try:
        text = json.dumps(saved.to_json(), ensure_ascii=False, indent=1, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise StoreError(
            f"{target}: the chat was not saved, because its state holds what JSON cannot: {error}"
        ) from None
    new = target.with_name(f".{target.name}.{uuid4().hex}.new")
    try:
        with new.open("x", encoding="utf-8", errors="replace") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(target)
    except BaseException as error:
        with suppress(OSError):
            new.unlink()
        if isinstance(error, OSError) and error.filename is not None:  # ours, of the new file: nobody asked for that
            raise OSError(error.errno, error.strerror, str(target)) from None
        raise
    return target


def read(path: str | Path) -> Saved:
    """The conversation in a file. Raises `StoreError` that names the file, what is wrong and what to do."""
    source = Path(path)
    try:
        document = json.loads(source.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise StoreError(
            f"{source} was not loaded: it is not JSON ({error}). "
            'A saved chat is what chat.save("chat.json") writes; if this was one, it is cut or damaged'
        ) from None
    try:
        return Saved.from_json(document)
    except StoreError as error:
        raise StoreError(f"{source} was not loaded: {error}") from None
