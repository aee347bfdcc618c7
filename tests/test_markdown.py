"""What a text becomes: one sentence for each construct, and the examples of the specifications."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from benches.markdown import CORPORA, answer, any_address, cases, is_about_html, is_as_specified

from agui_widget import markdown
from agui_widget.markdown import colours, tables
from agui_widget.markdown.nodes import ELEMENTS, Node, width

# Raw HTML aside, we differ in this: GFM's bare addresses are links in CommonMark, too; «<IGNORE>» and a footnote's
# way back are no part of a tree.
KNOWN_DIFFERENCES = {
    "commonmark-0.31.2": {610, 613, 614},
    "gfm-0.29": {616, 619, 620},
    "gfm-extensions": {20, 23},
}


def inline(text: str) -> list[Node]:
    """The nodes in the only paragraph of a text."""
    [paragraph] = markdown.parse(text)
    assert isinstance(paragraph, dict) and paragraph["t"] == "p"
    children: list[Node] = paragraph["c"]
    return children


def html(text: str) -> str:
    return markdown.to_html(markdown.parse(text)).replace("\n", "")


@pytest.mark.parametrize("corpus", CORPORA)
def test_the_examples_of_the_specification_are_read_as_they_say(fixtures: Path, corpus: str) -> None:
    with any_address():
        differing = {case["id"] for case in cases(corpus) if not is_about_html(case) and not is_as_specified(case)}
    assert differing == KNOWN_DIFFERENCES[corpus]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**a** *b* _c_ ***d***", "<strong>a</strong> <em>b</em> <em>c</em> <em><strong>d</strong></em>"),
        ("~~a~~ ~b~ ~5 to ~6", "<del>a</del> <del>b</del> ~5 to ~6"),
        ("snake_case 2 * 3 * 4 a\\*b\\*", "snake_case 2 * 3 * 4 a*b*"),
        ("`a` ``b`c`` `&amp;`", "<code>a</code> <code>b`c</code> <code>&amp;amp;</code>"),
        ("a  \nb\\\nc\nd", "a<br>b<br>cd"),
        ("&copy; &#65; &amp;lt;", "© A &amp;lt;"),
        ("H<sub>2</sub>O <b>x</b> <i>y</i>", "H<sub>2</sub>O <strong>x</strong> <em>y</em>"),
        ("a <foo> b </sub>", "a &lt;foo&gt; b &lt;/sub&gt;"),
        ("[a](/relative) [b](javascript:x)", "a b"),
    ],
)
def test_a_line_is_read_as(text: str, expected: str) -> None:
    assert html(text) == f"<p>{expected}</p>"


def test_a_picture_that_is_a_link_stays_in_its_link() -> None:
    badge = html("[![a > **b**](https://i.example/x.svg)](https://l.example)")
    assert badge.count("<a ") == 1
    assert 'href="https://l.example"' in badge and ">a &gt; b (i.example)</a>" in badge


@pytest.mark.parametrize(
    ("text", "tex", "display"),
    [
        ("a $x^2$ b", "x^2", False),
        ("a $\\alpha_1$, b", "\\alpha_1", False),
        ("a \\(x*y*z\\) b", "x*y*z", False),
        ("a $$x$$ b", "x", True),
        ("a \\[x\\] b", "x", True),
        ("a $`x_1`$ b", "`x_1`", False),
    ],
)
def test_a_formula_stands_in_a_line(text: str, tex: str, display: bool) -> None:
    expected = {"t": "math", "a": {"display": True}, "c": [tex]} if display else {"t": "math", "c": [tex]}
    assert inline(text)[1] == expected


@pytest.mark.parametrize("text", ["It costs $5 or $6.", "US$5 and US$6", "$ a $", "a$b$c", "`$x$`", "\\$x$ y"])
def test_a_price_is_no_formula(text: str) -> None:
    assert "math" not in json.dumps(markdown.parse(text))


@pytest.mark.parametrize("text", ["$$\nx = 1\n$$", "$$x = 1$$", "\\[\nx = 1\n\\]", "\\[ x = 1 \\]", "$$ x = 1\n$$"])
def test_a_formula_is_a_block(text: str) -> None:
    assert markdown.parse(text) == [{"t": "math", "a": {"display": True}, "c": ["x = 1"]}]


def test_a_formula_without_an_end_is_text() -> None:
    assert html("$$\nx = 1\n\nafter") == "<p>$$x = 1</p><p>after</p>"


def test_a_fence_has_its_language_and_its_text_without_the_last_line_end() -> None:
    [fence] = markdown.parse("```python title=x\nx = 1\n\n```\n")
    assert isinstance(fence, dict)
    assert fence["a"]["lang"] == "python"
    assert fence["c"] == ["x = 1\n"]


def test_an_empty_fence_has_no_child() -> None:
    assert markdown.parse("```\n```") == [{"t": "fence"}]


def test_colours_cover_the_text_from_its_start_in_utf16_units() -> None:
    [fence] = markdown.parse('```python\nx = "😀" # é\ny = 1\n```')
    assert isinstance(fence, dict)
    runs = fence["a"]["runs"]
    assert {name for _, name in runs} <= colours.CLASSES | {""}
    assert sum(length for length, _ in runs) <= width(fence["c"][0])
    assert [4, "string"] in runs
    assert [3, "comment"] in runs


@pytest.mark.parametrize("lang", ["nosuchlanguage", "", "🐍"])
def test_an_unknown_language_has_no_colours(lang: str) -> None:
    assert colours.runs(lang, "x = 1") == []


def test_indented_code_keeps_its_first_indent() -> None:
    assert markdown.parse("      a\n\tb\n\n    c") == [{"t": "fence", "c": ["  a\nb\n\nc"]}]


def test_lists_nest_and_know_their_start_and_tasks() -> None:
    assert (
        html("3. a\n   - [ ] b\n   - [x] c\n4. d")
        == '<ol start="3"><li>a<ul><li>☐ b</li><li>☑ c</li></ul></li><li>d</li></ol>'
    )


def test_a_loose_list_has_paragraphs() -> None:
    assert html("- a\n\n- b") == "<ul><li><p>a</p></li><li><p>b</p></li></ul>"


def test_a_quote_goes_on_lazily() -> None:
    assert html("> a\nb\n> > c") == "<blockquote><p>ab</p><blockquote><p>c</p></blockquote></blockquote>"


def test_headings_are_marked_or_underlined() -> None:
    assert html("# a #\n\nb\n===\n\nc\n---") == "<h1>a</h1><h1>b</h1><h2>c</h2>"


def test_a_table_has_aligned_cells_and_fills_short_rows() -> None:
    assert html("| a | b |\n|:-:|--:|\n| 1 |") == (
        '<table><thead><tr><th align="center">a</th><th align="right">b</th></tr></thead>'
        '<tbody><tr><td align="center">1</td><td align="right"></td></tr></tbody></table>'
    )


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("| a | b |", ["a", "b"]),
        ("a | b", ["a", "b"]),
        ("| `x\\|y` | b |", ["`x|y`", "b"]),
        ("| `x|y` | b |", ["`x|y`", "b"]),
        ("| `x` | `y|z` |", ["`x`", "`y|z`"]),
        ("| a | | c |", ["a", "", "c"]),
    ],
)
def test_a_row_is_cut_into_cells(row: str, cells: list[str]) -> None:
    assert tables.cells(row, len(cells)) == cells


def test_a_table_ends_at_a_blank_line_or_another_block() -> None:
    assert [node["t"] for node in markdown.parse("|a|\n|-|\n|b|\n> c") if isinstance(node, dict)] == [
        "table",
        "blockquote",
    ]


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("see https://example.org/a_b_c.", "https://example.org/a_b_c"),
        ("(https://example.org/a_(b))", "https://example.org/a_(b)"),
        ("see www.example.org/x!", "http://www.example.org/x"),
        ("mail me.you@example.org.", "mailto:me.you@example.org"),
        ("see <https://example.org>", "https://example.org"),
        ("**https://example.org**", "https://example.org"),
    ],
)
def test_a_bare_address_is_a_link(text: str, href: str) -> None:
    assert f'"href": "{href}"' in json.dumps(markdown.parse(text))


@pytest.mark.parametrize("text", ["`https://example.org`", "a.https", "http://", "www.", "a@b", "xhttps://a.example"])
def test_what_only_looks_like_an_address_is_none(text: str) -> None:
    assert '"a"' not in json.dumps(markdown.parse(text)).replace('["a', "")


def test_a_link_shows_its_host_and_title() -> None:
    assert inline('[a](https://example.org/x "t")') == [
        {"t": "a", "a": {"href": "https://example.org/x", "host": "example.org", "title": "t"}, "c": ["a"]}
    ]


def test_a_definition_may_come_later() -> None:
    assert markdown.parse("[a][b]\n\n[b]: https://example.org") == markdown.parse("[a](https://example.org)")


def test_footnotes_are_numbered_as_they_are_referred_to() -> None:
    nodes = markdown.parse("a[^y] b![^x] c[^z]\n\n[^x]: X\n[^y]: Y[^w]\n\n[^w]: W")
    assert nodes == [
        {
            "t": "p",
            "c": [
                "a",
                {"t": "fnref", "a": {"n": 1, "to": 1}},
                " b!",
                {"t": "fnref", "a": {"n": 2, "to": 2}},
                " c[^z]",
            ],
        },
        {
            "t": "footnotes",
            "c": [
                {"t": "li", "a": {"n": 1}, "c": [{"t": "p", "c": ["Y", {"t": "fnref", "a": {"n": 3, "to": 3}}]}]},
                {"t": "li", "a": {"n": 2}, "c": [{"t": "p", "c": ["X"]}]},
                {"t": "li", "a": {"n": 3}, "c": [{"t": "p", "c": ["W"]}]},
            ],
        },
    ]


def test_markdown_stands_in_details() -> None:
    text = "<details open>\n<summary>More <b>x</b></summary>\n\n- *a*\n\n</details>\n\nafter"
    assert html(text) == (
        "<details open><summary>More <strong>x</strong></summary><ul><li><em>a</em></li></ul></details><p>after</p>"
    )


def test_a_table_in_html_is_a_table() -> None:
    assert html("<table><tr><td align=right>a<td>b</table>") == (
        '<table><tr><td align="right">a</td><td>b</td></tr></table>'
    )


def test_html_that_does_not_fit_is_text() -> None:
    assert html("<td>a</td>") == "<p>&lt;td&gt;a&lt;/td&gt;</p>"


def test_a_comment_is_shown() -> None:
    assert html("<!-- <b>a</b> -->") == "<p>&lt;!-- &lt;b&gt;a&lt;/b&gt; --&gt;</p>"


def test_the_plain_text_keeps_marks_and_addresses() -> None:
    text = "# T\n\n1. a\n   b\n2. [c](https://example.org)\n\n> q\n\n|x|y|\n|-|-|\n|1|2|\n\n```\ncode\n```"
    assert markdown.to_text(markdown.parse(text)) == (
        "T\n\n1. a\n   b\n2. c (https://example.org)\n\n> q\n\nx | y\n1 | 2\n\ncode"
    )


@pytest.mark.parametrize("seed", range(40))
def test_a_tree_keeps_its_promises(seed: int) -> None:
    """Listed names only, no empty text, no neighbouring texts, plain JSON."""
    nodes = markdown.parse(answer(seed))
    assert json.loads(json.dumps(nodes)) == nodes
    check(nodes)


def check(nodes: list[Any]) -> None:
    for node, following in zip(nodes, [*nodes, None][1:], strict=True):
        if isinstance(node, str):
            assert node and not isinstance(following, str)
            continue
        assert set(node) <= {"t", "a", "c"} and node["t"] in ELEMENTS
        assert set(node.get("a", {})) <= ELEMENTS[node["t"]]
        assert node.get("a") != {} and node.get("c") != []
        check(node.get("c", []))


def test_line_ends_and_nul_are_normalized() -> None:
    assert markdown.parse("a\r\nb\rc\0") == [{"t": "p", "c": ["a\nb\nc\ufffd"]}]
