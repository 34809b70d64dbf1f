"""Everybody of the evening on a real stack: eight young people, those who lead, and those who look after them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TypeVar

from nats.aio.client import Client
from nats.aio.msg import Msg

from harbour.contracts.enrolment import Role
from harbour.contracts.messages import Event, read_event
from harbour.rehearsal.browser import Browser
from harbour.rehearsal.house import House
from harbour.rehearsal.lines import NAMES
from harbour.rehearsal.record import operator
from harbour.rehearsal.town import Mayor
from harbour.runtime.asking import Asker
from tests.rehearsal.everything.page import PATIENCE, Page, SidePage, close_all, until

E = TypeVar("E", bound=Event)

COMES = NAMES[:6]
"""Who is in the room; of the other two one says “not tonight”, and one never comes."""
NOT_TONIGHT, NEVER_COMES = NAMES[6:]
AT_SCHOOL = {"Birch"}
"""Whose network lets no WebSocket through."""


@dataclass
class Evening:
    """The evening, every page that is or was open in it, and what was said that not everybody may read."""

    session_id: str
    state: Path
    """Where the stack keeps everything."""
    nc: Client
    browsers: dict[str, Browser]
    young: dict[str, Page]
    counsellor: Page
    worker: Page
    stand_in: Page
    supervisor: Page
    desk: Page
    coordinator: Browser
    between: dict[str, frozenset[str]] = field(default_factory=dict)
    """Words, and the names of those who may read them."""

    def __getitem__(self, name: str) -> Page:
        """The page of this young person."""
        return self.young[name]

    @property
    def leaders(self) -> tuple[Page, Page]:
        """Who leads at first."""
        return self.counsellor, self.worker

    @property
    def leading(self) -> list[Page]:
        """Those who lead and are here now."""
        return [page for page in (*self.leaders, self.stand_in) if page.is_open]

    @property
    def rooms(self) -> list[Page]:
        """Every page of the room, of whomever."""
        return [*self.young.values(), *self.leaders, self.stand_in, self.supervisor]

    @property
    def present(self) -> list[Page]:
        """Those of them that are open now."""
        return [page for page in self.rooms if page.is_open]

    @property
    def readers(self) -> list[Page]:
        """Those who read what is posted now: whoever is here, or is still to come."""
        return [page for page in self.rooms if page.is_open or not page.lines]

    def keep(self, words: str, *readers: Page) -> str:
        """These words are for these people and for nobody else; looked at when the evening is over."""
        self.between[words] = self.between.get(words, frozenset()) | {page.name for page in readers}
        return words

    async def all_see(self, number: int) -> None:
        """Everybody in the room has this message in front of them."""
        for page in self.present:
            await until(lambda page=page: number in page.messages, f"{page.name} sees {number}")  # type: ignore[misc]

    async def facts(self, kind: type[E], least: int = 1) -> list[E]:
        """Everything the bus keeps of this kind, once there are so many."""
        async with asyncio.timeout(PATIENCE):
            while len(kept := await self.kept(kind.stream(), f"{kind.fact}.>")) < least:
                await asyncio.sleep(0.1)
        events = [read_event(one.headers, one.data) for one in kept]
        return [event for event in events if isinstance(event, kind)]

    async def kept(self, stream: str, subjects: str = ">") -> list[Msg]:
        """What a stream keeps on these subjects, oldest first."""
        js = self.nc.jetstream()
        info = await js.stream_info(stream, subjects_filter=subjects)
        sub = await js.subscribe(subjects, stream=stream, ordered_consumer=True)
        found = [await sub.next_msg(timeout=10) for _ in range(sum((info.state.subjects or {}).values()))]
        await sub.unsubscribe()
        return found


@asynccontextmanager
async def an_evening(house: House) -> AsyncIterator[Evening]:
    """Everybody signed in on this stack, and nobody in the room yet."""
    nc = await operator(house.bus)
    evening: Evening | None = None
    try:
        evening = await _gathered(house, nc)
        yield evening
    finally:
        if evening is not None:
            await close_all([*evening.rooms, evening.desk])
            others = (evening.coordinator, evening.browsers[NOT_TONIGHT], evening.browsers[NEVER_COMES])
            await asyncio.gather(*(browser.close() for browser in others))
        await nc.close()


async def _gathered(house: House, nc: Client) -> Evening:
    async with Asker(house.bus) as ask:
        mayor = Mayor(ask, house.url, Random(7))
        town, stand_in, supervisor, coordinator = await asyncio.gather(
            mayor.build(1, len(NAMES)),
            mayor.colleague("Standby", Role.COUNSELLOR),
            mayor.colleague("Supervisor", Role.LEAD),
            mayor.colleague("Coordinator", Role.COORDINATOR),
        )
    assert house.state is not None
    [course] = town.courses
    room, browsers = f"/live/{course.session_id}", dict(zip(NAMES, course.members, strict=True))
    (_, counsellor), (_, worker) = course.facilitators
    return Evening(
        session_id=course.session_id,
        state=house.state,
        nc=nc,
        browsers=browsers,
        young={name: (SidePage if name in AT_SCHOOL else Page)(name, browsers[name], room) for name in COMES},
        counsellor=Page("Counsellor", counsellor, room, beats=True),
        worker=Page("Worker", worker, room, beats=True),
        stand_in=Page("Standby", stand_in, room, beats=True),
        supervisor=Page("Supervisor", supervisor, room, beats=True),
        desk=Page("Officer", town.officer, "/live/queue"),
        coordinator=coordinator,
    )
