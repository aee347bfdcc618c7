"""Markdown: how far it agrees with the specifications and with cmark-gfm, what hostile input costs, and streaming.

Agreement compares trees, not strings: text outside code with white space collapsed, attributes in any order. For it
addresses are let through unchecked, since most examples of the specifications have relative ones.
cmark-gfm is compared where `cmarkgfm` is installed; it is no dependency of ours.
"""

from __future__ import annotations

import html
import json
import math
import random
import re
import runpy
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from importlib.util import find_spec
from typing import Any
from unittest import mock

from agui_widget import markdown
from agui_widget.markdown import urls
from agui_widget.markdown.nodes import Node

from .fixtures import FIXTURES
from .table import Aim, Table

CORPORA = ["commonmark-0.31.2", "gfm-0.29", "gfm-extensions"]
HOSTILE = 25_000


def run(quick: bool) -> Iterator[Table]:
    """The tables of this bench, one by one."""
    yield _conformance_table()
    yield _agreement_table(20 if quick else 300)
    yield _hostile_table(1_000 if quick else HOSTILE)
    yield _stream_table(5 if quick else 60)


# Answers as models write them: also the corpus of the streaming tests


_WORDS = (
    "the model data margin product revenue index table value result column query quarter growth average sample first "
    "second we can see that this however because and for with from into each all more less than is are was has"
).split()
_IDIOMS: list[Callable[[random.Random], str]] = [
    lambda r: f"**{_words(r, 2)}:** {_words(r, 6)}.",
    lambda r: f"`{r.choice(['df.head()', 'x = 1', 'a | b', 'SELECT *', '__init__', '$HOME'])}`",
    lambda r: f"*{_words(r, 3)}*",
    lambda r: f"_{_words(r, 2)}_",
    lambda r: f"***{_words(r, 2)}***",
    lambda r: f"~~{_words(r, 2)}~~",
    lambda r: f"[{_words(r, 2)}](https://example.org/{r.randint(1, 99)})",
    lambda r: f'[**{_words(r, 1)}**](https://example.org/a_b_(c) "a title")',
    lambda r: f"https://example.org/{r.choice(['a_b_c', 'x?y=1&z=2', 'p.html#top', ''])}",
    lambda r: r.choice(
        ["snake_case_name", "2 * 3 * 4", "a*b", "5 < 6 > 4", "R&D", "&copy; 2025", "C:\\dir", "x[1][2]"]
    ),
    lambda r: r.choice(["(see *this*)", "“**quoted**”", "**bold**text", "pre**fix**ed", "\\*not emphasis\\*", "1.5%"]),
    lambda r: f"![{_words(r, 2)}](https://example.org/p.png)",
]
_CODES = [
    ("python", 'def mean(xs: list[float]) -> float:\n    """The mean."""\n\n    return sum(xs) / len(xs)  # not empty'),
    ("sql", "SELECT a, count(*)\nFROM t -- all\nWHERE a > 3\nGROUP BY a;"),
    ("json", '{\n  "a": [1, 2, null],\n  "b": "x"\n}'),
    ("bash", "pip install pandas\ncd ~/x && ls *.csv | wc -l"),
    ("", "plain\n  text\n\n\twith a tab\n- and no list"),
    ("diff", "- old\n+ new"),
]


def _words(random_: random.Random, count: int) -> str:
    return " ".join(random_.choice(_WORDS) for _ in range(count))


def _line(r: random.Random) -> str:
    parts = [r.choice(_IDIOMS)(r) if r.random() < 0.35 else _words(r, r.randint(2, 9)) for _ in range(r.randint(1, 6))]
    return " ".join(parts).capitalize() if r.random() < 0.5 else " ".join(parts)


def _paragraph(r: random.Random) -> str:
    between = r.choice(["\n", "  \n", "\\\n"]) if r.random() < 0.2 else "\n"
    return between.join(_line(r) for _ in range(r.randint(1, 3)))


def _list(r: random.Random, depth: int = 0) -> str:
    kind = r.choice(["-", "*", "1.", "-"])
    loose = r.random() < 0.25
    items = []
    for number in range(r.randint(1, 4)):
        mark = f"{number + 1}." if kind == "1." else kind
        task = r.choice(["[ ] ", "[x] "]) if kind == "-" and r.random() < 0.2 else ""
        item = f"{mark} {task}{_line(r)}"
        pad = " " * (len(mark) + 1)
        if r.random() < 0.2:
            item += "\n" + _indented(_fence(r), pad)
        if depth < 2 and r.random() < 0.3:
            item += "\n" + _indented(_list(r, depth + 1), pad)
        if loose and r.random() < 0.5:
            item += "\n\n" + _indented(_paragraph(r), pad)
        items.append(item)
    return ("\n\n" if loose else "\n").join(items)


def _indented(text: str, pad: str) -> str:
    return "\n".join(pad + line if line else line for line in text.split("\n"))


def _fence(r: random.Random) -> str:
    lang, code = r.choice(_CODES)
    mark = r.choice(["```", "```", "~~~", "````"])
    return f"{mark}{lang}\n{code}\n{mark}"


def _table(r: random.Random) -> str:
    columns = r.randint(1, 5)
    align = [r.choice(["---", ":--", "--:", ":-:", "-"]) for _ in range(columns)]

    def row(make: Callable[[], str], count: int) -> str:
        return "| " + " | ".join(make() for _ in range(count)) + " |"

    def cell() -> str:
        idiom = r.choice(_IDIOMS)(r).replace("|", "\\|") if r.random() < 0.3 else _words(r, r.randint(0, 3))
        return idiom.replace("\n", " ")

    head = row(lambda: _words(r, 1), columns)
    rows = [row(cell, columns if r.random() < 0.9 else r.randint(1, columns + 1)) for _ in range(r.randint(0, 5))]
    return "\n".join([head, "|" + "|".join(align) + "|", *rows])


def _heading(r: random.Random) -> str:
    text = _line(r)[:60].strip()
    return f"{'#' * r.randint(1, 4)} {text}" if r.random() < 0.9 else f"{_words(r, 3)}\n{r.choice(['===', '---'])}"


def _quote(r: random.Random) -> str:
    inner = r.choice([_paragraph, _list, _fence])(r)
    return "\n".join(f"> {line}".rstrip() for line in inner.split("\n"))


_BLOCKS: list[Callable[[random.Random], str]] = [_paragraph, _paragraph, _paragraph, _list, _fence, _table, _heading]
_BLOCKS += [_quote, lambda r: "---", lambda r: "    indented code\n    more of it"]
_EXTRAS: list[Callable[[random.Random], str]] = [
    lambda r: "$$\n\\frac{a}{b} = \\sum_i x_i\n$$",
    lambda r: f"Inline $x_{r.randint(1, 9)}^2$ and \\(y\\) cost $5 or $6.",
    lambda r: "\\[\nE = mc^2\n\\]",
    lambda r: f"<details>\n<summary>{_words(r, 2)}</summary>\n\n{_list(r)}\n\n</details>",
    lambda r: f"H<sub>2</sub>O, <kbd>Ctrl</kbd> and <b>{_words(r, 1)}</b><br>end",
    lambda r: f"A note.[^{r.randint(1, 3)}]",
    lambda r: f"[^{r.randint(1, 3)}]: The {_words(r, 4)}.",
    lambda r: f"As [said][ref] in [ref].\n\n[ref]: https://example.org/{r.randint(1, 9)} 'T'",
    lambda r: "<div align=center>\n<img src=https://example.org/p.png width=20>\n</div>",
]


def answer(seed: int, *, extras: bool = True, longest: int = 14) -> str:
    """A text like a model's answer, always the same for a seed; `extras` are what cmark-gfm does not know."""
    r = random.Random(seed)
    kinds = _BLOCKS + (_EXTRAS if extras else [])
    return "\n\n".join(r.choice(kinds)(r) for _ in range(r.randint(3, longest))) + r.choice(["", "\n"])


# Trees to compare


_FLOW = frozenset(
    "p h1 h2 h3 h4 h5 h6 blockquote ul ol li pre hr table thead tbody tr td th div section details summary br".split()
)


class _Events(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.events: list[Any] = []
        self.in_pre = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.events.append(("<" + tag, tuple(sorted(attrs))))
        self.in_pre += tag == "pre"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.events.append(("</" + tag, ()))
        self.in_pre -= tag == "pre"

    def handle_data(self, data: str) -> None:
        text = data if self.in_pre else re.sub(r"\s+", " ", data)
        if self.events and isinstance(self.events[-1], str):
            self.events[-1] += text
        else:
            self.events.append(text)


def events(markup: str) -> list[Any]:
    """Tags and texts of an HTML text, without what a browser would not show differently."""
    reader = _Events()
    reader.feed(markup)
    reader.close()
    found, shown = reader.events, []
    in_pre = 0
    for number, event in enumerate(found):
        if not isinstance(event, str):
            in_pre += {"<pre": 1, "</pre": -1}.get(event[0], 0)
            shown.append(event)
        elif in_pre:
            shown.append(event)
        else:
            text = re.sub(r"\s+", " ", event)
            text = text.lstrip() if _is_flow(found, number - 1) else text
            text = text.rstrip() if _is_flow(found, number + 1) else text
            shown += [text] if text else []
    return shown


def _is_flow(found: list[Any], number: int) -> bool:
    """Whether white space beside this event is not shown: a block begins or ends there, or the document."""
    if not 0 <= number < len(found):
        return True
    return not isinstance(found[number], str) and found[number][0].lstrip("</") in _FLOW


def as_specified(nodes: list[Node]) -> str:
    """A tree as the HTML of the specifications."""
    return "".join(html.escape(node, quote=False) if isinstance(node, str) else _specified(node) for node in nodes)


def _specified(node: dict[str, Any]) -> str:
    name, attributes, children = node["t"], dict(node.get("a", {})), node.get("c", [])
    if name == "fence":
        code = "".join(html.escape(child, quote=False) + "\n" for child in children)
        lang = html.escape(attributes.get("lang", ""))
        language = f' class="language-{lang}"' if lang else ""
        return f"<pre><code{language}>{code}</code></pre>"
    task = attributes.pop("task", "")
    attributes.pop("host", None)
    checked = 'checked="" ' if task == "done" else ""
    mark = f'<input {checked}disabled="" type="checkbox"> ' if task else ""
    given = "".join(f' {key}="{html.escape(str(value))}"' for key, value in attributes.items())
    end = "" if name in ("br", "hr", "img") else f"</{name}>"
    return f"<{name}{given}>{mark}{as_specified(children)}{end}"


@contextmanager
def any_address() -> Iterator[None]:
    """Lets every address through, so that the examples of the specifications can be compared."""
    with (
        mock.patch.object(urls, "link", lambda url: urls.Address(url, "")),
        mock.patch.object(urls, "image", lambda url: url),
    ):
        yield


def cases(corpus: str) -> list[dict[str, Any]]:
    """The examples of one specification."""
    found: list[dict[str, Any]] = json.loads((FIXTURES / "markdown" / f"{corpus}.json").read_text())["cases"]
    return found


def is_about_html(case: dict[str, Any]) -> bool:
    """Whether an example shows raw HTML, which we read through a list of our own."""
    return bool(re.search(r"<[!?/a-zA-Z]", re.sub(r"<[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>]*>", "", case["markdown"])))


def is_as_specified(case: dict[str, Any]) -> bool:
    """Whether we read an example as it says; `any_address` must be in force."""
    return events(as_specified(markdown.parse(case["markdown"]))) == events(case["html"])


# The tables


def _conformance_table() -> Table:
    table = Table("Examples of the specifications", ["corpus", "read as specified", "of", "without HTML", "of"])
    with any_address():
        for corpus in CORPORA if FIXTURES.is_dir() else []:
            found = [(is_as_specified(case), is_about_html(case)) for case in cases(corpus)]
            plain = [passed for passed, about_html in found if not about_html]
            table.add(corpus, sum(passed for passed, _ in found), len(found), sum(plain), len(plain))
    table.notes.append(
        "Raw HTML is read through our list, so examples of it are not expected to come out as specified."
    )
    return table


def _agreement_table(count: int) -> Table:
    table = Table("Agreement with cmark-gfm on answers as models write them", ["", "blocks", "alike", "per cent"])
    if not find_spec("cmarkgfm"):
        table.notes.append("cmarkgfm is not installed (pip install cmarkgfm): not compared.")
        return table
    alike = blocks = 0
    for seed in range(count):
        same, of = agreement(answer(seed, extras=False))
        alike, blocks = alike + same, blocks + of
    table.add(f"{count} answers", blocks, alike, 100 * alike / blocks)
    table.aims.append(Aim("blocks that are alike", 100 * alike / blocks, 98, " %", at_least=True))
    return table


def agreement(text: str) -> tuple[int, int]:
    """How many top-level blocks are alike in cmark-gfm and here, and of how many."""
    import cmarkgfm  # type: ignore[import-untyped]  # it ships no types

    extensions = ["table", "strikethrough", "autolink", "tasklist"]
    theirs = _blocks_of(events(cmarkgfm.markdown_to_html_with_extensions(text, extensions=extensions)))
    with any_address():
        ours = _blocks_of(events(as_specified(markdown.parse(text))))
    same = sum(1 for one, other in zip(ours, theirs, strict=False) if one == other)
    return same, max(len(ours), len(theirs))


def _blocks_of(found: list[Any]) -> list[list[Any]]:
    blocks: list[list[Any]] = []
    depth = 0
    for event in found:
        if depth == 0:
            blocks.append([])
        blocks[-1].append(event)
        if not isinstance(event, str) and event[0] not in ("<br", "<hr", "<img", "<input"):
            depth += -1 if event[0].startswith("</") else 1
    return blocks


def patterns(count: int) -> dict[str, str]:
    """The inputs that make careless parsers slow."""
    found: dict[str, str] = runpy.run_path(str(FIXTURES / "markdown" / "pathological.py"))["patterns"](count)
    return found


def _hostile_table(count: int) -> Table:
    table = Table(f"Hostile input, {count:,} repeats", ["the slowest of all", "characters", "s", "order of growth"])
    if not FIXTURES.is_dir():
        return table
    small, large = patterns(count // 4), patterns(count)
    seconds = {name: (_seconds(small[name]), _seconds(large[name])) for name in large}
    slowest = sorted(seconds, key=lambda name: -seconds[name][1])
    for name in slowest[:5]:
        table.add(name, len(large[name]), seconds[name][1], _order(*seconds[name]))
    orders = [_order(*pair) for pair in seconds.values() if pair[1] > 0.1]
    table.aims.append(Aim("the slowest", seconds[slowest[0]][1], 1, " s"))
    table.aims.append(Aim("order of growth of those over 0.1 s", max(orders, default=0), 1.5))
    return table


def _seconds(text: str) -> float:
    started = time.process_time()
    markdown.parse(text)
    return time.process_time() - started


def _order(short: float, long: float) -> float:
    return math.log(max(long, 1e-4) / max(short, 1e-4), 4)


def _stream_table(answers: int) -> Table:
    columns = ["fed 12 characters at a time", "KB", "us a feed", "p95 us", "bytes a character", "only text or add %"]
    table = Table("Streaming", columns)
    long = "\n\n".join(answer(seed) for seed in range(answers))
    table.add("answers", *_streamed(long))
    for name, block in large_blocks(30_000 if answers > 5 else 3_000).items():
        table.add(f"one {name}", *_streamed(block))
    return table


def large_blocks(size: int) -> dict[str, str]:
    r = random.Random(1)
    code = _CODES[0][1] + "\n\n"
    return {
        "list": "".join(f"- {_line(r)}\n" for _ in range(size // 75)),
        "table": "| a | b |\n|---|---|\n"
        + "".join(f"| {_words(r, 3)} | {_words(r, 3)} |\n" for _ in range(size // 40)),
        "code block": "```python\n" + code * (size // len(code)) + "```\n",
        "paragraph": " ".join(_line(r) for _ in range(size // 75))[:size],
    }


def _streamed(text: str) -> tuple[float, float, float, float, float]:
    stream = markdown.MarkdownStream()
    spent, sent, growing, feeds = [], 0, 0, 0
    for at in range(0, len(text), 12):
        started = time.process_time()
        ops = stream.feed(text[at : at + 12])
        spent.append(1e6 * (time.process_time() - started))
        feeds += bool(ops)
        growing += bool(ops) and all(op[0] in ("text", "add") for op in ops)
        sent += len(json.dumps(ops, separators=(",", ":"), ensure_ascii=False).encode()) if ops else 0
    spent.sort()
    p95 = spent[int(0.95 * len(spent))]
    return len(text) / 1000, statistics.mean(spent), p95, sent / len(text), 100 * growing / max(feeds, 1)
