"""The second act: words, and what becomes of those that an adult reads first."""

from typing import Any

from harbour.rehearsal.lines import CONTACTS, WORRYING
from tests.rehearsal.everything.cast import Evening
from tests.rehearsal.everything.page import Page, until

KIND = "Thank you for wanting to keep in touch. Could you say it without a number?"
ASKED, ANSWERED = WORRYING[4], "I’m so glad you told us. I’m with you."


async def talk(evening: Evening) -> None:
    """Everything that can be said, and who hears it."""
    first = await _words_a_reply_and_reactions(evening)
    await _a_message_is_held_and_said_another_way(evening)
    await _a_message_is_held_and_released(evening)
    await evening.all_see(await evening["Dune"].say(WORRYING[0]))
    await _a_private_word_goes_both_ways(evening)
    await _somebody_needs_help_now(evening)
    await _somebody_quietly_reports(evening, first)


async def _words_a_reply_and_reactions(evening: Evening) -> int:
    first = await evening["Alder"].say("hi everyone")
    await evening.all_see(first)
    answer = await evening["Birch"].say("hi Alder, good to see you", reply=first)
    await evening.all_see(answer)
    assert {page.messages[answer]["in_reply_to"] for page in evening.present} == {first}
    assert {page.messages[first]["text"] for page in evening.present} == {"hi everyone"}
    cedar = evening["Cedar"]
    for reaction, counts in (("with-you", {"with-you": 1}), ("me-too", {"me-too": 1}), (None, {})):
        await cedar.do("react", number=first, reaction=reaction)
        for page in evening.present:
            shown = await page.shown("reactions", number=first, counts=counts)
            assert shown["mine"] == ((reaction or "") if page is cedar else None)
            assert shown["who"] == ({cedar.person_id: reaction or ""} if page in evening.leaders else {})
    return first


async def _a_message_is_held_and_said_another_way(evening: Evening) -> None:
    ember, (counsellor, _) = evening["Ember"], evening.leaders
    held = await is_held(evening, ember, CONTACTS[0])
    await counsellor.do("decline", held_id=held["held_id"], words=KIND, rephrase=True)
    back = await ember.shown("declined", held_id=held["held_id"])
    assert (back["words"], back["rephrase"], back["name"]) == (evening.keep(KIND, ember), True, "Counsellor 1")
    for adult in evening.leaders:
        await adult.shown("decided", held_id=held["held_id"], state="declined")
    await evening.all_see(await ember.say("I’d like to keep in touch with you all in here"))


async def _a_message_is_held_and_released(evening: Evening) -> None:
    held = await is_held(evening, evening["Fern"], CONTACTS[2])
    await release(evening, evening["Fern"], held)


async def is_held(evening: Evening, writer: Page, words: str) -> dict[str, Any]:
    """Somebody's words wait for an adult, and nobody but the adults and they themselves know of it."""
    evening.keep(words, writer, *evening.leading, *(page for page in [evening.supervisor] if page.is_open))
    client_id = writer.name_it()
    await writer.do("say", client_id=client_id, text=words)
    held = await writer.shown("held", client_id=client_id)
    for adult in evening.leading:
        assert (await adult.shown("waiting", held_id=held["held_id"]))["text"] == words
    return {**held, "words": words}


async def release(evening: Evening, writer: Page, held: dict[str, Any]) -> int:
    """An adult lets everybody read it, under one number; until then nobody else did."""
    others = [page for page in evening.young.values() if page is not writer]
    assert not any(page.has_read(held["words"]) for page in others)
    await evening.worker.do("release", held_id=held["held_id"])
    for adult in evening.leading:
        await adult.shown("decided", held_id=held["held_id"], state="released")
    await until(
        lambda: [n for n, one in writer.messages.items() if one["client_id"] == held["client_id"]],
        f"{writer.name} sees their own words in the room",
    )
    number = max(n for n, one in writer.messages.items() if one["client_id"] == held["client_id"])
    await evening.all_see(number)
    evening.keep(held["words"], *evening.readers)
    return number


async def _a_private_word_goes_both_ways(evening: Evening) -> None:
    birch, (counsellor, worker) = evening["Birch"], evening.leaders
    thread = (birch, counsellor, worker)
    for words in (ASKED, ANSWERED):
        evening.keep(words, *thread, evening.stand_in)
    await birch.do("whisper", client_id=birch.name_it(), member_id="", text=ASKED)
    for page in thread:
        asked = await page.shown("private", text=ASKED)
        assert (asked["by_adult"], asked["nickname"]) == (False, "Birch")
    await worker.do("whisper", client_id=worker.name_it(), member_id=birch.person_id, text=ANSWERED)
    for page in thread:
        answered = await page.shown("private", text=ANSWERED)
        assert (answered["by_adult"], answered["member_id"]) == (True, birch.person_id)


async def _somebody_needs_help_now(evening: Evening) -> None:
    cedar, (counsellor, worker) = evening["Cedar"], evening.leaders
    for _ in range(2):  # pressed again before anybody came: the same call
        await cedar.do("ask-help")
    await cedar.is_heard()
    call = await worker.shown("help", person_id=cedar.person_id)
    assert call["answered_by"] == ""
    await counsellor.do("be-with", help_id=call["help_id"])
    for page in (cedar, counsellor, worker):
        await page.shown("help", help_id=call["help_id"], answered_by="Counsellor 1")
        assert {frame["help_id"] for frame in page.all("help")} == {call["help_id"]}


async def _somebody_quietly_reports(evening: Evening, number: int) -> None:
    dune = evening["Dune"]
    await dune.do("report", number=number, about="worried")
    await dune.shown("thanked", number=number)
    for adult in evening.leaders:
        told = await adult.shown("reported", number=number)
        assert (told["nickname"], told["author"], told["about"]) == ("Dune", "Alder", "worried")
