"""Finds a Chromium for the browser tests, and installs one where that can be done.

python tools/browser.py            # prints its path, or says how to get one (exit 1)
python tools/browser.py --install  # the same, but tries to install one first
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"

HELP = """No Chromium was found. The browser tests need one. Any of these will do:
  * Debian, Ubuntu:  sudo apt-get install chromium
  * anywhere:        .venv/bin/python -m playwright install chromium
  * another one:     export AGUI_CHROMIUM=/path/to/chrome
"""


def find() -> str | None:
    """The path of a Chromium, or None."""
    chosen = os.environ.get("AGUI_CHROMIUM")
    found = [chosen, *map(shutil.which, NAMES), MAC, _playwrights_own()]
    return next((path for path in found if path and Path(path).exists()), None)


def install() -> None:
    """Try Debian's package as root, then Playwright's own download; either may fail."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        apt = ["apt-get", "-o", "DPkg::Lock::Timeout=300"]
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        packages = ["chromium", "fonts-dejavu-core"]
        subprocess.run([*apt, "update"], env=env, stdout=subprocess.DEVNULL)
        subprocess.run([*apt, "install", "-y", "--no-install-recommends", *packages], env=env)
    if find() is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"])


def _playwrights_own() -> str | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


if __name__ == "__main__":
    if find() is None and "--install" in sys.argv:
        install()
    path = find()
    print(path or HELP, file=sys.stdout if path else sys.stderr)
    sys.exit(0 if path else 1)
