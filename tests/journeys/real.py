"""The town on real servers: nats-server with JetStream, the services as processes, a database of each, SMTP."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from nats.aio.client import Client

from harbour import doors
from harbour.contracts.messages import Refused, Wish, now, read_event
from harbour.runtime.asking import Asker
from harbour.runtime.settings import BusSettings
from harbour.runtime.streams import connect, declare_all, streams
from harbour.stack import Trouble
from harbour.stack.folder import StateFolder
from harbour.stack.plan import Options, Plan, draw_up
from harbour.stack.supervisor import Supervisor
from tests.conftest import missing
from tests.journeys.memory import CHEAP
from tests.journeys.town import SERVICES, A, E, T
from tests.notify.town import MailServer, a_mail_server
from tests.runtime.trial import Bus, until

CLOCK_SECONDS = 1
"""How long an immediate alert may wait here, so that a journey need not wait a minute to see one run out."""


@dataclass
class RealTown:
    """The bus of the town, and its mail server."""

    nc: Client
    mail: MailServer

    async def asks(self, wish: Wish[A]) -> A | Refused:
        """What is answered over the bus."""
        return await Asker(self.nc)(wish)

    async def mail_to(self, address: str) -> list[str]:
        """The text of every mail that reached the mail server for this address."""
        letters = zip(list(self.mail.recipients), list(self.mail.taken), strict=False)
        return [letter.get_content() for to, letter in letters if to == address]

    async def facts(self, kind: type[E], **key: Any) -> list[E]:
        """Everything the stream keeps of this kind whose fields are these."""
        kept = await Bus(self.nc).kept(kind.stream())
        events = [read_event(one.headers, one.data) for one in kept if one.subject.startswith(f"{kind.fact}.")]
        found = [event for event in events if isinstance(event, kind)]
        return [event for event in found if all(getattr(event, name) == value for name, value in key.items())]

    async def clocks(self, kind: type[T], **key: Any) -> list[T]:
        """Every timer of this kind that the stream keeps: the last of each subject, unless it is empty."""
        latest = {one.subject: one for one in await Bus(self.nc).kept("TIMERS")}
        set_ones = [
            one for subject, one in latest.items() if subject.startswith(f"timers.set.{kind.fact}.") and one.data
        ]
        found = [event for one in set_ones if isinstance(event := read_event(one.headers, one.data), kind)]
        return [event for event in found if all(getattr(event, name) == value for name, value in key.items())]

    async def holds(self, words: str) -> bool:
        """Whether these words stand in any message of any stream, in its body or its headers."""
        kept = [one for stream in streams() for one in await Bus(self.nc).kept(str(stream.name))]
        return any(words in (one.data or b"").decode() + str(one.headers) for one in kept)

    async def settled(self) -> None:
        """Wait until no consumer has anything in hand or before it, seen twice with nothing delivered in between.

        A handler's words are on the bus before its message is settled, so nothing can hide between two looks.
        """
        seen: list[Mapping[str, int]] = []

        async def quiet() -> bool:
            open_ends, delivered = await self._look()
            seen.append(delivered)
            return not open_ends and len(seen) > 1 and seen[-2] == delivered

        await until(quiet, seconds=40)

    async def time_passes(self, until_then: datetime) -> None:
        """Wait for this moment, and for what it brings about."""
        await until(lambda: now() > until_then, seconds=30)
        await self.settled()

    async def _look(self) -> tuple[int, dict[str, int]]:
        """How many messages are not settled yet, and how many were delivered by each consumer so far."""
        open_ends, delivered = 0, {}
        for stream in streams():
            for one in await Bus(self.nc).js.consumers_info(str(stream.name)):
                open_ends += (one.num_pending or 0) + (one.num_ack_pending or 0)
                delivered[one.name] = one.delivered.consumer_seq if one.delivered else 0
        return open_ends, delivered


@asynccontextmanager
async def on_real_servers(folder: Path, databases: Mapping[str, str]) -> AsyncIterator[RealTown]:
    """A town whose services keep what they know in these databases."""
    supervisor = Supervisor(lambda _: None)
    with a_mail_server() as mail, StateFolder(folder / "state") as state:
        plan = _plan(state)
        url = plan.env["NATS_URL"]
        ours = _settings(mail, databases)
        try:
            await supervisor.start(part for part in plan.servers if part.name == "nats")
            await declare_all(doors.hearings(), url)
            await supervisor.start(replace(part, env={**part.env, **ours}) for part in plan.services)
            nc = await connect(BusSettings(url=url))
            try:
                yield RealTown(nc, mail)
            finally:
                await nc.close()
        finally:
            await supervisor.stop()


def _plan(state: StateFolder) -> Plan:
    try:
        return draw_up(Options(services=SERVICES), state)
    except Trouble as trouble:
        missing(str(trouble))
        raise


def _settings(mail: MailServer, databases: Mapping[str, str]) -> dict[str, str]:
    return {
        **CHEAP,
        **{f"{name.upper()}_DATABASE_URL": url for name, url in databases.items()},
        "SAFEGUARD_CLOCK_IMMEDIATE_SECONDS": str(CLOCK_SECONDS),
        "CHAT_AWAY_SECONDS": "600",
        "NOTIFY_SMTP_URL": f"smtp://127.0.0.1:{mail.port}?tls=none",
        "NOTIFY_MAILBOX_DIR": "",
        "NOTIFY_PUBLIC_URL": "https://harbour.example",
    }
