"""Python functions as tools: what an agent is told about them, and how a call runs them.

The JSON Schema of the arguments comes from the signature, by pydantic; the descriptions from the docstring.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError, validate_call

from .agents.live import ToolResult
from .agents.worker import Worker
from .errors import AgentError, in_words

# "Args:" sections of Google style, and ":param name:" of Sphinx.
_ARGS_SECTION = re.compile(r"^(?:Args|Arguments|Parameters):[ \t]*\n((?:[ \t]+.*\n?|\n)+)", re.MULTILINE)
_GOOGLE_ARG = re.compile(r"^(\w+)(?:\s*\([^)]*\))?:\s*(.+(?:\n[ \t]+.+)*)", re.MULTILINE)
_SPHINX_ARG = re.compile(r"^:param (?:\w+ )?(\w+):\s*(.+(?:\n[ \t]+.+)*)", re.MULTILINE)


@dataclass(frozen=True)
class Tool:
    """A function that an agent may call by `name`; `parameters` is the JSON Schema of its arguments."""

    name: str
    description: str
    parameters: dict[str, Any]
    function: Callable[..., Any]

    @property
    def advertised(self) -> dict[str, Any]:
        """What the agent is told: an AG-UI `Tool`."""
        return {"name": self.name, "description": self.description, "parameters": self.parameters}

    async def call(self, arguments: str) -> ToolResult:
        """The result for arguments as JSON text. Raises whatever the function raises.

        A function that is not async runs in a thread of its own. Raises `ValueError` for arguments that
        are not JSON or not what the signature says.
        """
        given = _arguments(arguments)
        checked = validate_call(self.function)
        if inspect.iscoroutinefunction(self.function):
            return _as_result(await checked(**given))
        worker = Worker(f"agui-tool-{self.name}")
        try:
            return _as_result(await worker.call(lambda: checked(**given)))
        finally:
            worker.finish(lambda: None)


def as_tools(given: Iterable[Any]) -> dict[str, Tool]:
    """The tools by name. Raises `AgentError` for what is no function, and for two of one name."""
    if not isinstance(given, Iterable):
        raise AgentError(f"tools is a list, got {given!r:.80}. Write: AgentChat(agent, tools=[my_function])")
    tools: dict[str, Tool] = {}
    for each in given:
        tool = each if isinstance(each, Tool) else tool_of(each)
        if tool.name in tools:
            raise AgentError(f"two tools are named {tool.name!r}; give one of them another name")
        tools[tool.name] = tool
    return tools


def tool_of(function: Any) -> Tool:
    """The tool that a function is."""
    name = getattr(function, "__name__", "")
    if not callable(function) or not name.isidentifier():
        raise AgentError(
            f"a tool is a named function, got {function!r:.80}. Write: AgentChat(agent, tools=[my_function])"
        )
    try:
        schema = TypeAdapter(function).json_schema()
    except Exception as error:
        raise AgentError(
            f"the signature of the tool {name!r} has no JSON Schema ({error}): annotate its parameters with types "
            "such as str, int, list[str] or a pydantic model"
        ) from error
    doc = inspect.getdoc(function) or ""
    descriptions = _parameter_descriptions(doc)
    for parameter, about in schema.get("properties", {}).items():
        if parameter in descriptions and "description" not in about:
            about["description"] = descriptions[parameter]
    return Tool(name, _description(doc), schema, function)


def error_text(error: BaseException) -> str:
    """What the agent is told when a call failed: enough to do better, and no traceback."""
    if isinstance(error, ValidationError):
        problems = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_url=False)]
        return f"the arguments do not fit: {'; '.join(problems)}"
    return in_words(error)


def _as_result(given: Any) -> ToolResult:
    return given if isinstance(given, ToolResult) else ToolResult(given)


def _arguments(text: str) -> dict[str, Any]:
    try:
        given = json.loads(text or "{}")
    except ValueError as error:
        raise ValueError(f"the arguments are not JSON ({error}): {text[:200]}") from None
    if not isinstance(given, dict):
        raise ValueError(f"the arguments are not a JSON object: {text[:200]}")
    return given


def _description(doc: str) -> str:
    """The docstring without its section about arguments."""
    return _SPHINX_ARG.sub("", _ARGS_SECTION.sub("", doc)).strip()


def _parameter_descriptions(doc: str) -> dict[str, str]:
    section = _ARGS_SECTION.search(doc)
    google = _GOOGLE_ARG.findall(inspect.cleandoc(section[1])) if section else []
    return {name: " ".join(about.split()) for name, about in [*google, *_SPHINX_ARG.findall(doc)]}
