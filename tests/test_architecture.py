"""Imports point strictly down, and each outside thing has one owner (the picture is in CONTRIBUTING.md)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "agui_widget"

# From the top down. A module may import only from rows below its own; within `protocol`, `agents`, `dialects` and the
# row of the driver, neighbours may, as long as there is no cycle.
ROWS = [
    ["cli", "widget", "check"],
    ["driver", "run", "loop", "capture", "flusher", "answers", "subshell"],
    ["client"],
    ["keeper"],
    ["agents", "tools", "tool_calls"],
    ["objects", "renderers", "attachments"],
    ["wire"],
    ["session"],
    ["transport", "store", "transcript", "display"],
    ["projection", "hitl", "dialects"],
    ["activities"],
    ["citations", "surfaces", "exhibits", "content", "drawings", "described", "hypertext"],
    ["a2ui"],
    ["shells"],
    ["protocol", "lanes", "sse", "history", "markdown", "foreign"],
    ["envelope", "text", "nodes", "literal", "flow", "telemetry", "gallery", "artifacts", "signatures", "image_size"],
    ["errors", "numeric"],
]

# An outside thing → the modules that may import it; a package stands for all its files.
OWNERS = {
    "httpx": {"transport.http", "transport.request"},
    "mistune": {"markdown.engine"},
    "pygments": {"markdown.colours"},
    "anywidget": {"widget"},
    "traitlets": {"widget"},
    "IPython": {"display.lasting", "display.notebook"},
    "pydantic": {"wire", "tools", "artifacts", "dialects"},
    "pydantic_ai": {"agents.pydantic_ai"},
    "langgraph": {"agents.langgraph"},
    "ag_ui_langgraph": {"agents.langgraph"},
    "ag_ui": {"agents.langgraph", "agents.pydantic_ai"},
    "asyncio": {
        "cli",
        "driver",
        "loop",
        "run",
        "flusher",
        "client",
        "transport.http",
        "agents.child",
        "agents.demo",
        "agents.loop_bound",
        "agents.process",
        "agents.worker",
    },
    "threading": {
        "display.figures",
        "display.lasting",
        "loop",
        "run",
        "capture",
        "client",
        "objects",
        "session",
        "agents.worker",
    },
    "time": {"session"},
    "datetime": {"client", "driver", "hitl", "protocol.interrupts"},  # below the client the time is an argument
    "socket": {"transport.http"},
    "random": {"transport.http"},
}


def modules() -> dict[str, Path]:
    paths = [path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py"]
    return {".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


def row_of(module: str) -> int:
    return next(number for number, row in enumerate(ROWS) if module.partition(".")[0] in row)


def imported_modules(path: Path) -> set[str]:
    """Absolute names of what a file imports at run time; ours without the package's name."""
    found: set[str] = set()
    package = path.relative_to(PACKAGE).parent.parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = [*package[: len(package) - node.level + 1]] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            prefix = "agui_widget." if node.level else ""
            names = [f"{name}.{alias.name}".strip(".") for alias in node.names]
            found |= {prefix + (each if each in MODULES else name or each) for each in names}
    return found


MODULES = modules()


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_a_row(module: str) -> None:
    assert any(module.partition(".")[0] in row for row in ROWS), f"give {module} a row, here and in CONTRIBUTING.md"


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_down(module: str) -> None:
    ours = {
        name.removeprefix("agui_widget.")
        for name in imported_modules(MODULES[module])
        if name.startswith("agui_widget.")
    }
    upward = {name for name in ours if row_of(name) < row_of(module)}
    assert not upward, f"{module} imports {upward}, which stands above it"


def test_there_are_no_import_cycles() -> None:
    graph = {
        module: {
            name.removeprefix("agui_widget.") for name in imported_modules(path) if name.startswith("agui_widget.")
        }
        for module, path in MODULES.items()
    }

    def reaches(start: str, seen: set[str]) -> set[str]:
        for name in graph.get(start, set()) - seen:
            seen |= {name}
            reaches(name, seen)
        return seen

    assert not [module for module in graph if module in reaches(module, set())]


@pytest.mark.parametrize("outside", OWNERS)
def test_an_outside_thing_has_one_owner(outside: str) -> None:
    users = {
        module
        for module, path in MODULES.items()
        if any(name.split(".")[0] == outside for name in imported_modules(path))
    }
    assert not [module for module in users if not {module, module.partition(".")[0]} & OWNERS[outside]]


def test_the_browser_part_builds_no_html_from_strings() -> None:
    forbidden = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "DOMParser")
    sources = [*(ROOT / "js" / "src").rglob("*.ts")]
    assert sources
    engine = ROOT / "js/src/mermaid/engine"  # runs in a frame without an origin, which nobody sees
    ours = [path for path in sources if engine not in path.parents]
    assert not [(path.name, word) for path in ours for word in forbidden if word in path.read_text()]
