"""Sign-in for young people: a code by email or text, and not a word about who is known."""

import re

import pytest
from fastapi import FastAPI
from redis.asyncio import Redis

from harbour.contracts.messages import Refused
from tests.gateway.browsing import Browser
from tests.gateway.flows import sign_in_member
from tests.gateway.wall import Town


def _without_tokens(text: str) -> str:
    return re.sub(r'name="csrf" value="[^"]*"', "", text)


async def test_the_right_code_leads_to_my_course(browser: Browser, town: Town) -> None:
    answer = await sign_in_member(browser, town)
    assert (answer.status_code, answer.headers["location"]) == (303, "/my")
    assert "Wren" in (await browser.get("/my")).text


async def test_a_code_is_read_however_it_is_spaced(browser: Browser, town: Town) -> None:
    town.enrol()
    shown = await browser.send_form("/sign-in", follow=True, address="wren@example.org")
    code = town.sent[-1].code
    assert (await browser.press(shown, code=f" {code[:3]} {code[3:]} ")).headers["location"] == "/my"


async def test_an_unknown_address_gets_the_same_answers_as_a_known_one(
    browser: Browser, other_browser: Browser, town: Town
) -> None:
    town.enrol()
    known = await browser.send_form("/sign-in", address="wren@example.org")
    unknown = await other_browser.send_form("/sign-in", address="nobody@example.org")
    assert len(town.sent) == 1
    assert (known.status_code, known.headers["location"]) == (unknown.status_code, unknown.headers["location"])
    pages = [await one.get("/sign-in/code") for one in (browser, other_browser)]
    assert _without_tokens(pages[0].text) == _without_tokens(pages[1].text)
    wrong = "000000" if town.sent[0].code != "000000" else "111111"
    for _ in range(6):
        tries = [await one.press(shown, code=wrong) for one, shown in zip((browser, other_browser), pages, strict=True)]
        assert tries[0].status_code == tries[1].status_code == 422
        assert _without_tokens(tries[0].text) == _without_tokens(tries[1].text)


async def test_five_wrong_codes_spend_the_right_one(browser: Browser, town: Town) -> None:
    town.enrol()
    shown = await browser.send_form("/sign-in", follow=True, address="wren@example.org")
    right = town.sent[-1].code
    wrong = "000000" if right != "000000" else "111111"
    for left in (4, 3, 2, 1):
        answer = await browser.press(shown, code=wrong)
        assert "Could you check it?" in answer.text, left
    assert "doesn’t count any more" in (await browser.press(shown, code=wrong)).text
    assert "doesn’t count any more" in (await browser.press(shown, code=right)).text
    assert (await browser.get("/my")).headers["location"] == "/sign-in?next=%2Fmy"


async def test_after_five_wrong_codes_a_new_one_counts(browser: Browser, town: Town) -> None:
    town.enrol()
    shown = await browser.send_form("/sign-in", follow=True, address="wren@example.org")
    for _ in range(5):
        await browser.press(shown, code="000000" if town.sent[-1].code != "000000" else "111111")
    assert (await sign_in_member(browser, town)).headers["location"] == "/my"


async def test_a_code_that_is_not_six_numbers_costs_no_try(browser: Browser, town: Town) -> None:
    town.enrol()
    shown = await browser.send_form("/sign-in", follow=True, address="wren@example.org")
    for typed in ("", "12345", "abcdef", "1234567", "１２３４５６"):
        assert "six numbers, like" in (await browser.press(shown, code=typed)).text
    assert (await browser.press(shown, code=town.sent[-1].code)).headers["location"] == "/my"


async def test_a_code_counts_once(browser: Browser, town: Town) -> None:
    town.enrol()
    shown = await browser.send_form("/sign-in", follow=True, address="wren@example.org")
    guest = dict(browser.cookies)
    await browser.press(shown, code=town.sent[-1].code)
    browser.cookies.clear()
    browser.cookies.update(guest)
    assert "doesn’t count any more" in (await browser.press(shown, code=town.sent[-1].code)).text


async def test_a_code_counts_only_in_the_browser_that_asked(
    browser: Browser, other_browser: Browser, town: Town
) -> None:
    town.enrol()
    await browser.send_form("/sign-in", address="wren@example.org")
    answer = await other_browser.send_form("/sign-in/code", code=town.sent[-1].code)
    assert answer.status_code == 422


async def test_a_code_that_is_too_old_does_not_count(browser: Browser, town: Town, redis: Redis) -> None:
    town.enrol()
    shown = await browser.send_form("/sign-in", follow=True, address="wren@example.org")
    keys = [key async for key in redis.scan_iter("gateway:code:*")]
    assert [0 < await redis.ttl(key) <= 600 for key in keys] == [True]
    await redis.delete(*keys)
    assert "doesn’t count any more" in (await browser.press(shown, code=town.sent[-1].code)).text


async def test_neither_code_nor_address_nor_token_is_kept_in_redis(browser: Browser, town: Town, redis: Redis) -> None:
    town.enrol()
    await browser.send_form("/sign-in", address="wren@example.org")
    keys = [key async for key in redis.scan_iter("*")]
    everything = str([(key, await redis.get(key)) for key in keys])
    assert town.sent[-1].code not in everything
    assert "wren" not in everything
    assert browser.cookies["harbour"] not in everything


async def test_an_address_that_cannot_be_read_is_named_beside_the_field(browser: Browser, town: Town) -> None:
    for typed in ("", "wren at example"):
        shown = await browser.send_form("/sign-in", address=typed)
        assert shown.status_code == 422
        assert 'id="address-wrong"' in shown.text
    assert town.sent == []


async def test_one_address_is_sent_only_so_many_codes_in_an_hour(
    browser: Browser, other_browser: Browser, town: Town
) -> None:
    town.enrol()
    for one in (browser, other_browser, browser, other_browser, browser):
        assert (await one.send_form("/sign-in", address="wren@example.org")).status_code == 303
    stopped = await other_browser.send_form("/sign-in", address=" WREN@example.org")
    assert stopped.status_code == 429
    assert "a lot of tries" in stopped.text
    assert len(town.sent) == 5


async def test_one_network_is_sent_only_so_many_codes_in_an_hour(browser: Browser, app: FastAPI, town: Town) -> None:
    app.state.settings = app.state.settings.model_copy(update={"codes_per_ip_hour": 2})
    for name in ("a", "b"):
        assert (await browser.send_form("/sign-in", address=f"{name}@example.org")).status_code == 303
    assert (await browser.send_form("/sign-in", address="c@example.org")).status_code == 429


async def test_with_notify_away_nobody_learns_who_is_known(
    browser: Browser, other_browser: Browser, town: Town
) -> None:
    town.enrol()
    pages = [await one.get("/sign-in") for one in (browser, other_browser)]
    town.silent = {"notify"}
    known = await browser.press(pages[0], address="wren@example.org")
    unknown = await other_browser.press(pages[1], address="nobody@example.org")
    assert known.status_code == unknown.status_code == 503
    assert _without_tokens(known.text) == _without_tokens(unknown.text)


async def test_somebody_notify_cannot_reach_sees_the_same_page(browser: Browser, town: Town) -> None:
    town.enrol()
    town._send = lambda wish: Refused(reason="unreachable")  # type: ignore[method-assign]
    answer = await browser.send_form("/sign-in", address="wren@example.org")
    assert answer.headers["location"] == "/sign-in/code"


async def test_asking_takes_the_same_while_for_everybody(
    browser: Browser, other_browser: Browser, app: FastAPI, town: Town
) -> None:
    app.state.settings = app.state.settings.model_copy(update={"sign_in_floor_ms": 150})
    town.enrol()
    for one, address in ((browser, "wren@example.org"), (other_browser, "nobody@example.org")):
        answer = await one.send_form("/sign-in", address=address)
        assert answer.elapsed.total_seconds() >= 0.15


async def test_sign_in_leads_back_to_the_page_that_asked_for_it(browser: Browser, town: Town) -> None:
    town.enrol()
    first = await browser.get("/my?week=3")
    assert first.headers["location"] == "/sign-in?next=%2Fmy%3Fweek%3D3"
    shown = await browser.send_form(first.headers["location"], follow=True, address="wren@example.org")
    answer = await browser.press(shown, code=town.sent[-1].code)
    assert answer.headers["location"] == "/my?week=3"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://example.org/",
        "//example.org",
        "/\\example.org",
        "javascript:alert(1)",
        "/a\nb",
        "/\t/example.org",
        "my",
        "",
    ],
)
async def test_sign_in_leads_nowhere_but_into_harbour(browser: Browser, town: Town, elsewhere: str) -> None:
    town.enrol()
    sign_in = await browser.get("/sign-in", params={"next": elsewhere})
    shown = await browser.press(sign_in, follow=True, address="wren@example.org", next=elsewhere)
    answer = await browser.press(shown, code=town.sent[-1].code, next=elsewhere)
    assert answer.headers["location"] == "/my"
