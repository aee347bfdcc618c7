"""Which dialects there are, and which one a stream is in."""

from __future__ import annotations

from collections.abc import Callable

from ..errors import AgentError
from ..sse import ServerSentEvent
from . import (
    agui,
    artifact,
    dotted,
    event_envelope,
    htmx,
    lanes_encode,
    lanes_v1,
    normalized,
    normalized_encode,
    openai,
    openai_encode,
)
from .detect import AUTO, Auto, Named
from .dialect import Bounded, Decoder, Dialect, Encoder
from .writer import RunWriter

# In the order in which a first frame is looked at: those with the most telling marks first.
_DIALECTS = [
    Dialect("agui", agui.Agui, agui.recognises, agui.encode),
    Dialect("normalized", normalized.Normalized, normalized.recognises, normalized_encode.encode),
    Dialect("mirror", normalized.Normalized, encoder=normalized_encode.encode_mirror),
    Dialect("dual", normalized.Normalized, encoder=normalized_encode.encode_dual),
    Dialect("lanes", lanes_v1.Lanes, lanes_v1.recognises, lanes_encode.encode_run),
    Dialect("htmx", htmx.Htmx, htmx.recognises),
    Dialect("dotted", dotted.Dotted, dotted.recognises),
    Dialect("artifact", artifact.Artifacts, artifact.recognises),
    Dialect("openai", openai.OpenAI, openai.recognises, openai_encode.encode),
    Dialect("envelope", event_envelope.EventEnvelope, event_envelope.recognises),
]
DIALECTS: dict[str, Dialect] = {each.name: each for each in _DIALECTS}


def register_dialect(
    name: str,
    decoder: Callable[[RunWriter], Decoder],
    *,
    recognises: Callable[[ServerSentEvent], bool] = lambda frame: False,
    encoder: Encoder | None = None,
) -> None:
    """Teach this process another dialect; `dialect=name` then reads it, and `auto` finds it if it recognises frames.

    Raises `AgentError` for a name that is no word, or taken, and for what cannot be called.
    """
    if not isinstance(name, str) or name.split() != [name]:
        raise AgentError(
            f'the name of a dialect is one word, got {name!r:.80}. Write: register_dialect("mine", MyDecoder)'
        )
    if name in DIALECTS or name == AUTO:
        raise AgentError(f"there is already a dialect {name!r}; give yours another name")
    functions = {"decoder": decoder, "recognises": recognises, **({"encoder": encoder} if encoder is not None else {})}
    for what, given in functions.items():
        if not callable(given):
            raise AgentError(
                f"{what} is a function or a class, got {given!r:.80}. Write: register_dialect({name!r}, MyDecoder)"
            )
    DIALECTS[name] = Dialect(name, decoder, recognises, encoder)


def decoder_for(name: str, writer: RunWriter) -> Decoder:
    """The decoder of one run, by the name of its dialect or `auto`. Raises `AgentError` that lists the dialects."""
    if name == AUTO:
        return Bounded(Auto(writer, DIALECTS), writer)
    if name not in DIALECTS:
        raise AgentError(f"no dialect is called {name!r}; there are: {', '.join(DIALECTS)}, and {AUTO}")
    return Bounded(Named(writer, name, DIALECTS), writer)
