"""The command `agui-widget`: what it prints, and its exit codes."""

import asyncio
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agui_widget.check import FIXES
from agui_widget.cli import main
from tests.servers import a_run, serve
from tests.test_remote import app

PACKAGE = Path(__file__).parent.parent / "src" / "agui_widget"
GOOD = a_run(["Hel", "lo"])


def as_jsonl(events: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(event) + "\n" for event in events)


def as_sse(events: list[dict[str, Any]]) -> str:
    return "".join(f"data: {json.dumps(event)}\n\n" for event in events)


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Writes a file, runs the command on it, gives its exit code and what it printed."""

    def run_on(content: str | bytes, *arguments: str) -> tuple[int, str]:
        file = tmp_path / "stream"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        code = main([*arguments, str(file)])
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return run_on


@pytest.mark.parametrize(
    "content",
    [
        as_jsonl(GOOD),
        as_sse(GOOD),
        json.dumps(GOOD),
        as_sse(GOOD).replace("\n", "\r\n"),
        "\n" + as_jsonl(GOOD) + "\n\n",
    ],
    ids=["JSON lines", "SSE", "JSON array", "SSE with CRLF", "blank lines"],
)
def test_a_good_stream_in_any_form_is_clean(run: Any, content: str) -> None:
    code, printed = run(content, "check")
    assert code == 0
    assert "no problem" in printed


def test_each_problem_names_event_rule_and_fix(run: Any) -> None:
    events = [*GOOD[:2], {"type": "TEXT_MESSAGE_CONTENT", "messageId": "other", "delta": "x"}, *GOOD[2:]]
    code, printed = run(as_jsonl(events), "check")
    assert code == 1
    assert re.search(r"event 3: not-open: .*other.*\n    fix: send START", printed)


def test_a_repair_is_a_problem_too(run: Any) -> None:
    events = [{**GOOD[0], "timestamp": 1.5}, *GOOD[1:]]
    assert run(as_jsonl(events), "check")[0] == 1


def test_strict_refuses_what_lenient_repairs(run: Any) -> None:
    events = [{**GOOD[0], "timestamp": 1.5}, *GOOD[1:]]
    outcome = [
        json.loads(run(as_jsonl(events), "check", "--json", *strict)[1])["outcome"] for strict in ([], ["--strict"])
    ]
    assert outcome == ["finished", "rejected"]


@pytest.mark.parametrize(
    "ending", [GOOD[:-1], [*GOOD[:-2], {"type": "RUN_ERROR", "message": "no"}]], ids=["cut", "error"]
)
def test_a_stream_that_does_not_finish_is_not_clean(run: Any, ending: list[dict[str, Any]]) -> None:
    assert run(as_jsonl(ending), "check")[0] == 1


def test_json_is_one_object_with_everything(run: Any) -> None:
    code, printed = run(as_sse(GOOD), "check", "--json", "--sse")
    summary = json.loads(printed)
    assert list(summary) == [
        "outcome",
        "detail",
        "messages",
        "state",
        "pendingInterrupts",
        "pendingToolCallIds",
        "warnings",
        "deliveredTypes",
    ]
    assert (code, summary["outcome"], summary["messages"][0]["content"]) == (0, "finished", "Hello")


@pytest.mark.parametrize(
    ("content", "named"),
    [("{not json", "line 1"), (as_jsonl(GOOD) + "{", "line 7"), ("data: nonsense\n\n", "frame 1"), ("[1,", "the file")],
)
def test_what_cannot_be_read_is_named_and_exits_with_2(run: Any, content: str, named: str) -> None:
    code, printed = run(content, "check")
    assert code == 2
    assert named in printed


def test_a_missing_file_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "no/such/file"]) == 2
    assert "no/such/file" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_an_empty_stream_is_truncated(run: Any, content: str) -> None:
    assert json.loads(run(content, "check", "--json")[1])["outcome"] == "truncated"


def test_stdin_is_read(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(as_sse(GOOD).encode())))
    assert main(["check", "--sse", "-"]) == 0


async def test_a_url_is_asked_once(capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[Any] = []
    async with serve(app(GOOD, seen)) as origin:
        code = await asyncio.to_thread(main, ["check", f"{origin}/agent", "--header", "X-Key: abc", "--json"])
    assert (code, len(seen), seen[0].headers["x-key"]) == (0, 1, "abc")
    assert json.loads(capsys.readouterr().out)["outcome"] == "finished"


async def test_a_url_may_speak_any_dialect(capsys: pytest.CaptureFixture[str]) -> None:
    said = [{"type": "message.delta", "data": {"text": "Hello"}}, {"type": "done"}]
    found: dict[str, str] = {}
    async with serve(app(said)) as origin:
        for dialect in ("normalized", "auto", "agui"):
            await asyncio.to_thread(main, ["check", f"{origin}/agent", "--dialect", dialect, "--json"])
            found[dialect] = json.loads(capsys.readouterr().out)["outcome"]
    assert found == {"normalized": "finished", "auto": "finished", "agui": "truncated"}


STORIES = sorted(path for path in (Path(__file__).parent / "wire").glob("*/story*.*"))


@pytest.mark.parametrize("dialect", ["named", "auto"])
@pytest.mark.parametrize("story", STORIES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_stream_in_any_dialect_gives_the_object_of_ag_ui(run: Any, story: Path, dialect: str) -> None:
    name = story.parent.name if dialect == "named" else dialect
    code, printed = run(story.read_bytes(), "check", "--dialect", name, "--json")
    summary = json.loads(printed)
    texts = [each["content"] for each in summary["messages"] if each["role"] == "assistant" and "content" in each]
    assert (code, summary["outcome"], summary["warnings"]) == (0, "finished", [])
    assert "".join(texts) == "Let me look at the figures.Margins fell by **five points** to 21.4 % [1]."
    assert list(summary) == list(json.loads(run(as_sse(GOOD), "check", "--json")[1]))


def test_a_dialect_may_come_as_lines_of_json(run: Any) -> None:
    lines = as_jsonl([{"type": "message.delta", "data": {"text": "Hello"}}, {"type": "done"}])
    code, printed = run(lines, "check", "--dialect", "normalized", "--json")
    assert (code, json.loads(printed)["messages"][0]["content"]) == (0, "Hello")


FRAMES = (
    b'event: message.delta\ndata: {"type": "message.delta", "data": {"text": "Hello"}}\n\ndata: {"type": "done"}\n\n'
)


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize(
    "first", [b"", b"\n\n", b": hello\n\n", b"id: 7\n", b"retry: 9\n", b"strange: field\n", b"\t\n"]
)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_events_are_told_from_lines_by_the_first_line_that_is_either(
    run: Any, mark: bytes, first: bytes, end: bytes
) -> None:
    code, printed = run(mark + (first + FRAMES).replace(b"\n", end), "check", "--dialect", "normalized", "--json")
    assert (code, json.loads(printed)["messages"][0]["content"]) == (0, "Hello")


@pytest.mark.parametrize("options", [[], ["--json"], ["--dialect", "agui"], ["--dialect", "auto", "--json"]], ids=str)
def test_half_characters_anywhere_can_be_printed(run: Any, options: list[str]) -> None:
    half = "\ud83d"
    events = [
        {"type": half},
        {"type": "RUN_STARTED", "threadId": half, "runId": "r", half: {half: half}},
        {"type": "RAW", "event": {half: [half]}},
        {"type": "TEXT_MESSAGE_CHUNK", "messageId": half, "delta": half},
        {"type": "RUN_ERROR", "message": half, "code": half, "metadata": {half: 1}},
    ]
    code, printed = run(as_jsonl(events), "check", *options)
    printed.encode()
    assert code == 1


def test_lines_of_json_may_follow_what_a_process_prints_first(run: Any) -> None:
    lines = (
        'Loading: data: 50 %\n{"type": "message.delta", "data": {"text": "Hello"}}\ndata: of nobody\n{"type": "done"}'
    )
    summary = json.loads(run(lines, "check", "--dialect", "normalized", "--json")[1])
    assert (summary["messages"][0]["content"], len(summary["warnings"])) == ("Hello", 2)


def test_a_frame_that_cannot_be_read_is_a_problem_that_names_it(run: Any) -> None:
    lines = ['{"type": "message.delta", "data": {"text": 7}}', "{broken", '{"type": "done"}']
    code, printed = run("\n".join(lines), "check", "--dialect", "normalized")
    assert code == 1
    assert re.search(r"event 2: frame: frame 1 \(message.delta\) is malformed: text: .*\n    fix: ", printed)
    assert "frame 2 is no JSON object: {broken" in printed
    warnings = json.loads(run("\n".join(lines), "check", "--dialect", "auto", "--json")[1])["warnings"]
    assert [each["code"] for each in warnings] == ["frame", "frame"]


def test_a_dialect_that_nobody_knows_exits_with_2(run: Any) -> None:
    for name in ("klingon", ""):
        code, printed = run("", "check", "--dialect", name)
        assert code == 2
        assert repr(name) in printed and "normalized" in printed


def test_sse_prints_how_a_stream_is_read(run: Any) -> None:
    code, printed = run(b"retry: 7\nid: 1\nevent: x\ndata: a\ndata: b\n\nid: 2\n\ndata: cut", "sse")
    assert code == 0
    assert json.loads(printed) == {
        "events": [{"event": "x", "data": "a\nb", "id": "1"}],
        "last_event_id": "2",
        "retry": 7,
    }


def test_it_is_installed_as_a_command() -> None:
    done = subprocess.run([sys.executable, "-m", "agui_widget.cli", "--help"], capture_output=True, text=True)
    assert done.returncode == 0 and "check" in done.stdout


def test_every_rule_of_the_protocol_has_a_fix() -> None:
    source = "".join(path.read_text() for path in (PACKAGE / "protocol").glob("*.py"))
    named = re.findall(
        r"""rule="([a-z-]+)"|(?:\.add|_note)\(\s*"([a-z-]+)"|^\s+"([a-z]+(?:-[a-z]+)+)",$""", source, re.MULTILINE
    )
    codes = {code for match in named for code in match if code}
    assert len(codes) > 30
    assert codes - set(FIXES) == set()


# --- a2ui -----------------------------------------------------------------------------------------------------

SURFACE: list[dict[str, Any]] = [
    {"version": "v0.9", "createSurface": {"surfaceId": "s", "catalogId": "basic"}},
    {"version": "v0.9", "updateComponents": {"surfaceId": "s", "components": [{"id": "root", "component": "Divider"}]}},
]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(SURFACE),
        json.dumps(SURFACE[0]),
        as_jsonl(SURFACE),
        json.dumps({"name": "n", "description": "d", "messages": SURFACE}, indent=2),
        json.dumps({"a2ui_operations": SURFACE}),
        "\ufeff" + json.dumps(SURFACE),
    ],
    ids=["array", "one message", "JSON lines", "an example", "operations", "byte-order mark"],
)
def test_good_messages_in_any_form_are_clean(run: Any, content: str) -> None:
    code, printed = run(content, "a2ui")
    assert (code, printed.strip().endswith("no problem")) == (0, True)


def test_a_problem_is_printed_with_path_code_and_message(run: Any) -> None:
    code, printed = run(as_jsonl(SURFACE).replace("Divider", "Text"), "a2ui")
    assert code == 1
    assert "messages.1.updateComponents.components.root.text: missing_field: " in printed
    assert "'text' is a required property\n2 messages, 1 problem\n" in printed


def test_problems_are_printed_as_json(run: Any) -> None:
    code, printed = run(json.dumps(SURFACE).replace("Divider", "Divan"), "a2ui", "--json")
    summary = json.loads(printed)
    assert (code, summary["valid"], summary["messages"]) == (1, False, 2)
    assert [problem["code"] for problem in summary["problems"]] == ["invalid_value"]


def test_what_is_not_whole_is_a_problem_unless_more_may_come(run: Any) -> None:
    content = json.dumps(SURFACE).replace('"Divider"', '"Card", "child": "a"')
    assert [run(content, "a2ui", *options)[0] for options in ([], ["--progressive"])] == [1, 0]


def test_a_version_and_a_sender_can_be_wanted(run: Any) -> None:
    assert run(json.dumps(SURFACE), "a2ui", "--version", "v1.0")[0] == 1
    assert run(json.dumps(SURFACE), "a2ui", "--sender", "renderer")[0] == 1


def test_a_warning_is_printed_and_is_no_problem(run: Any) -> None:
    code, printed = run(json.dumps(SURFACE).replace("basic", "urn:x").replace("Divider", "Gauge"), "a2ui")
    assert code == 0
    assert "warning: unknown_catalog: Catalog not found: urn:x" in printed


def test_a_catalogue_of_one_s_own_is_used(run: Any, tmp_path: Path) -> None:
    catalog = tmp_path / "catalog.json"
    catalog.write_text(
        json.dumps({"catalogId": "urn:x", "components": {"Gauge": {"type": "object", "required": ["n"]}}})
    )
    content = json.dumps(SURFACE).replace("basic", "urn:x").replace("Divider", "Gauge")
    assert "'n' is a required property" in run(content, "a2ui", "--catalog", str(catalog))[1]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"catalogId": "urn:x", "components": {"Gauge": {"type": "object", "allowedParents": ["Surface"]}}}, 0),
        ({"catalogId": "urn:x", "components": {"Surface": {"type": "object"}}}, 1),
        ({"v0.9": {"supportedCatalogIds": ["urn:x"]}}, 0),
        ({"v0.9": {"supportedCatalogIds": "urn:x"}}, 1),
        ({"version": "v1.0", "surfaces": {"s": {}}}, 0),
        ({"version": "v1.0", "surfaces": {"s": 1}}, 1),
        ({"something": "else"}, 1),
    ],
)
def test_a_document_that_is_no_message_is_checked_as_what_it_is(run: Any, document: Any, code: int) -> None:
    assert run(json.dumps(document), "a2ui")[0] == code


@pytest.mark.parametrize("content", ["", "not json", '{"a":', "[" * 100_000, b"\xff\xfe"])
def test_messages_that_cannot_be_read_are_exit_code_2(run: Any, content: str | bytes) -> None:
    code, printed = run(content, "a2ui")
    assert code == 2
    assert "is not JSON" in printed


def test_a_broken_line_is_named(run: Any) -> None:
    code, printed = run("\n" + json.dumps(SURFACE) + "\n" + '{"version": "v0', "a2ui")
    assert (code, "line 3 of the text: Unterminated string" in printed) == (2, True)


def test_a_file_or_a_catalogue_that_is_not_there_is_exit_code_2(run: Any, tmp_path: Path) -> None:
    assert main(["a2ui", str(tmp_path / "none.json")]) == 2
    assert run(json.dumps(SURFACE), "a2ui", "--catalog", str(tmp_path / "none.json"))[0] == 2


def test_a_version_that_is_none_is_exit_code_2(run: Any) -> None:
    code, printed = run(json.dumps(SURFACE), "a2ui", "--version", "soon")
    assert (code, "'soon' is not a version of A2UI" in printed) == (2, True)
