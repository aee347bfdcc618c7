"""What tools give and agents yield, as live objects in a real notebook: they are seen, used, and named."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .jupyter import Notebook

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(120)]

SHOWS = """
import ipywidgets, pandas
import plotly.graph_objects as go
from IPython.display import HTML
from agui_widget import AgentChat

slider = ipywidgets.IntSlider(value=3, description="Level")
sales = pandas.DataFrame({"product": [f"p{n}" for n in range(1000)], "units": range(1000)})

def level() -> ipywidgets.IntSlider:
    "A slider."
    return slider

async def agent(messages):
    if messages[-1]["role"] != "tool":
        yield {"type": "TOOL_CALL_START", "toolCallId": "1", "toolCallName": "level"}
        yield {"type": "TOOL_CALL_END", "toolCallId": "1"}
        return
    yield sales
    yield go.Figure(go.Bar(y=[1, 3, 2]))
    yield HTML("<table><tr><td>of others</td></tr></table><script>document.title = 'owned'</script>")

chat = AgentChat(agent, tools=[level])
chat
"""


FILLS_ITS_PLACE = """host => {
    const place = host.shadowRoot.querySelector(".out-hosted slot");
    return Math.abs(place.offsetWidth - host.querySelector(".js-plotly-plot .main-svg").clientWidth) < 2;
}"""


@pytest.mark.parametrize("host", ["lab"])
def test_objects_are_shown_used_and_named(nb: Notebook) -> None:
    chat = nb.show(SHOWS)
    chat.say("Show me everything")
    chat.wait_until_done(turns=1)

    # a live widget in the row of its call, once it is in sight: what is done to it here is done in the kernel
    chat.tools("done").locator(".line").scroll_into_view_if_needed()
    handle = chat.host.locator(".widget-slider .noUi-handle")
    handle.focus()
    handle.press("ArrowRight")
    expect(chat.host.locator(".widget-readout")).to_have_text("4")
    assert nb.evaluate("slider.value") == 4
    chat.tools("done").locator(".line").click()
    expect(handle).to_be_hidden()
    chat.tools("done").locator(".line").click()
    expect(handle).to_be_visible()

    # a second view of the chat has a view of its own of the widget, and both say the same
    nb.run("chat")
    again = nb.chat_view(1).host
    again.locator(".widget-readout").scroll_into_view_if_needed()
    expect(again.locator(".widget-readout")).to_have_text("4")

    # a table of any length, by the rows that are wanted, in the order that is wanted
    table = chat.root.locator(".out-table")
    table.get_by_role("button", name="units").click()
    table.get_by_role("button", name="units").click()
    expect(table.locator("tbody tr").first).to_contain_text("p999")
    table.get_by_role("button", name="Rows after").click()
    expect(table.locator(".out-range")).to_have_text("21–40 of 1,000")

    # what only the host can draw, and what nobody may run
    expect(chat.host.locator(".js-plotly-plot .bars .point")).to_have_count(3)
    expect(chat.root.frame_locator("iframe").locator("td")).to_have_text("of others")
    assert nb.page.title() != "owned"

    # it is as wide as there is room, when there is less of that than it was drawn in, and when there is more
    for width in (900, 1280):
        nb.page.set_viewport_size({"width": width, "height": 900})
        nb.page.wait_for_function(FILLS_ITS_PLACE, arg=chat.host.element_handle())

    # a name in the notebook
    chat.root.locator(".out:has(.out-table)").get_by_role("button", name="To variable").click()
    expect(chat.root.get_by_role("button", name="→ df")).to_be_visible()
    assert nb.evaluate("len(df)") == 1000
