"""Several lanes at once, each by its HTML; what comes of one bundle is one batch."""

from __future__ import annotations

from typing import Any

from ..envelope import LANES
from ..hypertext import html_source, links_of, words_of
from ..shells import Owner, Shell, Shells
from ..surfaces import Surfaces
from .calls import Calls
from .notices import Notices
from .words import Words

BUNDLE = "bundle"  # value: {lane: HTML}


class Bundles:
    """Shows what each lane of a bundle says, in the message that is written now."""

    def __init__(self, shells: Shells, notices: Notices, words: Words, calls: Calls, surfaces: Surfaces) -> None:
        self._shells = shells
        self._notices = notices
        self._words = words
        self._calls = calls
        self._surfaces = surfaces
        self._lanes = {
            "thinking": self._say,
            "reasoning": self._say,
            "text": self._say,
            "tools": self._summarise,
            "a2ui": self._show_card,
            "citations": self._cite,
            "errors": self._fail,
            "status": self._step,
        }

    def show(self, bundle: dict[str, Any], owner: Owner) -> None:
        """As `BUNDLE` says, in the order of the lanes."""
        shell = self._shells.status_shell()
        shown = {lane: html for lane, html in bundle.items() if lane in self._lanes and isinstance(html, str)}
        for lane in sorted(shown, key=LANES.index):
            self._lanes[lane](shell, lane, shown[lane])
        if len(shown) < len(bundle):
            dropped = len(bundle) - len(shown)
            self._notices.note("bundle", f"{dropped} of {len(bundle)} fragments are for no lane: dropped")

    def _say(self, shell: Shell, lane: str, html: str) -> None:
        """What a lane of words says, in the place of all it said."""
        self._shells.open_lane(shell, lane)
        part = "text" if shell.parts[lane] else shell.next_part(lane)
        text = html_source(html) if lane == "text" else words_of(html)
        self._words.rewrite((shell.id, lane, part), text, is_answer=lane == "text")

    def _summarise(self, shell: Shell, lane: str, html: str) -> None:
        if not self._calls.summarise(shell, words_of(html)):
            self._notices.note("bundle", words_of(html))

    def _show_card(self, shell: Shell, lane: str, html: str) -> None:
        card = {"schema": "a2ui.v1", "component": "card", "props": {"content": words_of(html)}}
        self._surfaces.show_spec(card, None)

    def _cite(self, shell: Shell, lane: str, html: str) -> None:
        self._words.citations.custom(links_of(html), None)

    def _fail(self, shell: Shell, lane: str, html: str) -> None:
        self._notices.problem({"message": words_of(html), "code": "bundle"})

    def _step(self, shell: Shell, lane: str, html: str) -> None:
        self._shells.say(None, {"status": "step", "label": words_of(html)})
