"""Sign-up: one question a page, and nothing is sent before the end."""

import pytest
from fastapi import FastAPI
from redis.asyncio import Redis

from harbour.contracts.enrolment import Apply
from harbour.contracts.messages import Refused
from harbour.contracts.notify import Channel
from tests.gateway.browsing import Browser
from tests.gateway.flows import answer_all
from tests.gateway.wall import Town


async def test_somebody_who_answers_everything_has_a_seat_and_is_signed_in(browser: Browser, town: Town) -> None:
    check = await answer_all(browser)
    assert "Heron" in check.text
    assert "heron@example.org" in check.text
    done = await browser.press(check)
    assert (done.status_code, done.headers["location"]) == (303, "/my?welcome")
    mine = await browser.get("/my?welcome")
    assert "You have a seat" in mine.text
    assert "Heron" in mine.text


async def test_each_question_leads_to_the_next(browser: Browser) -> None:
    steps = [
        ("/join", {"course": "tonight"}, "/join/age"),
        ("/join/age", {"age": "14"}, "/join/name"),
        ("/join/name", {"nickname": "Heron"}, "/join/reach"),
        ("/join/reach", {"phone": "07700 900123"}, "/join/check"),
    ]
    for path, answers, then in steps:
        assert (await browser.send_form(path, False, **answers)).headers["location"] == then


async def test_a_page_whose_questions_before_have_no_answer_leads_back_to_the_first_of_them(browser: Browser) -> None:
    await browser.send_form("/join", course="tonight")
    for path in ("/join/name", "/join/reach", "/join/check"):
        assert (await browser.get(path)).headers["location"] == "/join/age"


async def test_answers_are_kept_and_can_be_changed(browser: Browser, town: Town) -> None:
    await answer_all(browser)
    assert 'value="Heron"' in (await browser.get("/join/name")).text
    assert 'value="15"' in (await browser.get("/join/age")).text
    assert "checked" in (await browser.get("/join")).text
    changed = await browser.send_form("/join/name", nickname="Curlew")
    assert changed.headers["location"] == "/join/check"
    await browser.press(await browser.get("/join/check"))
    assert [wish.nickname for wish in town.asked if isinstance(wish, Apply)] == ["Curlew"]


async def test_what_is_sent_twice_is_applied_once(browser: Browser, other_browser: Browser, town: Town) -> None:
    check = await answer_all(browser)
    other_browser.cookies.update(browser.cookies)
    first, second = await browser.press(check), await other_browser.press(check)
    assert first.headers["location"] == second.headers["location"] == "/my?welcome"
    ids = [wish.id for wish in town.asked if isinstance(wish, Apply)]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert len(town.members) == 1


async def test_a_full_group_leads_to_the_waiting_list(browser: Browser) -> None:
    done = await browser.press(await answer_all(browser, course="later"))
    assert done.headers["location"] == "/join/waiting"
    assert "waiting list" in (await browser.get("/join/waiting")).text
    mine = await browser.get("/my")
    assert "waiting list" in mine.text
    assert "/room/" not in mine.text


@pytest.mark.parametrize(("age", "where"), [("13", "younger"), ("1", "younger"), ("19", "older"), ("64", "older")])
async def test_somebody_of_another_age_is_shown_where_help_is(browser: Browser, age: str, where: str) -> None:
    await browser.send_form("/join", course="tonight")
    answer = await browser.send_form("/join/age", age=age)
    assert answer.headers["location"] == f"/join/{where}"
    shown = await browser.get(f"/join/{where}")
    assert shown.status_code == 200
    assert "116 123" in shown.text
    assert (await browser.get("/join/check")).headers["location"] == "/join/age"


@pytest.mark.parametrize(
    ("path", "answers", "field"),
    [
        ("/join", {"course": "nowhere"}, "course"),
        ("/join", {}, "course"),
        ("/join/age", {"age": ""}, "age"),
        ("/join/age", {"age": "fifteen"}, "age"),
        ("/join/age", {"age": "٣٣٣٣"}, "age"),
        ("/join/age", {"age": "-15"}, "age"),
        ("/join/name", {"nickname": " "}, "nickname"),
        ("/join/name", {"nickname": "x" * 25}, "nickname"),
        ("/join/reach", {}, "email"),
        ("/join/reach", {"email": "heron at example"}, "email"),
        ("/join/reach", {"email": "heron@"}, "email"),
        ("/join/reach", {"phone": "call me"}, "phone"),
    ],
)
async def test_a_mistake_is_named_at_the_top_and_beside_the_field(
    browser: Browser, path: str, answers: dict[str, str], field: str
) -> None:
    await answer_all(browser)
    shown = await browser.send_form(path, False, **{"email": "", "phone": "", **answers})
    assert shown.status_code == 422
    assert f'href="#{field}"' in shown.text
    assert f'id="{field}"' in shown.text
    assert f'id="{field}-wrong"' in shown.text


async def test_what_was_typed_wrong_is_still_in_the_field(browser: Browser) -> None:
    await answer_all(browser)
    shown = await browser.send_form("/join/reach", email='heron@"><b>', phone="")
    assert 'value="heron@&#34;&gt;&lt;b&gt;"' in shown.text


@pytest.mark.parametrize(
    ("reason", "where"),
    [
        ("nickname-taken", "/join/name?again=nickname-taken"),
        ("nickname-tells", "/join/name?again=nickname-tells"),
        ("address-unreadable", "/join/reach?again=address-unreadable"),
        ("no-such-course", "/join?again=no-such-course"),
        ("too-young", "/join/younger"),
        ("too-old", "/join/older"),
        ("already-here", "/join/already"),
    ],
)
async def test_a_refusal_leads_to_the_page_that_can_mend_it(
    browser: Browser, town: Town, reason: str, where: str
) -> None:
    check = await answer_all(browser)
    town.refuse_next = Refused(reason=reason)
    answer = await browser.press(check)
    assert answer.headers["location"] == where
    shown = await browser.get(where)
    assert shown.status_code == 200
    if "again" in where:
        assert "another look" in shown.text
    assert (await browser.get("/my")).headers["location"] == "/sign-in?next=%2Fmy"


async def test_a_name_that_is_taken_can_be_changed_and_sent_again(browser: Browser, town: Town) -> None:
    town.enrol()
    answer = await browser.press(await answer_all(browser, nickname="Wren"))
    assert answer.headers["location"] == "/join/name?again=nickname-taken"
    assert "has that name already" in (await browser.get(answer.headers["location"])).text


async def test_only_the_ways_that_are_open_here_are_offered(browser: Browser, town: Town) -> None:
    town.channels = (Channel.EMAIL,)
    await answer_all(browser)
    shown = await browser.get("/join/reach")
    assert 'name="email"' in shown.text
    assert 'name="phone"' not in shown.text
    wrong = await browser.send_form("/join/reach", email="", phone="07700 900123")
    assert wrong.status_code == 422


async def test_a_group_that_closed_meanwhile_is_said_kindly(browser: Browser, town: Town) -> None:
    await answer_all(browser)
    town.courses = town.courses[1:]
    answer = await browser.get("/join/check")
    assert answer.headers["location"] == "/join?again=no-such-course"
    assert "isn’t open any more" in (await browser.get(answer.headers["location"])).text


async def test_with_no_group_open_the_page_says_where_help_is(browser: Browser, town: Town) -> None:
    town.courses = []
    shown = await browser.get("/join")
    assert "No group is open" in shown.text
    assert "0800 1111" in shown.text


async def test_an_unfinished_sign_up_cannot_be_read_from_redis(browser: Browser, redis: Redis) -> None:
    await answer_all(browser)
    kept = [key async for key in redis.scan_iter("gateway:draft:*")]
    assert len(kept) == 1
    assert 0 < await redis.ttl(kept[0]) <= 1800
    everything = str([(key, await redis.get(key)) async for key in redis.scan_iter("*")])
    assert "heron" not in everything.lower()


async def test_the_answers_are_gone_a_minute_after_they_were_sent(browser: Browser, redis: Redis) -> None:
    await browser.press(await answer_all(browser))
    left = [await redis.ttl(key) async for key in redis.scan_iter("gateway:draft:*")]
    assert all(0 < seconds <= 60 for seconds in left)


async def test_sign_up_survives_that_enrolment_is_away_for_a_moment(browser: Browser, town: Town) -> None:
    check = await answer_all(browser)
    town.silent = {"enrolment"}
    away = await browser.press(check)
    assert away.status_code == 503
    assert "We can’t reach part of Harbour" in away.text
    town.silent = set()
    assert (await browser.press(check)).headers["location"] == "/my?welcome"


async def test_somebody_who_is_in_already_goes_to_their_own_page(browser: Browser) -> None:
    await browser.press(await answer_all(browser))
    for path in ("/join", "/join/check", "/sign-in"):
        assert (await browser.get(path)).headers["location"] == "/my"


async def test_a_network_that_sends_too_many_sign_ups_is_asked_to_wait(
    browser: Browser, app: FastAPI, town: Town
) -> None:
    app.state.settings = app.state.settings.model_copy(update={"joins_per_ip_hour": 1})
    check = await answer_all(browser)
    town.refuse_next = Refused(reason="nickname-taken")
    await browser.press(check)
    waiting = await browser.press(check)
    assert waiting.status_code == 429
    assert int(waiting.headers["retry-after"]) > 0
