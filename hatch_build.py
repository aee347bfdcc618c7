"""Builds the browser part with npm when the package is built from a checkout.

An sdist already carries it, and then no Node is needed. `AGUI_WIDGET_SKIP_JS=1` leaves it as it is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILT = ("widget.js", "chunks/a2ui.gz")


class BuildJavaScript(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        built = [root / f"src/agui_widget/static/{name}" for name in BUILT]
        if os.environ.get("AGUI_WIDGET_SKIP_JS") == "1" or all(is_fresh(bundle, root / "js") for bundle in built):
            return
        npm = shutil.which("npm")
        if npm is None:
            raise RuntimeError(
                "agui_widget is built from a checkout here, which needs Node 20 or later (npm was not found). "
                "Install Node (https://nodejs.org), or install a released wheel or sdist: they carry the built "
                "browser part and need no Node."
            )
        subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=root / "js", check=True)
        subprocess.run([npm, "run", "build"], cwd=root / "js", check=True)


def is_fresh(bundle: Path, sources: Path) -> bool:
    """True if the bundle is there and newer than everything it is made of (an sdist has no js/)."""
    if not bundle.exists():
        return False
    made_of = [*sources.glob("src/**/*"), *sources.glob("*.json"), *sources.glob("*.mjs")]
    return all(bundle.stat().st_mtime >= path.stat().st_mtime for path in made_of if path.is_file())
