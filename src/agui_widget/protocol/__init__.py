"""A complete AG-UI 1.0 client core that does no I/O.

    pipeline = Pipeline()                  # feed it events, read messages and state
    result = replay(events, strict=True)   # a whole stream at once, for tests

Stages, in the order of the specification: boundary → enforce → expand → verify → apply.

Strict mode gives the verdicts of the reference client, `@ag-ui/client` 1.0.0, but for these:

1. A stream without a terminal event is `truncated`; the reference calls it a success.
2. An unknown word of a closed list (a role, a subtype, a status) is stripped, as specified; there it is fatal.
3. A MESSAGES_SNAPSHOT that gives a tool result a new id replaces the streamed one in its place, and a call and
   a result that share an id stay two messages; there results wander behind the answer, or double.
4. What came before a violation is always applied; there it is lost when it came in the same burst.
5. A RUN_FINISHED that names another run, a second run on another thread and two interrupts with one id are
   violations (in lenient mode warnings); there they pass.
6. JSON Patch is RFC 6902 to the letter, and bounded; there `copy` and `move` past the end of a list pass.
7. Half a character (a UTF-16 surrogate) and NaN never leave the pipeline: Python could not send them on.

Lenient mode, the default, also repairs, each time with a warning: see `Repair` and `HARMLESS`.
"""

from .apply import REPLACE
from .compact import compact
from .events import EVENT_TYPES, PROTOCOL_VERSION
from .interrupts import build_resume, is_expired
from .outgoing import outgoing_input
from .patch import apply_in_place, apply_patch
from .pipeline import Outcome, Pipeline, Result, replay
from .values import Event, to_event

__all__ = [
    "EVENT_TYPES",
    "PROTOCOL_VERSION",
    "REPLACE",
    "Event",
    "Outcome",
    "Pipeline",
    "Result",
    "apply_in_place",
    "apply_patch",
    "build_resume",
    "compact",
    "is_expired",
    "outgoing_input",
    "replay",
    "to_event",
]
