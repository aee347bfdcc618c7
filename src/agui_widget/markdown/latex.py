r"""What objects say of themselves in LaTeX (`_repr_latex_` of SymPy, IPython's `Math` and `Latex`) as nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import formulas
from .nodes import Node, element

_MAX_LENGTH = 5_000  # characters of a formula among words: as much as a page draws; also bounds the search for its end
_BEGIN = r"\\begin\{(?P<name>[a-zA-Z]+\*?)\}"
_WHOLE = re.compile(
    r"\$\$(?P<dollars>(?:[^$\\]|\\.)+)\$\$"
    r"|\$(?P<dollar>(?:[^$\\]|\\.)+)\$"
    r"|\\\[(?P<bracket>(?:(?!\\[\[\]]).)+)\\\]"
    r"|\\\((?P<parenthesis>(?:(?!\\[()]).)+)\\\)"
    rf"|(?P<environment>{_BEGIN}.*\\end\{{(?P=name)\}})",
    re.DOTALL,
)
_START = re.compile(rf"{_BEGIN}|{formulas.START}")
_DISPLAY = re.compile(r"\A\s*\\displaystyle(?![a-zA-Z])")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


def latex_nodes(text: str) -> list[Node]:
    """One formula as a block of its own, with its delimiters taken off; words with formulas in them as paragraphs."""
    text = text.strip()
    whole = _WHOLE.fullmatch(text)
    if whole:
        groups = whole.groupdict()
        del groups["name"]
        return [_display(next(filter(None, groups.values())))]
    paragraphs = (element("p", None, _inline(part.strip())) for part in _BLANK_LINE.split(text))
    return [paragraph for paragraph in paragraphs if "c" in paragraph]


def _display(tex: str) -> Node:
    return element("math", {"display": True}, [_DISPLAY.sub("", tex).strip()])


def _inline(text: str) -> Iterator[Node]:
    end = at = 0
    while match := _START.search(text, at):
        start, at = match.span()
        formula = _environment(text, match) if match["name"] else formulas.read(text, start)
        if formula is None:
            continue
        yield text[end:start]
        yield _display(formula.tex) if formula.is_display else element("math", None, [formula.tex])
        end = at = formula.end
    yield text[end:]


def _environment(text: str, begin: re.Match[str]) -> formulas.Formula | None:
    closing = f"\\end{{{begin['name']}}}"
    end = text.find(closing, begin.end(), begin.start() + _MAX_LENGTH)
    if end < 0:
        return None
    end += len(closing)
    return formulas.Formula(text[begin.start() : end], True, end)
