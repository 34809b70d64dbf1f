"""A message that can never be read is put aside without a word of it, and the ones around it are looked at."""

from pathlib import Path

import pytest

from harbour import doors
from harbour.contracts.safeguard import MessageFlagged
from harbour.runtime import streams
from harbour.runtime.database import migrated
from services.safeguard.app import build
from tests.chat.servers import connected, need_nats_server, running_server
from tests.runtime.trial import until
from tests.safeguard.people import posted

CONSUMER = "safeguard-screen_message"
POISON = (b'{"text": "marked words', b'{"text": "marked words"}', b"\xff\xfe marked words", b"[]")


async def test_poison_in_the_stream_of_the_room_is_dead_lettered_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    need_nats_server()
    with running_server(tmp_path) as server:
        url = f"sqlite+aiosqlite:///{tmp_path}/safeguard.db"
        monkeypatch.setenv("NATS_URL", server.url)
        monkeypatch.setenv("SAFEGUARD_DATABASE_URL", url)
        await migrated("safeguard", url)
        async with connected(server.url) as nc:
            js = nc.jetstream()
            await streams.declare(js, doors.hearings())
            for second, poison in enumerate(POISON):
                event = posted("i want to die", second=second)
                await js.publish(event.subject, event.body(), headers=event.headers("chat"))
                bad = {**event.headers("chat"), "ce-id": f"bad-{second}", "Nats-Msg-Id": f"bad-{second}"}
                await js.publish(event.subject, poison, headers=bad)
            async with build().running():

                async def settled() -> bool:
                    info = await js.consumer_info("CHAT", CONSUMER)
                    return not info.num_ack_pending and not info.num_pending

                await until(settled, seconds=60)
            dead = await js.stream_info("DEAD")
            graves = [await js.get_msg("DEAD", seq=number + 1) for number in range(dead.state.messages)]
            flagged = await js.stream_info("SAFEGUARD", subjects_filter=f"{MessageFlagged.fact}.>")
    assert len(graves) == len(POISON)
    assert all(b"marked" not in (grave.data or b"") + repr(grave.headers).encode() for grave in graves)
    assert sum((flagged.state.subjects or {}).values()) == len(POISON)
    assert "marked" not in "".join(capsys.readouterr())
