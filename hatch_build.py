"""Builds the browser part with npm when the package is built from a checkout.

An sdist already carries it, and then no Node is needed. `AGUI_WIDGET_SKIP_JS=1` leaves it as it is.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILT = ("widget.js", "widget.css", "chunks.json", "THIRD_PARTY_LICENSES.txt")


class BuildJavaScript(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        built = built_in(root / "src/agui_widget/static")
        if os.environ.get("AGUI_WIDGET_SKIP_JS") == "1" or all(is_fresh(file, root / "js") for file in built):
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


def built_in(static: Path) -> list[Path]:
    """Every file that a build leaves there, whether it is there or not."""
    table = static / "chunks.json"
    chunks = json.loads(table.read_text("utf-8")) if table.exists() else {}
    return [static / name for name in (*BUILT, *(f"chunks/{chunk}.gz" for chunk in chunks))]


def is_fresh(file: Path, sources: Path) -> bool:
    """True if the file is there and newer than everything it is made of (an sdist has no js/)."""
    if not file.exists():
        return False
    made_of = [*sources.glob("src/**/*"), *sources.glob("*.json"), *sources.glob("*.mjs")]
    return all(file.stat().st_mtime >= path.stat().st_mtime for path in made_of if path.is_file())
