"""The reference client behind a pipe: one node process, JSON lines both ways."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
CLIENT = HERE.parents[1] / "js" / "node_modules" / "@ag-ui" / "client"


class Oracle:
    """`@ag-ui/client` 1.0.0, asked about one stream at a time."""

    def __init__(self) -> None:
        node = shutil.which("node")
        if node is None or not CLIENT.is_dir():
            message = "the oracle needs node and js/node_modules (npm ci --prefix js)"
            pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
        self._process = subprocess.Popen(
            [node, str(HERE / "oracle.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def verdict(self, events: list[Any], **given: Any) -> dict[str, Any]:
        """Return what the reference client makes of `events`."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"events": events, **given}) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert answer["outcome"] != "oracle-failed", answer["error"]
        return answer

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()
