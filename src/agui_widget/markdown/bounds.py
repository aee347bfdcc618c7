"""What one message may cost: every bound that cuts an input before a parser sees it.

A cut is never silent: whoever cuts leaves a `note` (see `nodes.note`) that says where.
"""

import re

MAX_CHARACTERS = 1_000_000  # of one message; an answer of 400 KB is a long book chapter
MAX_LINES = 20_000
MAX_LINE = 20_000  # characters of one line outside a code block, embedded images not counted
MAX_INLINE = 20_000  # characters of one paragraph, heading or cell that are read for emphasis and links
MAX_RUNS = 2_000  # delimiter runs in one of those
MAX_DEPTH = 100  # blocks and HTML elements in each other
MAX_INLINE_DEPTH = 30  # emphasis and links in each other
MAX_CELLS = 50_000  # of one table: short rows are filled up, so rows times columns is what counts
MAX_DATA_IMAGE = 500_000  # characters of one `data:` image
MAX_COLOURED = 30_000  # characters of one code block that get colours; many lexers are quadratic on something
MAX_COLOURED_IN_ALL = 150_000  # of all code blocks of a message
MAX_COLOURED_LINE = 1_000  # a longer line ends the colours
MAX_WORDS = 2_000  # so does a longer stretch of words without any punctuation

DELIMITERS = re.compile(r"[*_~`$\[\]<&\\]+")
DATA_IMAGE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+={0,2}", re.IGNORECASE)


def cut(text: str) -> tuple[str, str]:
    """The part of a message that is read, and the remark about the rest (empty if nothing was cut)."""
    end, limit = len(text), ""
    if end > MAX_CHARACTERS:
        end, limit = MAX_CHARACTERS, f"{MAX_CHARACTERS:,} characters"
    if text.count("\n", 0, end) >= MAX_LINES:
        end, limit = _nth_newline(text, MAX_LINES), f"{MAX_LINES:,} lines"
    return text[:end], f"Cut at {limit}; {len(text) - end:,} characters more." if end < len(text) else ""


def _nth_newline(text: str, count: int) -> int:
    end = -1
    for _ in range(count):
        end = text.find("\n", end + 1)
    return end + 1


def line_remark(line: str) -> str:
    """Why a line is not read as Markdown; empty if it is."""
    if len(line) <= MAX_LINE or len(DATA_IMAGE.sub("", line)) <= MAX_LINE:
        return ""
    return f"A line of {len(line):,} characters is shown as plain text."


def inline_remark(text: str) -> str:
    """Why a paragraph, heading or cell is not read for emphasis and links; empty if it is."""
    if len(text) > MAX_INLINE:
        return f"A block of {len(text):,} characters is shown as plain text."
    if len(text) > MAX_RUNS and sum(1 for _ in DELIMITERS.finditer(text)) > MAX_RUNS:
        return f"A block with more than {MAX_RUNS:,} marks is shown as plain text."
    return ""
