"""AG-UI events become envelopes."""

from .projection import (
    BUNDLE,
    FEED_MS,
    MAX_NOTICES,
    MAX_PROBLEMS,
    NOTICE,
    OBJECT_KEY,
    PROBLEM,
    RESUMING,
    SILENT,
    TOOL_PROGRESS,
    Conversation,
    Projection,
)

__all__ = [
    "BUNDLE",
    "FEED_MS",
    "MAX_NOTICES",
    "MAX_PROBLEMS",
    "NOTICE",
    "OBJECT_KEY",
    "PROBLEM",
    "RESUMING",
    "SILENT",
    "TOOL_PROGRESS",
    "Conversation",
    "Projection",
]
