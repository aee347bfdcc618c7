"""AG-UI events become envelopes.

    projection   Projection: the tables of what takes which event, and what the driver calls
    bundles      several lanes at once                      calls     rows of tools, and questions
    words        what messages say, and cite ─▶ writer (a text that streams), places (where each message stands)
    notices      errors, notices, what is printed ─▶ status   what the run does

Beside them stand `shells`, `surfaces`, `activities` and `citations`, which know nothing of events.
"""

from .bundles import BUNDLE
from .calls import OBJECT_KEY, TOOL_PROGRESS
from .notices import MAX_NOTICES, MAX_PROBLEMS, NOTICE, PROBLEM
from .projection import Conversation, Projection, nothing
from .status import RESUMING, SILENT
from .writer import FEED_MS

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
    "nothing",
]
