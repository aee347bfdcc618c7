r"""Markdown as node trees: parsed once, streamed as small changes, written as HTML or text.

    text ──▶ blocks ──▶ document ──▶ nodes ──▶ html, text
             (lines)    │ inlines ─▶ engine (mistune), tags (raw HTML), urls, colours (Pygments)
    deltas ──▶ stream ──┘ repair (what is unfinished) ──▶ ops (what changed)
    numbers of sources ──▶ anchors ─▶ align (source → tree) ─▶ the same nodes, with `cite` behind what is cited

A node is plain JSON: `docs/nodes.md` says which elements and attributes there are. Nothing here reads a file, a
clock or the network.
"""

from ..nodes import Op, apply_ops
from .document import parse
from .html import to_html
from .latex import latex_nodes
from .nodes import Element, Node
from .stream import MarkdownStream
from .text import to_text

__all__ = ["Element", "MarkdownStream", "Node", "Op", "apply_ops", "latex_nodes", "parse", "to_html", "to_text"]
