from __future__ import annotations

import functools
import http.server
import os
import runpy
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, expect, sync_playwright

from .jupyter import BROWSER_ARGUMENTS, HOSTS, Notebook, Server

CHECKOUT = Path(__file__).parents[2]
WINDOW = {"width": 1280, "height": 900}
PATIENCE_MS = 20_000

# The fixtures end with this package: Playwright's loop must be gone before the next asynchronous test.


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    for module in ("jupyterlab", "notebook"):
        if find_spec(module) is None:
            _cannot_run(f"{module} is not installed: pip install -e '.[dev]'")
    server = Server(tmp_path_factory.mktemp("jupyter"))
    yield server
    server.stop()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = runpy.run_path(str(CHECKOUT / "tools" / "browser.py"))["find"]()
    if path is None:
        _cannot_run("no Chromium was found: python tools/browser.py says how to get one")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One for all pages, so that the hosts' own scripts are loaded and compiled once."""
    context = browser.new_context(viewport=WINDOW, color_scheme="light", reduced_motion="no-preference")
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A folder over HTTP."""

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(handler: type[Quiet] = Quiet) -> Iterator[str]:
    """The checkout on a free port; gives the origin."""
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(handler, directory=str(CHECKOUT))
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="package")
def origin() -> Iterator[str]:
    """The front end without Jupyter: the checkout, served."""
    with served() as origin:
        yield origin


class Shelf:
    """The next test's kernel starts while this one runs."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._next = server.new_notebook()

    def take(self) -> str:
        taken, self._next = self._next, self._server.new_notebook()
        return taken


@pytest.fixture(scope="package")
def shelf(server: Server) -> Shelf:
    return Shelf(server)


@pytest.fixture(params=HOSTS)
def host(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def nb(
    host: str, server: Server, shelf: Shelf, context: BrowserContext, request: pytest.FixtureRequest
) -> Iterator[Notebook]:
    """An empty notebook, open in one of the hosts, with a fresh kernel. Nothing may complain on its page."""
    notebook = Notebook(context.new_page(), server, host, shelf.take())
    log_start = server.log.stat().st_size
    request.node.stash[EVIDENCE] = lambda: _evidence(notebook, server, log_start)
    try:
        yield notebook.open()
        assert not notebook.complaints, "the page complained:\n" + "\n".join(notebook.complaints)
    finally:
        for page in context.pages:
            page.close()
        server.forget(notebook.path)


@pytest.fixture
def screenshots() -> Path:
    folder = CHECKOUT / "screenshots"
    folder.mkdir(exist_ok=True)
    return folder


def _cannot_run(reason: str) -> None:
    """Skipped on a bare machine; where everything is meant to run, a failure."""
    if os.environ.get("CI", "").lower() in ("true", "1"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


# -- what a failure leaves behind --------------------------------------------------------------------

EVIDENCE = pytest.StashKey[Callable[[], str]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed and EVIDENCE in item.stash and report.when != "teardown":
        report.sections.append(("page and server", item.stash[EVIDENCE]()))
    return report


def _evidence(notebook: Notebook, server: Server, log_start: int) -> str:
    folder = CHECKOUT / "screenshots" / "failures"
    folder.mkdir(parents=True, exist_ok=True)
    picture = folder / f"{notebook.path}.png"
    with suppress(Error):  # a page that hangs gives none
        notebook.page.screenshot(path=picture, timeout=5_000)
    with server.log.open(errors="replace") as log:
        log.seek(log_start)
        tail = log.read()[-4_000:]
    return "\n".join([f"screenshot: {picture}", "complaints:", *notebook.complaints, "server log:", tail])
