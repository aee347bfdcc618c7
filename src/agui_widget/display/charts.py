"""Charts: Altair's as Vega-Lite, Plotly's as its own JSON."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from contextlib import suppress
from importlib.util import find_spec
from typing import Any

from .recognise import Bundle, Data, counted, is_a

PLOTLY = "application/vnd.plotly.v1+json"
PNG_SCALE = 2
_VERSION = re.compile(r"/vega-lite/v(\d+)")


def is_altair(value: Any) -> bool:
    """True for a chart of Altair, also a layered or a joined one."""
    return is_a(value, "altair", "TopLevelMixin")


def vega_lite(value: Any) -> Bundle:
    """The chart's specification; one with more rows than Altair allows is a note that says so."""
    try:
        spec: Data = value.to_dict()
    except Exception as error:
        if type(error).__name__ != "MaxRowsError":
            raise
        note = "This chart has more rows than Altair puts into one (alt.data_transformers.disable_max_rows() lets it)."
        return Bundle({"text/plain": note}, {})
    found = _VERSION.search(spec.get("$schema", ""))
    mime = f"application/vnd.vegalite.v{found[1] if found else 5}+json"
    return Bundle({mime: spec, "text/plain": says_altair(value)}, {})


def says_altair(value: Any) -> str:
    """What the chart is, and of which fields."""
    mark = getattr(value, "mark", None)
    kind = mark if isinstance(mark, str) else getattr(mark, "type", None)
    fields = sorted(set(_fields(getattr(value, "encoding", None))))
    about = f"{kind} " if isinstance(kind, str) else ""
    return f"Altair {about}{type(value).__name__}" + (f" of {', '.join(fields)}" if fields else "")


def _fields(encoding: Any) -> list[str]:
    """The fields that a chart encodes, in Altair's short words: `price:Q`."""
    channels = getattr(encoding, "_kwds", {}).values()
    given = [getattr(channel, "_kwds", {}).get("shorthand") for channel in channels]
    return [field for field in given if isinstance(field, str)]


def is_plotly(value: Any) -> bool:
    """True for a figure of Plotly."""
    return is_a(value, "plotly", "BaseFigure")


def plotly(value: Any) -> Bundle:
    """The figure's JSON, and a picture where Kaleido can draw one."""
    data = {PLOTLY: json.loads(value.to_json()), "text/plain": says_plotly(value)}
    if find_spec("kaleido") is not None:
        with suppress(Exception):  # it needs a browser of its own
            data["image/png"] = b64encode(value.to_image(format="png", scale=PNG_SCALE)).decode()
    return Bundle(data, {})


def says_plotly(value: Any) -> str:
    """What the figure shows: its title and its traces."""
    title = value.layout.title.text
    traces = [f"{trace.type} {trace.name!r}" if trace.name else str(trace.type) for trace in value.data]
    about = f" {title!r}" if title else ""
    return f"Plotly figure{about} with {counted(len(traces), 'trace')}: {', '.join(traces)[:1_000]}"
