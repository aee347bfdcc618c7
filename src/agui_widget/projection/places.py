"""Where on screen the words of each message stand, and what is shown beside them."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

from ..content import Content, media_output
from ..shells import Shell, Shells

Key = tuple[str, str]  # role and id of a message
Place = tuple[str, str, str]  # shell, lane, part


class Places:
    """The places of messages; a shell may hold several, and a message whose words go on elsewhere has its last."""

    def __init__(self, shells: Shells) -> None:
        self._shells = shells
        self.of: dict[Key, Place] = {}
        self._media: dict[Key, dict[str, Any]] = {}  # what is shown beside a message's words

    def shell_of(self, message_id: str) -> str | None:
        """The shell of an answer."""
        place = self.of.get(("assistant", message_id))
        return place[0] if place else None

    def message_at(self, place: Place) -> str | None:
        """Whose words stand there."""
        return next((key[1] for key, its in self.of.items() if its == place), None)

    def answers_in(self, shell_id: str) -> list[tuple[str, Place]]:
        """The answers of a shell, each with its place."""
        return [(key[1], place) for key, place in self.of.items() if place[0] == shell_id and key[0] == "assistant"]

    def show_media(self, key: Key, content: Content) -> None:
        """What a message's content has beside its words, in the lane of its words, if it is not shown already."""
        output = media_output(content, key[1])
        if output is None:
            self._drop_media(key)
        elif output != self._media.get(key):
            shell_id, lane, part = self.of[key]
            self._media[key] = output
            self._shells.put("part.put", lane, {"key": _media_key(part), "kind": "output", "value": output}, shell_id)

    def _drop_media(self, key: Key) -> None:
        if self._media.pop(key, None) is not None:
            shell_id, lane, part = self.of[key]
            self._shells.put("part.remove", lane, {"key": _media_key(part)}, shell_id)

    def has_media(self, key: Key, content: Content) -> bool:
        """True if what stands beside a message's words is what this content has."""
        return media_output(content, key[1]) == self._media.get(key)

    def rename(self, before: Key, after: Key) -> None:
        """A message got another id."""
        self.of[after] = self.of.pop(before)
        if before in self._media:
            self._media[after] = self._media.pop(before)

    def remove(self, key: Key) -> None:
        """Take a message off its place."""
        self._drop_media(key)
        shell_id, lane, part = self.of.pop(key)
        self._shells.put("part.remove", lane, {"key": part}, shell_id)

    def forget(self, gone: Container[str]) -> None:
        """Shells have left the screen; the same ids may come again, and then have a new place."""
        self.of = {key: place for key, place in self.of.items() if place[0] not in gone}
        self._media = {key: output for key, output in self._media.items() if key in self.of}

    def memory(self) -> list[list[str]]:
        """With the snapshot, what `restore` needs."""
        return [[*key, *place] for key, place in self.of.items()]

    def restore(self, rows: Iterable[list[str]], parts: Iterable[tuple[Shell, dict[str, Any]]]) -> None:
        """Remember what stands where; `parts` are those of the snapshot."""
        self.of = {(role, key): (shell, lane, part) for role, key, shell, lane, part in rows}
        owners = {(shell, _media_key(part)): key for key, (shell, _, part) in self.of.items()}
        self._media = {owners[at]: part["value"] for shell, part in parts if (at := (shell.id, part["key"])) in owners}


def _media_key(part: str) -> str:
    """The key of the part with the media of the message whose words are in `part`."""
    return f"{part}-media"
