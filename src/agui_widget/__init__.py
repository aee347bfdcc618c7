"""Agent chat for notebooks: `AgentChat(agent)` in a cell.

    AgentChat     the widget                  Driver, Session   the same without a widget or a notebook
    AgentClient   an AG-UI client             protocol, sse     its parts that do no I/O
    ProcessAgent  an agent that is a process of its own
    Flow          a diagram to yield or return
    Telemetry     a row of a chart that grows

Nothing is imported before it is used: `agui_widget.protocol` needs no notebook.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .agents.live import ToolResult
    from .agents.process import ProcessAgent
    from .client import AgentClient
    from .driver import Driver
    from .errors import AguiError, RunError
    from .flow import Flow
    from .run import Answer, Run
    from .session import Session
    from .telemetry import Telemetry
    from .widget import AgentChat

__version__ = "0.1.0"

_HOMES = {
    "AgentChat": "widget",
    "AgentClient": "client",
    "AguiError": "errors",
    "Answer": "run",
    "Driver": "driver",
    "Flow": "flow",
    "ProcessAgent": "agents.process",
    "Run": "run",
    "RunError": "errors",
    "Session": "session",
    "Telemetry": "telemetry",
    "ToolResult": "agents.live",
}

__all__ = [
    "AgentChat",
    "AgentClient",
    "AguiError",
    "Answer",
    "Driver",
    "Flow",
    "ProcessAgent",
    "Run",
    "RunError",
    "Session",
    "Telemetry",
    "ToolResult",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
