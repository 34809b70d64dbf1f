"""The side door: events and POST, with the same guarantees as the socket, whichever copy a POST reaches."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from copy import copy
from pathlib import Path

import httpx
import pytest
import uvicorn
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from harbour.contracts.chat import PostMessage, ReadRoom
from harbour.contracts.concerns import Urgency
from harbour.contracts.enrolment import Role
from harbour.runtime.service import Server
from services.gateway.frames import Close
from services.gateway.limits import Pace
from services.gateway.stream import Streams, closing_event, streams_of, text_of
from services.gateway.wire import Wire, text_frame
from tests.gateway.quay import HERON, JUNIPER, SAM, SESSION, WREN, Quay, another_copy, free_port, quay, until
from tests.gateway.side import ROOM, SideScreen, browser, comes_by_the_side

PACE = Pace(idle_seconds=30, visitor_seconds=0.1, beat_seconds=0.2, person_frames=1000, burst_frames=200)
NUMBER = "you can call 07700 900123"


@pytest.fixture
async def harbourside(tmp_path: Path, redis: Redis) -> AsyncIterator[Quay]:
    """The gateway on a port, with a real bus behind it."""
    async with quay(tmp_path, redis, pace=PACE) as here:
        yield here


@pytest.fixture
async def elsewhere(harbourside: Quay) -> AsyncIterator[Quay]:
    """A second copy of the gateway."""
    async with another_copy(harbourside) as there:
        yield there


# ── what comes and goes ───────────────────────────────────────────────────────────────────────────────────────


async def test_by_the_side_door_one_reads_and_says_what_others_do_at_the_front(harbourside: Quay) -> None:
    juniper, wren = await comes_by_the_side(harbourside, JUNIPER), await harbourside.comes_in(WREN)
    answer = await juniper.says({"type": "say", "client_id": "c-1", "text": "hello from school"})
    [sent] = answer["frames"]
    assert (sent["type"], sent["client_id"], answer["close"]) == ("sent", "c-1", None)
    await wren.sees("message", text="hello from school", number=sent["number"])
    await wren.send(type="say", client_id="c-1", text="hello to school")
    await juniper.sees("message", text="hello to school", nickname="Wren")
    assert juniper.frames[0]["type"] == "hello"
    told = [json.loads(text) for text in wren.raw]
    assert all(message in told for message in juniper.of("message"))


async def test_a_stream_is_held_back_and_kept_by_nobody_on_its_way(harbourside: Quay) -> None:
    juniper = await comes_by_the_side(harbourside, JUNIPER)
    assert juniper.headers["content-type"].startswith("text/event-stream")
    assert juniper.headers["cache-control"] == "no-store, no-transform"
    assert juniper.headers["x-accel-buffering"] == "no"
    assert "default-src 'none'" in juniper.headers["content-security-policy"]
    assert juniper.comments == 1


async def test_several_frames_of_one_post_are_heard_in_their_order(harbourside: Quay) -> None:
    juniper, wren = await comes_by_the_side(harbourside, JUNIPER), await harbourside.comes_in(WREN)
    said = [{"type": "say", "client_id": f"c-{n}", "text": f"line {n}"} for n in range(20)]
    answer = await juniper.says(*said)
    assert [frame["client_id"] for frame in answer["frames"]] == [f"c-{n}" for n in range(20)]
    await wren.has(20)
    assert [frame["text"] for frame in wren.of("message")] == [f"line {n}" for n in range(20)]


async def test_saying_the_same_twice_is_one_message_whichever_copy_hears_it(harbourside: Quay, elsewhere: Quay) -> None:
    wren = await harbourside.comes_in(WREN)
    once = {"type": "say", "client_id": "c-1", "text": "once"}
    answers = []
    for says_to in (harbourside, elsewhere):
        juniper = await comes_by_the_side(harbourside, JUNIPER, says_to=says_to)
        answers.append(await juniper.says(once))
    assert answers[0] == answers[1]
    await wren.sees("message", text="once")
    assert len(wren.numbers) == 1


async def test_coming_back_brings_only_what_is_new_and_a_beat_says_how_far_it_is(harbourside: Quay) -> None:
    numbers = [(await harbourside.house.post(WREN, f"words {n}")).number for n in range(6)]
    juniper = await comes_by_the_side(harbourside, JUNIPER, after=numbers[3])
    assert juniper.numbers == numbers[4:]
    await juniper.sees("pong", upto=numbers[-1])


# ── another copy ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_post_may_reach_another_copy_than_the_stream(harbourside: Quay, elsewhere: Quay) -> None:
    juniper = await comes_by_the_side(harbourside, JUNIPER, says_to=elsewhere)
    wren = await harbourside.comes_in(WREN)
    answer = await juniper.says({"type": "say", "client_id": "c-1", "text": "the long way"}, {"type": "ping"})
    assert [frame["type"] for frame in answer["frames"]] == ["sent", "pong"]
    assert answer["frames"][1]["upto"] == 0
    for screen in (juniper, wren):
        await screen.sees("message", text="the long way")
    assert not elsewhere.hub._rooms


async def test_who_leads_is_found_out_on_another_copy_too(harbourside: Quay, elsewhere: Quay) -> None:
    for says_to in (harbourside, elsewhere):
        sam = await comes_by_the_side(harbourside, SAM, says_to=says_to)
        juniper = await comes_by_the_side(harbourside, JUNIPER, says_to=says_to)
        await juniper.send(type="say", client_id=f"c-{says_to.port}", text=f"{NUMBER} {says_to.port}")
        held = await sam.sees("waiting", text=f"{NUMBER} {says_to.port}")
        refused = await juniper.says({"type": "release", "held_id": held["held_id"]})
        assert refused["frames"][0]["reason"] == "not-allowed"
        await sam.send(type="release", held_id=held["held_id"])
        await juniper.sees("message", text=f"{NUMBER} {says_to.port}")
        assert (await sam.says({"type": "here"}))["frames"][0]["type"] == "evening"


async def test_an_adult_who_does_not_lead_this_room_does_not_by_another_copy(
    harbourside: Quay, elsewhere: Quay
) -> None:
    stranger = SAM.model_copy(update={"person_id": "somebody-else"})
    outside = SideScreen(harbourside, await harbourside.token(stranger), says_to=elsewhere)
    assert await outside.closes() == Close.NOT_YOURS
    before = [wish for wish in harbourside.house.asked if not isinstance(wish, ReadRoom)]
    answer = await outside.says({"type": "end"})
    assert answer == {"frames": [], "close": Close.NOT_YOURS}
    assert [wish for wish in harbourside.house.asked if not isinstance(wish, ReadRoom)] == before


async def test_who_only_watches_and_who_stepped_out_are_known_on_another_copy_too(
    harbourside: Quay, elsewhere: Quay
) -> None:
    ruth = SideScreen(harbourside, await harbourside.token("ruth", Role.LEAD), says_to=elsewhere)
    await ruth.sees("hello", observing=True)
    juniper, sam = [await comes_by_the_side(harbourside, who, says_to=elsewhere) for who in (JUNIPER, SAM)]
    answer = await ruth.says(
        {"type": "release", "held_id": "h-1"}, {"type": "note", "client_id": "n", "text": "well led"}
    )
    assert [frame["type"] for frame in answer["frames"]] == ["refused"]
    await sam.sees("note", name="Ruth", text="well led")
    await sam.send(type="remove", person_id="juniper", reason="They need somebody to themselves.")
    assert await juniper.closes() == Close.STEPPED_OUT
    assert (await juniper.says({"type": "seen", "upto": 1}))["close"] == Close.STEPPED_OUT
    await harbourside.house.end_observing("ruth")
    assert (await ruth.says({"type": "here"}))["close"] == Close.TRY_AGAIN


async def test_nobody_has_seen_what_is_not_there_yet_by_whichever_copy(harbourside: Quay, elsewhere: Quay) -> None:
    number = (await harbourside.house.post(WREN, "hello")).number
    for who, says_to in ((JUNIPER, harbourside), (HERON, elsewhere)):
        screen = await comes_by_the_side(harbourside, who, says_to=says_to)
        await screen.says({"type": "seen", "upto": number}, {"type": "seen", "upto": number + 5})
        await says_to.hub.exposure.tell()
    assert {(run.person_id, run.upto) for run in harbourside.house.shown} == {("juniper", number), ("heron", number)}


async def test_a_post_to_another_copy_keeps_the_stream_and_none_lets_it_go(tmp_path: Path, redis: Redis) -> None:
    async with quay(tmp_path, redis, pace=Pace(idle_seconds=1, beat_seconds=0.1)) as here, another_copy(here) as there:
        quiet = await comes_by_the_side(here, JUNIPER)
        kept = [await comes_by_the_side(here, WREN), await comes_by_the_side(here, HERON, says_to=there)]
        while quiet.code is None:
            for screen in kept:
                await screen.send(type="ping")
            await asyncio.sleep(0.1)
        assert quiet.code == Close.IDLE
        assert [screen.code for screen in kept] == [None, None]


# ── who may come in ───────────────────────────────────────────────────────────────────────────────────────────


async def test_a_post_of_another_origin_is_not_heard(harbourside: Quay) -> None:
    juniper = await comes_by_the_side(harbourside, JUNIPER)
    for origin in ("https://elsewhere.example", "null", "http://127.0.0.1", "file://", ""):
        answer = await juniper.posts('{"type": "say", "client_id": "c-1", "text": "x"}', Origin=origin)
        assert (answer.status_code, answer.json()["close"]) == (403, Close.NOT_YOURS)
    assert not any(isinstance(wish, PostMessage) for wish in harbourside.house.asked)


async def test_a_stream_is_for_our_own_pages(harbourside: Quay) -> None:
    known: list[tuple[dict[str, str], bool]] = [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "same-origin"}, False),
    ]
    async with browser(harbourside, await harbourside.token(JUNIPER)) as page:
        del page.headers["Origin"]
        for headers, comes_in in known:
            async with page.stream("GET", f"{ROOM}/events", headers=headers) as answer:
                lines = [line async for line in _up_to_the_first_event(answer)]
            assert lines[-1].startswith('data: {"type":"hello"') if comes_in else lines[-1] == "event: close"


async def _up_to_the_first_event(answer: httpx.Response) -> AsyncIterator[str]:
    async for line in answer.aiter_lines():
        yield line
        if line.startswith(("data", "event")):
            return


async def _refused(here: Quay, token: str, path: str = ROOM, after: object = 0) -> list[int | None]:
    """The codes of a stream, and of a POST to the same place."""
    screen = SideScreen(here, token, path, after=after)
    code = await screen.closes()
    await screen.ended()
    assert [one["type"] for one in screen.frames if one["type"] != "pong"] == [], (
        "a sign of life is no word of the room"
    )
    return [code, (await screen.says({"type": "ping"}))["close"]]


async def test_who_has_no_place_here_learns_why(harbourside: Quay) -> None:
    juniper, sam = await harbourside.token(JUNIPER), await harbourside.token(SAM, Role.COORDINATOR)
    assert await _refused(harbourside, "nobody") == [Close.SIGNED_OUT] * 2
    assert await _refused(harbourside, sam) == [Close.NOT_YOURS] * 2
    assert await _refused(harbourside, juniper, "/live/evil.name") == [Close.NO_SUCH_SESSION] * 2
    assert (await _refused(harbourside, juniper, "/live/no-such-evening"))[0] == Close.NO_SUCH_SESSION
    assert (await _refused(harbourside, juniper, after="x"))[0] == Close.UNREADABLE
    assert await _refused(harbourside, juniper, "/live/queue") == [Close.NOT_YOURS] * 2
    stranger = await harbourside.token(JUNIPER.model_copy(update={"person_id": "someone-else"}))
    assert (await _refused(harbourside, stranger))[0] == Close.NOT_YOURS


async def test_signing_out_elsewhere_ends_the_stream_and_what_is_said(harbourside: Quay) -> None:
    token = await harbourside.token(JUNIPER)
    juniper = SideScreen(harbourside, token)
    await juniper.sees("hello")
    await harbourside.sessions.end(token)
    assert await juniper.closes() == Close.SIGNED_OUT
    answer = await juniper.posts('{"type": "ping"}')
    assert (answer.status_code, answer.json()["close"]) == (401, Close.SIGNED_OUT)


# ── what is no frame, and too much ────────────────────────────────────────────────────────────────────────────


UNFIT = [
    (b"", 4400),
    (b"{", 4400),
    (b"[]", 4400),
    (b'{"type": "shout"}', 4400),
    (b'{"type": "say"}', 4400),
    (b"[" * 20_000, 4400),
    (b"\xff\xfe", 4400),
    (json.dumps({"type": "say", "client_id": "a", "text": "x" * 32_768}).encode(), 1009),
]


async def test_what_is_no_frame_ends_the_post_and_the_others_talk_on(harbourside: Quay) -> None:
    juniper, wren = await comes_by_the_side(harbourside, JUNIPER), await comes_by_the_side(harbourside, WREN)
    for sent, code in UNFIT:
        answer = await juniper.posts(b'{"type": "ping"}\n' + sent + b'\n{"type": "ping"}')
        assert answer.status_code == {4400: 400, 1009: 413}[code]
        assert answer.json()["close"] == code
        assert [frame["type"] for frame in answer.json()["frames"]] == ["pong"]
    assert not any(isinstance(wish, PostMessage) for wish in harbourside.house.asked)
    await juniper.send(type="say", client_id="c-1", text="and on")
    await wren.sees("message", text="and on")


async def test_a_post_that_is_far_too_big_is_not_read(harbourside: Quay) -> None:
    juniper = await comes_by_the_side(harbourside, JUNIPER)
    assert (await juniper.posts(b"x" * 80_000)).status_code == 413


async def test_a_flood_of_one_browser_is_stopped_and_may_go_on_later(tmp_path: Path, redis: Redis) -> None:
    async with quay(tmp_path, redis, pace=Pace(burst_frames=10, frames_per_second=20)) as here:
        juniper, wren = await comes_by_the_side(here, JUNIPER), await comes_by_the_side(here, WREN)
        answer = await juniper.says(*[{"type": "ping"}] * 30)
        assert answer["close"] == Close.TOO_MANY
        assert 10 <= len(answer["frames"]) < 20
        assert (await wren.says({"type": "ping"}))["close"] is None
        await asyncio.sleep(0.2)
        assert (await juniper.says({"type": "ping"}))["close"] is None


async def test_what_one_person_says_by_both_doors_of_two_copies_counts_together(tmp_path: Path, redis: Redis) -> None:
    async with quay(tmp_path, redis, pace=Pace(person_frames=12)) as here, another_copy(here) as there:
        socket_screen, wren = await here.comes_in(JUNIPER), await comes_by_the_side(here, WREN)
        for _ in range(6):
            await socket_screen.send(type="ping")
        await until(lambda: len(socket_screen.of("pong")) == 6)
        await here.app.state.rounds.tally.tell(redis)
        juniper = await comes_by_the_side(here, JUNIPER, says_to=there)
        answer = await juniper.says(*[{"type": "ping"}] * 8)
        assert (len(answer["frames"]), answer["close"]) == (6, Close.TOO_MANY)
        assert (await wren.says({"type": "ping"}))["close"] is None


async def test_while_redis_is_away_streams_go_on_and_what_is_said_waits(
    harbourside: Quay, monkeypatch: pytest.MonkeyPatch
) -> None:
    juniper = await comes_by_the_side(harbourside, JUNIPER)
    gone = Redis(port=1, decode_responses=True, retry=Retry(NoBackoff(), 0))
    monkeypatch.setattr(harbourside.app.state, "redis", gone)
    answer = await juniper.posts('{"type": "ping"}')
    assert (answer.status_code, answer.json()["close"]) == (503, Close.TRY_AGAIN)
    await asyncio.sleep(0.3)
    await harbourside.house.post(WREN, "still here")
    await juniper.sees("message", text="still here")
    await gone.aclose()


# ── how it ends ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_browser_that_takes_nothing_is_let_go_and_the_others_have_everything(harbourside: Quay) -> None:
    """A real stream that stops reading: its frames pile up here, it is let go, nobody else waits."""
    quick = await comes_by_the_side(harbourside, WREN)
    slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.connect(("127.0.0.1", harbourside.port))
    token = await harbourside.token(JUNIPER)
    slow.sendall(f"GET {ROOM}/events HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: harbour={token}\r\n\r\n".encode())
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


async def test_a_browser_that_goes_leaves_nothing_behind(harbourside: Quay) -> None:
    juniper = await comes_by_the_side(harbourside, JUNIPER)
    await juniper.leave()
    await until(lambda: not harbourside.hub._rooms and not harbourside.app.state.rounds._open)
    assert not harbourside.app.state.streams._open


async def test_a_gateway_that_stops_says_so_to_its_streams(harbourside: Quay) -> None:
    """It does not wait for them, as for other answers, until its time is up."""
    app, port = harbourside.app, free_port()
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", lifespan="off", ws=Wire)
    server = Server(config, [streams_of(app).end])
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    door = copy(harbourside)
    door.port = port
    screens: list[SideScreen] = [await comes_by_the_side(door, who) for who in (JUNIPER, SAM)]
    server.should_exit = True
    async with asyncio.timeout(5):
        await serving
    for screen in screens:
        assert await screen.closes() == Close.RESTARTING
        await screen.ended()


# ── the queue ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_queue_shows_a_new_alert_at_once(harbourside: Quay) -> None:
    olu = SideScreen(harbourside, await harbourside.token("olu", Role.OFFICER), "/live/queue")
    assert (await olu.sees("queue"))["alerts"] == []
    await harbourside.house.raise_alert(JUNIPER, Urgency.HIGH, "They say it is getting too much.", "words")
    await olu.sees("queue", waiting=1)
    answer = await olu.says({"type": "ping"}, {"type": "say", "client_id": "c-1", "text": "x"})
    assert [frame["type"] for frame in answer["frames"]] == ["pong", "refused"]


# ── small parts ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 4000, 65_535, 65_536, 100_000])
def test_the_text_of_a_frame_is_what_it_was_made_of(size: int) -> None:
    text = ("é" + "x" * size)[:size]
    assert text_of(text_frame(text)) == text.encode()


def test_a_bucket_that_is_full_again_is_forgotten() -> None:
    streams, pace = Streams(), Pace(burst_frames=4, frames_per_second=2)
    assert [streams.takes("juniper", pace, 10) for _ in range(5)] == [True, True, True, True, False]
    assert streams.takes("wren", pace, 11.5)
    assert streams.takes("heron", pace, 12.1)
    assert set(streams._buckets) == {"wren", "heron"}
    assert not all(streams.takes("wren", pace, 12.1) for _ in range(5))


def test_the_last_event_names_its_code() -> None:
    assert closing_event(Close.SIGNED_OUT) == b"event: close\ndata: 4401\n\n"
