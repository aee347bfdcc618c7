"""One conversation with everything that an answer can show, as source text for a cell."""

from __future__ import annotations

# -- what is said: formulas, and blocks that are drawn -----------------------------------------------

WORDS = r"""
Freight grew with distance, as $c(d) = \alpha + \beta d$ says, and

$$\hat\beta = \frac{\sum_i (d_i - \bar d)(c_i - \bar c)}{\sum_i (d_i - \bar d)^2}$$

is what a least squares fit gives.

```mermaid
graph LR
  O[Order] --> P{In stock?}
  P -- yes --> S[Ship]
  P -- no --> B[Back order]
```

```vega-lite
{"title": "Freight per parcel", "height": 160, "mark": "bar",
 "data": {"values": [{"month": "Jul", "euros": 4.1}, {"month": "Aug", "euros": 4.9}, {"month": "Sep", "euros": 6.3}]},
 "encoding": {"x": {"field": "month", "sort": null, "axis": {"labelAngle": 0}}, "y": {"field": "euros", "type": "quantitative"}}}
```

```flow
{"nodes": [{"id": "load", "label": "Load the sales", "kind": "tool", "detail": "read_parquet"},
           {"id": "enough", "label": "Enough rows?", "kind": "decision"}, {"id": "fit", "label": "Fit", "kind": "model"},
           {"id": "ask", "label": "Ask for more", "kind": "human"}],
 "edges": [{"from": "load", "to": "enough"}, {"from": "enough", "to": "fit", "label": "yes"},
           {"from": "enough", "to": "ask", "label": "no"}]}
```
"""

FENCES = ["mermaid", "vega-lite", "flow"]

# -- what is yielded and returned: objects of every kind ---------------------------------------------

OBJECTS = """
import altair, ipywidgets, matplotlib.pyplot, numpy, pandas, sympy
import plotly.graph_objects as go
from IPython.display import HTML
from PIL import Image

n = numpy.arange(1_000_000)
sales = pandas.DataFrame({
    "product": numpy.array(["Tent L", "Stove", "Rain jacket"])[n % 3],
    "units": n % 97,
    "price": numpy.round(19 + (n * 7 % 900) / 10, 2),
})

figure, axes = matplotlib.pyplot.subplots(figsize=(6, 2.4))
axes.plot(numpy.sin(n[:200] / 20))
axes.set_title("A wave")

bars = altair.Chart(pandas.DataFrame({"cup": ["tea", "coffee"], "count": [3, 5]})).mark_bar().encode(x="count", y="cup")
surface = go.Figure(go.Bar(x=["Jul", "Aug", "Sep"], y=[1, 3, 2]), {"height": 240})

def shade(width, height, hue):
    ramp = numpy.linspace(40, 220, width).astype("uint8")
    channels = [numpy.tile(numpy.roll(ramp, at * hue), (height, 1)) for at in range(3)]
    return Image.fromarray(numpy.stack(channels, axis=-1))

image = shade(320, 120, 60)
pictures = [shade(160 + 40 * at, 120, 25 * at) for at in range(4)]
x = sympy.symbols("x")
integral = sympy.Integral(sympy.exp(-x**2), (x, -sympy.oo, sympy.oo))
report = HTML("<h3>Report</h3><table><tr><th>made by</th><td>others</td></tr></table><script>document.title = 'owned'</script>")

slider = ipywidgets.IntSlider(value=3, description="Level")
"""

AGENT = """
import asyncio
from agui_widget import AgentChat, Telemetry

def level() -> ipywidgets.IntSlider:
    "A slider."
    return slider

def load(quarter: str) -> pandas.DataFrame:
    "The sales of a quarter."
    return sales

async def agent(run):
    if run.messages[-1]["role"] != "tool":
        for name, arguments in {"level": "{}", "load": '{"quarter": "Q3"}'}.items():
            yield {"type": "TOOL_CALL_START", "toolCallId": name, "toolCallName": name}
            yield {"type": "TOOL_CALL_ARGS", "toolCallId": name, "delta": arguments}
            yield {"type": "TOOL_CALL_END", "toolCallId": name}
        return
    for at in range(0, len(WORDS), 40):
        yield WORDS[at : at + 40]
        await asyncio.sleep(0.005)
    for each in (figure, bars, surface, image, integral, report, pictures):
        yield each
    for step in range(1, 101):
        yield Telemetry(step, loss=2 / step, accuracy=1 - 1 / step, title="Training", x_label="step")
        await asyncio.sleep(0.005)

chat = AgentChat(agent, tools=[level, load], title="Analyst")
"""

EVERYTHING = f"WORDS = {WORDS!r}\n{OBJECTS}{AGENT}"
