"""Outputs under cells, brought up to date wherever they stand."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from contextvars import Context
from typing import Any

from .notebook import shell


def publish(data: dict[str, Any], metadata: dict[str, Any] | None = None, **options: Any) -> None:
    """Show a bundle under the cell that runs."""
    from IPython.display import publish_display_data

    publish_display_data(data, metadata, **options)  # type: ignore[no-untyped-call]


class LastingOutput:
    """One output that is brought up to date wherever it stands under a cell.

    `render` gives its bundle, from whatever thread asks. Shown only in a notebook: a terminal would print it again
    each time.
    """

    def __init__(self, display_id: str, render: Callable[[], dict[str, Any]]) -> None:
        self._display_id = display_id
        self._render = render
        self._lock = threading.Lock()  # what is published last is what was rendered last
        self._is_shown = False
        self._is_new = False  # changed since a cell ended
        self._forget: Callable[[], None] = _nothing

    def show(self) -> None:
        """Stand under the cell that runs, too."""
        notebook = _notebook_shell()
        if notebook is None:
            return
        with self._lock:
            self._publish(update=False)
        if not self._is_shown:
            self._is_shown = True
            self._forget = _after_each_cell(notebook, self._again)

    def update(self) -> None:
        """Bring it up to date, from any thread."""
        if self._is_shown:
            with self._lock:
                # As if the cell that runs now had said it. In the context of a run it would be the one that began the
                # run: it may have ended, and then clients without a page (nbclient) take nothing from it any more.
                Context().run(self._publish, update=True)
                self._is_new = True

    def close(self) -> None:
        """Leave it as it is."""
        self._is_shown = False
        self._forget()

    def _again(self) -> None:
        """Clients without a page hear only what is said while a cell runs: say what came between two of them again."""
        with self._lock:
            if self._is_shown and self._is_new:
                self._is_new = False
                self._publish(update=True)

    def _publish(self, *, update: bool) -> None:
        publish(self._render(), transient={"display_id": self._display_id}, update=update)


def _nothing() -> None:
    """Nothing is to be forgotten."""


def _notebook_shell() -> Any:
    found = shell()
    return found if hasattr(found, "kernel") else None


def _after_each_cell(notebook: Any, method: Callable[[], None]) -> Callable[[], None]:
    """Call a bound method after each cell while its object lives; gives the function that ends it."""
    reference = weakref.WeakMethod(method)

    def call(*_: Any) -> None:
        alive = reference()
        if alive is not None:
            alive()
        else:
            forget()

    def forget() -> None:
        if call in notebook.events.callbacks["post_run_cell"]:
            notebook.events.unregister("post_run_cell", call)

    notebook.events.register("post_run_cell", call)
    return forget
