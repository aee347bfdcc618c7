"""The validator of A2UI messages: components a second, in every version, beside JSON Schema where there are fixtures.

CPU seconds, best of several rounds. The published schemas are other people's: read from AGUI_FIXTURES, never copied.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from agui_widget import a2ui

from .fixtures import FIXTURES
from .table import Aim, Table, times

VERSIONS = ("v0.9", "v0.10", "v1.0", "1.0")
WANTED_PER_S = 20_000


def run(quick: bool) -> Iterator[Table]:
    """The tables of this bench, one by one."""
    rounds = 1 if quick else 5
    table = Table("a2ui: a form of many rows, validated", ["", "components", "components/s", "x JSON Schema"])
    slowest = float("inf")
    for version in VERSIONS:
        messages = a2ui.surface(_form(20 if quick else 300), version=version)  # type: ignore[arg-type]
        count = len(messages[1]["updateComponents"]["components"])
        took_s = _least(rounds, lambda messages=messages: a2ui.validate(messages, progressive=False))
        slowest = min(slowest, count / took_s)
        table.add(version, count, count / took_s, _beside(messages, version, took_s, count))
    table.notes.append("jsonschema with the published schemas, on the first 20 components; '-' where there are none.")
    table.aims.append(Aim("components a second, in the slowest version", slowest, WANTED_PER_S, at_least=True))
    yield table


def _form(rows: int) -> a2ui.Element:
    return a2ui.Column(*(_row(number) for number in range(rows)))


def _row(number: int) -> a2ui.Element:
    name = a2ui.path(f"/rows/{number}/name")
    return a2ui.Card(
        a2ui.Column(
            a2ui.Row(a2ui.Icon("star"), a2ui.Text(a2ui.format(f"Row ${{/rows/{number}/name}}"))),
            a2ui.TextField("Name", value=name, checks=[a2ui.check("required", "Say a name")]),
            a2ui.CheckBox("Agreed", value=a2ui.path(f"/rows/{number}/agreed")),
            a2ui.Button("Send", action="submit", context={"name": name, "number": number}),
        )
    )


def _beside(messages: list[Any], version: str, ours_s: float, count: int) -> str:
    folder = FIXTURES / "a2ui" / version.replace(".", "_") / "catalog"
    if not folder.is_dir():
        return "-"
    update = messages[1]["updateComponents"]
    few = {**messages[1], "updateComponents": {**update, "components": update["components"][:20]}}
    is_valid = _published(folder)
    theirs_s = _least(1, lambda: is_valid(few))
    return times(theirs_s / 20, ours_s / count)


def _published(folder: Path) -> Callable[[Any], bool]:
    from jsonschema import Draft202012Validator
    from referencing import Registry, Resource

    resources = []
    for path in folder.glob("*.json"):
        text = path.read_text().replace("[\\\\p{XID_Start}_][\\\\p{XID_Continue}]*", "\\\\w+")
        document = json.loads(text) | {"$schema": "https://json-schema.org/draft/2020-12/schema"}
        names = [path.name, *([document["$id"]] if "$id" in document and path.name != "testing_catalog.json" else [])]
        if path.name == "catalog.json":
            names.append(f"https://a2ui.org/specification/{folder.parent.name}/catalog.json")
        resources += [(name, Resource.from_contents(document)) for name in names]
    registry: Any = Registry().with_resources(resources)
    names = ("agent_to_renderer.json", "server_to_client.json")
    message = next(path for name in names if (path := folder / name).is_file())
    is_valid: Callable[[Any], bool] = Draft202012Validator(json.loads(message.read_text()), registry=registry).is_valid
    return is_valid


def _least(rounds: int, work: Callable[[], Any]) -> float:
    return min(_timed(work) for _ in range(rounds))


def _timed(work: Callable[[], Any]) -> float:
    start = time.process_time()
    result = work()
    took_s = time.process_time() - start
    assert result in ([], True), f"what is built is right: {result}"
    return took_s
