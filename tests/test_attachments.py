"""What goes along with a message: how things become content parts, what is refused, who gets it, where it is shown."""

import os
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib
import pytest
from matplotlib.figure import Figure
from PIL import Image

from agui_widget import AgentChat, Driver
from agui_widget.agents.function import RunContext
from agui_widget.attachments import MAX_BYTES, MAX_COUNT, Attachment, attachment_parts, mime_of
from agui_widget.content import MEDIA, SENT_CHARS, held_content
from agui_widget.errors import AgentError, AttachmentError, ObjectError

matplotlib.use("agg")

Json = dict[str, Any]


def png(width: int = 4, height: int = 3) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (width, height), "teal").save(buffer, "PNG")
    return buffer.getvalue()


def image_part(content: bytes = b"", name: str = "dot.png") -> Json:
    source = {"type": "data", "value": b64encode(content or png()).decode(), "mimeType": "image/png"}
    return {"type": "image", "source": source, "metadata": {"filename": name}}


def the_part(given: Any) -> Json:
    [part] = attachment_parts([given])
    return part


def carried(part: Json) -> tuple[str, str, bytes]:
    """What it is, its type, and its bytes."""
    return part["type"], part["source"]["mimeType"], b64decode(part["source"]["value"])


# -- things become parts -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "mime"),
    [
        ("plot.png", "image", "image/png"),
        ("talk.mp3", "audio", "audio/mpeg"),
        ("film.mp4", "video", "video/mp4"),
        ("paper.pdf", "document", "application/pdf"),
        ("notes.txt", "document", "text/plain"),
    ],
)
def test_a_file_is_a_part_of_the_type_that_its_name_says(tmp_path: Path, name: str, kind: str, mime: str) -> None:
    (tmp_path / name).write_bytes(b"content")
    for given in (tmp_path / name, str(tmp_path / name)):
        part = the_part(given)
        assert carried(part) == (kind, mime, b"content")
        assert part["metadata"] == {"filename": name}


def test_a_file_without_an_extension_is_known_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "picture").write_bytes(png())
    assert carried(the_part(tmp_path / "picture"))[:2] == ("image", "image/png")


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (png(), "image/png"),
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (b"GIF89arest", "image/gif"),
        (b"RIFF\0\0\0\0WEBPrest", "image/webp"),
        (b"RIFF\0\0\0\0WAVErest", "audio/wav"),
        (b"\0\0\0\x18ftypmp42", "video/mp4"),
        (b"%PDF-1.7", "application/pdf"),
        ("Grüße".encode(), "text/plain"),
        (b"\xff\x00\x01", "application/octet-stream"),
        (b"a\0b", "application/octet-stream"),
    ],
)
def test_bytes_are_known_by_how_they_begin(content: bytes, mime: str) -> None:
    assert mime_of(content) == mime
    assert carried(the_part(bytearray(content)))[1:] == (mime, content)


def test_a_pil_image_keeps_its_pixels_and_a_photograph_stays_one(tmp_path: Path) -> None:
    drawn = Image.new("RGBA", (5, 2), (1, 2, 3, 4))
    kind, mime, content = carried(the_part(drawn))
    assert (kind, mime) == ("image", "image/png")
    assert Image.open(BytesIO(content)).getpixel((0, 0)) == (1, 2, 3, 4)
    drawn.convert("RGB").save(tmp_path / "photo.jpg")
    part = the_part(Image.open(tmp_path / "photo.jpg"))
    assert part["source"]["mimeType"] == "image/jpeg"
    assert part["metadata"] == {"filename": "photo.jpg"}
    assert carried(the_part(Image.new("CMYK", (1, 1))))[1] == "image/png"


def test_a_matplotlib_figure_is_attached_as_it_looks() -> None:
    figure = Figure(figsize=(2, 1))
    figure.subplots().plot([1, 2])
    assert Image.open(BytesIO(carried(the_part(figure))[2])).format == "PNG"


def test_addresses_stay_addresses_and_data_urls_do_not() -> None:
    remote = the_part("https://example.org/a/plot.png")
    assert remote == {
        "type": "image",
        "source": {"type": "url", "value": "https://example.org/a/plot.png", "mimeType": "image/png"},
    }
    assert carried(the_part("data:text/csv,a%2Cb")) == ("document", "text/csv", b"a,b")
    encoded = f"data:image/png;base64,{b64encode(png()).decode()}"
    assert carried(the_part(encoded)) == ("image", "image/png", png())


def test_a_content_part_is_taken_as_it_is_and_an_older_one_in_todays_words() -> None:
    assert the_part(image_part()) == image_part()
    binary = {"type": "binary", "mimeType": "image/png", "data": b64encode(png()).decode(), "filename": "dot.png"}
    assert the_part(binary) == image_part()


# -- what is refused ---------------------------------------------------------------------------------


def test_what_is_no_regular_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")  # to open it the usual way would wait for ever
    for given in (tmp_path, tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(AttachmentError, match="no regular file|directory"):
            attachment_parts([given])


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(AttachmentError, match=r"missing\.png.*No such file"):
        attachment_parts([tmp_path / "missing.png"])


def test_what_is_too_large_is_named_with_its_size(tmp_path: Path) -> None:
    with (tmp_path / "huge.bin").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(AttachmentError, match=r"huge\.bin has 10\.0 MB; at most 10\.0 MB"):
        attachment_parts([tmp_path / "huge.bin"])
    with pytest.raises(AttachmentError, match="20.0 MB together; attachment 3 is too much"):
        attachment_parts([bytes(MAX_BYTES), bytes(MAX_BYTES), b"x"])
    with pytest.raises(AttachmentError, match=f"at most {MAX_COUNT}"):
        attachment_parts([b"x"] * (MAX_COUNT + 1))


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (3.5, "builtins.float cannot be attached"),
        ({"type": "image"}, "no AG-UI content part"),
        ({"type": "image", "source": {"type": "data", "value": "§", "mimeType": "image/png"}}, "no base64"),
        ("data:;base64", "no data: URL"),
        ("data:image/png;base64,§", "no base64"),
    ],
)
def test_what_cannot_be_attached_is_refused_with_a_reason(given: Any, complaint: str) -> None:
    with pytest.raises(AttachmentError, match=complaint):
        attachment_parts([given])


def test_one_attachment_that_is_not_in_a_list_is_refused_with_the_way_to_write_it() -> None:
    with pytest.raises(AttachmentError, match=r"attachments=\["):
        attachment_parts("plot.png")


# -- who gets them -----------------------------------------------------------------------------------


async def looking(run: RunContext) -> AsyncIterator[str]:
    yield f"{run.text}: " + ", ".join(f"{each.name or '-'} {each.mime} {len(each.data)}" for each in run.attachments)


def test_an_agent_function_gets_words_and_bytes() -> None:
    answer = Driver(looking).ask_sync("Look", attachments=[image_part(), b"a,b"])
    assert answer.text == f"Look: dot.png image/png {len(png())}, - text/plain 3"
    assert answer.question == "Look"


def test_an_agent_function_may_name_them_as_its_parameter() -> None:
    def agent(attachments: list[Attachment]) -> str:
        return attachments[0].url

    assert Driver(agent).ask_sync("", attachments=["https://example.org/a.png"]).text == "https://example.org/a.png"


def test_the_history_has_the_parts_in_agui_words_with_the_words_first() -> None:
    seen: list[Json] = []

    def agent(messages: list[Json]) -> str:
        seen.extend(messages)
        return "ok"

    driver = Driver(agent)
    driver.ask_sync("Look", attachments=[png()])
    source = {"type": "data", "value": b64encode(png()).decode(), "mimeType": "image/png"}
    assert seen[-1]["content"] == [{"type": "text", "text": "Look"}, {"type": "image", "source": source}]
    driver.ask_sync("", attachments=[png()])
    assert seen[-1]["content"] == [{"type": "image", "source": source}]
    driver.ask_sync("Thanks")
    assert seen[-1]["content"] == "Thanks"


def test_a_retry_sends_them_again() -> None:
    driver = Driver(looking)
    first = driver.ask_sync("Look", attachments=[image_part()])
    assert driver.retry().result().text == first.text
    assert len(driver.messages) == 2


def test_nothing_is_said_if_an_attachment_is_refused() -> None:
    chat = AgentChat(looking)
    with pytest.raises(AttachmentError):
        chat.submit("Look", attachments=["missing.png"])
    with pytest.raises(AgentError, match="takes the text"):
        chat.submit(" ", attachments=[])
    assert chat.messages == []


# -- where they are shown ----------------------------------------------------------------------------


def shown(driver: Driver) -> list[tuple[str, list[Any]]]:
    """Role, and what is shown in the text lane: words, or the items of an output."""
    return [
        (
            message["role"],
            [
                [item.get("name", item["type"]) for item in part["value"]["data"][MEDIA]["items"]]
                if part["kind"] == "output"
                else part["text"]
                for part in message["lanes"].get("text", {"parts": []})["parts"]
            ],
        )
        for message in driver.session.snapshot()["messages"]
    ]


def test_they_are_shown_with_the_words_of_the_user() -> None:
    driver = Driver(lambda: "ok")
    driver.ask_sync("Look", attachments=[image_part(), b"%PDF-"])
    assert shown(driver)[0] == ("user", [["dot.png", "document"], "Look"])
    [media, _] = driver.session.snapshot()["messages"][0]["lanes"]["text"]["parts"]
    assert media["value"]["data"]["text/plain"] == "[image: dot.png]\n[document]"


def test_what_is_large_is_held_back_until_a_page_asks_for_it() -> None:
    content = b"\x89PNG\r\n\x1a\n" + bytes(SENT_CHARS)
    driver = Driver(lambda: "ok")
    driver.ask_sync("", attachments=[b"%PDF-", content])
    [media] = driver.session.snapshot()["messages"][0]["lanes"]["text"]["parts"]
    _, item = media["value"]["data"][MEDIA]["items"]
    assert item == {"type": "image", "mime": "image/png", "size": len(content), "object": item["object"]}
    assert b64decode(driver.client.look_up(item["object"], "image/png")["data"]) == content
    driver.clear()
    with pytest.raises(ObjectError):
        driver.client.look_up(item["object"], "image/png")


def test_a_large_image_has_its_size_before_a_page_asks_for_it() -> None:
    content = png(40, 30) + bytes(SENT_CHARS)
    driver = Driver(lambda: "ok")
    driver.ask_sync("", attachments=[content])
    [media] = driver.session.snapshot()["messages"][0]["lanes"]["text"]["parts"]
    [item] = media["value"]["data"][MEDIA]["items"]
    assert {"width": 40, "height": 30}.items() <= item.items() and "data" not in item


@pytest.mark.parametrize(
    "key", ["", "part:", "part:m", "part:m/", "part:m/1", "part:m/-1", "part:m/²", "part:x/0", "m/0"]
)
def test_a_key_that_was_not_given_out_leads_nowhere(key: str) -> None:
    assert held_content([{"id": "m", "role": "user", "content": [image_part()]}], key) is None


def test_a_conversation_to_go_on_with_is_on_screen_from_the_start() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    messages = [
        {"id": "1", "role": "user", "content": [{"type": "text", "text": "Look"}, image_part()]},
        {"id": "2", "role": "assistant", "content": "I **look**", "toolCalls": [call]},
    ]
    driver = Driver(looking, messages=messages)
    assert shown(driver) == [("user", [["dot.png"], "Look"]), ("assistant", ["I **look**"])]
    last = driver.session.snapshot()["messages"][-1]["lanes"]
    assert last["tools"]["parts"][0]["value"]["state"] == "cancelled"
    assert all(lane["sealed"] for lane in last.values())
    driver.ask_sync("And now?")
    assert [role for role, _ in shown(driver)] == ["user", "assistant", "user", "assistant"]


def test_a_saved_conversation_comes_back_with_them_and_a_snapshot_changes_nothing(tmp_path: Path) -> None:
    driver = Driver(looking)
    driver.ask_sync("Look", attachments=[image_part()])
    before = shown(driver)
    driver.save(tmp_path / "chat.json")

    def again(messages: list[Json]) -> Json:
        return {"type": "MESSAGES_SNAPSHOT", "messages": messages}

    restored = Driver(again)
    restored.load(tmp_path / "chat.json")
    assert shown(restored) == before
    restored.ask_sync("Again")
    assert shown(restored)[:2] == before
