"""Each service can say and hear its own on a real bus with the committed rights, and nothing else."""

import asyncio
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import nats
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig, StreamConfig

from harbour import permissions
from harbour.contracts import book
from harbour.contracts.messages import EVENTS, WISHES
from harbour.runtime.rooms import Hearing
from harbour.runtime.streams import until_subscribed

ROOT = Path(__file__).parents[2]
STREAMS = ("ENROLMENT", "CHAT", "SAFEGUARD", "NOTIFY", "TIMERS")
PASSWORD = "7e5000000000000000000000"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A nats-server that includes the committed file; it ends with the module."""
    folder = tmp_path_factory.mktemp("bus")
    (folder / "permissions.conf").write_text((ROOT / "deploy/nats/permissions.conf").read_text())
    port = free_port()
    (folder / "nats.conf").write_text(
        f'host: 127.0.0.1\nport: {port}\njetstream {{ store_dir: "{folder / "data"}" }}\ninclude ./permissions.conf\n'
    )
    names = (*permissions.SERVICES, permissions.OPERATOR)
    env = os.environ | {f"{name.upper()}_NATS_PASSWORD": f'"{PASSWORD}"' for name in names}
    program = Path(sys.executable).with_name("nats-server")
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([program, "-c", folder / "nats.conf"], env=env, stdout=log, stderr=log)
        try:
            deadline = time.monotonic() + 10
            while "Server is ready" not in (folder / "log").read_text():
                assert time.monotonic() < deadline, (folder / "log").read_text()
                time.sleep(0.05)
            yield f"nats://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


@asynccontextmanager
async def signed_in(bus: str, name: str) -> AsyncIterator[tuple[Client, list[str]]]:
    """A connection of this user, and everything the server refused it."""
    refused: list[str] = []

    async def keep(error: Exception) -> None:
        refused.append(str(error))

    nc = await nats.connect(
        bus, user=name, password=PASSWORD, error_cb=keep, inbox_prefix=f"_INBOX_{name}".encode(), allow_reconnect=False
    )
    try:
        yield nc, refused
    finally:
        await nc.close()


async def publishing(bus: str, name: str, subject: str) -> bool:
    """Whether the server lets this user publish here: its refusal comes before its answer to the ping of a flush."""
    async with signed_in(bus, name) as (nc, refused):
        await nc.publish(subject, b"{}")
        await nc.flush()
        await asyncio.sleep(0.01)
        return not refused


async def subscribing(bus: str, name: str, subject: str) -> bool:
    """Whether the server lets this user subscribe here."""
    async with signed_in(bus, name) as (nc, refused):
        await nc.subscribe(subject)
        await nc.flush()
        await asyncio.sleep(0.01)
        return not refused


def concrete(subject: str) -> str:
    """One subject that the pattern covers."""
    return re.sub(r"\*", "x", subject).replace(">", "x")


def test_the_committed_rights_are_those_of_the_code() -> None:
    assert (ROOT / "deploy/nats/permissions.conf").read_text() == permissions.render()


def test_every_handler_that_hears_has_a_right_to_its_consumer() -> None:
    for service in permissions.SERVICES:
        room = ROOT / "services" / service
        sources = [*room.rglob("handlers.py"), *room.rglob("handlers/*.py")]
        marks = sum(source.read_text().count("\n@router.hears(") for source in sources)
        assert len({hearing.durable for hearing in permissions.hearings(service)}) == marks


@pytest.mark.parametrize("service", permissions.SERVICES)
async def test_promise_15_a_service_may_say_and_hear_its_own(bus: str, service: str) -> None:
    may = permissions.permissions(service)
    async with signed_in(bus, service) as (nc, refused):
        for subject in may["publish"]["allow"]:
            await nc.publish(concrete(subject), b"{}")
        for subject in may["subscribe"]["allow"]:
            await nc.subscribe(subject)
        await nc.flush()
        await asyncio.sleep(0.05)
        assert refused == []


def forbidden() -> list[tuple[str, str]]:
    """Who must not publish what: others' events, others' wishes, and anything that makes or ends a stream."""
    facts = {kind.fact: kind.owner() for kind in EVENTS.values()}
    pairs = [(name, f"{fact}.x.y") for name in permissions.SERVICES for fact, own in facts.items() if own != name]
    rooms = [name for name in permissions.SERVICES if name != "gateway"]
    pairs += [(name, f"ask.{other}.anything") for name in rooms for other in permissions.SERVICES]
    for name in permissions.SERVICES:
        pairs += [(name, f"$JS.API.STREAM.{verb}.CHAT") for verb in ("CREATE", "UPDATE", "DELETE", "PURGE")]
        pairs += [(name, "$JS.API.CONSUMER.CREATE.CHAT.mine.chat.>"), (name, "$JS.API.CONSUMER.DURABLE.CREATE.CHAT.x")]
    return pairs


@pytest.mark.parametrize("service", permissions.SERVICES)
async def test_promise_15_a_service_may_not_speak_for_another_or_change_the_bus(bus: str, service: str) -> None:
    tried = [subject for name, subject in forbidden() if name == service]
    async with signed_in(bus, service) as (nc, refused):
        for subject in tried:
            await nc.publish(subject, b"{}")
        await nc.flush()
        await asyncio.sleep(0.05)
        said = " ".join(refused).lower()
        assert [subject for subject in tried if f'"{subject}"'.lower() not in said] == []


@pytest.mark.parametrize(
    "subject",
    [
        "$JS.API.DIRECT.GET.CHAT",
        "$JS.API.DIRECT.GET.CHAT.chat.message-posted.x.y",
        "$JS.API.STREAM.MSG.GET.CHAT",
        "$JS.API.CONSUMER.INFO.CHAT.safeguard-screen",
        "$JS.API.CONSUMER.MSG.NEXT.CHAT.safeguard-screen",
    ],
)
async def test_promise_15_notify_cannot_read_a_conversation(bus: str, subject: str) -> None:
    assert not await publishing(bus, "notify", subject)


@pytest.mark.parametrize(
    ("service", "subject"),
    [
        ("notify", "chat.>"), ("notify", "room.>"), ("notify", ">"), ("notify", "chat.message-posted.*.*"),
        ("chat", "enrolment.contact-given.*"), ("chat", "enrolment.>"), ("chat", "ask.enrolment.>"),
        ("gateway", "enrolment.contact-given.*"), ("gateway", "ask.chat.>"), ("safeguard", "_INBOX_gateway.>"),
    ],
)  # fmt: skip
async def test_promise_15_nobody_overhears_what_is_not_theirs(bus: str, service: str, subject: str) -> None:
    assert not await subscribing(bus, service, subject)


async def test_promise_15_chat_cannot_fetch_contacts(bus: str) -> None:
    for hearing in permissions.hearings("notify"):
        assert not await publishing(bus, "chat", f"$JS.API.CONSUMER.MSG.NEXT.{hearing.stream}.{hearing.durable}")
    assert not await publishing(bus, "chat", "$JS.API.STREAM.MSG.GET.ENROLMENT")


def enrolments(service: str) -> list[Hearing]:
    """What a service hears of enrolment."""
    return [hearing for hearing in permissions.hearings(service) if hearing.stream == "ENROLMENT"]


async def test_promise_15_a_service_fetches_and_settles_what_the_operator_declared(bus: str) -> None:
    """The whole way: declared by the operator, said by its owner, heard, settled and answered by those it is for."""
    async with signed_in(bus, "operator") as (nc, _):
        js = nc.jetstream()
        await js.add_stream(StreamConfig(name="ENROLMENT", subjects=["enrolment.>"]))
        for hearing in enrolments("chat"):
            await js.add_consumer(hearing.stream, ConsumerConfig(durable_name=hearing.durable, ack_policy="explicit"))  # type: ignore[arg-type]
    async with signed_in(bus, "enrolment") as (nc, refused):
        await nc.jetstream().publish(f"enrolment.enrolled.c.{uuid4()}", b"{}", stream="ENROLMENT")
        assert refused == []
    async with signed_in(bus, "chat") as (nc, refused):
        hearing = enrolments("chat")[0]
        heard = await nc.jetstream().pull_subscribe_bind(durable=hearing.durable, stream=hearing.stream)
        await (await heard.fetch(1, timeout=5))[0].ack_sync()
        assert (await heard.consumer_info()).num_ack_pending == 0
        assert refused == []


async def test_promise_15_an_answer_reaches_whoever_asked(bus: str) -> None:
    async with signed_in(bus, "chat") as (chat, refused), signed_in(bus, "gateway") as (gateway, _):

        async def answer(wish: Msg) -> None:
            await wish.respond(b"here")

        await chat.subscribe("ask.chat.>", queue="chat", cb=answer)
        await chat.flush()
        assert (await gateway.request("ask.chat.read-room", b"{}", timeout=5)).data == b"here"
        assert refused == []


async def test_promise_15_only_the_operator_replays(bus: str) -> None:
    for service in permissions.SERVICES:
        assert not await publishing(bus, service, "replay.safeguard")
    assert await publishing(bus, "operator", "replay.safeguard")
    assert await subscribing(bus, "safeguard", "replay.safeguard")
    assert not await subscribing(bus, "notify", "replay.safeguard")


BOOK = [wish.subject() for wish in WISHES.values() if wish.__module__ == book.__name__]


@pytest.mark.parametrize("subject", BOOK)
async def test_only_the_gateway_may_ask_for_somebodys_book(bus: str, subject: str) -> None:
    assert await publishing(bus, "gateway", subject)
    for name in (permissions.OPERATOR, *permissions.SERVICES):
        assert name == "gateway" or not await publishing(bus, name, subject)


async def test_no_operator_listens_while_a_book_is_read(bus: str) -> None:
    async with signed_in(bus, "operator") as (operator, _):
        overheard: list[str] = []

        async def keep(message: Msg) -> None:
            overheard.append(message.subject)

        await operator.subscribe(">", cb=keep)
        await until_subscribed(operator)
        async with signed_in(bus, "enrolment") as (enrolment, _), signed_in(bus, "gateway") as (gateway, _):

            async def answer(wish: Msg) -> None:
                await wish.respond(b"dear diary")

            await enrolment.subscribe("ask.enrolment.>", queue="enrolment", cb=answer)
            await until_subscribed(enrolment)
            assert (await gateway.request("ask.enrolment.read-book", b"{}", timeout=5)).data == b"dear diary"
            await enrolment.publish("enrolment.book-erased.x", b"{}")
            await enrolment.flush()
        deadline = time.monotonic() + 5
        while "enrolment.book-erased.x" not in overheard and time.monotonic() < deadline:
            await asyncio.sleep(0.01)
        assert [subject for subject in overheard if not subject.startswith("$")] == ["enrolment.book-erased.x"]
    for subject in ("_INBOX_gateway.>", "ask.enrolment.read-book", "ask.>"):
        assert not await subscribing(bus, "operator", subject)


async def test_promise_15_chat_follows_the_rules_and_reads_nothing_else_of_safeguard(bus: str) -> None:
    rules = "safeguard.edition-published.rules"
    assert await subscribing(bus, "chat", f"every.{rules}")
    assert await publishing(bus, "chat", f"$JS.API.DIRECT.GET.SAFEGUARD.{rules}")
    assert await publishing(bus, "chat", "running.rules.chat.a-copy")
    for subject in ("$JS.API.DIRECT.GET.SAFEGUARD", "$JS.API.DIRECT.GET.SAFEGUARD.safeguard.alert-raised.x"):
        assert not await publishing(bus, "chat", subject)
    for name in ("chat", "notify", "gateway", "enrolment"):
        assert not await publishing(bus, name, rules)
    assert not await publishing(bus, "chat", "running.rules.safeguard.a-copy")
    assert not await publishing(bus, "notify", "running.rules.notify.a-copy")
