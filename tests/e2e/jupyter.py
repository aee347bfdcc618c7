"""A Jupyter server of our own, a notebook open in one of its two hosts, and the chat in that notebook.

    Server     one process that serves JupyterLab and Notebook 7, with its own directories
    Notebook   one page on one fresh notebook with one fresh kernel
    Chat       one view of an AgentChat on that page

Cells are run through `window.jupyterapp`, never by clicking: what a host draws is not what is tested.
"""

from __future__ import annotations

import ast
import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

HOSTS = ["lab", "notebook"]
PAGES = {"lab": "lab/tree/{path}?reset", "notebook": "notebooks/{path}"}
START_S = 60

CONFIG = """
c.ServerApp.ip = "127.0.0.1"
c.ServerApp.allow_root = True
c.ServerApp.open_browser = False
c.ServerApp.disable_check_xsrf = True
c.IdentityProvider.token = ""
c.LabApp.expose_app_in_browser = True
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.JupyterNotebookApp.expose_app_in_browser = True
"""

# Nothing asks a question over the page.
SETTINGS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}

EMPTY_NOTEBOOK = {
    "cells": [],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


class Server:
    """A Jupyter server in `home`, on a free port of this machine only."""

    def __init__(self, home: Path) -> None:
        self.log = home / "server.log"
        self._root = home / "notebooks"
        self._root.mkdir()
        self._settings = home / "jupyterlab_settings_dir"
        config = home / "config.py"
        config.write_text(CONFIG)
        overrides = home / "jupyter_config_dir" / "labconfig"
        overrides.mkdir(parents=True)
        (overrides / "default_setting_overrides.json").write_text(json.dumps(SETTINGS))
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "jupyterlab", f"--config={config}", f"--ServerApp.port={port}"]
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                command, cwd=self._root, env=_own_directories(home), stdout=log, stderr=subprocess.STDOUT
            )
        self._wait_until_up()

    def new_notebook(self) -> str:
        """An empty notebook whose kernel is already starting; its path."""
        return self._begin(json.dumps(EMPTY_NOTEBOOK))

    def copy(self, path: str) -> str:
        """What is saved at `path` as another notebook, whose kernel knows nothing of it; its path."""
        return self._begin((self._root / path).read_text("utf-8"))

    def _begin(self, source: str) -> str:
        path = f"{uuid.uuid4().hex[:8]}.ipynb"
        (self._root / path).write_text(source, "utf-8")
        session = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
        self.request("POST", "/api/sessions", session)
        return path

    def forget(self, path: str) -> None:
        """Delete the notebook, its kernel (a path keeps its session until somebody deletes it), and what was set."""
        for session in self.request("GET", "/api/sessions"):
            if session["path"] == path:
                self.request("DELETE", f"/api/sessions/{session['id']}")
        (self._root / path).unlink()
        shutil.rmtree(self._settings, ignore_errors=True)

    def request(self, method: str, path: str, body: Any = None) -> Any:
        """What the server's REST interface answers."""
        payload = None if body is None else json.dumps(body).encode()
        with urlopen(Request(self.url + path, method=method, data=payload), timeout=30) as response:
            text = response.read()
        return json.loads(text) if text else None

    def stop(self) -> None:
        """End the server and every kernel it has."""
        for session in self.request("GET", "/api/sessions"):
            with contextlib.suppress(HTTPError):
                self.request("DELETE", f"/api/sessions/{session['id']}")
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _wait_until_up(self) -> None:
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(URLError, ConnectionError):
                self.request("GET", "/api/status")
                return
            time.sleep(0.1)
        self._process.kill()
        self._process.wait()
        raise RuntimeError(f"the Jupyter server did not start:\n{self.log.read_text()}")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _own_directories(home: Path) -> dict[str, str]:
    """Nothing of the user's own Jupyter is read or written."""
    names = ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"]
    names += ["JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR"]
    return {**os.environ, **{name: str(home / name.lower()) for name in names}, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


# -- a notebook --------------------------------------------------------------------------------------

# What every script below may use.
PRELUDE = """
const app = window.jupyterapp;
const panel = app.shell.currentWidget;
const notebook = panel.content;
const cells = notebook.model.sharedModel;
const { sessionContext } = panel;
const kernel = sessionContext.session?.kernel;
"""

IS_READY = """() => {
    const panel = window.jupyterapp?.shell?.currentWidget;
    const kernel = panel?.sessionContext?.session?.kernel;
    return Boolean(panel?.content?.model && panel.isVisible && panel.context.isReady && panel.sessionContext.isReady
        && kernel?.connectionStatus === "connected" && kernel.status === "idle" && kernel.info);
}"""

RUN = """
const at = cells.cells.length;
cells.insertCell(at, { cell_type: "code", source: argument, metadata: { trusted: true } });
notebook.activeCellIndex = at;
const done = app.commands.execute("notebook:run-cell");
"""

SCROLLERS = """
const scrollers = node => {
    const found = [];
    for (let at = node.parentElement; at; at = at.parentElement)
        if (at.scrollHeight > at.clientHeight && /auto|scroll/.test(getComputedStyle(at).overflowY)) found.push(at);
    return found;
};
"""

# The host's own complaints, which come without any chat on the page too.
HOST_NOISE = re.compile(
    "|".join(
        [
            # Notebook 7 has no file browser, and JupyterLab's plug-ins ask for it
            r"Command 'filebrowser:open-path' not registered",
            r"Cannot read properties of undefined \(reading 'schema'\)",
            # the debugger's plug-in, when its kernel is restarted soon after the page was loaded
            r"Could not restore the debugger state: Canceled future for debug_request",
            # fonts of MathJax: the server finds files by their names alone, and JupyterLab was given those of the same names before
            r"403 \(Forbidden\) \(http://[\d.:]+/static/notebook/\w+\.woff\)",
        ]
    )
)


class Notebook:
    """A page with one open notebook. `host` is `lab` or `notebook`."""

    def __init__(self, page: Page, server: Server, host: str, path: str) -> None:
        self.page = page
        self.host = host
        self.path = path
        self.complaints: list[str] = []
        self._server = server
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._complain(f"uncaught: {error}"))

    def open(self) -> Notebook:
        """Load the page and wait for its kernel."""
        self.page.goto(f"{self._server.url}/{PAGES[self.host].format(path=self.path)}")
        self._wait_until_ready()
        return self

    def reload(self) -> None:
        """Save, as a person would, and load the page again."""
        self.save()
        self.page.reload()
        self._wait_until_ready()

    def save(self) -> None:
        """Write the notebook to its file."""
        self.js("await panel.context.save()")

    def another_tab(self) -> Notebook:
        """The same notebook, with the same kernel, in a second tab."""
        other = Notebook(self.page.context.new_page(), self._server, self.host, self.path)
        other.complaints = self.complaints
        return other.open()

    def js(self, script: str, argument: Any = None) -> Any:
        """Run a script on the page; it may use `app, panel, notebook, cells, kernel, argument`, and `return`."""
        return self.page.evaluate(f"async (argument) => {{ {PRELUDE} {script} }}", argument)

    # -- cells -----------------------------------------------------------------------------------------

    def run(self, code: str) -> list[dict[str, Any]]:
        """Run a new last cell to its end; its outputs. An error in it is an error here."""
        at = self.js(RUN + "await done; return at;", code.strip())
        outputs = self.outputs(at)
        errors = ["\n".join(output["traceback"]) for output in outputs if output["output_type"] == "error"]
        assert not errors, f"the cell failed:\n{code}\n{errors[0]}"
        return outputs

    def start(self, code: str) -> int:
        """Run a new last cell without waiting for it; its index."""
        return int(self.js(RUN + "return at;", code.strip()))

    def outputs(self, at: int) -> list[dict[str, Any]]:
        """What the cell at `at` shows now."""
        outputs: list[dict[str, Any]] = self.js("return notebook.model.cells.get(argument).outputs.toJSON()", at)
        return outputs

    def printed(self) -> str:
        """Everything that is printed under any cell."""
        outputs = self.js("return cells.cells.flatMap(cell => cell.outputs ?? [])")
        return "".join("".join(output["text"]) for output in outputs if output["output_type"] == "stream")

    def wait_for_cell(self, at: int) -> list[dict[str, Any]]:
        """Wait until the cell at `at` has ended; its outputs."""
        self.page.wait_for_function(
            f"at => {{ {PRELUDE} return notebook.model.cells.get(at).executionState === 'idle' }}", arg=at
        )
        return self.outputs(at)

    def evaluate(self, expression: str) -> Any:
        """The JSON value of a Python expression in the kernel, without a cell. Waits for a cell that runs."""
        reply = self.js(
            """
            const user_expressions = { value: `__import__("json").dumps(${argument})` };
            const reply = await kernel.requestExecute({ code: "", silent: true, user_expressions }).done;
            return reply.content.user_expressions.value;
            """,
            expression,
        )
        assert reply["status"] == "ok", reply
        return json.loads(ast.literal_eval(reply["data"]["text/plain"]))

    def cell_sources(self) -> list[str]:
        """The text of every cell."""
        sources: list[str] = self.js("return cells.cells.map(cell => cell.getSource())")
        return sources

    def command(self, name: str, **arguments: Any) -> None:
        """Carry out one of the host's commands."""
        self.js("await app.commands.execute(...argument)", [name, arguments])

    def interrupt(self) -> None:
        """What the host's own Stop does."""
        self.js("await kernel.interrupt()")

    def restart_kernel(self) -> None:
        """A new kernel in the place of the old one."""
        self.js("await kernel.restart()")

    def use_theme(self, name: str) -> None:
        """Switch the host's theme; `name` is `Light` or `Dark`."""
        self.command("apputils:change-theme", theme=f"JupyterLab {name}")
        self.page.wait_for_function(
            "isLight => document.body.dataset.jpThemeLight === isLight", arg=str(name == "Light").lower()
        )

    # -- chats -----------------------------------------------------------------------------------------

    @property
    def chat(self) -> Chat:
        """The first view of a chat on the page."""
        return self.chat_view(0)

    def chat_view(self, at: int) -> Chat:
        """The view at `at`, counted from the top."""
        return Chat(self.page.locator(".agui-host").nth(at))

    def show(self, code: str) -> Chat:
        """Run code that displays a chat, and wait until that chat is connected."""
        views = self.page.locator(".agui-host").count()
        self.run(code)
        return self.chat_view(views).wait_until_live()

    def _wait_until_ready(self) -> None:
        self.page.wait_for_function(IS_READY)

    # -- the notebook around the chats -----------------------------------------------------------------

    def fill_with_cells(self, count: int) -> None:
        """Add that many cells with a line of text each."""
        self.js(
            """
            const cell = n => ({ cell_type: "code", source: `# cell ${n}\\n# of many` });
            cells.insertCells(cells.cells.length, Array.from({ length: argument }, (_, n) => cell(n)));
            """,
            count,
        )

    def editing_state(self) -> Any:
        """What keys could have changed: the cells, the selection, the mode, and what has run."""
        return self.js(
            """
            const { activeCellIndex, mode, selectedCells } = notebook;
            const each = cells.cells.map(cell => [cell.cell_type, cell.getSource(), cell.execution_count]);
            return { activeCellIndex, mode, selected: selectedCells.length, each };
            """
        )

    def hide_side_bars(self) -> None:
        """Leave the page to the notebook, for a picture of it."""
        self.js("app.shell.collapseLeft?.(); app.shell.collapseRight?.();")

    def freeze(self, seconds: float) -> None:
        """Block the page's main thread."""
        self.page.evaluate(
            "ms => { const end = performance.now() + ms; while (performance.now() < end); }", seconds * 1e3
        )

    def scroll_to(self, target: Locator, y: float) -> None:
        """Scroll the notebook until the top of `target` is `y` px below the top of the window."""
        target.evaluate(
            f"(node, y) => {{ {SCROLLERS} scrollers(node)[0].scrollTop += node.getBoundingClientRect().top - y }}", y
        )
        target.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def scroll_to_end(self) -> None:
        """Show the last cell."""
        self.page.locator(".jp-Cell").last.scroll_into_view_if_needed()

    def scroll_positions(self, target: Locator) -> Any:
        """How far everything around `target` is scrolled, and the window."""
        script = f"node => {{ {SCROLLERS} return [...scrollers(node).map(each => each.scrollTop), window.scrollY] }}"
        return target.evaluate(script)

    def wait_until_saved(self) -> None:
        """Nothing is unsaved."""
        self.page.wait_for_function(f"() => {{ {PRELUDE} return !panel.context.model.dirty }}")

    def is_running(self, at: int) -> bool:
        """Whether the cell at `at` is still running."""
        return bool(self.js("return notebook.model.cells.get(argument).executionState === 'running'", at))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._complain(f"{message.text} ({message.location.get('url', '')})")

    def _complain(self, complaint: str) -> None:
        if not HOST_NOISE.search(complaint):
            self.complaints.append(complaint)


# -- a chat ------------------------------------------------------------------------------------------

SAID = """(host) => [...host.shadowRoot.querySelectorAll('[data-role="assistant"] > [data-lane="text"]')]
    .map(lane => lane.textContent).join("")"""

# A wheel scrolls smoothly, over many frames.
STAND_STILL = """async node => {
    for (let top = NaN, still = 0; still < 10; top = node.scrollTop) {
        await new Promise(requestAnimationFrame);
        still = node.scrollTop === top ? still + 1 : 0;
    }
}"""

NODES = "[...host.shadowRoot.querySelectorAll('[data-message], [data-lane], [data-call]')]"


class Chat:
    """One view of a chat, read through its open shadow root."""

    def __init__(self, host: Locator) -> None:
        self.host = host
        self.page = host.page
        self.root = host.locator("[data-status]")
        self.composer = host.locator("[data-composer]")
        self.send_button = host.locator('[data-action="send"]')
        self.stop_button = host.locator('[data-action="stop"]')
        self.banner = host.locator("[data-banner]")
        self.jump_button = host.locator("[data-jump]")
        self.scroller = host.locator(".scroller")
        self.questions = host.locator('[data-role="user"]')
        self.answers = host.locator('[data-role="assistant"]')

    def wait_until_live(self) -> Chat:
        """The kernel has answered this page."""
        expect(self.root).to_have_attribute("data-link", "live")
        return self

    def lane(self, name: str) -> Locator:
        """Every lane of that name, in the agent's messages."""
        return self.answers.locator(f'[data-lane="{name}"]')

    def tools(self, state: str) -> Locator:
        """The tool rows in that state."""
        return self.host.locator(f'[data-call][data-state="{state}"]')

    # -- what a person does ----------------------------------------------------------------------------

    def type(self, text: str) -> None:
        """Write into the composer, key by key."""
        self.composer.click()
        self.page.keyboard.type(text)

    def say(self, text: str) -> None:
        """Type, press Enter, and see the question in the log."""
        asked = self.questions.count()
        self.type(text)
        self.page.keyboard.press("Enter")
        expect(self.questions).to_have_count(asked + 1)

    def stop(self) -> None:
        """Press Stop."""
        self.stop_button.click()

    # -- what a person sees ----------------------------------------------------------------------------

    @property
    def said(self) -> str:
        """Everything that the agent said, as it stands on the page."""
        text: str = self.host.evaluate(SAID)
        return text

    def wait_until_said(self, at_least: int) -> int:
        """Wait until the agent has said that many characters; how many there are then."""
        self.page.wait_for_function(f"([host, n]) => ({SAID})(host).length >= n", arg=[self._handle(), at_least])
        return len(self.said)

    def wait_until_done(self, turns: int) -> None:
        """Wait until that many questions are asked, and no run is on."""
        expect(self.questions).to_have_count(turns)
        expect(self.root).to_have_attribute("data-status", "idle")

    def outline(self) -> Any:
        """The order and state of everything in the log, and all its text."""
        script = f"""host => [host.shadowRoot.querySelector('[role="log"]').textContent,
            {NODES}.map(({{ dataset }}) => ({{ ...dataset }}))]"""
        return self.host.evaluate(script)

    def wheel(self, by: float) -> None:
        """Turn the wheel over the log, and wait until what it set in motion stands still."""
        self.scroller.hover()
        self.page.mouse.wheel(0, by)
        self.scroller.evaluate(STAND_STILL)

    def scroll_top(self) -> float:
        """How far the log is scrolled."""
        return float(self.scroller.evaluate("node => node.scrollTop"))

    def distance_from_end(self) -> float:
        """How much of the log is below what is in sight, in px."""
        return float(self.scroller.evaluate("node => node.scrollHeight - node.clientHeight - node.scrollTop"))

    def tag_nodes(self) -> int:
        """Mark every shell, lane and tool row that is there now; how many."""
        script = f"host => {NODES}.map((node, at) => node.aguiTag = at).length"
        return int(self.host.evaluate(script))

    def tags(self) -> list[int]:
        """The marks that are still on the page, in its order."""
        script = f"host => {NODES}.map(node => node.aguiTag).filter(tag => tag !== undefined)"
        tags: list[int] = self.host.evaluate(script)
        return sorted(tags)

    def colour(self, selector: str, prop: str) -> tuple[float, ...]:
        """A computed colour, as its channels from 0 to 1 or 255."""
        value = self.host.locator(selector).first.evaluate("(node, prop) => getComputedStyle(node)[prop]", prop)
        return tuple(float(number) for number in re.findall(r"[\d.]+", value))

    def _handle(self) -> Any:
        return self.host.element_handle()
