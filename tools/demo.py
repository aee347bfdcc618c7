"""`make demo`: JupyterLab on the hello notebook, in a folder of its own settings, its URL printed."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
NOTEBOOK = "01_hello.ipynb"
# Nothing asks a question over the page.
SETTINGS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}


def main() -> None:
    """Become the server. It picks the next free port from 8888 on, and prints the URL with its token."""
    settings = ROOT / ".jupyter-run"
    folders = {"CONFIG": "config", "DATA": "data", "RUNTIME": "runtime"}
    for name, folder in folders.items():
        os.environ[f"JUPYTER_{name}_DIR"] = str(settings / folder)
    overrides = settings / "config" / "labconfig" / "default_setting_overrides.json"
    overrides.parent.mkdir(parents=True, exist_ok=True)
    overrides.write_text(json.dumps(SETTINGS), "utf-8")
    print(
        f"\nStarting JupyterLab on notebooks/{NOTEBOOK}. Run the cells with Shift+Enter; Ctrl+C here ends it.\n",
        flush=True,
    )
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--LabApp.news_url=None",
        f"--LabApp.default_url=/lab/tree/{NOTEBOOK}",
    ]
    as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    os.chdir(ROOT / "notebooks")
    os.execv(sys.executable, [*command, *as_root, *sys.argv[1:]])


if __name__ == "__main__":
    main()
