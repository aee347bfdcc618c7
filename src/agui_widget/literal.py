"""Words that are read letter by letter, with what hides in them shown. Twin of `literal` in js/src/format.ts."""

from __future__ import annotations

import re

# What a terminal obeys: colours (CSI), titles and links (OSC and its kind), and the short ones.
_ANSI = re.compile(r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]")
# Controls, marks of direction, what has no width. Joiners only where no script and no emoji needs them.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]|(?<![^\x00-\x7f])[\u200c\u200d]"
)


def literal(text: str) -> str:
    """The text without what a terminal obeys, and with a sign in the place of what cannot be seen.

    For names, arguments, results and errors; prose that is written from the right needs some of these marks.
    """
    return _HIDDEN.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", without_ansi(text))


def without_ansi(text: str) -> str:
    """The text without what a terminal obeys."""
    return _ANSI.sub("", text)
