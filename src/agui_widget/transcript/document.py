"""A conversation as one HTML file: a still page without any script, or one that carries the renderer with it.

Neither asks a network for anything: what the page may load stands first in it.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

STILL = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
LIVE = (
    "default-src 'none'; script-src 'unsafe-inline' blob:; style-src 'unsafe-inline'; img-src data: blob:; "
    "media-src data: blob:; worker-src blob:; frame-src blob:"
)

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
{body}
</body>
</html>
"""


def static_document(fragment: str, *, title: str) -> str:
    """A page of its own around a transcript; also for printing."""
    empty = '<p class="ending">Nothing was said.</p>'
    body = f"<main>\n<h1>{escape(title)}</h1>\n{fragment or empty}\n</main>"
    return _page(STILL, title, "page.css", body)


def live_document(
    snapshot: dict[str, Any],
    *,
    title: str,
    renderer: str,
    chunks: Mapping[str, bytes] | None = None,
    theme: str = "auto",
    locale: str = "auto",
) -> str:
    """A page that draws the snapshot with the widget's own browser part, given as text; nobody answers there.

    `chunks` are the gzipped parts of the front end that the conversation needs: see `chunks_of`.
    """
    carried = {name: b64encode(chunk).decode() for name, chunk in (chunks or {}).items()}
    traits = {"title": title, "theme": theme, "locale": locale, "isSaved": True}
    data = {"renderer": renderer, "chunks": carried, "snapshot": snapshot, "traits": traits}
    body = "\n".join(
        [
            "<main></main>",
            "<noscript><p>This page draws its conversation with a script.</p></noscript>",
            f'<script type="application/json" id="conversation">{_json(data)}</script>',
            f'<script type="module">\n{(HERE / "live.js").read_text("utf-8")}</script>',
        ]
    )
    return _page(LIVE, title, "live.css", body)


def _page(policy: str, title: str, style: str, body: str) -> str:
    sheet = (HERE / style).read_text("utf-8")
    return _PAGE.format(policy=escape(policy), title=escape(title), style=sheet, body=body)


def _json(value: Any) -> str:
    """JSON in which no tag can begin, so that no text of it ends the script it stands in."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
