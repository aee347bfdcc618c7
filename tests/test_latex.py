"""What objects say of themselves in LaTeX."""

from __future__ import annotations

import pytest

from agui_widget.markdown import latex_nodes, to_html, to_text
from agui_widget.markdown.nodes import Node


def display(tex: str) -> Node:
    return {"t": "math", "a": {"display": True}, "c": [tex]}


def inline(tex: str) -> Node:
    return {"t": "math", "c": [tex]}


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        (r"$\displaystyle \frac{x}{2}$", r"\frac{x}{2}"),
        (r"$$\frac{x}{2}$$", r"\frac{x}{2}"),
        ("\n  $x$\n", "x"),
        (r"\[ x^2 \]", "x^2"),
        (r"\(x^2\)", "x^2"),
        (r"$\displaystyle x = \$ 5$", r"x = \$ 5"),
        (r"$\displaystyles x$", r"\displaystyles x"),
        ("\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}", "\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}"),
        (r"$$\begin{equation*}x\end{equation*}$$", r"\begin{equation*}x\end{equation*}"),
    ],
)
def test_one_formula_is_a_block_without_its_delimiters(text: str, tex: str) -> None:
    assert latex_nodes(text) == [display(tex)]


def test_words_keep_their_formulas() -> None:
    assert latex_nodes("Let $x$ be *real*,\nand\n\n$$x^2$$ or \\(y\\).") == [
        {"t": "p", "c": ["Let ", inline("x"), " be *real*,\nand"]},
        {"t": "p", "c": [display("x^2"), " or ", inline("y"), "."]},
    ]


def test_environments_stand_among_words() -> None:
    environment = r"\begin{align} a &= b \end{align}"
    assert latex_nodes(f"so {environment} holds") == [{"t": "p", "c": ["so ", display(environment), " holds"]}]


def test_two_formulas_are_not_one() -> None:
    assert latex_nodes("$a$ and $b$") == [{"t": "p", "c": [inline("a"), " and ", inline("b")]}]


@pytest.mark.parametrize("text", ["", "  \n ", "\n\n\n"])
def test_nothing_is_nothing(text: str) -> None:
    assert latex_nodes(text) == []


def test_what_has_no_end_is_words() -> None:
    assert latex_nodes(r"\begin{align} a <b> $5") == [{"t": "p", "c": [r"\begin{align} a <b> $5"]}]


def test_sympy_and_ipython_are_read() -> None:
    sympy = pytest.importorskip("sympy")
    display_module = pytest.importorskip("IPython.display")
    x = sympy.Symbol("x")
    assert latex_nodes(sympy.sqrt(x)._repr_latex_()) == [display(r"\sqrt{x}")]
    assert latex_nodes(display_module.Math("a^2")._repr_latex_()) == [display("a^2")]
    assert latex_nodes(display_module.Latex("$a$ or $b$")._repr_latex_())[0]["c"][1:2] == [" or "]  # type: ignore[index]


def test_the_export_has_the_delimiters_that_mathjax_looks_for() -> None:
    nodes = latex_nodes("so $a<b$ and $$c$$")
    assert to_html(nodes) == (
        '<p>so <span class="math">\\(a&lt;b\\)</span> and <span class="math display">\\[c\\]</span>\n</p>\n'
    )
    assert to_text(nodes) == "so $a<b$ and $$c$$"


@pytest.mark.parametrize("mark", ["$", "$x", r"\begin{a}", r"\(", r"\[x", r"\end{a}", r"\begin{a}\begin{b}"])
def test_marks_without_an_end_are_read_in_linear_time(mark: str) -> None:
    """A blow-up would take longer than any test may."""
    assert latex_nodes(mark * 50_000)
