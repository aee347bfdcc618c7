"""Numbers of sources in a text: behind what is cited, in every kind of block, and the same however the text comes."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from benches.markdown import answer
from hypothesis import given
from hypothesis import strategies as st

from agui_widget.markdown import MarkdownStream, apply_ops, parse, to_html, to_text
from agui_widget.markdown.align import ATOMS, SHUT
from agui_widget.markdown.anchors import characters
from agui_widget.markdown.nodes import Node, join, width

ANSWERS = 40


def without(nodes: list[Node]) -> list[Node]:
    """The nodes without the numbers."""
    kept: list[Node] = []
    for node in nodes:
        if isinstance(node, str):
            kept.append(node)
        elif node["t"] != "cite":
            kept.append({**node, "c": without(node["c"])} if "c" in node else node)
    return join(kept)


def shown(nodes: list[Node], *, is_shut: bool = False) -> Iterator[tuple[str, bool] | int]:
    """Each character that is no white space, and whether it is in what is shown whole; each number of a source."""
    for node in nodes:
        if isinstance(node, str):
            yield from ((character, is_shut) for character in node if not character.isspace())
        elif node["t"] == "cite":
            yield node["a"]["n"]
        else:
            inside = is_shut or node["t"] in SHUT | ATOMS
            yield from ((each, inside) for each in node.get("a", {}).get("alt", "") if not each.isspace())
            yield from shown(node.get("c", []), is_shut=inside)


def numbers_of(nodes: list[Node]) -> list[int]:
    return [each for each in shown(nodes) if isinstance(each, int)]


# -- where a number stands -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Margins fell^.", "Margins fell[1]."),
        ("Margins fell.^", "Margins fell.[1]"),
        ("Margins fe^ll.", "Margins fell[1]."),
        ("Margins ^fell.", "Margins[1] fell."),
        ("^Margins", "[1]Margins"),
        ("A **strong^ word** here", "A strong[1] word here"),
        ("A **str^ong**er word", "A stronger[1] word"),
        ("See [the ^page](https://example.org/a_b) now", "See the page (https://example.org/a_b)[1] now"),
        ("See [the page](https://exam^ple.org/a_b 'the now') now", "See the page (https://example.org/a_b)[1] now"),
        ("See https://example.org/x^yz now", "See https://example.org/xyz[1] now"),
        ("Run `a ^b` now", "Run a b[1] now"),
        ("The $x_^2$ grows", "The $x_2$[1] grows"),
        ("A&amp;B^ and &lt;C^&gt; D", "A&B[1] and <C[2]> D"),
        (r"A \*star\*^ and \_line\_^ end", "A *star*[1] and _line_[2] end"),
        ("One^ two^ six", "One[1] two[2] six"),
        ("One^^ two", "One[1][2] two"),
        ("- one^\n- two\n  - three^\n", "- one[1]\n- two\n  - three[2]"),
        ("1. 1\n2. 2^\n", "1. 1\n2. 2[1]"),
        ("One.\n\n- ^two", "One.[1]\n\n- two"),
        ("| a | b |\n|---|---|\n| one^ | two^ |\n", "a | b\none[1] | two[2]"),
        ("> one\n> two^ three", "> one\n> two[1] three"),
        ("# Head^\n\nText", "Head[1]\n\nText"),
        ("Head^\n====\n\nText^", "Head[1]\n\nText[2]"),
        ("```py\nx^ = 1\n```\n\nText", "x = 1\n\n[1]\n\nText"),
        ("Text\n\n---\n\n^", "Text[1]\n\n---"),
        ("[ref]: https://example.org/ 'one'\n\n[one][ref] two^", "one (https://example.org/) two[1]"),
        ("H<sub>2</sub>O^ is <b>wet^ and</b> cold", "H2O[1] is wet[2] and cold"),
        ("<details><summary>More</summary>\n\nHid^den\n\n</details>", "More\n\nHidden[1]"),
        ("😀 up^ 👩🏽‍🚀^ down", "😀 up[1] 👩🏽‍🚀[2] down"),
        ("利润下降^了三成", "利润下降[1]了三成"),
        ("e\u0301te^\u0301", "e\u0301te\u0301[1]"),
        ("One\r\n\r\ntwo^ three\rfour^", "One\n\ntwo[1] three\nfour[2]"),
        ("Note[^1]^ here.\n\n[^1]: Small.", "Note[1][1] here.\n\n[1] Small."),
    ],
)
def test_a_number_stands_behind_the_word_that_its_offset_reaches(source: str, text: str) -> None:
    # A caret that belongs to the source: of the footnote.
    kept = source.replace("[^", "[\0")
    pieces = kept.split("^")
    whole = "".join(pieces).replace("\0", "^")
    offsets = [width("".join(pieces[: n + 1])) for n in range(len(pieces) - 1)]
    nodes = parse(whole, [(offset, number) for number, offset in enumerate(offsets, 1)])
    assert without(nodes) == parse(whole)
    assert to_text(nodes) == text


def test_a_number_behind_bold_words_is_not_bold() -> None:
    strong = {"t": "strong", "c": ["three"]}
    assert parse("**three** left", [(9, 1)])[0] == {"t": "p", "c": [strong, {"t": "cite", "a": {"n": 1}}, " left"]}
    assert "<strong>three</strong><sup" in to_html(parse("**three** left", [(7, 1)]))


def test_one_number_stands_once_at_one_place() -> None:
    assert to_text(parse("One two", [(3, 1), (3, 2), (2, 1), (7, 1)])) == "One[1][2] two[1]"


def test_an_offset_behind_the_text_is_not_shown() -> None:
    assert to_text(parse("One two", [(8, 1)])) == "One two"


# -- numbers that are written ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "cites"),
    [
        ("Fell [1].", [1]),
        ("Fell[1][2].", [1, 2]),
        ("Fell [1, 2;3].", [1, 2, 3]),
        ("Fell【2】.", [2]),
        ("Fell [4].", []),
        ("Fell [1, 4].", []),
        ("`a[1]` and $b[1]$ and [c [1]](https://example.org)", []),
        ("[1](https://example.org) and [^1]\n\n[^1]: Small.", []),
        ("[1]\n\n[1]: https://example.org", []),
        ("```\na[1]\n```", []),
        ("- **[1]**\n- | [2]", [1, 2]),
    ],
)
def test_a_written_number_is_an_anchor_if_there_is_such_a_source(source: str, cites: list[int]) -> None:
    assert numbers_of(parse(source, [], [1, 2, 3])) == cites
    assert parse(source, [], []) == parse(source)


def test_a_written_number_and_an_offset_at_its_place_are_one() -> None:
    for offset in (4, 5, 7, 8):
        assert to_text(parse("Fell [1].", [(offset, 1)], [1])) in ("Fell [1].", "Fell[1] [1].")
    assert to_text(parse("Fell[1].", [(4, 1), (7, 1)], [1])) == "Fell[1]."


# -- streams ---------------------------------------------------------------------------------------------


def follow(stream: MarkdownStream, nodes: list[Node], ops: list[Any]) -> list[Node]:
    nodes = apply_ops(nodes, ops)
    assert nodes == stream.nodes
    return nodes


@pytest.mark.parametrize("seed", range(ANSWERS))
def test_whenever_citations_come_the_tree_is_that_of_the_whole_text(seed: int) -> None:
    r = random.Random(seed)
    text = answer(seed)
    anchors = sorted((r.randrange(width(text) + 9), r.randint(1, 9)) for _ in range(r.randint(1, 8)))
    numbers = [number for _, number in anchors] if r.random() < 0.7 else []
    text = text.replace(" data ", " data [1] ") if r.random() < 0.5 else text
    stream, nodes, at = MarkdownStream(), [], 0
    while at < len(text):
        size = r.choice([1, 5, 40])
        nodes = follow(stream, nodes, stream.feed(text[at : at + size]))
        at += size
        if r.random() < 0.1:
            known = r.randrange(len(anchors) + 1)
            nodes = follow(stream, nodes, stream.cite(anchors[:known], numbers[:known]))
    late = r.random() < 0.5
    for step in (stream.close, lambda: stream.cite(anchors, numbers))[:: 1 if late else -1]:
        nodes = follow(stream, nodes, step())
    assert nodes == parse(text, anchors, numbers)
    assert without(parse(text, anchors)) == parse(text)
    assert stream.text == text


def test_a_late_citation_changes_only_its_paragraph() -> None:
    stream = MarkdownStream()
    for _ in range(50):
        stream.feed("Some words in a paragraph.\n\n")
    before = stream.nodes
    ops = stream.cite([(28 * 7 + 4, 1)], [1])
    assert [path[0] for _, path, *_ in ops] == [7, 7]
    assert [a is b for a, b in zip(before, stream.nodes, strict=True)].count(False) == 1


def test_words_behind_an_anchor_are_one_operation() -> None:
    stream = MarkdownStream()
    stream.feed("Margins fell")
    stream.cite([(12, 1)], [1])
    assert stream.feed(" again") == [["add", [0], [" again"]]]
    assert stream.feed(" today") == [["text", [0, 2], 6, " today"]]


def test_a_code_block_grows_between_anchors_without_being_read_again() -> None:
    stream = MarkdownStream()
    stream.feed("```\nx\n```\n\nText\n\n```py\nx = 1\n")
    stream.cite([(4, 1), (28, 2)], [1, 2])
    nodes = follow(stream, stream.nodes, [])
    for delta in ("y = 2", "\nz = 3", "\n", "```\n", "\nEnd"):
        nodes = follow(stream, nodes, stream.feed(delta))
    nodes = follow(stream, nodes, stream.close())
    assert to_text(nodes) == "x\n\n[1]\n\nText\n\nx = 1\ny = 2\nz = 3\n\n[2]\n\nEnd"


def test_an_anchor_waits_for_its_text() -> None:
    stream = MarkdownStream()
    stream.feed("One")
    stream.cite([(7, 1)], [1])
    assert numbers_of(stream.nodes) == []
    stream.feed(" two.")
    assert to_text(stream.nodes) == "One two[1]."


def test_a_number_at_the_start_of_a_block_stands_once_however_often_it_is_asked_for() -> None:
    text, anchor = "One.\n\n**Two**.", [(8, 1)]
    stream = MarkdownStream()
    stream.feed(text)
    for _ in range(2):
        stream.cite(anchor, [1])
    assert stream.nodes == parse(text, anchor, [1])


# -- properties ------------------------------------------------------------------------------------------

marks = st.text(alphabet="ab *_`[]()<>#-|\\&;!~$\n1.😀é", max_size=60)


@given(marks, st.lists(st.tuples(st.integers(0, 70), st.integers(1, 3)), max_size=5))
def test_without_the_numbers_the_tree_is_the_plain_one(text: str, anchors: list[tuple[int, int]]) -> None:
    assert without(parse(text, anchors)) == parse(text)


@given(marks, st.lists(st.integers(0, 70), max_size=5, unique=True))
def test_numbers_stand_in_the_order_of_their_offsets(text: str, offsets: list[int]) -> None:
    anchors = [(offset, number) for number, offset in enumerate(sorted(offsets), 1)]
    found = numbers_of(parse(text, anchors))
    assert found == sorted(found)


@given(st.text(alphabet="a😀\r\né", max_size=20))
def test_utf16_offsets_are_characters_of_the_text_with_plain_line_ends(text: str) -> None:
    starts = [width(text[:at]) for at in range(len(text) + 1)]
    found = characters(text, starts)
    plain = [len(text[:at].replace("\r\n", "\n")) for at in range(len(text) + 1)]
    assert [found[start] for start in starts] == plain


def probe(text: str, at: int) -> int | None:
    """Which of the shown characters the letter at `at` is, found by putting another in its place; None if none."""
    before = [each for each in shown(parse(text)) if not isinstance(each, int)]
    after = [each for each in shown(parse(text[:at] + "Ж" + text[at + 1 :])) if not isinstance(each, int)]
    changed = [n for n, (old, new) in enumerate(zip(before, after, strict=False)) if old[0] != new[0]]
    return changed[0] if len(before) == len(after) and len(changed) == 1 and after[changed[0]][0] == "Ж" else None


def is_exact(text: str, at: int, index: int) -> bool:
    """Whether a number for the letter at `at`, shown as number `index`, stands behind its word or what holds it."""
    tree = list(shown(parse(text, [(width(text[: at + 1]), 1)])))
    place = tree.index(1) if 1 in tree else -1
    between = [each for each in tree[index + 1 : place] if not isinstance(each, int)]
    return place > index and (tree[index][1] or all(each[0].isalnum() for each in between))  # type: ignore[index]


def exactness(texts: list[str], each: int) -> tuple[int, int]:
    r = random.Random(1)
    exact = tried = 0
    for text in texts:
        letters = [at for at, character in enumerate(text) if character.isalnum()]
        for at in r.sample(letters, min(each, len(letters))):
            index = probe(text, at)
            if index is not None:
                tried += 1
                exact += is_exact(text, at, index)
    return exact, tried


def test_in_answers_as_models_write_them_places_are_exact() -> None:
    exact, tried = exactness([answer(seed) for seed in range(15)], 20)
    assert tried > 150
    assert exact >= 0.99 * tried


def test_in_the_hard_cases_of_the_specifications_nearly_all_places_are_exact(fixtures: Path) -> None:
    corpus = json.loads((fixtures / "markdown" / "commonmark-0.31.2.json").read_text())
    exact, tried = exactness([case["markdown"] for case in corpus["cases"]], 3)
    assert tried > 800
    assert exact >= 0.98 * tried
