"""Turns as HTML that also reads without a style: paragraphs, `<pre>`, `<details>`, lists.

Some hosts strip every class and style, some render mathematics in whatever they show, some pass the HTML through a
markdown renderer. So words carry the meaning, `$` in prose stands apart, and no line is blank.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable
from dataclasses import replace
from html import escape
from itertools import count
from typing import Any

from .. import drawings, markdown
from ..markdown import urls
from ..markdown.nodes import Element, Node, element, note
from .figures import Figures
from .outputs import Code, File, Gallery, Picture, Table
from .surfaces import Line
from .turns import (
    Call,
    Ending,
    Failure,
    Figure,
    Interface,
    Item,
    Question,
    Source,
    Sources,
    Thought,
    Turn,
    Words,
    plain,
)

HEADINGS = {f"h{level}": f"h{min(6, level + 2)}" for level in range(1, 7)}  # the first two are the page's
GALLERY_WIDTH = 240  # of each picture, in pixels
UNDRAWN = {"mermaid": "A diagram in the language mermaid, as its source: only a browser can draw it."}
VERBATIM = ("fence", "code", "math", "svg", "drawing")  # where no mathematics is looked for

_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_MATH_MARK = re.compile(r"(\$|\\(?=[()\[\]]|begin\b|end\b|ref\b|eqref\b))")
_BLANK_LINE = re.compile(r"\n(?=[ \t]*(?:\n|$))")
_PARAGRAPHS = re.compile(r"\n(?:[ \t]*\n)+")
_GAP = re.compile(r" {2,}|(?<=\n) |^ ")


def to_html(turns: Iterable[Turn]) -> str:
    """The turns as an HTML fragment."""
    return joined(map(turn_html, turns))


def answer_html(text: str, ending: str) -> str:
    """One answer, and the word for how it ended if not well."""
    nodes = markdown.parse(text)
    words = _words_of(nodes, Figures.of_nodes(nodes))
    return joined([words, *([_ending(Ending(ending))] if ending else [])])


def left_out(count: int) -> str:
    """The line in the place of turns that gave way."""
    return f'<p class="ending"><i>{count} earlier turns are left out here; to_html() has them all.</i></p>'


def joined(pieces: Iterable[str]) -> str:
    """In one line each: a blank line would let a markdown renderer read what follows as markdown."""
    lines = "\n".join(piece.strip("\n") for piece in pieces if piece)
    return _BLANK_LINE.sub("&#10;", lines)


def turn_html(turn: Turn) -> str:
    """One turn."""
    inside = [f'<p class="who"><b>{_said(turn.speaker)}</b></p>']
    for item in turn.items:
        if turn.is_user and isinstance(item, Words):
            inside.append(_words(item, "blockquote"))  # told from an answer without any style, too
        else:
            inside.append(WRITERS[type(item)](item))
    html = f'<div class="turn{" you" if turn.is_user else ""}">\n{joined(inside)}\n</div>'
    for _ in range(turn.depth):
        html = f'<blockquote class="subagent">\n{html}\n</blockquote>'
    return html


# -- texts -------------------------------------------------------------------------------------------


def _said(text: str) -> str:
    """A line of text: escaped, and no mathematics."""
    return markdown.to_html(_apart(plain(text))).replace("\n", " ")


def _prose(text: str) -> str:
    """Plain text as paragraphs, its columns and indents kept."""
    wide = _GAP.sub(lambda gap: "\u00a0" * len(gap[0]), plain(text).strip("\n"))
    paragraphs = _PARAGRAPHS.split(wide)
    return "\n".join(f"<p>{markdown.to_html(_apart(each)).replace(chr(10), '<br>')}</p>" for each in paragraphs)


def _code(text: str) -> str:
    return f"<pre>{escape(text, quote=False)}</pre>"


def _nodes(nodes: Iterable[Node]) -> str:
    return markdown.to_html(_fit(nodes))


def _fit(nodes: Iterable[Node]) -> list[Node]:
    """A tree as part of a page that has headings of its own and may look for mathematics."""
    fit: list[Node] = []
    for node in nodes:
        if isinstance(node, str):
            fit += _apart(node)
        else:
            fit.append(node if node["t"] in VERBATIM else _fit_element(node))
    return fit


def _fit_element(node: Element) -> Element:
    made: dict[str, Any] = {**node, "t": HEADINGS.get(node["t"], node["t"])}
    children = [*_fit(node.get("c", ())), *(_true_host(node) if node["t"] == "a" else [])]
    return {**made, "c": children} if children else made


def _true_host(link: Element) -> list[Node]:
    """Where a link leads, if its words name another place."""
    host = urls.host_of(link.get("a", {}).get("href", ""))
    label = markdown.to_text(link.get("c", ())).lower()
    return [element("small", None, [f" ({host})"])] if host and _HOST.search(label) and host not in label else []


def _apart(text: str) -> list[Node]:
    """The text with what could begin mathematics in elements of its own, where it begins none."""
    pieces = enumerate(_MATH_MARK.split(text))  # every other one is a mark
    return [element("span", None, [piece]) if at % 2 else piece for at, piece in pieces if piece]


# -- one writer for each kind of item ----------------------------------------------------------------


def _words(words: Words, name: str = "div") -> str:
    said = _prose(words.text) if words.nodes is None else _words_of(words.nodes, words.figures)
    return f'<{name} class="words">{said}</{name}>'


def _picture(picture: Picture) -> str:
    return f"<p>{_image(picture)}</p>"


def _gallery(gallery: Gallery) -> str:
    """In lines, as words are: of one width where there is no style, of one height at most where there is."""
    images = (_image(replace(picture, width=GALLERY_WIDTH)) for picture in gallery.pictures)
    return f'<p class="gallery">{" ".join(images)}</p>'


def _image(picture: Picture) -> str:
    size = {"width": picture.width} if picture.width else {}
    return markdown.to_html([{"t": "img", "a": {"src": picture.source, "alt": picture.text, **size}}])


def _file(file: File) -> str:
    return f'<p class="file">{_said(file.text)}</p>'


def _table(table: Table) -> str:
    return _nodes([_table_element(table)])


def _table_element(table: Table, *below: Node) -> Element:
    """A table with its words around it, and what else stands below it."""
    title = [element("p", None, [element("strong", None, [table.title])])] if table.title else []
    about = [element("p", None, [line]) for line in table.about]
    head = element("thead", None, [_row("th", table.head, table.numbers)])
    rows = [_row("td", row, table.numbers) for row in table.rows]
    body = element("tbody", None, [each for row in rows for each in ("\n", row)])  # a line each, for who compares files
    left_out = [element("p", None, [element("small", None, [table.note])])] if table.note else []
    return element("div", None, [*title, *about, element("table", None, [head, body]), *left_out, *below])


def _row(name: str, cells: Iterable[str], numbers: Container[int]) -> Element:
    aligned = ({"align": "right"} if at in numbers else None for at in count())
    return element("tr", None, [element(name, how, [cell]) for how, cell in zip(aligned, cells, strict=False)])


def _words_of(nodes: list[Node], figures: Figures | None) -> str:
    return _nodes(drawings.illustrated(nodes, lambda fence: _shown(fence, figures)) if figures else nodes)


def _shown(fence: Element, figures: Figures) -> Element:
    """What stands in the place of a block of code, with the source folded behind it; else itself."""
    kind, text = drawings.source_of(fence)
    found = figures.of_fence(kind, text)
    if isinstance(found, Table):
        return _table_element(found, element("details", None, [element("summary", None, ["Source"]), fence]))
    if found is not None:
        return drawings.figure(found, fence)
    return element("div", None, [note(UNDRAWN[kind]), fence]) if kind in UNDRAWN else fence


def _figure(figure: Figure) -> str:
    source = element("fence", None, [figure.source])
    return markdown.to_html([drawings.figure(figure.drawing, source)])


def _thought(thought: Thought) -> str:
    return _folded("thought", "Thought", [_prose(thought.text)])


def _output(code: Code) -> str:
    return _folded("printed", _said(code.label), [_code(code.text)]) if code.label else _code(code.text)


def _call(call: Call) -> str:
    says = f" {_said(call.says)}" if call.says else ""
    label = f"<code>{escape(call.name, quote=False)}</code>{says} · {_said(call.state)}"
    sections = {"Arguments": call.arguments, "Result": call.result, "Error": call.error}
    inside = [f"<p>{name}</p>\n{_code(text)}" for name, text in sections.items() if text]
    kind = {"failed": "call failed", "done": "call done"}.get(call.state, "call")
    return _folded(kind, label, inside)


def _question(question: Question) -> str:
    return f'<div class="question"><p><b>{_said(question.message)}</b></p>\n{_code(question.answer)}</div>'


def _interface(interface: Interface) -> str:
    return f'<div class="surface">\n{joined(map(_line, interface.lines))}\n</div>'


def _line(line: Line) -> str:
    if line.kind == "field":
        note = f" · {_said(line.note)}" if line.note else ""
        return f"<p>{_said(line.label)}: <b>{_said(line.text)}</b>{note}</p>"
    if line.kind == "text":
        return _nodes(markdown.parse(line.text))
    return f"<p><b>{_said(line.text)}</b></p>" if line.kind == "heading" else f"<p>[{_said(line.text)}]</p>"


def _sources(sources: Sources) -> str:
    is_counted = [each.number for each in sources.entries] == list(range(1, len(sources.entries) + 1))
    items = "\n".join(_source(each, is_counted) for each in sources.entries)
    return f'<div class="sources"><p><b>Sources</b></p>\n<ol>\n{items}\n</ol></div>'


def _source(source: Source, is_counted: bool) -> str:
    label = source.title or source.url or source.host or "Source"
    link: Node = {"t": "a", "a": {"href": source.url}, "c": _apart(label)}
    host = f" <small>{_said(source.host)}</small>" if source.host and source.host != label else ""
    snippet = f"<br>{_said(source.snippet)}" if source.snippet else ""
    number = "" if is_counted else f' value="{source.number}"'
    return f"<li{number}>{markdown.to_html([link])}{host}{snippet}</li>"


def _failure(failure: Failure) -> str:
    kept = f" {_said(failure.kept)}" if failure.kept else ""
    detail = _folded("detail", "Details", [_code(failure.detail)]) if failure.detail else ""
    return f'<div class="error"><p><b>{_said(failure.message)}</b>{kept}</p>\n{detail}</div>'


def _ending(ending: Ending) -> str:
    return f'<p class="ending"><i>{_said(ending.word)}</i></p>'


def _folded(kind: str, label: str, inside: list[str]) -> str:
    return f'<details class="{kind}"><summary>{label}</summary>\n{joined(inside)}\n</details>'


WRITERS: dict[type[Item], Callable[[Any], str]] = {
    Words: _words,
    Picture: _picture,
    Gallery: _gallery,
    File: _file,
    Table: _table,
    Figure: _figure,
    Thought: _thought,
    Code: _output,
    Call: _call,
    Interface: _interface,
    Question: _question,
    Sources: _sources,
    Failure: _failure,
    Ending: _ending,
}
