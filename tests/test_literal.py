"""What hides in a name is shown, in both languages alike."""

import json
from pathlib import Path

import pytest

from agui_widget.literal import literal
from agui_widget.run import Answer

CASES = json.loads((Path(__file__).parent / "vectors" / "words" / "literal.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_words_that_are_read_letter_by_letter(case: dict[str, str]) -> None:
    assert literal(case["text"]) == case["literal"]


def test_an_answer_in_a_terminal_obeys_nothing() -> None:
    answer = Answer("done\x1b]0;owned\x07\x1b[2J", "go\x1b[31m")
    assert repr(answer) == "You: go\n\ndone"
    assert answer.text.startswith("done\x1b")
