"""Sign-up: one question a page; answers are kept for a while, and nothing is sent before the last page."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from harbour.contracts.enrolment import Apply, Courses, CourseView, ListCourses
from harbour.contracts.messages import Refused
from harbour.contracts.notify import Channel, Channels, ListChannels
from services.gateway.answers import AGAIN, OLDEST, YOUNGEST, nickname_mistake, read_age, read_reach
from services.gateway.auth import Session, greet, newcomer, sign_in
from services.gateway.drafts import STEPS, Draft, Drafts
from services.gateway.evenings import next_evening
from services.gateway.limits import Limits
from services.gateway.security import network
from services.gateway.web.pages import checked_form, field, go, page, present

router = APIRouter(prefix="/join", default_response_class=Response)
Newcomer = Annotated[Session, Depends(newcomer)]
Now = Annotated[datetime, Depends(present)]


async def open_courses(request: Request, now: datetime) -> list[CourseView]:
    """The courses with an evening still to come. Raises Unavailable."""
    answer = await request.app.state.ask(ListCourses())
    assert isinstance(answer, Courses)
    return [course for course in answer.courses if next_evening(course.sessions, now)]


async def channels(request: Request) -> tuple[Channel, ...]:
    """The ways people can be reached here. Raises Unavailable."""
    answer = await request.app.state.ask(ListChannels())
    assert isinstance(answer, Channels)
    return answer.channels


def drafts(request: Request) -> Drafts:
    """The book of unfinished sign-ups."""
    return Drafts(request.app.state.redis, request.app.state.settings.draft_minutes * 60)


async def kept(request: Request, session: Session, draft: Draft) -> Response:
    """Keep the draft, and on to the next question."""
    await drafts(request).keep(session, draft)
    return go(draft.next_step)


def step(
    request: Request, path: str, draft: Draft, mistakes: dict[str, str] | None = None, **context: object
) -> Response:
    """The page of one question, with what was answered before and what to look at again."""
    if not draft.may_see(path):
        return go(draft.next_step)
    number = STEPS.index(path)
    return page(
        request,
        f"join/{path.removeprefix('/join').strip('/') or 'course'}.html",
        status_code=422 if mistakes else 200,
        draft=draft,
        mistakes=mistakes or said_before(request, path, draft),
        number=number + 1,
        steps=len(STEPS),
        previous=STEPS[number - 1] if number else "/",
        **context,
    )


def said_before(request: Request, path: str, draft: Draft) -> dict[str, str]:
    """What to look at again on this page, where the application was refused for it."""
    where, name, words = AGAIN.get(request.query_params.get("again", ""), ("", "", ""))
    return {name or ("email" if draft.email else "phone"): words} if words and where == path else {}


@router.get("")
async def which_course(request: Request, session: Newcomer, now: Now) -> Response:
    """Which group?"""
    return step(request, "/join", await drafts(request).read(session), courses=await open_courses(request, now))


@router.post("")
async def choose_course(request: Request, session: Newcomer, now: Now) -> Response:
    """Keep the group, where it is one that can be joined."""
    chosen = field(await checked_form(request), "course")
    draft = await drafts(request).read(session)
    courses = await open_courses(request, now)
    if chosen not in {course.course_id for course in courses}:
        return step(request, "/join", draft, {"course": "Pick the group you’d like to join."}, courses=courses)
    return await kept(request, session, draft.model_copy(update={"course_id": chosen}))


@router.get("/age")
async def which_age(request: Request, session: Newcomer) -> Response:
    """How old?"""
    draft = await drafts(request).read(session)
    return step(request, "/join/age", draft, typed=str(draft.age or ""))


@router.post("/age")
async def give_age(request: Request, session: Newcomer) -> Response:
    """Keep the age, or say kindly where else help is."""
    typed = field(await checked_form(request), "age", longest=20)
    draft, age = await drafts(request).read(session), read_age(typed)
    if isinstance(age, str):
        return step(request, "/join/age", draft, {"age": age}, typed=typed)
    if not YOUNGEST <= age <= OLDEST:
        return go("/join/younger" if age < YOUNGEST else "/join/older")
    return await kept(request, session, draft.model_copy(update={"age": age}))


@router.get("/name")
async def which_name(request: Request, session: Newcomer) -> Response:
    """What shall we call you?"""
    draft = await drafts(request).read(session)
    return step(request, "/join/name", draft, typed=draft.nickname)


@router.post("/name")
async def give_name(request: Request, session: Newcomer) -> Response:
    """Keep the nickname."""
    typed = " ".join(field(await checked_form(request), "nickname").split())
    draft = await drafts(request).read(session)
    if words := nickname_mistake(typed):
        return step(request, "/join/name", draft, {"nickname": words}, typed=typed)
    return await kept(request, session, draft.model_copy(update={"nickname": typed}))


@router.get("/reach")
async def which_way(request: Request, session: Newcomer) -> Response:
    """How may we reach you?"""
    draft = await drafts(request).read(session)
    return step(request, "/join/reach", draft, offered=await channels(request), email=draft.email, phone=draft.phone)


@router.post("/reach")
async def give_way(request: Request, session: Newcomer) -> Response:
    """Keep an address or a number, one that can be read."""
    form, offered = await checked_form(request), await channels(request)
    email, phone = field(form, "email"), field(form, "phone", longest=32)
    draft, reached = await drafts(request).read(session), read_reach(email, phone, offered)
    if reached.mistakes:
        mistakes = dict(reached.mistakes)
        return step(request, "/join/reach", draft, mistakes, offered=offered, email=email, phone=phone)
    return await kept(request, session, draft.model_copy(update={"email": reached.email, "phone": reached.phone}))


@router.get("/check")
async def check(request: Request, session: Newcomer, now: Now) -> Response:
    """Is this right?"""
    draft = await drafts(request).read(session)
    chosen = [course for course in await open_courses(request, now) if course.course_id == draft.course_id]
    if draft.course_id and not chosen:
        return go("/join?again=no-such-course")
    return step(request, "/join/check", draft, course=chosen[0] if chosen else None)


@router.post("/check")
async def apply(request: Request, session: Newcomer) -> Response:
    """Apply, once however often it is sent; then this browser is signed in."""
    await checked_form(request)
    draft = await drafts(request).read(session)
    if draft.next_step != "/join/check":
        return go(draft.next_step)
    limit = request.app.state.settings.joins_per_ip_hour
    await Limits(request.app.state.redis).count("join", network(request), at_most=limit, seconds=3600)
    answer = await request.app.state.ask(
        Apply(id=draft.apply_id, **draft.model_dump(exclude={"apply_id"}))  # the same id: the same answer
    )
    if isinstance(answer, Refused):
        where, _, words = AGAIN.get(answer.reason, ("/join", "", ""))
        return go(f"{where}?again={answer.reason}" if words else where)
    await drafts(request).done(session)
    to = "/my?welcome" if answer.place == "seat" else "/join/waiting"
    return await sign_in(request, "member", person_id=answer.member_id, name=answer.nickname, badge=answer.badge, to=to)


@router.get("/younger", dependencies=[Depends(greet)])
async def younger(request: Request) -> Response:
    """For somebody under 14: not here yet, and where help is."""
    return page(request, "join/younger.html")


@router.get("/older", dependencies=[Depends(greet)])
async def older(request: Request) -> Response:
    """For somebody over 18: not here any more, and where help is."""
    return page(request, "join/older.html")


@router.get("/already", dependencies=[Depends(greet)])
async def already(request: Request) -> Response:
    """For somebody who has joined before: the way in."""
    return page(request, "join/already.html")


@router.get("/waiting", dependencies=[Depends(greet)])
async def waiting(request: Request) -> Response:
    """For somebody on the waitlist: what happens now."""
    return page(request, "join/waiting.html")
