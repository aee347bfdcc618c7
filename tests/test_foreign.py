"""HTML of others without what it would load: what stays names nothing outside itself."""

import pytest

from agui_widget.foreign import MAX_TAGS, output_without_loads, style_without_loads, text_of, without_loads

AWAY = "http://evil.test/x"

LOADING = [
    f"<img src='{AWAY}'>",
    f"<img src=x srcset='{AWAY} 2x'>",
    f"<IMG SRC={AWAY}>",
    "<img src='//evil.test/x'>",
    f"<img/src='{AWAY}'/>",
    f"<picture><source srcset='{AWAY}'></picture>",
    f"<video poster='{AWAY}' src='{AWAY}'><track src='{AWAY}'></video>",
    f"<audio src='{AWAY}'></audio>",
    f"<link rel=stylesheet href='{AWAY}'>",
    f"<base href='{AWAY}'>",
    f"<meta http-equiv=refresh content='0;url={AWAY}'>",
    f"<iframe src='{AWAY}'></iframe>",
    f"<object data='{AWAY}'></object><embed src='{AWAY}'>",
    f"<table background='{AWAY}'><tr><td background='{AWAY}'>x</table>",
    f"<p style='background: url({AWAY})'>x</p>",
    f"<p style='background: u\\72l({AWAY})'>x</p>",
    f"<p style='background: u\\000072 l({AWAY})'>x</p>",
    f"<p style=\"background: image-set('{AWAY}' 1x)\">x</p>",
    f"<style>@import '{AWAY}';</style>",
    f"<style>@im\\port url({AWAY});</style>",
    f"<style>p {{ background: url( '{AWAY}' ) }}</style>",
    f"<style>@font-face {{ font-family: x; src: url({AWAY}) }}</style>",
    f"<svg><image href='{AWAY}'/><use xlink:href='{AWAY}#a'/><feImage href='{AWAY}'/></svg>",
    f"<svg><rect fill='url({AWAY}#a)'/></svg>",
    f"<svg><set attributeName=href to='{AWAY}'/></svg>",
    f"<noscript><img src='{AWAY}'></noscript>",
    f"<template><img src='{AWAY}'></template>",
    f"<xmp><a title='</xmp><img src={AWAY}>'></xmp>",
    f"<!-- --!><img src='{AWAY}'> -->",
    f"<a ping='{AWAY}' href='https://ok.test'>x</a>",
    f"<form action='{AWAY}'><button formaction='{AWAY}'>x</button></form>",
    f"<script src='{AWAY}'></script>",
    f"<body background='{AWAY}'>",
    f"<input type=image src='{AWAY}'>",
    f"<math><mglyph src='{AWAY}'/></math>",
]


@pytest.mark.parametrize("html", LOADING)
def test_nothing_is_named_that_a_browser_would_load(html: str) -> None:
    assert "evil.test" not in without_loads(html)


def test_a_style_sheet_holds_no_element_that_svg_would_find_in_it() -> None:
    assert "<img" not in without_loads(f"<svg><style><img src='{AWAY}'></style></svg>")


ENDLESS = [
    "<a ",
    '<a href="',
    "<a href='>",
    "<object>",
    "</object>",
    "<!--",
    "<![CDATA[",
    "<script></",
    "&#",
    "<p style='url(",
    "<style>url(",
]


@pytest.mark.parametrize("beginning", ENDLESS)
def test_what_never_ends_is_read_once(beginning: str) -> None:
    """Its length squared would take hours, in the thread that all chats share."""
    hostile = beginning * 100_000
    assert "<script" not in without_loads(hostile + " " * 100_000 + "data:image/png" + "</p>" * 100_000)


def test_of_a_page_without_end_the_beginning_stays() -> None:
    cleaned = without_loads("<p>x" * (2 * MAX_TAGS))
    assert cleaned == "<p>x" * (MAX_TAGS - 1)


@pytest.mark.parametrize(
    ("html", "cleaned"),
    [
        ("a &amp; b &lt", "a &amp; b &lt;"),
        ("a < b", "a &lt; b"),
        ("words <b", "words "),
        ("words <!-- more", "words "),
        ("<![><b>words", "<b>words"),
        ("<![if x]>words<![endif]>", "words"),
        ("<![CDATA[x]]>words", "words"),
        ("<style>p {} ", "<style>p {} "),
        ("words <script>x()", "words "),
    ],
)
def test_html_may_end_anywhere(html: str, cleaned: str) -> None:
    assert without_loads(html) == cleaned


@pytest.mark.parametrize("html", ["<b onclick='x()'>a</b>", "<img src=x onerror=x()>", "<script>x()</script>"])
def test_what_would_run_goes_too(html: str) -> None:
    assert "x()" not in without_loads(html)


def test_a_styled_table_stays_as_it_is() -> None:
    html = (
        '<style type="text/css">#T_row0_col0 { background-color: #fff; width: calc(10px + 2em) }</style>'
        '<table id="T"><thead><tr><th class="blank" colspan="2">&nbsp;a &lt; b</th></tr></thead></table>'
    )
    assert without_loads(html) == html.replace("&nbsp;", "\u00a0")


def test_what_it_carries_itself_stays() -> None:
    html = '<img src="data:image/png;base64,AAAA" alt="f(x)"><a href="https://ok.test/?a=1&amp;b=2">x</a>'
    assert without_loads(html) == html
    assert without_loads('<svg><rect fill="url(#a)"></rect></svg>') == '<svg><rect fill="url(#a)"></rect></svg>'


def test_escapes_that_are_no_letters_keep_their_meaning() -> None:
    assert style_without_loads(r'content: "\22 \201C"') == r'content: "\22 \201C"'


def test_only_the_html_of_an_output_is_touched() -> None:
    data = {"text/plain": f"<img src='{AWAY}'>", "text/html": f"<img src='{AWAY}'>"}
    assert output_without_loads({"data": data})["data"] == {"text/plain": data["text/plain"], "text/html": "<img>"}


@pytest.mark.parametrize("value", [{}, {"data": None}, {"data": {"text/html": 1}}, {"data": []}])
def test_an_output_that_is_none_stays_as_it_is(value: dict[str, object]) -> None:
    assert output_without_loads(value) == value


def test_the_words_of_html_are_read_line_by_line() -> None:
    html = "<style>p{}</style><h1>A <b>bold</b> head</h1><table><tr><td>1<td>2</tr><tr><td>3<td>4</table><script>x</script>"
    assert text_of(html).split("\n") == ["A bold head", "1 2", "3 4"]


@pytest.mark.parametrize(
    "piece",
    ["<a ", "<a b='", '<a b="c', "<!-- a ", "<!", "<?", "<", "</", "</a ", "<![CDATA[", "<p style='url(", "<object>"]
    + [
        "<a" + " " * 50,
        "<a b = ",
        "</template><object>",
        "<style>",
        "url( ",
        "&amp",
        "<script></",
        "<p style='url(   ",
    ],
)
def test_what_is_never_closed_takes_no_longer_than_it_is_long(piece: str) -> None:
    html = piece * (300_000 // len(piece))
    without_loads(html)  # the test's own time limit is the judge of what grows faster
    text_of(html)
