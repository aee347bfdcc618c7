"""Whatever an agent says becomes listed elements with listed attributes, and addresses that the policy lets through."""

from __future__ import annotations

import json
import runpy
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from agui_widget import markdown
from agui_widget.markdown import bounds, engine, urls
from agui_widget.markdown.colours import CLASSES
from agui_widget.markdown.nodes import ELEMENTS, Node

from .profiles import NIGHTLY

# What `to_html` may write beside the elements of the tree, and with which attributes.
OF_OURS = {
    "a": {"href", "title", "rel"},
    "pre": set(),
    "code": {"class"},
    "span": {"class"},
    "div": {"class"},
    "sup": {"class"},
    "section": {"class"},
    "p": {"class"},
}
CLASS_NAMES = CLASSES | {"math", "math display", "fnref", "cite", "footnotes", "note"}


def payloads(fixtures: Path) -> list[str]:
    """Every payload of every corpus; a URL also as a link and as an image."""
    found: list[str] = []
    for path in sorted((fixtures / "xss").glob("*.json")):
        for case in json.loads(path.read_text()):
            found.append(case["payload"])
            if path.stem == "urls":
                found += [f"[a]({case['payload']})", f"![a](<{case['payload']}>)", f"<a href='{case['payload']}'>a</a>"]
    return found


def elements(nodes: list[Node]) -> Iterator[dict[str, Any]]:
    pending = list(nodes)
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            yield node
            pending.extend(node.get("c", []))


def complaints(nodes: list[Node]) -> list[str]:
    """What stands in a tree that may not."""
    found = []
    for node in elements(nodes):
        if node["t"] not in ELEMENTS:
            found.append(f"element {node['t']}")
            continue
        found += [f"{node['t']} {name}" for name in node.get("a", {}) if name not in ELEMENTS[node["t"]]]
        found += _address_complaints(node["t"], node.get("a", {}))
    return found


def _address_complaints(name: str, attributes: dict[str, Any]) -> list[str]:
    values = [str(value) for key, value in attributes.items() if key not in ("src", "href", "title", "alt", "runs")]
    found = [f"{name}: {value}" for value in values if "url(" in value.lower() or "javascript:" in value.lower()]
    href, source = attributes.get("href"), attributes.get("src")
    if href is not None and (not href.startswith(("https://", "http://", "mailto:")) or not attributes["host"]):
        found.append(f"href {href}")
    if (
        source is not None
        and not source.startswith(("https://", "http://"))
        and not bounds.DATA_IMAGE.fullmatch(source)
    ):
        found.append(f"src {source}")
    if name == "a" and href is None:
        found.append("a without an address")
    return found


class Written(HTMLParser):
    """Collects what of an HTML text is not on our lists."""

    def __init__(self) -> None:
        super().__init__()
        self.complaints: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        by_name = {name.lower(): (name, allowed) for name, allowed in ELEMENTS.items()}
        allowed = set(by_name[tag][1]) if tag in by_name else set()
        if tag not in by_name and tag not in OF_OURS:
            self.complaints.append(f"<{tag}>")
        for name, value in attrs:
            if name not in OF_OURS.get(tag, set()) and name not in {each.lower() for each in allowed}:
                self.complaints.append(f"<{tag} {name}>")
            if (
                name == "class"
                and value not in CLASS_NAMES
                and not (tag == "code" and str(value).startswith("language-"))
            ):
                self.complaints.append(f"class {value}")
            if name == "href" and not str(value).startswith(("https://", "http://", "mailto:")):
                self.complaints.append(f"href {value}")
            if name == "src" and not str(value).startswith("data:image/"):
                self.complaints.append(f"src {value}")

    def handle_comment(self, data: str) -> None:
        self.complaints.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.complaints.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.complaints.append("instruction")


def written_complaints(nodes: list[Node]) -> list[str]:
    reader = Written()
    reader.feed(markdown.to_html(nodes))
    reader.close()
    return reader.complaints


def test_no_payload_becomes_more_than_listed_elements_and_addresses(fixtures: Path) -> None:
    assert {payload: found for payload in payloads(fixtures) if (found := complaints(markdown.parse(payload)))} == {}


def test_no_payload_is_written_as_more_than_listed_html(fixtures: Path) -> None:
    assert {
        payload: found for payload in payloads(fixtures) if (found := written_complaints(markdown.parse(payload)))
    } == {}


@pytest.mark.parametrize(
    "around", ["- {}", "> {}", "| a |\n|---|\n| {} |", "# {}", "[{}](https://a.example)", "x\n\n    {}"]
)
def test_no_payload_gets_further_inside_another_block(fixtures: Path, around: str) -> None:
    for payload in payloads(fixtures)[:: 1 if NIGHTLY else 7]:
        nodes = markdown.parse(around.format(payload))
        assert not complaints(nodes) and not written_complaints(nodes), payload


@pytest.mark.slow
@pytest.mark.timeout(1200 if NIGHTLY else 60)
def test_no_payload_gets_further_while_it_streams(fixtures: Path) -> None:
    for number, payload in enumerate(payloads(fixtures)):
        if not NIGHTLY and number % 11:
            continue
        stream = markdown.MarkdownStream()
        for character in payload[:400]:
            if stream.feed(character):
                assert not complaints(stream.nodes), payload
        assert not written_complaints(stream.nodes), payload


@pytest.mark.slow
@pytest.mark.timeout(1200 if NIGHTLY else 60)
def test_no_payload_gets_further_cut_anywhere(fixtures: Path) -> None:
    for number, payload in enumerate(payloads(fixtures)):
        for end in range(1, min(len(payload), 400)):
            if NIGHTLY or (number * 31 + end) % 97 == 0:
                nodes = markdown.parse(payload[:end])
                assert not complaints(nodes) and not written_complaints(nodes), payload[:end]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "/relative",
        "//host.example/x",
        "#here",
        "file:///etc/passwd",
        "data:text/html,x",
        "vscode://x",
        "https:host.example",
        "https:///host.example",
        "https://good.example\\@evil.example",
        "https://good.example@evil.example",
        "https://host.example/\u202egpj.exe",
        "https://host.example/%E2%80%AEx",
        "https://host.example/a b",
        "https://host.example/\x07",
        "https://ho%2Fst.example/",
        "https://host.example:99999999/",
        "mailto:someone@host.example\r\nBcc: x",
        "https://",
        "",
    ],
)
def test_an_address_that_misleads_or_stays_here_is_refused(url: str) -> None:
    assert urls.link(url) is None


@pytest.mark.parametrize(
    ("url", "href", "host"),
    [
        ("https://example.org/a?b=1&c=%20#d", "https://example.org/a?b=1&c=%20#d", "example.org"),
        ("HTTP://Example.org", "http://example.org", "example.org"),
        ("https://example.org:8443/", "https://example.org:8443/", "example.org:8443"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC", "xn--bcher-kva.example"),
        ("https://аpple.example/", "https://xn--pple-43d.example/", "xn--pple-43d.example"),
        ("mailto:me@example.org?subject=x", "mailto:me@example.org?subject=x", "me@example.org"),
    ],
)
def test_an_address_is_shown_with_its_true_host(url: str, href: str, host: str) -> None:
    assert urls.link(url) == urls.Address(href, host)


def test_an_embedded_image_is_kept_within_bounds() -> None:
    small = "data:image/png;base64," + "A" * 5_000
    assert markdown.parse(f"a ![b]({small}) c")[0]["c"][1]["a"] == {"src": small, "alt": "b"}  # type: ignore[index]
    assert urls.image("data:image/png;base64," + "A" * bounds.MAX_DATA_IMAGE) is None
    assert urls.image("data:image/svg+xml;base64,AAAA") is None


def test_a_remote_image_is_only_data_and_a_link_in_the_export() -> None:
    nodes = markdown.parse("![chart](https://example.org/c.png)")
    assert nodes == [{"t": "p", "c": [{"t": "img", "a": {"src": "https://example.org/c.png", "alt": "chart"}}]}]
    assert "<img" not in markdown.to_html(nodes)


def test_ids_classes_styles_and_handlers_never_pass() -> None:
    nodes = markdown.parse('<kbd id=a class=b style="x" onclick="y" data-z=1>Ctrl</kbd>')
    assert nodes == [{"t": "p", "c": [{"t": "kbd", "c": ["Ctrl"]}]}]


def test_a_drawing_points_nowhere() -> None:
    nodes = markdown.parse('<svg width="9"><path d="M0 0" fill="url(https://a.example)"/><use href="#x"/></svg>')
    assert nodes == [
        {
            "t": "p",
            "c": [{"t": "svg", "a": {"width": "9"}, "c": [{"t": "path", "a": {"d": "M0 0"}}, '<use href="#x"/>']}],
        }
    ]


def test_a_drawing_has_nothing_that_could_only_be_pointed_to() -> None:
    nodes = markdown.parse("<svg><defs></defs><linearGradient></linearGradient><rect width=1></rect></svg>")
    assert {node["t"] for node in elements(nodes)} == {"p", "svg", "rect"}


def test_what_is_not_on_the_list_is_shown_as_text() -> None:
    nodes = markdown.parse("<script>alert(1)</script>")
    assert nodes == [{"t": "p", "c": ["<script>alert(1)</script>"]}]
    assert markdown.to_html(nodes) == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"


def test_to_html_drops_what_a_forged_tree_has_more() -> None:
    forged: list[Any] = [
        {"t": "script", "c": ["alert(1)"]},
        {"t": "p", "a": {"onclick": "x", "id": "y"}, "c": [{"t": "a", "a": {"href": "javascript:x"}, "c": ["z"]}]},
        {"t": "img", "a": {"src": "javascript:x", "onerror": "y"}},
        {"t": "fence", "a": {"lang": '"><script>', "runs": [[1, '"><script>'], [99, "keyword"]]}, "c": ["ab"]},
    ]
    assert not written_complaints(forged)


# Bounds


def patterns(fixtures: Path, count: int) -> dict[str, str]:
    found: dict[str, str] = runpy.run_path(str(fixtures / "markdown" / "pathological.py"))["patterns"](count)
    return found


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_bound_cuts_every_pathological_input_before_the_parser_sees_it(
    fixtures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def watched(text: str, definitions: Any) -> list[engine.Token]:
        seen.append(text)
        return inline(text, definitions)

    inline = engine.inline
    monkeypatch.setattr("agui_widget.markdown.inlines.inline", watched)
    for name, text in patterns(fixtures, 25_000).items():
        nodes = markdown.parse(text)
        assert any(node["t"] == "note" for node in elements(nodes)), name
        assert not [each for each in seen if bounds.inline_remark(each)], name
        assert depth_of(nodes) <= bounds.MAX_DEPTH + bounds.MAX_INLINE_DEPTH + 5, name
        seen.clear()


def depth_of(nodes: list[Node]) -> int:
    depth, level = 0, list(nodes)
    while level:
        depth += 1
        level = [child for node in level if isinstance(node, dict) for child in node.get("c", [])]
    return depth


@pytest.mark.slow
@pytest.mark.timeout(1200 if NIGHTLY else 300)
def test_a_pathological_input_streams_to_the_same_tree(fixtures: Path) -> None:
    for name, text in patterns(fixtures, 25_000 if NIGHTLY else 1_000).items():
        stream = markdown.MarkdownStream()
        for at in range(0, len(text), 5_000):
            stream.feed(text[at : at + 5_000])
        stream.close()
        assert stream.nodes == markdown.parse(text), name


def test_a_cut_says_where() -> None:
    nodes = markdown.parse("word " * 5_000)
    assert nodes[-1] == {"t": "note", "c": ["A line of 25,000 characters is shown as plain text."]}
    assert "".join(str(child) for child in nodes[0]["c"]) == ("word " * 5_000).strip()  # type: ignore[index]


@pytest.mark.parametrize(
    ("line", "limit"), [("line\n\n", "20,000 lines"), ("word " * 100 + "\n", "1,000,000 characters")]
)
def test_a_long_message_is_cut_with_a_note(line: str, limit: str) -> None:
    nodes = markdown.parse(line * (1_200_000 // len(line)))
    assert nodes[-1]["c"][0].startswith(f"Cut at {limit}")  # type: ignore[index]


@pytest.mark.parametrize("line", ["x = 1 # " + "y, " * 400, "a\n" * 1_500])
def test_colours_end_where_a_lexer_might_never(line: str) -> None:
    [fence] = elements(markdown.parse(f"```python\nx = 1\n{line}\ny = 2\n```"))
    assert sum(length for length, _ in fence["a"].get("runs", [])) < 10


def test_only_so_much_code_of_a_message_is_coloured() -> None:
    fences = markdown.parse("\n\n".join(f"```python\nx = {number}  # {'y, ' * 300}\n```" for number in range(200)))
    coloured = [fence for fence in fences if "runs" in fence["a"]]  # type: ignore[index]
    assert 150 < len(coloured) < 170


def test_nesting_is_cut_with_a_note() -> None:
    nodes = markdown.parse("> " * 500 + "x")
    assert depth_of(nodes) <= bounds.MAX_DEPTH + 2
    assert nodes[-1]["t"] == "note"  # type: ignore[index]


def test_html_is_not_nested_deeper_either() -> None:
    assert depth_of(markdown.parse("<div>\n" * 5_000)) <= bounds.MAX_DEPTH + 5
