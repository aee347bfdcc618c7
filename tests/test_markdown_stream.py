"""A text that comes in pieces: the same tree in the end, small changes on the way, and no raw marks in between."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from benches.markdown import CORPORA, answer, cases
from hypothesis import given, settings
from hypothesis import strategies as st

from agui_widget import markdown
from agui_widget.markdown import MarkdownStream, apply_ops
from agui_widget.markdown.nodes import Node
from agui_widget.markdown.ops import diff

from .profiles import NIGHTLY

ANSWERS = 150


class Follower:
    """Applies the operations of a stream, and watches that they lead to its tree and leave sealed blocks alone."""

    def __init__(self, *, looks_every: int = 1) -> None:
        self.stream = MarkdownStream()
        self.nodes: list[Node] = []
        self.sealed = 0
        self._feeds = 0
        self._looks_every = looks_every  # comparing long trees at each feed takes most of the time

    def feed(self, delta: str) -> list[Any]:
        ops = self.stream.feed(delta)
        assert all(not path or path[0] >= self.sealed for _, path, *_ in ops)
        self._follow(ops)
        self.sealed = len(self.stream._sealed)
        return ops

    def close(self) -> list[Any]:
        ops = self.stream.close()
        self._follow(ops)
        return ops

    def _follow(self, ops: list[Any]) -> None:
        self.nodes = apply_ops(self.nodes, ops)
        self._feeds += 1
        assert self._feeds % self._looks_every or self.nodes == self.stream.nodes


def streams_to_the_same(text: str, pieces: list[str], *, looks_every: int = 1) -> None:
    follower = Follower(looks_every=looks_every)
    for piece in pieces:
        follower.feed(piece)
    follower.close()
    assert follower.nodes == markdown.parse(text)
    assert follower.stream.text == text


def chunks(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("corpus", CORPORA)
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_an_example_streams_to_the_same_tree(fixtures: Path, corpus: str, size: int) -> None:
    for case in cases(corpus):
        streams_to_the_same(case["markdown"], chunks(case["markdown"], size))


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_an_answer_streams_to_the_same_tree(size: int) -> None:
    for seed in range(ANSWERS):
        text = answer(seed, longest=14 if NIGHTLY else 6)
        streams_to_the_same(text, chunks(text, size), looks_every=1 if NIGHTLY else 29)


@pytest.mark.slow
@pytest.mark.timeout(3600 if NIGHTLY else 120)
def test_a_text_cut_anywhere_streams_to_the_same_tree(fixtures: Path) -> None:
    texts = [case["markdown"] for corpus in CORPORA for case in cases(corpus)]
    texts += [answer(seed) for seed in range(ANSWERS)]
    for number, text in enumerate(texts):
        cuts = (
            range(1, len(text)) if NIGHTLY else random.Random(number).sample(range(1, len(text) + 1), min(3, len(text)))
        )
        for cut in cuts:
            streams_to_the_same(text, [text[:cut], text[cut:]])


def test_a_line_end_of_two_characters_may_be_cut() -> None:
    streams_to_the_same("a\r\n\r\n- b\r\n- c\r", ["a\r", "\n\r", "\n- b\r", "\n- c", "\r"])


def test_footnotes_that_refer_to_footnotes_do_not_keep_blocks_from_being_sealed() -> None:
    stream = MarkdownStream()
    for piece in chunks("a[^1]\n\n[^1]: x[^2]\n\nb[^3]\n\n[^2]: y\n\n[^3]: z\n\nc\n\nd", 4):
        stream.feed(piece)
    assert len(stream._sealed) == 3
    stream.close()


@pytest.mark.parametrize("seed", range(8))
def test_a_sealed_block_is_the_same_object_until_the_end(seed: int) -> None:
    stream = MarkdownStream()
    sealed: list[Any] = []
    for piece in chunks(answer(seed), 5):
        stream.feed(piece)
        assert all(before is after for before, after in zip(sealed, stream.nodes, strict=False))
        sealed = stream.nodes[: len(stream._sealed)]
    assert sealed


def test_most_changes_only_append_text() -> None:
    stream = MarkdownStream()
    kinds = [op[0] for piece in chunks(answer(3, extras=False), 6) for op in stream.feed(piece)]
    assert kinds.count("text") > len(kinds) / 2
    assert kinds.count("set") < len(kinds) / 20


def test_closing_an_ordinary_answer_changes_nothing() -> None:
    stream = MarkdownStream()
    for piece in chunks("# T\n\nA **b** `c`.\n\n- d\n- e\n\n```py\nf\n```\n\n| g |\n|---|\n| h |\n\nEnd.", 4):
        stream.feed(piece)
    assert stream.close() == []


def test_a_definition_that_comes_later_changes_only_its_blocks_at_the_end() -> None:
    stream = MarkdownStream()
    for piece in chunks("One [a][b].\n\nTwo.\n\nThree.\n\n[b]: https://example.org\n", 3):
        stream.feed(piece)
    assert {op[1][0] for op in stream.close()} == {0}


ODDMENTS = (
    "* ** _ ` `` ``` ~~~ ~ [ ]( ] [^1] [^1]: [a]: https://a.b < </ details> <details> <kbd> <br> <div> </div> $ $$ \\ \\( \\["
    " - 1. > # | |a|b| |-|-| a b:c 😀 &amp; ! --- === www.a.b a@b.c <!-- --> <table><tr><td>"
).split() + [" ", "    ", "\t", "\n", "\n", "\n\n", "\r\n", "\0", "\u202e"]


@pytest.mark.slow
@settings(max_examples=20_000 if NIGHTLY else 150)
@given(st.lists(st.sampled_from(ODDMENTS), max_size=50), st.integers(1, 6))
def test_any_text_streams_to_the_same_tree(parts: list[str], size: int) -> None:
    text = "".join(parts)
    streams_to_the_same(text, chunks(text, size))


# Nothing raw on the way

LINK = "[](){}"
IDIOMS = [
    ("*", "Say **bold words** now"),
    ("*", "Say *soft words* now"),
    ("_", "Say _soft words_ and __hard ones__ now"),
    ("*", "A ***very strong*** word"),
    ("*", "A **bold and *soft* word** now"),
    ("*", "Some **bold\nover lines** now"),
    ("~", "Not ~~this one~~ but that"),
    ("`", "Call `f(x)` and `g` now"),
    (LINK, "See [the docs](https://example.org/a_b) now"),
    (LINK + '"', 'See [the docs](https://example.org/a_(b) "Title") now'),
    (LINK + "*", "See [**the** docs](https://example.org) now"),
    (LINK, "[The docs](https://example.org) say"),
    (LINK + "!", "See ![the chart](https://example.org/c.png) now"),
    ("<>", "See <https://example.org> now"),
    ("$", "The $x^2 + y$ sum"),
    ("$", "The $$x^2$$ sum"),
    ("\\()", "The \\(x^2\\) sum"),
    ("$", "So:\n\n$$\nx^2\n$$\n\ndone"),
    ("\\[]", "\\[\nx^2\n\\]\n\ndone"),
    ("#", "## A heading\n\ntext"),
    ("-", "- one\n- two\n  - three\n"),
    ("*", "* **one**: x\n* two\n"),
    ("123", "1. one\n2. two\n3. three\n"),
    ("[]x-", "- [ ] one\n- [x] two\n"),
    (">", "> one\n> two\n"),
    ("|-", "| a | b |\n|---|---|\n| c | **d** |\n| e | `f` |\n"),
    ("|", "Text\n\n| a | b |\n|:--|--:|\n| c | d |\n"),
    ("`", "```python\nprint(1)\n```\n\nText"),
    ("~", "~~~\nx\n~~~\n\nText"),
    ("`", "- a\n  ```py\n  x\n  ```\n- b"),
    ("-*", "One\n\n---\n\nTwo\n\n***\n\nThree"),
    ("=", "Title\n===\n\nText"),
    ("-", "Title\n---\n\nText"),
    ("<>/", "H<sub>2</sub>O and <kbd>Ctrl</kbd> or <b>x</b>"),
    ("<>/", "<details>\n<summary>More</summary>\n\nInner\n\n</details>\n\nEnd"),
    ("<>", "| a |\n|---|\n| b<br>c |\n"),
    ("[]:/'", "It is.\n\n[1]: https://example.org 'T'\n\nEnd"),
    ("[]^:", "Text.[^1]\n\n[^1]: The note.\n"),
    ("\\", "one\\\ntwo"),
]


def shown(nodes: list[Node]) -> str:
    """The texts that a reader sees, except for TeX."""
    texts = []
    for node in nodes:
        if isinstance(node, str):
            texts.append(node)
        elif node["t"] != "math":
            texts.append(shown(node.get("c", [])))
    return "\n".join(texts)


@pytest.mark.parametrize("around", ["{}", "Before.\n\n{}", "- y\n\n  {}"])
@pytest.mark.parametrize(("marks", "text"), IDIOMS)
def test_no_raw_mark_flashes(marks: str, text: str, around: str) -> None:
    if around.startswith("-"):
        text, marks = text.replace("\n", "\n  "), marks.replace("-", "")
    follower = Follower()
    for character in around.format(text):
        follower.feed(character)
        assert not set(shown(follower.nodes)) & set(marks), follower.nodes


def test_a_fence_is_code_at_once() -> None:
    stream = MarkdownStream()
    stream.feed("```")
    assert stream.nodes == [{"t": "fence", "a": {"open": True}}]
    stream.feed("py")
    assert stream.nodes == [{"t": "fence", "a": {"open": True}}]
    stream.feed("\nx = 1")
    assert stream.nodes == [{"t": "fence", "a": {"open": True, "lang": "py"}, "c": ["x = 1"]}]
    stream.feed("\n```\n")
    [fence] = stream.nodes
    assert isinstance(fence, dict) and "open" not in fence["a"] and fence["c"] == ["x = 1"]


@pytest.mark.parametrize("pieces", [["\n```\n"], ["\n``", "`\n"], ["\n", "```", "\n"], ["\n  ````  \n\n"]])
def test_long_code_is_whole_as_soon_as_the_line_that_ends_it_is(pieces: list[str]) -> None:
    stream = MarkdownStream()
    code = "x = 1  # ``` ends nothing here\n```python\n" * 500
    for piece in chunks(f"Words.\n\n```py\n{code}end", 700):
        stream.feed(piece)
    for piece in pieces:
        fence: Any = stream.nodes[-1]
        assert fence["a"]["open"]
        stream.feed(piece)
    fence = stream.nodes[-1]
    assert "open" not in fence["a"]
    assert fence["c"] == [f"{code}end"]


def test_long_code_is_shown_without_a_gap_whatever_its_lines_begin_with() -> None:
    code = "text\n``not yet\n  ```py\n" * 300
    stream = MarkdownStream()
    stream.feed("```md\ntext\n")
    shown = ""
    for piece in chunks(code.removeprefix("text\n"), 5):
        stream.feed(piece)
        fence: Any = stream.nodes[0]
        [shown] = fence["c"]
        assert code.startswith(shown)
    assert len(shown) > len(code) - 20


def test_code_that_grows_is_never_cut() -> None:
    stream = MarkdownStream()
    code = "".join(f"x{number} = '{number}'\n" for number in range(200))
    stream.feed("```python\n")
    ops = [op for piece in chunks(code, 3) for op in stream.feed(piece)]
    assert {op[0] for op in ops} <= {"text", "add", "attr"}
    assert all(op[0] != "text" or op[2] > 0 for op in ops)


def test_prices_stay_prices() -> None:
    follower = Follower()
    for character in "It costs $5 or $6 in all":
        follower.feed(character)
        assert "math" not in str(follower.nodes)


@pytest.mark.parametrize("seed", range(20))
def test_the_difference_of_any_two_trees_leads_from_one_to_the_other(seed: int) -> None:
    one, other = markdown.parse(answer(seed)), markdown.parse(answer(seed + 1))
    ops: list[Any] = []
    diff(one, other, [], ops)
    before = markdown.parse(answer(seed))
    assert apply_ops(one, ops) == other
    assert one == before


def test_lengths_in_operations_are_utf16_units() -> None:
    stream = MarkdownStream()
    stream.feed("😀 and 😀")
    assert stream.feed(" more 😀") == [["text", [0, 0], 9, " more 😀"]]


def test_a_closed_stream_takes_no_more() -> None:
    stream = MarkdownStream()
    stream.close()
    with pytest.raises(AssertionError):
        stream.feed("x")


def test_a_large_block_is_not_parsed_at_every_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = MarkdownStream()
    parses: list[int] = []
    read = stream._read

    def watched(text: str, **rest: bool) -> Any:
        parses.append(len(text))
        return read(text, **rest)

    monkeypatch.setattr(stream, "_read", watched)
    text = "".join(f"- item number {number} of a long list\n" for number in range(1_500))
    for piece in chunks(text, 10):
        stream.feed(piece)
    assert sum(parses) < 60 * len(text)
