"""What OpenAI's two interfaces say of tokens; they only name the counts differently."""

from __future__ import annotations

from typing import Any

from pydantic import AliasChoices, Field

from .frames import Payload


class Details(Payload):
    """Which of the tokens were what."""

    reasoning_tokens: int | None = Field(default=None, ge=0)
    cached_tokens: int | None = Field(default=None, ge=0)


class Usage(Payload):
    """What an answer has cost, in tokens."""

    asked: int | None = Field(None, ge=0, validation_alias=AliasChoices("prompt_tokens", "input_tokens"))
    answered: int | None = Field(None, ge=0, validation_alias=AliasChoices("completion_tokens", "output_tokens"))
    total_tokens: int | None = Field(default=None, ge=0)
    asked_details: Details | None = Field(
        None, validation_alias=AliasChoices("prompt_tokens_details", "input_tokens_details")
    )
    answered_details: Details | None = Field(
        None, validation_alias=AliasChoices("completion_tokens_details", "output_tokens_details")
    )


def usage_of(usage: Usage | None, model: str | None) -> dict[str, Any]:
    """The counts as the end of a run says them; nothing without any."""
    if usage is None:
        return {}
    asked, answered = usage.asked_details or Details(), usage.answered_details or Details()
    counts = {
        "model": model,
        "inputTokens": usage.asked,
        "outputTokens": usage.answered,
        "totalTokens": usage.total_tokens,
        "reasoningTokens": answered.reasoning_tokens,
        "cachedInputTokens": asked.cached_tokens,
    }
    return {"usage": [{name: count for name, count in counts.items() if count is not None}]}
