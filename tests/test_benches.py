"""The benches run, and what they compare is the same on both sides. Their times are never asserted."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from benches.__main__ import BENCHES

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
@pytest.mark.e2e
@pytest.mark.timeout(240)
@pytest.mark.parametrize("name", BENCHES)
def test_every_bench_runs_and_nothing_is_lost(name: str, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    command = [sys.executable, "-m", "benches", name, "--quick", "--json", str(report)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    tables = json.loads(report.read_text())["tables"]
    assert tables
    assert "NO" not in json.dumps(tables)
