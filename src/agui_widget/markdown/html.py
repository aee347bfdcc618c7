"""A node tree as escaped HTML, for exports: only listed elements and attributes, no request, no script.

What is no HTML element becomes one with a class from the list below; remote images and films become links.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from typing import Any

from . import urls
from .colours import CLASSES as COLOURS
from .nodes import ELEMENTS, Element, Node
from .tags import VOID

_BLOCKS = frozenset("p h1 h2 h3 h4 h5 h6 blockquote ul ol table hr details dl figure div".split())
_RELATION = "noopener noreferrer nofollow"
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}")
_LINK_TAG = re.compile("</?a\\b[^>]*>")  # what is escaped has no such thing


def to_html(nodes: Iterable[Node]) -> str:
    """The nodes as HTML."""
    written: list[str] = []
    _write_all(nodes, written)
    return "".join(written)


def _write_all(nodes: Iterable[Node], written: list[str]) -> None:
    for node in nodes:
        if isinstance(node, str):
            written.append(html.escape(node, quote=False))
        else:
            WRITERS.get(node["t"], _write_plain)(node, written)


def _write_plain(node: Element, written: list[str]) -> None:
    name = node["t"]
    if name not in ELEMENTS:
        return
    _write(name, _listed(name, node.get("a", {})), node.get("c", ()), written)


def _listed(name: str, attributes: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in attributes.items() if key in ELEMENTS[name]}


def _write(name: str, attributes: dict[str, Any], children: Iterable[Node], written: list[str]) -> None:
    written.append(f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>")
    if name not in VOID:
        _write_all(children, written)
        written.append(f"</{name}>")
    if name in _BLOCKS:
        written.append("\n")


def _attribute(name: str, value: Any) -> str:
    if value is True:
        return f" {name}"
    return f' {name}="{html.escape(str(value))}"'


def _write_link(node: Element, written: list[str]) -> None:
    attributes = node.get("a", {})
    address = urls.link(attributes.get("href", ""))
    if address is None:
        _write_all(node.get("c", ()), written)
        return
    shown = {"href": address.href, "title": attributes.get("title") or address.host, "rel": _RELATION}
    written.append(f"<a{''.join(_attribute(key, value) for key, value in shown.items())}>")
    # A picture may stand in a link; its own link would end the one around it.
    written.append(_LINK_TAG.sub("", to_html(node.get("c", ()))))
    written.append("</a>")


def _write_image(node: Element, written: list[str]) -> None:
    attributes = _listed("img", node.get("a", {}))
    source = urls.image(attributes.get("src", ""))
    if source is not None and source.startswith("data:"):
        _write("img", {**attributes, "src": source}, (), written)
    else:
        _write_media(node, written)


def _write_media(node: Element, written: list[str]) -> None:
    """A link to what would have to be fetched."""
    attributes = node.get("a", {})
    host = urls.host_of(attributes.get("src", ""))
    label = attributes.get("alt") or attributes.get("title") or node["t"]
    link = {"t": "a", "a": {"href": attributes.get("src", "")}, "c": [f"{label} ({host})" if host else label]}
    _write_link(link, written)


def _write_item(node: Element, written: list[str]) -> None:
    task = node.get("a", {}).get("task")
    mark = {"done": "☑ ", "open": "☐ "}.get(task, "")
    _write("li", {}, [*([mark] if mark else []), *node.get("c", ())], written)
    written.append("\n")


def _write_fence(node: Element, written: list[str]) -> None:
    attributes = node.get("a", {})
    code = "".join(child for child in node.get("c", ()) if isinstance(child, str))
    lang = str(attributes.get("lang", ""))
    written.append(f"<pre><code{_attribute('class', 'language-' + lang) if lang else ''}>")
    units = code.encode("utf-16-le", "surrogatepass")
    at = 0
    for length, name in attributes.get("runs", ()):
        piece = html.escape(units[2 * at : 2 * (at + length)].decode("utf-16-le", "surrogatepass"), quote=False)
        written.append(f'<span class="{name}">{piece}</span>' if name in COLOURS else piece)
        at += length
    written.append(html.escape(units[2 * at :].decode("utf-16-le", "surrogatepass"), quote=False))
    written.append("\n</code></pre>\n" if code else "</code></pre>\n")


def _write_drawing(node: Element, written: list[str]) -> None:
    """A picture with its source folded behind it; without one that is its own content, the source alone."""
    attributes = node.get("a", {})
    source, scheme = str(attributes.get("src", "")), attributes.get("scheme")
    if not _PICTURE.fullmatch(source):
        _write_all(node.get("c", ()), written)
        return
    written.append(f'<figure class="drawing{" dark" if scheme == "dark" else ""}">')
    _write("img", {"src": source, "alt": attributes.get("alt") or "Drawing"}, (), written)
    written.append("\n<details><summary>Source</summary>\n")
    _write_all(node.get("c", ()), written)
    written.append("</details></figure>\n")


def _write_math(node: Element, written: list[str]) -> None:
    """TeX between the delimiters that MathJax, in JupyterLab and nbconvert, looks for."""
    is_display = node.get("a", {}).get("display")
    tex = html.escape("".join(child for child in node.get("c", ()) if isinstance(child, str)), quote=False)
    if is_display:
        # A span: it may stand in a paragraph, which a `div` would end.
        written.append(f'<span class="math display">\\[{tex}\\]</span>\n')
    else:
        written.append(f'<span class="math">\\({tex}\\)</span>')


def _write_footnote_mark(node: Element, written: list[str]) -> None:
    written.append(f'<sup class="{node["t"]}">[{int(node.get("a", {}).get("n", 0))}]</sup>')


def _write_footnotes(node: Element, written: list[str]) -> None:
    written.append('<section class="footnotes"><ol>\n')
    _write_all(node.get("c", ()), written)
    written.append("</ol></section>\n")


def _write_note(node: Element, written: list[str]) -> None:
    written.append('<p class="note">')
    _write_all(node.get("c", ()), written)
    written.append("</p>\n")


WRITERS: dict[str, Callable[[Element, list[str]], None]] = {
    "a": _write_link,
    "img": _write_image,
    "video": _write_media,
    "audio": _write_media,
    "li": _write_item,
    "fence": _write_fence,
    "math": _write_math,
    "drawing": _write_drawing,
    "fnref": _write_footnote_mark,
    "cite": _write_footnote_mark,
    "footnotes": _write_footnotes,
    "note": _write_note,
}
