"""How far a process grows while it reads a stream: `python -m benches.memory CONSUMER COUNT`, in a process of its own.

The peak of resident memory, as the system counts it: what is freed in between does not help.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
from pathlib import Path

from .events import a_run
from .pipeline import CONSUMERS


def main(consumer: str, count: int) -> None:
    read, messages = CONSUMERS[consumer](())
    for event in a_run(1_000):  # what the code itself takes is not the stream's
        read(event)
    read, messages = CONSUMERS[consumer](())
    gc.collect()
    before = peak_bytes()
    for event in a_run(count):
        read(event)
    fed = peak_bytes() - before
    text_bytes = len(messages()[-1]["content"])
    print(json.dumps({"text": text_bytes, "fed": fed, "read": peak_bytes() - before}))


def peak_bytes() -> int:
    """Linux keeps the peak of this very process in `VmHWM`; `ru_maxrss` there starts with the parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
