"""A conversation to keep: what a saved notebook shows, and what is exported.

    snapshot ──▶ turns (who said what, no times) ──▶ html, markdown, text
                                                       └──▶ document: a page of its own, or one with the live renderer

Everything is written from the snapshot (docs/wire.md), the same for the same conversation: no times, no ids.
What people, agents and tools said is escaped, or goes through node trees; never raw HTML. Pure.
"""

from .chunks import chunks_of
from .document import live_document, static_document
from .html import answer_html, to_html
from .markdown import to_markdown
from .output import static_output
from .text import to_text
from .turns import Turn, read, unfinished

__all__ = [
    "Turn",
    "answer_html",
    "chunks_of",
    "live_document",
    "read",
    "static_document",
    "static_output",
    "to_html",
    "to_markdown",
    "to_text",
    "unfinished",
]
