"""A compiled LangGraph graph in process, through its AG-UI adapter `ag-ui-langgraph` (extra `[langgraph]`)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from ..errors import AgentError
from .live import with_objects

# The adapter's own defaults are for clients older than AG-UI 1.0.
OPTIONS: dict[str, Any] = {
    "emit_raw_events": False,  # LangGraph's own events beside ours: 14 times the bytes of the same run
    "emit_interrupt_outcome": True,
    "enable_legacy_on_interrupt_event": False,  # says the same once more
    "subagent_visibility": "attributed",
}


def recognises(given: Any) -> bool:
    """True for a LangGraph graph, compiled or not, decided without importing LangGraph."""
    return _is_a(given, "CompiledStateGraph") or _is_a(given, "StateGraph")


def adapt(graph: Any, **options: Any) -> LangGraphAgent:
    """The graph as an agent. Options are keyword arguments of `ag_ui_langgraph.LangGraphAgent`:

    | option | is |
    |---|---|
    | `config` | the `RunnableConfig` of each run: `{"configurable": {…}, "recursion_limit": 50}` |
    | `subagent_visibility` | `"attributed"` shows subagents in groups, `"inline"` as the graph's own, `"hidden"` not |
    | `emit_raw_events` | every event of LangGraph too, among the diagnostics; off by default |

    LangGraph keeps a thread in the graph's checkpointer. A graph without one is run as a copy with an
    `InMemorySaver`; yours is not changed. Raises `AgentError` if it cannot be run.
    """
    if not _is_a(graph, "CompiledStateGraph"):
        raise AgentError("this LangGraph graph is not compiled. Write: AgentChat(graph.compile())")
    try:
        from langgraph.checkpoint.memory import InMemorySaver
        from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

        adapter = _adapter()
    except ImportError as error:
        raise AgentError(
            f'a LangGraph graph needs LangGraph with its AG-UI adapter ({error}): pip install "agui_widget[langgraph]"'
        ) from error
    if not graph.checkpointer:
        # Artifacts may be anything; what is pickled here never leaves this process.
        graph = graph.copy({"checkpointer": InMemorySaver(serde=JsonPlusSerializer(pickle_fallback=True))})
    try:
        return LangGraphAgent(adapter(name=graph.get_name(), graph=graph, **{**OPTIONS, **options}))
    except (TypeError, ValueError) as error:
        raise AgentError(
            f"ag-ui-langgraph does not take these options ({error}). Known: config, {', '.join(OPTIONS)}"
        ) from error


class LangGraphAgent:
    """Runs a graph; gives the event models of `ag_ui.core`."""

    def __init__(self, adapter: Any) -> None:
        self._adapter = adapter

    def __call__(self, run_input: dict[str, Any]) -> AsyncIterator[Any]:
        """The events of one run."""
        from ag_ui.core import RunAgentInput

        # The adapter keeps the run's state on itself, so each run gets a clone.
        adapter = self._adapter.clone()
        adapter.artifacts = {}
        return with_objects(adapter.run(RunAgentInput.model_validate(run_input)), adapter.artifacts)


def _adapter() -> Any:
    """The adapter's class, with what it gets wrong put right. Raises `ImportError`."""
    from ag_ui_langgraph import LangGraphAgent as Adapter  # type: ignore[import-untyped]  # it has no types
    from langgraph.types import Command

    class OurAdapter(Adapter):  # type: ignore[misc]
        artifacts: dict[str, Any]  # by call: what tools of `response_format="content_and_artifact"` gave

        async def _handle_single_event(self, event: Any, state: Any) -> Any:
            """Note the artifacts of tool messages, which are in no event."""
            found = _artifacts(event)
            async for each in super()._handle_single_event(event, state):
                if each is not None and getattr(each, "type", None) == "TOOL_CALL_RESULT" and found:
                    self.artifacts[each.tool_call_id] = found.pop(0)
                yield each

        def get_state_snapshot(self, state: Any) -> Any:
            """The state without the artifacts in its messages: they may be anything, and events are JSON."""
            snapshot = super().get_state_snapshot(state)
            messages = snapshot.get("messages")
            return {**snapshot, "messages": [*map(_without_artifact, messages)]} if messages else snapshot

        async def prepare_stream(self, input: Any, agent_state: Any, config: Any) -> Any:
            """Go back to before a question that is tried again; upstream would go on behind its answer."""
            held = agent_state.values.get("messages", [])
            asked = input.messages[-1] if input.messages and not input.resume else None
            before_last = {message.id: message for message in held[:-1]}
            if asked is not None and asked.role == "user" and asked.id in before_last:
                return await self.prepare_regenerate_stream(input, before_last[asked.id], config)
            return await super().prepare_stream(input, agent_state, config)

        def _build_command_from_agui_resume(self, entries: Any, *, open_interrupts: Any = None) -> Any:
            """Give each of several interrupts its own answer, as LangGraph takes them: by id."""
            if len(entries) == 1:
                return super()._build_command_from_agui_resume(entries, open_interrupts=open_interrupts)
            one_by_one = super()._build_command_from_agui_resume
            return Command(resume={entry.interrupt_id: one_by_one([entry]).resume for entry in entries})

    return OurAdapter


def _artifacts(event: Any) -> list[Any]:
    """The artifacts of the tool messages that a tool's end brings, None for one without."""
    if event.get("event") != "on_tool_end":
        return []
    output = event["data"].get("output")
    update = getattr(output, "update", None)
    messages = update.get("messages") or [] if isinstance(update, dict) else [output]
    return [message.artifact for message in messages if hasattr(message, "artifact")]


def _without_artifact(message: Any) -> Any:
    has_one = getattr(message, "artifact", None) is not None
    return message.model_copy(update={"artifact": None}) if has_one else message


def _is_a(given: Any, name: str) -> bool:
    return any(
        kind.__name__ == name and kind.__module__.partition(".")[0] == "langgraph" for kind in type(given).__mro__
    )
