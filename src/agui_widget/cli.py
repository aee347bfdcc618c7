"""The command `agui-widget`: for people who write AG-UI servers.

    agui-widget check run.jsonl                     what is wrong with a stream, and how to mend it
    agui-widget check http://127.0.0.1:8000/        the same for a live server (it runs the agent once)
    curl … | agui-widget check --sse - --json
    agui-widget check --dialect auto run.sse        the same for a stream in another dialect, or a server's URL
    agui-widget sse run.sse                         how an event stream is read
    agui-widget a2ui form.json                      what is wrong with A2UI messages

Exit codes of `check` and `a2ui`: 0 for a finished stream without a diagnostic, or for messages without an
error, 1 for anything else, 2 for what cannot be read.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .a2ui import Catalog, Problem, messages_of, operations_of, validate, validate_document
from .agents import remote
from .check import Report, check, read_dialect, read_events, read_sse
from .client import new_id
from .errors import AguiError, DecodeError
from .protocol.outgoing import outgoing_input

CLEAN, PROBLEMS, UNREADABLE = 0, 1, 2
AG_UI = "agui"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; gives its exit code."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except (AguiError, OSError) as error:
        print(f"agui-widget: {error}", file=sys.stderr)
        return UNREADABLE
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="agui-widget", description="Tools for people who write AG-UI servers.")
    commands = parser.add_subparsers(required=True)

    checking = commands.add_parser("check", help="read an AG-UI stream and say what is wrong with it")
    checking.add_argument("source", metavar="FILE|URL", help="JSON lines, a JSON array or SSE; - reads stdin")
    checking.add_argument("--sse", action="store_true", help="the file is server-sent events")
    checking.add_argument("--dialect", metavar="NAME", help="auto, or one of docs/dialects.md; else AG-UI")
    checking.add_argument("--json", action="store_true", help="print one JSON object")
    checking.add_argument("--strict", action="store_true", help="the reference client's verdicts; no repairs")
    checking.add_argument("--message", default="Hello", help="what to say to a URL (default: Hello)")
    checking.add_argument("--header", action="append", default=[], metavar="NAME:VALUE", help="sent to a URL")
    checking.set_defaults(run=_check)

    reading = commands.add_parser("sse", help="print how an event stream is read, as JSON")
    reading.add_argument("source", metavar="FILE", help="the bytes of an event stream; - reads stdin")
    reading.set_defaults(run=_sse)

    surfaces = commands.add_parser("a2ui", help="read A2UI messages, or a catalogue, and say what is wrong")
    surfaces.add_argument("source", metavar="FILE", help="messages as JSON, an array or JSON lines; - reads stdin")
    surfaces.add_argument("--json", action="store_true", help="print one JSON object")
    surfaces.add_argument("--version", metavar="V", help="the version all must be of, like v0.9; else each tells")
    surfaces.add_argument("--sender", choices=["agent", "renderer"], help="who sent them; else each tells")
    surfaces.add_argument("--catalog", action="append", default=[], metavar="FILE", help="a catalogue document")
    surfaces.add_argument("--progressive", action="store_true", help="more may come: surfaces need not be whole")
    surfaces.set_defaults(run=_a2ui)
    return parser


def _check(options: argparse.Namespace) -> int:
    report = check(_events(options), strict=options.strict)
    print(json.dumps(report.summary, ensure_ascii=False) if options.json else _in_words(report))
    return CLEAN if report.is_clean else PROBLEMS


def _events(options: argparse.Namespace) -> list[Any]:
    if remote.recognises(options.source):
        return asyncio.run(_ask(options))
    content = _bytes(options.source)
    if options.dialect is not None:
        return read_dialect(content, options.dialect, is_sse=options.sse)
    return read_events(content, is_sse=options.sse)


def _sse(options: argparse.Namespace) -> int:
    decoded = read_sse(_bytes(options.source))
    events = [{"event": each.event, "data": each.data, "id": each.id} for each in decoded.events]
    summary = {"events": events, "last_event_id": decoded.last_event_id, "retry": decoded.retry}
    print(json.dumps(summary, ensure_ascii=False))
    return CLEAN


def _a2ui(options: argparse.Namespace) -> int:
    messages = _messages(_bytes(options.source))
    catalogs = [Catalog.from_json(_json(_bytes(name), name), version=options.version) for name in options.catalog]
    problems = validate_document(messages[0]) if len(messages) == 1 else None
    if problems is None:
        problems = validate(
            messages,
            version=options.version,
            catalogs=catalogs,
            progressive=options.progressive,
            sender=options.sender,
        )
    is_valid = all(problem.severity == "warning" for problem in problems)
    summary = {"valid": is_valid, "messages": len(messages), "problems": [problem.to_json() for problem in problems]}
    print(json.dumps(summary, ensure_ascii=False) if options.json else _problems_in_words(messages, problems))
    return CLEAN if is_valid else PROBLEMS


def _messages(content: bytes) -> list[Any]:
    """A2UI messages in the bytes of a file, also as agents send them in tool results."""
    try:
        messages = messages_of(content.decode("utf-8-sig", "replace"))
    except ValueError as error:
        raise DecodeError(f"the file is not JSON ({error})") from None
    received = operations_of(messages[0]) if len(messages) == 1 else None
    return received.operations if received and received.operations else messages


def _json(content: bytes, name: str) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DecodeError(f"{name} is not JSON ({error})") from None


def _problems_in_words(messages: list[Any], problems: list[Problem]) -> str:
    lines = [
        f"{problem.path}: {'' if problem.severity == 'error' else 'warning: '}{problem.code}: {problem.message}"
        for problem in problems
    ]
    found = "no problem" if not lines else f"{len(lines)} problem{'s' if len(lines) > 1 else ''}"
    return "\n".join([*lines, f"{len(messages)} message{'' if len(messages) == 1 else 's'}, {found}"])


async def _ask(options: argparse.Namespace) -> list[Any]:
    """Run the agent at a URL once; gives its events."""
    headers = dict(header.split(":", 1) for header in options.header if ":" in header)
    agent = remote.adapt(
        options.source,
        dialect=AG_UI if options.dialect is None else options.dialect,
        headers={name: value.strip() for name, value in headers.items()},
    )
    messages = [{"id": new_id(), "role": "user", "content": options.message}]
    run_input, _ = outgoing_input({"threadId": new_id(), "runId": new_id(), "messages": messages})
    return [event async for event in agent(run_input)]


def _bytes(source: str) -> bytes:
    return sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()


def _in_words(report: Report) -> str:
    summary = report.summary
    lines = [str(problem) for problem in report.problems]
    ending = summary["detail"].get("type") or summary["detail"].get("message", "")
    counted = f"{len(summary['deliveredTypes'])} events, {len(summary['messages'])} messages"
    problems = "no problem" if not lines else f"{len(lines)} problem{'s' if len(lines) > 1 else ''}"
    return "\n".join([*lines, f"{summary['outcome']} ({ending}): {counted}, {problems}"])


if __name__ == "__main__":
    sys.exit(main())
