"""Wire formats that are not AG-UI, each decoded into AG-UI events (docs/dialects.md). No I/O.

    bytes ─► frames (server-sent events, or lines of JSON) ─► a decoder ─► AG-UI events ─► protocol

`DIALECTS` is the table: adding one is a new file and one row there, or `register_dialect` outside.
"""

from __future__ import annotations

from .dialect import Decoder, Dialect, Encoder
from .frames import Payload
from .table import DIALECTS, decoder_for, register_dialect
from .writer import RunWriter

__all__ = [
    "DIALECTS",
    "Decoder",
    "Dialect",
    "Encoder",
    "Payload",
    "RunWriter",
    "decoder_for",
    "register_dialect",
]
