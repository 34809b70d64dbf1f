"""What is published about the code is what the code says."""

from pathlib import Path

import pytest

from harbour import docs
from harbour.contracts.messages import EVENTS, WISHES
from services.gateway.frames import FROM_BROWSER, FROM_SERVER
from services.gateway.side_door import Answered

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["docs/asyncapi.json", "docs/openapi.json", "docs/events.md", "deploy/env.example"])
def test_what_is_published_is_what_the_code_says(name: str) -> None:
    written = docs.written(ROOT / "docs")
    assert (ROOT / name).read_text(encoding="utf-8") == written[ROOT / name], "run `make docs`"


def test_writing_leaves_every_file_where_it_belongs(tmp_path: Path) -> None:
    docs.write(tmp_path / "docs")
    found = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {"docs/asyncapi.json", "docs/openapi.json", "docs/events.md", "deploy/env.example"}


def test_every_event_and_every_wish_has_its_line() -> None:
    page = docs.events()
    missing = [kind.__name__ for kind in (*EVENTS.values(), *WISHES.values()) if f"\n| {kind.__name__} |" not in page]
    assert not missing


def test_every_frame_is_published_with_an_example_that_it_can_read() -> None:
    channels = docs.asyncapi()["channels"]
    for channel, frames in (("live-send", FROM_SERVER), ("live-receive", FROM_BROWSER)):
        published = channels[channel]["messages"]
        assert set(published) == {frame.__name__ for frame in frames}
        for frame in frames:
            [example] = published[frame.__name__]["examples"]
            frame.model_validate(example["payload"])


def test_the_side_door_is_published_with_the_same_frames_and_an_answer_that_can_be_read() -> None:
    channels = docs.asyncapi()["channels"]
    for channel, same, more in (("live-events", "live-send", {"Close"}), ("live-say", "live-receive", set())):
        assert set(channels[channel]["messages"]) == {*channels[same]["messages"], *more}
    [example] = channels["live-say-answer"]["messages"]["Answered"]["examples"]
    Answered.model_validate(example["payload"])


def test_the_pages_of_a_young_person_and_of_staff_are_published() -> None:
    assert {"/join", "/my", "/room/{session_id}", "/queue"} <= set(docs.openapi()["paths"])


def test_every_setting_has_a_description_and_its_place_in_the_list() -> None:
    text = docs.env_example()
    for kind in docs.settings_classes():
        bare = [name for name, field in kind.model_fields.items() if not field.description]
        assert not bare, f"{kind.__name__} says nothing about {bare}"
    assert {"NATS_URL", "CHAT_MESSAGE_MAX_CHARS", "REDIS_URL", "SAFEGUARD_CONTEXT_DAYS"} <= {
        line.removeprefix("# ").partition("=")[0] for line in text.splitlines()
    }


def test_what_has_no_default_must_be_set() -> None:
    must = {line.partition("=")[0] for line in docs.env_example().splitlines() if line and not line.startswith("#")}
    assert {"ENROLMENT_VAULT_KEY", "NOTIFY_CONTACT_KEY", "CHAT_DATABASE_URL"} <= must
    assert "NATS_URL" not in must
