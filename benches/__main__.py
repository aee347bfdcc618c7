"""`python -m benches [name …] [--quick] [--json FILE]`"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import time
from pathlib import Path

BENCHES = {
    "a2ui": "what an A2UI surface costs a page, beside web_core with the least DOM layer and @a2ui/lit",
    "markdown": "Markdown: agreement with the specifications and cmark-gfm, hostile input, streaming",
    "pipeline": "AG-UI events through the client, beside the reference client in node",
    "render": "what an answer, and a long chat, cost a page, beside streamdown, innerHTML and a floor",
    "rich": "what is drawn of an answer, from the end of its source on, beside the same engines used plainly",
    "sse": "the decoder of server-sent events, beside httpx-sse if it is installed",
    "validate": "A2UI messages through the validator, beside JSON Schema",
    "stream": "tokens from a kernel onto a page, beside bare messages and what people do today",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benches", description=_list(), formatter_class=_Raw)
    parser.add_argument("names", nargs="*", metavar="name", help="which to run; all if none is given")
    parser.add_argument("--quick", action="store_true", help="a short run that only shows that everything works")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the tables there, too")
    arguments = parser.parse_args()
    unknown = set(arguments.names) - BENCHES.keys()
    if unknown:
        parser.error(f"no bench is named {', '.join(sorted(unknown))}: there are {', '.join(BENCHES)}")
    print(f"{_machine()}{'; --quick: numbers mean nothing' if arguments.quick else ''}\n", flush=True)
    tables = []
    for name in arguments.names or BENCHES:
        for table in importlib.import_module(f".{name}", __package__).run(arguments.quick):
            print(f"{table}\n", flush=True)
            tables.append(table.to_json())
    if arguments.json:
        document = {"machine": _machine(), "at": time.time(), "quick": arguments.quick, "tables": tables}
        arguments.json.write_text(json.dumps(document, indent=1))


class _Raw(argparse.RawDescriptionHelpFormatter):
    """Keeps the list of benches as it is written."""


def _list() -> str:
    return "\n".join(f"{name:<10}{what}" for name, what in BENCHES.items())


def _machine() -> str:
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"Python {platform.python_version()}, {os.cpu_count()} cores{load}"


if __name__ == "__main__":
    main()
