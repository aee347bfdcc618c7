"""The basic catalogue of every version, read once from `catalog.json`, which the browser shares."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

Props = dict[str, dict[str, Any]]

TABLE: dict[str, Any] = json.loads(Path(__file__).with_name("catalog.json").read_text(encoding="utf-8"))

# The versions that have tables of their own; 0.9.1 is 0.9.
VERSIONS = ("0.8", "0.9", "0.10", "1.0")

BASIC_IDS = frozenset(alias for aliases in TABLE["ids"].values() for alias in aliases)
MINIMAL_IDS = frozenset(alias for aliases in TABLE["minimal"]["ids"].values() for alias in aliases)


def basic_id(version: str) -> str:
    """The id by which a version's basic catalogue is named."""
    identity: str = TABLE["ids"][version][0]
    return identity


@cache
def components(version: str) -> dict[str, Props]:
    """Component → its own properties, in this version."""
    if version == "0.8":
        return {name: component["props"] for name, component in TABLE["v0_8"]["components"].items()}
    changes = TABLE["changes"].get(version, {}).get("components", {})
    return {
        name: _merged(component["props"], changes.get(name, {}).get("props", {}))
        for name, component in TABLE["components"].items()
    }


@cache
def common(version: str) -> Props:
    """What every component may have besides `id` and `component`."""
    props: Props = TABLE["common"]["0.9" if version == "0.10" else version]
    return props


@cache
def functions(version: str) -> dict[str, dict[str, Any]]:
    """Function → its arguments and what it returns, in this version; 0.8 has none."""
    if version == "0.8":
        return {}
    changes = TABLE["changes"].get(version, {}).get("functions", {})
    return {name: {**function, **changes.get(name, {})} for name, function in TABLE["functions"].items()}


@cache
def theme(version: str) -> Props | None:
    """The properties of a surface's theme; None where there are no themes."""
    return None if version == "1.0" else TABLE["theme"]["0.8" if version == "0.8" else "0.9"]


@cache
def icons(version: str) -> frozenset[str]:
    """The names of icons."""
    return frozenset(TABLE["icons"]["0.8"] + ([] if version == "0.8" else TABLE["icons"]["0.9"]))


def _merged(props: Props, changes: dict[str, Any]) -> Props:
    return {name: prop for name, prop in {**props, **changes}.items() if prop is not None}
