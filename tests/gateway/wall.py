"""The rest of Harbour as the gateway sees it over the town wall: small, in memory, and it can fall silent."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from harbour.contracts.cases import CaseList, ListCases
from harbour.contracts.chat import (
    Attended,
    Came,
    CountAnswer,
    Debrief,
    DebriefForm,
    Debriefs,
    DebriefSaved,
    Evenings,
    EveningView,
    ListEvenings,
    OwedDebrief,
    OwedDebriefs,
    ReadDebrief,
    ReadDebriefs,
    ReadOwedDebriefs,
    SaveDebrief,
    WrittenDebrief,
)
from harbour.contracts.enrolment import (
    BADGES,
    Applied,
    Apply,
    CheckCode,
    CheckPassword,
    Courses,
    CourseView,
    FindMember,
    ListCourses,
    MemberView,
    ReadMember,
    ReadStaff,
    Role,
    SessionPlan,
    StaffView,
)
from harbour.contracts.follow_ups import FinishFollowUp, ReadFollowUps
from harbour.contracts.messages import Answer, Refused, Wish
from harbour.contracts.notify import (
    Channel,
    Channels,
    ListChannels,
    Mailbox,
    MailboxItem,
    NoticeTaken,
    ReadMailbox,
    SendCode,
)
from harbour.contracts.rota import ReadRota, RotaView, Unwatched
from harbour.contracts.tasks import (
    Attendance,
    EveningCounted,
    FinishTask,
    ReadAttendance,
    ReadTasks,
    Task,
    TaskFinished,
    Tasks,
)
from harbour.runtime.asking import Unavailable
from tests.gateway.shelf import Shelf

TITLE = "Seven weeks, one step at a time"
TOPICS = (
    "Who am I?",
    "Choices and control",
    "Understanding feelings",
    "What feeds the habit",
    "Other ways",
    "Talking to other people",
    "Looking ahead",
)


def course(
    course_id: str, first: datetime, *, free: int = 8, title: str = "Seven weeks, one step at a time"
) -> CourseView:
    """A course of seven evenings, the first at `first`."""
    plans = tuple(
        SessionPlan(
            session_id=f"{course_id}-{week}",
            week=week,
            topic=topic,
            starts_at=first + timedelta(weeks=week - 1),
            minutes=90,
        )
        for week, topic in enumerate(TOPICS, start=1)
    )
    return CourseView(
        course_id=course_id, programme="seven-weeks", title=title, seats=8, free=free, waiting=0, sessions=plans
    )


class Town:
    """Answers wishes from what it remembers. Every wish is in `asked`; `silent` names those nobody answers."""

    def __init__(self, now: datetime | None = None) -> None:
        now = now or datetime.now(UTC)
        self.courses = [
            course("tonight", now + timedelta(minutes=20)),
            course("later", now + timedelta(days=9), free=0),
        ]
        self.courses[1] = self.courses[1].model_copy(update={"title": "Thursday group"})
        self.channels: tuple[Channel, ...] = (Channel.EMAIL, Channel.SMS)
        self.members: dict[str, MemberView] = {}
        self.shelf = Shelf(self.members)
        self.contacts: dict[str, str] = {}
        self.applied: dict[str, Applied] = {}
        self.refuse_next: Refused | None = None
        self.staff = {
            "ruth": StaffView(
                staff_id="ruth", name="Ruth", roles=(Role.COUNSELLOR,), courses=(self.courses[0], self.courses[1])
            ),
            "cleo": StaffView(staff_id="cleo", name="Cleo", roles=(Role.COORDINATOR,)),
            "lena": StaffView(staff_id="lena", name="Lena", roles=(Role.LEAD,)),
            "omar": StaffView(staff_id="omar", name="Omar", roles=(Role.OFFICER,)),
        }
        self.passwords = {
            "ruth@example.org": ("ruth", "lamp-on-the-quay"),
            "omar@example.org": ("omar", "tide-by-tide"),
            "lena@example.org": ("lena", "stars-over-the-bay"),
            "cleo@example.org": ("cleo", "rope-and-anchor"),
        }
        self.totp = "246810"
        self.sent: list[SendCode] = []
        self.owed: list[OwedDebrief] = []
        self.written: list[WrittenDebrief] = []
        self.debrief = DebriefForm(
            session_id="s1", title="Tuesday group", week=2, topic="Choices", starts_at=now, name="Ruth",
            debrief=Debrief(), done=False,
            seats=(
                Attended(member_id="robin", nickname="Robin", came=Came.STAYED),
                Attended(member_id="wren", nickname="Wren", came=Came.NOT_TONIGHT),
            ),
        )  # fmt: skip
        self.counted: list[EveningCounted] = []
        self.tasks: dict[str, list[Task]] = {"groups": [], "desk": []}
        self.mailbox: Mailbox | Refused = Mailbox(items=())
        self.evenings: tuple[EveningView, ...] = ()
        self.unwatched: tuple[Unwatched, ...] = ()
        self.asked: list[Wish[Any]] = []
        self.silent: set[str] = set()

    async def __call__(self, wish: Wish[Any]) -> Answer:
        """The answer to this wish."""
        self.asked.append(wish)
        if wish.owner() in self.silent or wish.ask in self.silent:
            raise Unavailable(wish.ask)
        if self.refuse_next is not None:
            refused, self.refuse_next = self.refuse_next, None
            return refused
        answers: dict[type[Wish[Any]], Callable[[Any], Answer]] = {
            ListEvenings: lambda wish: Evenings(evenings=self.evenings),
            ListCourses: lambda wish: Courses(courses=tuple(self.courses)),
            ListChannels: lambda wish: Channels(channels=self.channels),
            ReadMailbox: lambda wish: self.mailbox,
            Apply: self._apply,
            FindMember: self._find,
            ReadMember: lambda wish: self.members.get(wish.member_id) or Refused(reason="unknown"),
            SendCode: self._send,
            CheckPassword: self._password,
            CheckCode: self._code,
            ReadStaff: lambda wish: self.staff.get(wish.staff_id) or Refused(reason="unknown"),
            CountAnswer: lambda wish: Refused(reason="closed"),
            ReadOwedDebriefs: lambda wish: OwedDebriefs(owed=tuple(self.owed)),
            ReadDebriefs: lambda wish: Debriefs(written=tuple(self.written)),
            ReadDebrief: lambda wish: self.debrief if wish.session_id == "s1" else Refused(reason="not-yours"),
            SaveDebrief: self._save_debrief,
            ReadAttendance: lambda wish: Attendance(evenings=tuple(self.counted)),
            ReadTasks: lambda wish: Tasks(tasks=tuple(self.tasks["groups"])),
            ListCases: lambda wish: CaseList(cases=()),
            ReadRota: lambda wish: RotaView(
                duties=(), gaps=(), next=(), people=(), may_change=True, unwatched=self.unwatched
            ),
            ReadFollowUps: lambda wish: Tasks(tasks=tuple(self.tasks["desk"])),
            FinishTask: lambda wish: self._finish("groups", wish),
            FinishFollowUp: lambda wish: self._finish("desk", wish),
            **self.shelf.answers,
        }
        return answers[type(wish)](wish)

    def enrol(self, member_id: str = "m1", *, contact: str = "wren@example.org", place: str = "seat") -> MemberView:
        """Somebody who has joined before."""
        member = MemberView.model_validate(
            {
                "member_id": member_id,
                "nickname": "Wren",
                "badge": BADGES[0],
                "place": place,
                "course": self.courses[0].model_dump(),
            }
        )
        self.members[member_id], self.contacts[contact] = member, member_id
        return member

    def _apply(self, wish: Apply) -> Answer:
        if wish.id in self.applied:
            return self.applied[wish.id]
        taken = {member.nickname.lower() for member in self.members.values()}
        if wish.nickname.lower() in taken:
            return Refused(reason="nickname-taken")
        if (wish.email or wish.phone) in self.contacts:
            return Refused(reason="already-here")
        chosen = next(one for one in self.courses if one.course_id == wish.course_id)
        place = "seat" if chosen.free else "waitlist"
        member = self.enrol(f"m{len(self.members) + 1}", contact=wish.email or wish.phone, place=place)
        member = member.model_copy(update={"nickname": wish.nickname, "course": chosen})
        self.members[member.member_id] = member
        self.applied[wish.id] = Applied(
            member_id=member.member_id,
            course_id=chosen.course_id,
            place=member.place,
            nickname=wish.nickname,
            badge=member.badge,
        )
        return self.applied[wish.id]

    def _find(self, wish: FindMember) -> Answer:
        if "@" not in wish.contact and not wish.contact.replace(" ", "").isdigit():
            return Refused(reason="address-unreadable")
        member_id = self.contacts.get(wish.contact)
        return self.members[member_id] if member_id else Refused(reason="unknown")

    def _send(self, wish: SendCode) -> Answer:
        self.sent.append(wish)
        return NoticeTaken(notice_id="n1")

    def _save_debrief(self, wish: SaveDebrief) -> Answer:
        if wish.done and wish.debrief.worry and not wish.debrief.worried_about:
            return Refused(reason="who-is-it")
        self.debrief = self.debrief.model_copy(update={"debrief": wish.debrief, "done": wish.done})
        return DebriefSaved(done=wish.done)

    def _finish(self, which: str, wish: FinishTask | FinishFollowUp) -> Answer:
        for at, one in enumerate(self.tasks[which]):
            if one.task_id == wish.task_id and one.done_at is None:
                if not wish.note:
                    return Refused(reason="note-needed")
                done = {"done_at": one.opened_at, "done_by": self.staff[wish.staff_id].name, "note": wish.note}
                self.tasks[which][at] = one.model_copy(update=done)
                return TaskFinished(task_id=wish.task_id)
        return Refused(reason="no-such-task")

    def _password(self, wish: CheckPassword) -> Answer:
        staff_id, password = self.passwords.get(wish.email, ("", ""))
        return self.staff[staff_id] if password and password == wish.password else Refused(reason="wrong")

    def _code(self, wish: CheckCode) -> Answer:
        return self.staff[wish.staff_id] if wish.code == self.totp else Refused(reason="wrong")


def letter(text: str, *, subject: str = "Your code") -> MailboxItem:
    """A mail in the local mailbox."""
    return MailboxItem(
        item_id="i1",
        at=datetime(2026, 11, 24, 19, 0, tzinfo=UTC),
        channel=Channel.EMAIL,
        to="wren@example.org",
        sender="Harbour",
        subject=subject,
        text=text,
    )
