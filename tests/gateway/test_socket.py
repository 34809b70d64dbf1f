"""The live WebSocket: who may come in, who sees what, and how a socket ends."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import websockets
from redis.asyncio import Redis

from harbour.contracts.chat import MessageDeclined, PostMessage
from harbour.contracts.concerns import Urgency
from harbour.contracts.enrolment import Role
from harbour.contracts.safeguard import ReadQueue
from services.gateway import frames
from services.gateway.conversation import Bucket
from services.gateway.limits import Pace
from tests.gateway.quay import HERON, JUNIPER, SAM, SESSION, WREN, Quay, Screen, quay, until

PACE = Pace(idle_seconds=30, visitor_seconds=0.1, person_frames=1000, burst_frames=200, frames_per_second=200)
NUMBER = "you can call 07700 900123"


@pytest.fixture
async def harbourside(tmp_path: Path, redis: Redis) -> AsyncIterator[Quay]:
    """The gateway on a port, with a real bus behind it."""
    async with quay(tmp_path, redis, pace=PACE) as here:
        yield here


# ── promise 3 ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_held_message_reaches_no_other_young_person(harbourside: Quay) -> None:
    """Nobody but its writer and the facilitators gets it: not live, not on coming in, not on coming back."""
    juniper, wren, sam = [await harbourside.comes_in(who) for who in (JUNIPER, WREN, SAM)]
    await juniper.send(type="say", client_id="c-1", text=NUMBER)
    held = await juniper.sees("held", client_id="c-1")
    waiting = await sam.sees("waiting", held_id=held["held_id"])
    assert (waiting["text"], waiting["nickname"], waiting["categories"]) == (NUMBER, "Juniper", ["contact_or_pii"])
    heron, wren_again = await harbourside.comes_in(HERON), await harbourside.comes_in(WREN)
    harbourside.hub.resync()
    await harbourside.house.post(HERON, "a sign that all has passed")
    for screen in (wren, heron, wren_again):
        await screen.reads("a sign that all has passed")
        assert "07700" not in "".join(screen.raw)
        assert held["held_id"] not in "".join(screen.raw)


async def test_a_declined_message_goes_back_to_its_writer_alone(harbourside: Quay) -> None:
    juniper, wren, sam = [await harbourside.comes_in(who) for who in (JUNIPER, WREN, SAM)]
    await juniper.send(type="say", client_id="c-1", text=NUMBER)
    held_id = (await sam.sees("waiting"))["held_id"]
    await sam.send(type="decline", held_id=held_id, words="Could you say how it felt?", rephrase=False)
    back = await juniper.sees("declined", held_id=held_id)
    assert (back["client_id"], back["name"], back["words"], back["rephrase"]) == (
        "c-1", "Sam", "Could you say how it felt?", False,
    )  # fmt: skip
    await sam.sees("decided", held_id=held_id, state="declined")
    again = await harbourside.comes_in(JUNIPER)
    kept = await again.sees("declined", held_id=held_id)
    assert (kept["text"], kept["words"], kept["rephrase"]) == (NUMBER, "Could you say how it felt?", False)
    assert (await (await harbourside.comes_in(SAM)).sees("waited"))["seconds"] == [30]
    assert "how it felt" not in "".join(wren.raw)
    assert held_id not in "".join(wren.raw)


async def test_a_released_message_is_read_by_everybody_and_waits_no_longer(harbourside: Quay) -> None:
    juniper, wren, sam = [await harbourside.comes_in(who) for who in (JUNIPER, WREN, SAM)]
    await juniper.send(type="say", client_id="c-1", text=NUMBER)
    held_id = (await sam.sees("waiting"))["held_id"]
    await sam.send(type="release", held_id=held_id)
    await wren.sees("message", text=NUMBER, nickname="Juniper")
    await juniper.sees("message", client_id="c-1", person_id="juniper")
    await sam.sees("decided", held_id=held_id, state="released")
    assert not wren.of("decided")


async def test_a_facilitator_who_comes_later_finds_what_waits(harbourside: Quay) -> None:
    juniper = await harbourside.comes_in(JUNIPER)
    await juniper.send(type="say", client_id="c-1", text=NUMBER)
    await juniper.sees("held")
    sam = await harbourside.comes_in(SAM)
    assert (await sam.sees("waiting"))["text"] == NUMBER


@pytest.mark.parametrize("deed", ["release", "decline", "open", "start", "end"])
async def test_a_young_person_cannot_do_what_facilitators_do(harbourside: Quay, deed: str) -> None:
    juniper = await harbourside.comes_in(JUNIPER)
    before = len(harbourside.house.asked)
    await juniper.send(type=deed, held_id="h-1")
    await juniper.sees("refused", reason="not-allowed")
    assert len(harbourside.house.asked) == before


# ── saying ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_saying_the_same_twice_is_one_message(harbourside: Quay) -> None:
    juniper, wren = [await harbourside.comes_in(who) for who in (JUNIPER, WREN)]
    for _ in range(2):
        await juniper.send(type="say", client_id="c-1", text="once")
    await until(lambda: len(juniper.of("sent")) == 2)
    await wren.sees("message", text="once")
    assert len({frame["number"] for frame in juniper.of("sent")}) == 1
    assert len(wren.numbers) == 1


async def test_what_is_said_is_said_in_the_name_of_who_is_signed_in(harbourside: Quay) -> None:
    juniper = await harbourside.comes_in(JUNIPER)
    await juniper.send(type="say", client_id="c-1", text="me", person_id="sam", session_id="another")
    await juniper.sees("sent")
    said = next(wish for wish in harbourside.house.asked if isinstance(wish, PostMessage))
    assert (said.person_id, said.session_id) == ("juniper", SESSION)


async def test_a_refusal_names_the_message_and_the_reason(harbourside: Quay) -> None:
    juniper = await harbourside.comes_in(JUNIPER)
    await juniper.send(type="say", client_id="c-1", text="x" * 20_001)
    await juniper.sees("refused", client_id="c-1", reason="too-long")
    harbourside.house.silent = True
    await juniper.send(type="say", client_id="c-2", text="is anybody there")
    await juniper.sees("refused", client_id="c-2", reason="unavailable")
    harbourside.house.silent = False
    await juniper.send(type="say", client_id="c-2", text="is anybody there")
    await juniper.sees("sent", client_id="c-2")


async def test_control_characters_never_leave_the_gateway(harbourside: Quay) -> None:
    juniper = await harbourside.comes_in(JUNIPER)
    await juniper.send(type="say", client_id="c-1", text="two\nlines\x00 and\x1b a\tbit")
    await juniper.sees("message", text="two\nlines and a\tbit")


async def test_a_ping_is_answered(harbourside: Quay) -> None:
    number = (await harbourside.house.post(WREN, "hello")).number
    juniper = await harbourside.comes_in(JUNIPER)
    await juniper.send(type="ping")
    assert (await juniper.sees("pong"))["upto"] == number


# ── how it ends ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("{", 4400),
        ("[]", 4400),
        ("null", 4400),
        ('{"type": "shout"}', 4400),
        ('{"type": "say"}', 4400),
        ('{"type": "say", "client_id": "a.b", "text": "x"}', 4400),
        ('{"type": "say", "client_id": "a", "text": "\\ud800"}', 4400),
        ("[" * 20_000, 4400),
        (b"\x00\x01", 4400),
        (json.dumps({"type": "say", "client_id": "a", "text": "x" * 32_768}), 1009),
        (json.dumps({"type": "say", "client_id": "a", "text": "é" * 17_000}, ensure_ascii=False), 1009),
        ("x" * 80_000, 1009),
    ],
)
async def test_what_is_no_frame_ends_the_socket(harbourside: Quay, sent: str | bytes, code: int) -> None:
    juniper, wren = [await harbourside.comes_in(who) for who in (JUNIPER, WREN)]
    await juniper.link.send(sent)
    assert await juniper.closes() == code
    assert not any(isinstance(wish, PostMessage) for wish in harbourside.house.asked)
    await harbourside.house.post(HERON, "the others talk on")
    await wren.sees("message", text="the others talk on")


async def test_a_stranger_is_sent_to_sign_in(harbourside: Quay) -> None:
    screen = await harbourside.looks("nobody")
    assert await screen.closes() == 4401
    assert screen.frames == []


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://127.0.0.1", "file://"])
async def test_a_page_of_another_origin_gets_nothing(harbourside: Quay, origin: str) -> None:
    screen = await harbourside.looks(await harbourside.token(JUNIPER), origin=origin)
    assert await screen.closes() == 4403
    assert screen.frames == []


async def test_a_socket_without_an_origin_gets_nothing(harbourside: Quay) -> None:
    cookie = {"Cookie": f"harbour={await harbourside.token(JUNIPER)}"}
    here = f"ws://127.0.0.1:{harbourside.port}/live/{SESSION}"
    screen = Screen(await websockets.connect(here, additional_headers=cookie))
    assert await screen.closes() == 4403


async def test_a_room_that_is_not_yours_stays_shut(harbourside: Quay) -> None:
    stranger = JUNIPER.model_copy(update={"person_id": "someone-else"})
    assert await (await harbourside.looks(await harbourside.token(stranger))).closes() == 4403
    officer = await harbourside.token("olu", Role.OFFICER)
    assert await (await harbourside.looks(officer)).closes() == 4403


async def test_a_member_of_staff_without_the_role_does_not_lead_though_chat_knows_them(harbourside: Quay) -> None:
    token = await harbourside.token(SAM, Role.COORDINATOR)
    assert await (await harbourside.looks(token)).closes() == 4403


@pytest.mark.parametrize("session", ["no-such-evening", "evil.name", "a" * 65, "%2a", "%3e"])
async def test_a_session_nobody_knows_is_not_there(harbourside: Quay, session: str) -> None:
    screen = await harbourside.looks(await harbourside.token(JUNIPER), f"/live/{session}")
    assert await screen.closes() == 4404


@pytest.mark.parametrize("after", ["-1", "x", "1e3", "9" * 30, "٣"])
async def test_an_after_that_is_no_number_is_a_mistake(harbourside: Quay, after: str) -> None:
    assert await (await harbourside.looks(await harbourside.token(JUNIPER), after=after)).closes() == 4400


async def test_signing_out_elsewhere_closes_the_socket(harbourside: Quay) -> None:
    token = await harbourside.token(JUNIPER)
    screen = await harbourside.looks(token)
    await screen.sees("hello")
    await harbourside.sessions.end(token)
    assert await screen.closes() == 4401


async def test_a_quiet_socket_is_let_go_and_one_that_pings_is_not(tmp_path: Path, redis: Redis) -> None:
    async with quay(tmp_path, redis, pace=Pace(idle_seconds=0.6)) as here:
        quiet, pinging = [await here.comes_in(who) for who in (JUNIPER, WREN)]
        while quiet.code is None:
            await pinging.send(type="ping")
            await asyncio.sleep(0.1)
        assert quiet.code == 4408
        assert pinging.code is None


async def test_a_flood_ends_the_socket(tmp_path: Path, redis: Redis) -> None:
    async with quay(tmp_path, redis, pace=Pace(burst_frames=10, frames_per_second=1)) as here:
        juniper = await here.comes_in(JUNIPER)
        with contextlib.suppress(websockets.ConnectionClosed):
            for _ in range(40):
                await juniper.send(type="ping")
        assert await juniper.closes() == 4429
        assert len(juniper.of("pong")) == 10


async def test_all_screens_of_one_person_share_one_limit(tmp_path: Path, redis: Redis) -> None:
    async with quay(tmp_path, redis, pace=Pace(person_frames=12)) as here:
        screens = [await here.comes_in(JUNIPER) for _ in range(3)]
        wren = await here.comes_in(WREN)
        for screen in screens:
            with contextlib.suppress(websockets.ConnectionClosed):
                for _ in range(5):
                    await screen.send(type="ping")
        assert await screens[2].closes() == 4429
        assert sum(len(screen.of("pong")) for screen in screens) == 12
        await wren.send(type="ping")
        await wren.sees("pong")


async def test_an_evening_goes_on_while_redis_is_away(harbourside: Quay, monkeypatch: pytest.MonkeyPatch) -> None:
    juniper, wren = [await harbourside.comes_in(who) for who in (JUNIPER, WREN)]
    gone = Redis(port=1, decode_responses=True)
    monkeypatch.setattr(harbourside.app.state, "redis", gone)
    await asyncio.sleep(0.3)
    await juniper.send(type="say", client_id="c-1", text="still here")
    await wren.sees("message", text="still here")
    await gone.aclose()


async def test_a_browser_that_takes_nothing_is_closed_and_the_others_have_everything(harbourside: Quay) -> None:
    """A real socket that stops reading: its frames pile up here, it is let go, nobody else waits."""
    quick = await harbourside.comes_in(WREN)
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.connect(("127.0.0.1", harbourside.port))
    token = await harbourside.token(JUNIPER)
    head = (
        f"GET /live/{SESSION} HTTP/1.1\r\nHost: 127.0.0.1:{harbourside.port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        f"Origin: http://127.0.0.1:{harbourside.port}\r\nCookie: harbour={token}\r\n\r\n"
    )
    slow.sendall(head.encode())
    room = harbourside.hub._rooms[SESSION]
    await until(lambda: len(room.seats) == 2 and all(seat.ready for seat in room.seats))
    said = 0
    while len(room.seats) == 2:
        await harbourside.house.post(HERON, "x" * 4000)
        said += 1
        assert said < 6000
    await until(lambda: len(quick.numbers) == said)
    assert quick.code is None
    slow.close()


# ── the queue ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_queue_shows_a_new_alert_at_once(harbourside: Quay) -> None:
    screen = await harbourside.looks(await harbourside.token("olu", Role.OFFICER), "/live/queue")
    assert (await screen.sees("queue"))["alerts"] == []
    alert = await harbourside.house.raise_alert(JUNIPER, Urgency.HIGH, "They say it is getting too much.", "words")
    frame = await screen.sees("queue", waiting=1)
    assert frame["alerts"][0]["alert_id"] == alert.alert_id
    assert frame["stands"] == {"waiting": "", "envelopes": "", "cases": ""}
    assert "words" not in "".join(screen.raw).replace("They say it is getting too much.", "")


async def test_many_changes_at_once_are_one_reading(harbourside: Quay) -> None:
    screens = [
        await harbourside.looks(await harbourside.token(who, Role.OFFICER), "/live/queue") for who in ("olu", "lee")
    ]
    for screen in screens:
        await screen.sees("queue")
    before = sum(isinstance(wish, ReadQueue) for wish in harbourside.house.asked)
    for n in range(30):
        await harbourside.house.raise_alert(JUNIPER, Urgency.LOW, "Worth noting.", f"words {n}")
    for screen in screens:
        await screen.sees("queue", waiting=30)
    assert sum(isinstance(wish, ReadQueue) for wish in harbourside.house.asked) - before <= 5


@pytest.mark.parametrize("who", [JUNIPER, SAM])
async def test_the_queue_is_for_safeguarding_staff(harbourside: Quay, who: object) -> None:
    token = await harbourside.token(JUNIPER if who is JUNIPER else SAM)
    screen = await harbourside.looks(token, "/live/queue")
    assert await screen.closes() == 4403
    assert screen.frames == []


async def test_an_officer_whose_right_was_taken_away_sees_no_more(harbourside: Quay) -> None:
    olu, lee = [
        await harbourside.looks(await harbourside.token(who, Role.OFFICER), "/live/queue") for who in ("olu", "lee")
    ]
    await olu.sees("queue")
    await lee.sees("queue")
    del harbourside.house.officers["lee"]
    for n in range(2):
        await harbourside.house.raise_alert(JUNIPER, Urgency.LOW, "Worth noting.", f"words {n}")
        await olu.sees("queue", waiting=n + 1)
    assert await lee.closes() == 4403


# ── frames ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", [*frames.FROM_SERVER, *frames.FROM_BROWSER])
def test_every_frame_has_an_example_and_says_what_it_is(kind: type[frames.Frame]) -> None:
    made = kind.model_validate(kind.example)
    assert json.loads(made.wire())["type"] == kind.example["type"]
    assert kind.model_validate_json(made.wire()) == made
    assert kind.__doc__


def test_a_bucket_allows_a_burst_and_fills_again() -> None:
    bucket = Bucket(3, 1, now=0)
    assert [bucket.takes(0) for _ in range(4)] == [True, True, True, False]
    assert bucket.takes(1.1)
    assert not bucket.takes(1.2)


async def test_declining_on_another_gateway_reaches_the_writer_here(harbourside: Quay) -> None:
    """What another copy took and decided arrives by the bus alone."""
    juniper, wren = [await harbourside.comes_in(who) for who in (JUNIPER, WREN)]
    house = harbourside.house
    taken = await house(PostMessage(session_id=SESSION, person_id="juniper", client_id="c-7", text=NUMBER))
    await juniper.sees("held", client_id="c-7", text=NUMBER)
    held_id = taken.model_dump()["message_id"]
    await house.say(
        MessageDeclined(session_id=SESSION, member_id="juniper", held_id=held_id, client_id="c-7", staff_id="sam")
    )
    await juniper.sees("declined", held_id=held_id)
    assert not wren.of("declined")
