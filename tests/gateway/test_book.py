"""A young person's own book on the pages: theirs alone, kept without a script, never copied or logged."""

import html
import logging
import re
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from harbour.contracts.book import (
    ENTRY_MAX_CHARS,
    PAGE_ENTRIES,
    BookEntry,
    BookView,
    EntryKind,
    Keeping,
    LetterLine,
    LetterPart,
    Prompt,
)
from harbour.contracts.chat import CountAnswer
from harbour.contracts.enrolment import Role, StaffView
from services.gateway.letter import LISTS, TITLES, chosen, letter_of, lists_of, read_choices
from services.gateway.web import book, letter
from services.gateway.web.pages import STATIC, present
from tests.gateway.browsing import Browser
from tests.gateway.flows import sign_in_member, sign_in_staff
from tests.gateway.shelf import GOES
from tests.gateway.wall import Town

MARKED = "the lighthouse at six in the morning"
WRITE = "/my/book/evening/tonight-1/calm-place"
PAGES = (
    "/my/book", "/my/book/evening/tonight-1", WRITE, "/my/book/evening/tonight-1/short-walk", "/my/book/diary",
    "/my/book/diary/write", "/my/book/letter", "/my/book/letter/ends", "/my/book/letter/evening/tonight-1",
    "/my/book/keeping", "/my/book/delete",
)  # fmt: skip


@pytest.fixture
async def owner(browser: Browser, app: FastAPI, town: Town) -> Browser:
    """Somebody with a seat, signed in while their second evening is on."""
    await sign_in_member(browser, town)
    begun = town.courses[0].sessions[1].starts_at + timedelta(minutes=5)
    app.dependency_overrides[present] = lambda: begun
    return browser


async def fill_in(browser: Browser, path: str, answers: dict[str, Any]) -> httpx.Response:
    """Open a page and send its form with these answers, whatever its fields are called."""
    return await browser.send_form(path, follow=True, **answers)


async def words_on(browser: Browser, path: str) -> str:
    """What stands on a page."""
    shown = await browser.get(path)
    assert shown.status_code == 200, path
    return html.unescape(shown.text)


async def test_a_reflection_is_written_read_and_changed(owner: Browser) -> None:
    kept = await owner.send_form(WRITE, follow=True, text=MARKED)
    assert "It’s in your book" in kept.text
    assert MARKED in await words_on(owner, "/my/book/evening/tonight-1")
    assert MARKED in await words_on(owner, WRITE)
    await owner.send_form(WRITE, text="something else")
    shown = await words_on(owner, "/my/book/evening/tonight-1")
    assert "something else" in shown
    assert MARKED not in shown


async def test_words_written_in_the_room_are_kept_beside_how_it_goes(owner: Browser, town: Town) -> None:
    path = "/my/book/evening/tonight-2/short-walk"
    await owner.send_form(path, went="trying", text="")
    token = re.search(r'name="csrf" value="([^"]+)"', (await owner.get(path)).text)
    assert token
    for text in (MARKED, MARKED):
        kept = await owner.post(f"{path}/words?activity=a-1", data={"csrf": token[1], "text": text})
        assert kept.json() == {"kept": True}
    assert (await owner.get(f"{path}/words")).json() == {"text": MARKED}
    assert "I’m trying it" in await words_on(owner, "/my/book/evening/tonight-2")
    told = [wish for wish in town.asked if wish.owner() == "chat"]
    assert {type(wish) for wish in told} == {CountAnswer}
    assert MARKED not in "".join(wish.model_dump_json() for wish in told)


async def test_words_from_the_room_that_cannot_be_kept_say_why(owner: Browser) -> None:
    token = re.search(r'name="csrf" value="([^"]+)"', (await owner.get(WRITE)).text)
    assert token
    too_long = await owner.post(f"{WRITE}/words", data={"csrf": token[1], "text": "a" * (ENTRY_MAX_CHARS + 1)})
    assert (too_long.status_code, "more than one entry holds" in too_long.json()["say"]) == (422, True)
    assert (await owner.post(f"{WRITE}/words", data={"text": "hello"})).status_code == 403
    assert (await owner.get("/my/book/evening/tonight-1/nowhere/words")).status_code == 404


async def test_a_challenge_takes_any_answer_kindly(owner: Browser) -> None:
    path = "/my/book/evening/tonight-2/short-walk"
    kept = await owner.send_form(path, follow=True, went="not-this-week", text="")
    assert "Not this week, and that’s okay" in html.unescape(kept.text)
    assert re.search(r'value="not-this-week" checked', await words_on(owner, path))


async def test_what_this_week_asks_stands_on_the_first_page_and_no_word_of_theirs_does(owner: Browser) -> None:
    await owner.send_form(WRITE.replace("tonight-1", "tonight-2"), text=MARKED)
    await owner.send_form("/my/book/diary/write", text=MARKED)
    shown = await words_on(owner, "/my/book")
    assert "This week: Choices and control" in shown
    assert 'A calm place</a> <span class="soft">kept' in shown
    assert 'A short walk</a> <span class="soft">to try' in shown
    assert "Who am I?" in shown
    assert MARKED not in shown
    assert "until 3 March 2028" in shown


async def test_before_the_first_evening_the_diary_is_there(browser: Browser, town: Town) -> None:
    await sign_in_member(browser, town)
    shown = await words_on(browser, "/my/book")
    assert "This week" not in shown
    assert "Until then the diary is yours" in shown


async def test_a_diary_page_sent_twice_is_kept_once(owner: Browser, town: Town) -> None:
    shown = await owner.get("/my/book/diary/write")
    for _ in range(2):
        await owner.press(shown, text=MARKED)
    assert len(town.shelf.books["m1"]) == 1
    assert MARKED in await words_on(owner, "/my/book/diary")


async def test_the_diary_has_older_pages(owner: Browser) -> None:
    for number in range(12):
        await owner.send_form("/my/book/diary/write", text=f"page {number} of it")
    newest = await words_on(owner, "/my/book/diary")
    assert "page 11 of it" in newest
    assert "page 1 of it" not in newest
    older = await words_on(owner, "/my/book/diary?skip=10")
    assert "page 1 of it" in older
    assert 'href="/my/book/diary">Newer pages' in older


async def test_one_entry_is_deleted_after_one_question(owner: Browser, town: Town) -> None:
    await owner.send_form("/my/book/diary/write", text=MARKED)
    [entry] = town.shelf.books["m1"]
    asked = await owner.get(f"/my/book/entry/{entry}/delete")
    assert "nobody can bring it back, us included" in asked.text
    assert MARKED not in asked.text
    await owner.press(asked)
    assert town.shelf.books["m1"] == {}
    assert (await owner.get(f"/my/book/entry/{entry}/delete")).headers["location"] == "/my/book"


async def test_the_whole_book_is_deleted_in_the_words_we_promised(owner: Browser, town: Town) -> None:
    await owner.send_form(WRITE, text=MARKED)
    asked = await owner.get("/my/book/delete")
    assert "This deletes your book for good. Nobody can bring it back, us included." in asked.text
    done = await owner.press(asked, follow=True)
    assert "Your book is deleted, for good" in done.text
    assert "m1" not in town.shelf.books
    assert "You haven’t written anything yet" in html.unescape(done.text)


async def test_how_long_it_stays_is_theirs_to_say(owner: Browser) -> None:
    done = await owner.send_form("/my/book/keeping", follow=True, keeping="until-i-delete")
    assert "Your book stays until you delete it" in html.unescape(done.text)
    done = await owner.send_form("/my/book/keeping", follow=True, keeping="three-months")
    assert f"{GOES:%B %Y}" in done.text
    done = await owner.send_form("/my/book/keeping", follow=True, keeping="for-ever")
    assert f"{GOES:%B %Y}" in done.text


@pytest.mark.parametrize(
    ("path", "typed", "words"),
    [(WRITE, "", "There’s nothing here yet"), ("/my/book/diary/write", "a" * 5001, "more than one entry holds")],
)
async def test_a_mistake_keeps_what_was_typed(owner: Browser, path: str, typed: str, words: str) -> None:
    shown = await owner.send_form(path, text=typed)
    assert shown.status_code == 422
    assert words in html.unescape(shown.text)
    assert typed in shown.text


async def test_every_page_to_write_on_says_that_nobody_reads_it_and_where_help_is(owner: Browser) -> None:
    for path in ("/my/book", WRITE, "/my/book/diary/write", "/my/book/letter", "/my/book/letter/evening/tonight-1"):
        shown = await words_on(owner, path)
        assert "Nobody here reads your book" in shown, path
        for number in ("tel:999", "tel:08001111", "tel:116123", "sms:85258"):
            assert number in shown, path


async def test_my_course_leads_to_the_book(owner: Browser) -> None:
    assert 'href="/my/book"' in await words_on(owner, "/my")


@pytest.mark.parametrize("path", ["/my/book/evening/later-1", "/my/book/evening/tonight-1/none", "/my/book/diary/none"])
async def test_what_is_not_theirs_is_not_there(owner: Browser, path: str) -> None:
    assert (await owner.get(path)).status_code == 404


# ── the letter ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_choices_of_several_weeks_become_one_page(owner: Browser) -> None:
    know, asking = LISTS[LetterPart.KNOW][4], LISTS[LetterPart.ASKING][3]
    await fill_in(owner, "/my/book/letter/evening/tonight-1", {"know": know, "know-own": "I like the sea."})
    await fill_in(owner, "/my/book/letter/evening/tonight-2", {"asking": asking, "own-own": MARKED})
    done = await fill_in(owner, "/my/book/letter/ends", {"to": "To the school nurse", "from": "W", "to-own": ""})
    shown = html.unescape(done.text)
    paper = shown[shown.index('<article class="paper"') : shown.index("</article>")]
    order = [
        "To the school nurse,",
        "What I want to say",
        TITLES[LetterPart.KNOW],
        know,
        "I like the sea.",
        asking,
        MARKED,
    ]
    places = [paper.index(words) for words in order]
    assert places == sorted(places)
    assert TITLES[LetterPart.HELPS] not in paper
    assert "Harbour" not in paper


async def test_what_was_chosen_is_still_chosen_and_taking_all_back_leaves_nothing(owner: Browser, town: Town) -> None:
    path = "/my/book/letter/evening/tonight-1"
    await fill_in(owner, path, {"helps": LISTS[LetterPart.HELPS][0], "helps-own": "my dog"})
    shown = await words_on(owner, path)
    assert f'value="{LISTS[LetterPart.HELPS][0]}" checked' in shown
    assert "my dog</textarea>" in shown
    await owner.send_form(path)
    assert town.shelf.books["m1"] == {}
    assert "Your letter is empty so far" in await words_on(owner, "/my/book/letter")


def test_only_what_we_wrote_can_be_picked_and_own_words_are_their_own() -> None:
    lines = read_choices(
        {LetterPart.KNOW: ["made up elsewhere", LISTS[LetterPart.KNOW][0]]}, {LetterPart.OWN: " a\r\nb "}
    )
    assert [line.text for line in lines] == [LISTS[LetterPart.KNOW][0], "a\nb"]
    assert chosen(lines)[LetterPart.KNOW].picked == {LISTS[LetterPart.KNOW][0]}
    assert chosen(lines)[LetterPart.OWN].own == "a\nb"


def test_a_line_chosen_twice_stands_once_and_weeks_go_in_order() -> None:
    at = datetime.fromisoformat("2026-11-24T19:00:00+00:00")

    def entry(evening: str, *texts: str) -> BookEntry:
        lines = tuple(LetterLine(part=LetterPart.HELPS, text=text) for text in texts)
        return BookEntry(
            entry_id=evening, kind=EntryKind.LETTER, session_id=evening, lines=lines, written_at=at, changed_at=at
        )

    [(_, _, lines)] = letter_of([entry("two", "b", "a"), entry("one", "a")], ["one", "two"]).parts
    assert lines == ("a", "b")


def test_every_list_comes_first_in_some_week() -> None:
    first = {part for week in range(1, 8) for part in lists_of(week)}
    assert first == set(LISTS) - {LetterPart.OWN}
    assert lists_of(8) == lists_of(1)


def test_everything_chosen_and_every_own_line_at_its_longest_fits_into_one_entry() -> None:
    lines = read_choices(LISTS, dict.fromkeys(LISTS, "a" * 5000))
    assert len(lines) == sum(map(len, LISTS.values())) + len(LISTS)
    assert sum(len(line.text) for line in lines) <= ENTRY_MAX_CHARS


async def test_the_longest_entry_fits_through_the_form_whatever_its_letters(owner: Browser, town: Town) -> None:
    wave = "\N{WATER WAVE}" * ENTRY_MAX_CHARS
    await owner.send_form("/my/book/diary/write", text=wave)
    assert [entry.text for entry in town.shelf.books["m1"].values()] == [wave]


def test_the_longest_answer_fits_into_one_message_of_the_bus() -> None:
    wave, at = "\N{WATER WAVE}", datetime.fromisoformat("2026-11-24T19:00:00+00:00")
    entry = BookEntry(
        entry_id="e" * 64, kind=EntryKind.REFLECTION, session_id="s" * 64, step_id="t" * 64, asked="a" * 2000,
        text=wave * ENTRY_MAX_CHARS, written_at=at, changed_at=at,
    )  # fmt: skip
    prompt = Prompt(session_id="s" * 64, step_id="t" * 64, kind=EntryKind.REFLECTION, title="a" * 80, text="a" * 2000)
    view = BookView(
        begun=True, keeping=Keeping.A_YEAR, erase_at=at, sessions=(), prompts=(prompt,) * 60,
        entries=(entry,) * PAGE_ENTRIES, more=True,
    )  # fmt: skip
    assert len(view.model_dump_json().encode()) < 1024 * 1024


# ── whose it is ───────────────────────────────────────────────────────────────────────────────────────────────


def book_routes() -> list[tuple[str, str]]:
    """Every page and form of the book, as method and address."""
    routes = [route for part in (book.router, letter.router) for route in part.routes]
    found = [(method, route.path) for route in routes for method in route.methods]  # type: ignore[attr-defined]
    assert len(found) > 15
    return [(method, re.sub(r"\{\w+\}", "tonight-1", path)) for method, path in found]


@pytest.mark.parametrize("role", list(Role))
async def test_no_role_of_staff_reaches_any_page_or_wish_of_a_book(browser: Browser, town: Town, role: Role) -> None:
    town.enrol()
    town.staff["ruth"] = StaffView(staff_id="ruth", name="Ruth", roles=(role,), courses=tuple(town.courses))
    await sign_in_staff(browser, town)
    shown = await browser.get("/staff")
    csrf = re.findall(r'name="csrf" value="([^"]+)"', shown.text)[0]
    town.asked.clear()
    for method, path in book_routes():
        answer = await browser.request(method, path, data={"csrf": csrf, "text": "hm", "member_id": "m1"})
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/sign-in"), path
    assert [wish for wish in town.asked if wish.__module__ == "harbour.contracts.book"] == []


async def test_a_stranger_is_led_to_sign_in_first(browser: Browser) -> None:
    for path in PAGES:
        assert (await browser.get(path)).headers["location"].startswith("/sign-in?next=%2Fmy%2Fbook")


async def test_whatever_a_form_says_only_the_book_of_who_is_signed_in_is_asked_for(
    owner: Browser, other_browser: Browser, town: Town
) -> None:
    town.enrol("m2", contact="robin@example.org")
    await sign_in_member(other_browser, town, "robin@example.org")
    await owner.send_form("/my/book/diary/write", text=MARKED)
    [entry] = town.shelf.books["m1"]
    town.asked.clear()
    await other_browser.send_form("/my/book/diary/write", text="mine", member_id="m1")
    for path in (f"/my/book/diary/{entry}", f"/my/book/entry/{entry}/delete", "/my/book/diary"):
        shown = await other_browser.get(path, params={"member_id": "m1"}, follow_redirects=True)
        assert MARKED not in shown.text
    form = await other_browser.get("/my/book/delete")
    csrf = re.findall(r'name="csrf" value="([^"]+)"', form.text)[0]
    await other_browser.post(f"/my/book/entry/{entry}/delete", data={"csrf": csrf})
    assert {getattr(wish, "member_id", "") for wish in town.asked} == {"m2"}
    assert entry in town.shelf.books["m1"]


async def test_no_form_works_without_the_token_of_our_pages(owner: Browser, town: Town) -> None:
    await owner.send_form(WRITE, text=MARKED)
    town.asked.clear()
    for method, path in book_routes():
        if method == "POST":
            answer = await owner.post(path, data={"text": "hm", "keeping": "a-year", "know-own": "x"})
            assert answer.status_code == 403, path
    assert town.asked == []


async def test_who_is_not_known_any_more_is_signed_out_kindly(owner: Browser, town: Town) -> None:
    town.members.clear()
    shown = await owner.get("/my/book", follow_redirects=True)
    assert shown.url.path == "/"
    assert "harbour" not in owner.cookies


# ── what leaves the page ──────────────────────────────────────────────────────────────────────────────────────


async def every_page(owner: Browser) -> dict[str, httpx.Response]:
    """Every page of a book with something in it."""
    await owner.send_form(WRITE, text=MARKED)
    await owner.send_form("/my/book/diary/write", text=MARKED)
    await fill_in(owner, "/my/book/letter/evening/tonight-1", {"own-own": MARKED})
    return {path: await owner.get(path) for path in PAGES}


async def test_no_copy_is_kept_and_neither_tab_nor_address_tells(owner: Browser) -> None:
    for path, shown in (await every_page(owner)).items():
        assert shown.headers["cache-control"] == "no-store", path
        assert re.findall(r"<title>(.*?)</title>", shown.text) == ["Harbour"], path
        assert 'href="/exit" rel="noreferrer"' in shown.text, path
        fetched = re.findall(r'<(?:link|script|img)[^>]*(?:href|src)="([^"]*)"', shown.text)
        assert all(address.startswith("/static/") for address in fetched), path
        assert 'autocomplete="on"' not in shown.text, path


async def test_no_word_of_it_is_in_an_address_a_header_or_a_log(
    owner: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    pages = await every_page(owner)
    sent = await owner.send_form(WRITE, text=MARKED)
    for shown in (*pages.values(), sent):
        told = str(shown.url) + str(shown.headers) + str(shown.request.url) + str(shown.request.headers)
        assert MARKED.split()[1] not in told
    assert MARKED.split()[1] not in caplog.text


async def test_when_enrolment_is_away_the_page_says_so_kindly(owner: Browser, town: Town) -> None:
    town.silent = {"enrolment"}
    shown = await owner.get("/my/book")
    assert shown.status_code == 503
    assert "0800 1111" in shown.text


def test_no_script_of_the_book_keeps_anything_on_the_device() -> None:
    for name in ("book.js", "letter.js"):
        script = (STATIC / name).read_text()
        for store in ("localStorage", "sessionStorage", "indexedDB", "document.cookie", "caches.", "beforeunload"):
            assert store not in script
