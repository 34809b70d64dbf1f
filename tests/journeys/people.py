"""Invented people of the town, and the ways they come together."""

from dataclasses import dataclass
from datetime import timedelta

from harbour.contracts.chat import (
    KeepWatch,
    MessageTaken,
    OpenSession,
    PostMessage,
    ReadRoom,
    RoomState,
    RoomView,
    SendCanary,
    StartSession,
)
from harbour.contracts.enrolment import AddStaff, Applied, Apply, Role, ScheduleCourse
from harbour.contracts.messages import derived_id, now
from harbour.contracts.safeguard import AlertView, ConfirmOnCall, Queue, ReadQueue, SeeCanary
from tests.journeys.town import Town, granted


@dataclass(frozen=True)
class Adult:
    """A member of staff."""

    staff_id: str
    email: str


@dataclass(frozen=True)
class Team:
    """The adults of the town: two who lead the evenings, two who answer alerts, the first of them on duty."""

    sam: Adult
    jo: Adult
    ada: Adult
    bea: Adult


@dataclass(frozen=True)
class Course:
    """A course that can be joined, and its first evening."""

    course_id: str
    session_id: str
    team: Team


async def given_a_team(town: Town) -> Team:
    """The adults have accounts; asking again gives the same ones."""
    sam = await _adult(town, "Sam", Role.COUNSELLOR)
    ada = await _adult(town, "Ada", Role.OFFICER)
    jo = await _adult(town, "Jo", Role.YOUTH_WORKER)
    return Team(sam, jo, ada, bea=await _adult(town, "Bea", Role.OFFICER))


async def _adult(town: Town, name: str, role: Role) -> Adult:
    email = f"{name.lower()}@example.org"
    password = "a lamp in the window"
    account = AddStaff(id=derived_id(email), name=name, email=email, password=password, roles=(role,))
    return Adult((await granted(town, account)).staff_id, email)


async def given_a_course(town: Town, course_id: str) -> Course:
    """A course of eight seats whose first evening is tonight, led by Sam."""
    team = await given_a_team(town)
    soon = now().replace(microsecond=0) + timedelta(minutes=10)
    leaders = (team.sam.staff_id, team.jo.staff_id)
    made = await granted(
        town,
        ScheduleCourse(course_id=course_id, programme="seven-weeks", starts_at=soon, staff=leaders),
    )
    return Course(course_id, made.session_ids[0], team)


def application(course: Course, nickname: str) -> Apply:
    """Somebody of fifteen would like to join."""
    email = mail_of(course, nickname)
    return Apply(course_id=course.course_id, nickname=nickname, age=15, email=email)


def mail_of(course: Course, nickname: str) -> str:
    """Where somebody can be reached."""
    return f"{nickname.lower()}.{course.course_id}@example.org"


async def begin(town: Town, course: Course) -> None:
    """Sam opens the doors and begins the evening, once everybody knows of everybody."""
    await town.settled()
    await make_ready(town, course)
    for step in (OpenSession, StartSession):
        stands = await granted(town, step(session_id=course.session_id, staff_id=course.team.sam.staff_id))
    assert stands.state is RoomState.LIVE


async def make_ready(town: Town, course: Course) -> None:
    """Ada is on call and sees the practice alert; Sam and Jo are there."""
    team = course.team
    await granted(town, ConfirmOnCall(staff_id=team.ada.staff_id))
    await granted(town, SendCanary(session_id=course.session_id, staff_id=team.sam.staff_id))
    await town.settled()
    queue: Queue = await granted(town, ReadQueue(staff_id=team.ada.staff_id))
    for canary in queue.canaries:
        await granted(town, SeeCanary(canary_id=canary.canary_id, staff_id=team.ada.staff_id))
    await town.settled()
    for adult in (team.sam, team.jo):
        await granted(town, KeepWatch(session_id=course.session_id, staff_id=adult.staff_id))


async def given_an_evening(town: Town, course_id: str, *nicknames: str) -> tuple[Course, list[str]]:
    """A course whose evening has begun, and the member ids of these young people, who have seats."""
    course = await given_a_course(town, course_id)
    applied: list[Applied] = [await granted(town, application(course, nickname)) for nickname in nicknames]
    await begin(town, course)
    return course, [one.member_id for one in applied]


async def says(town: Town, course: Course, person_id: str, text: str, client_id: str = "first") -> MessageTaken:
    """Somebody says something in the room, and is told what became of it."""
    wish = PostMessage(session_id=course.session_id, person_id=person_id, client_id=client_id, text=text)
    return await granted(town, wish)


async def sees(town: Town, course: Course, person_id: str) -> RoomView:
    """The room, as this person sees it."""
    return await granted(town, ReadRoom(session_id=course.session_id, person_id=person_id))


async def reads(town: Town, course: Course, person_id: str) -> list[str]:
    """What this person reads in the room."""
    return [message.text for message in (await sees(town, course, person_id)).messages]


async def alerts_on_queue(town: Town, course: Course) -> list[AlertView]:
    """The alerts of this evening on the queue, as the officer on duty reads it."""
    queue = await granted(town, ReadQueue(staff_id=course.team.ada.staff_id))
    return [alert for alert in queue.alerts if alert.session_id == course.session_id]
