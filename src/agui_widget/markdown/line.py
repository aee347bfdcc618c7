"""One line of a document with a position in it that knows what a tab is worth."""

from __future__ import annotations

import re

TAB = 4
_SPACE = re.compile(r"[ \t]*")


class Line:
    """A line being eaten from the left; columns count a tab as the way to the next multiple of four.

    Source: CommonMark 0.31.2, section 2.2; the two positions are those of its reference parsers.
    """

    __slots__ = ("text", "offset", "column", "first", "first_column", "is_blank", "_cut_tab")

    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = 0
        self.column = 0
        self._cut_tab = False  # some columns of the tab at `offset` are eaten
        self.find_first()

    @property
    def indent(self) -> int:
        """Columns from here to the first character that is not a space or a tab."""
        return self.first_column - self.column

    @property
    def rest(self) -> str:
        """What is left from the first character that is not a space or a tab."""
        return self.text[self.first :]

    def find_first(self) -> None:
        """Look where the next character stands that is not a space or a tab."""
        match = _SPACE.match(self.text, self.offset)
        assert match is not None
        self.first, column = match.end(), self.column
        if "\t" not in match[0]:
            column += len(match[0])
        else:
            for character in match[0]:
                column += 1 if character == " " else TAB - column % TAB
        self.first_column, self.is_blank = column, self.first == len(self.text)

    def to_first(self) -> None:
        """Eat the white space."""
        self.offset, self.column, self._cut_tab = self.first, self.first_column, False

    def eat(self, characters: int) -> None:
        """Eat characters that are no tabs, then look at what follows."""
        self.offset += characters
        self.column += characters
        self._cut_tab = False
        self.find_first()

    def eat_columns(self, columns: int) -> None:
        """Eat white space up to a number of columns; a tab may be eaten in part."""
        if columns <= self.first - self.offset and "\t" not in self.text[self.offset : self.offset + columns]:
            self.offset += columns
            self.column += columns
            return
        text, end = self.text, len(self.text)
        while columns > 0 and self.offset < end and text[self.offset] in " \t":
            if text[self.offset] == " ":
                self.offset += 1
                self.column += 1
                columns -= 1
                continue
            wide = TAB - self.column % TAB
            self._cut_tab = wide > columns
            step = min(wide, columns)
            self.column += step
            columns -= step
            self.offset += not self._cut_tab

    def remainder(self) -> str:
        """What is left, white space included; the rest of a tab eaten in part as spaces."""
        if self._cut_tab and self.offset < len(self.text):
            return " " * (TAB - self.column % TAB) + self.text[self.offset + 1 :]
        return self.text[self.offset :]
