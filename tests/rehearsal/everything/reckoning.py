"""After the last act: what everybody was shown in all, what the bus keeps, and what is left on the desk."""

import asyncio
import json
from collections import Counter

from harbour.contracts.chat import MessagePosted
from harbour.contracts.safeguard import AlertRaised
from harbour.runtime.streams import streams
from tests.rehearsal.everything.cast import Evening
from tests.rehearsal.everything.looking_after import REASON
from tests.rehearsal.everything.page import Page, until
from tests.rehearsal.everything.together import OWN_WORDS

ALERTS = {
    ("Dune", "suicide_risk"),
    ("Ember", "contact_or_pii"),
    ("Fern", "contact_or_pii"),
    ("Birch", "self_harm"),
    ("Cedar", "“I need help now”"),
    ("Alder", "told us quietly"),
    ("Ember", "asked to step out"),
    ("Ember", "“I need help now”"),
}
"""Whom the desk hears of, and why: each once."""


async def reckon(evening: Evening) -> None:
    """Everybody was shown all that is theirs, once and in order, and nothing else."""
    await _every_number_was_shown_once_and_in_order(evening)
    for words, readers in evening.between.items():
        assert {page.name for page in (*evening.rooms, evening.desk) if page.has_read(words)} == readers, words
    await _what_was_for_ones_own_book_was_never_on_the_bus(evening)
    await _the_desk_hears_of_just_these_and_looks_after_them(evening)
    assert await evening.kept("DEAD") == []
    await asyncio.to_thread(_no_words_stand_in_logs_or_mails_and_those_of_a_book_nowhere, evening)


async def _every_number_was_shown_once_and_in_order(evening: Evening) -> None:
    posted = [one.client_id for one in await evening.facts(MessagePosted) if one.session_id == evening.session_id]
    assert len(posted) == len(set(posted))
    for page in evening.rooms:
        for line in page.lines:
            assert line == sorted(set(line)), page.name
        shown = [page.messages[number]["client_id"] for number in sorted(page.messages)]
        went = page in (evening.counsellor, evening.supervisor)
        assert shown == (posted[: len(shown)] if went else posted), page.name
        assert shown


async def _what_was_for_ones_own_book_was_never_on_the_bus(evening: Evening) -> None:
    for stream in streams():
        for one in await evening.kept(str(stream.name)):
            assert OWN_WORDS not in one.data.decode() + json.dumps(one.headers or {})


def _no_words_stand_in_logs_or_mails_and_those_of_a_book_nowhere(evening: Evening) -> None:
    said = {*evening.between, *(one["text"] for one in evening.worker.messages.values())} - {""}
    words = [one.encode() for one in said if " " in one]
    for file in [file for file in evening.state.rglob("*") if file.is_file()]:
        kept = file.read_bytes()
        assert OWN_WORDS.encode() not in kept, file
        if file.parent.name in ("log", "mailbox"):
            assert [one for one in words if one in kept] == [], file


async def _the_desk_hears_of_just_these_and_looks_after_them(evening: Evening) -> None:
    raised = Counter(one.alert_id for one in await evening.facts(AlertRaised, len(ALERTS)))
    desk = evening.desk
    await until(lambda: len(desk.queue["alerts"]) >= len(ALERTS), "the alerts on the desk's screen")
    shown = {one["alert_id"]: one for frame in desk.all("queue") for one in frame["alerts"]}
    ours = {alert_id: one for alert_id, one in shown.items() if one["session_id"] == evening.session_id}
    found = {(one["nickname"], _why(one)): alert_id for alert_id, one in ours.items()}
    assert found.keys() == ALERTS
    assert len(ours) == len(ALERTS)
    assert {raised[alert_id] for alert_id in ours} == {1}
    for (_, why), alert_id in found.items():
        await _is_looked_after(desk, alert_id, REASON if why == "asked to step out" else "")
        if ours[alert_id]["urgency"] in ("high", "immediate"):
            await _is_signed_off(evening.supervisor, alert_id)
    await until(lambda: not desk.queue["alerts"], "an empty desk")


def _why(alert: dict[str, object]) -> str:
    """Which of the reasons this alert has."""
    said = json.dumps(alert, ensure_ascii=False)
    return next((why for _, why in sorted(ALERTS, key=lambda one: "_" in one[1]) if why in said), said)


async def _is_looked_after(desk: Page, alert_id: str, words: str) -> None:
    """Taken on, opened, and closed with a note; its words are there only once it is opened."""
    page = f"/queue/{alert_id}"
    claimed = await desk.browser.fill_in(page, f"{page}/claim")
    assert not words or words not in claimed.text
    assert words in (await desk.browser.fill_in(page, f"{page}/open")).text
    closed = await desk.browser.fill_in(page, f"{page}/resolve", note="Looked after, with their counsellor.")
    assert closed.url.path == "/queue"


async def _is_signed_off(lead: Page, alert_id: str) -> None:
    """Agreed to by a second person, without whom it stays on the desk."""
    page = f"/queue/{alert_id}"
    signed = await lead.browser.fill_in(page, f"{page}/sign-off", word="agree", note="")
    assert signed.url.path == "/queue"
