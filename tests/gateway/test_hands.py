"""The pages of an alert in somebody's hands, in front of a real safeguard: nothing here needs a script."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.safeguard import judging
from tests.gateway.desk import DeskPages, desk_pages, press, words
from tests.safeguard.people import judge_by_words


@pytest.fixture
async def desk(tmp_path: Path, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DeskPages]:
    """The pages of the desk; harmless words stand for what worries an adult."""
    monkeypatch.setattr(judging, "judge", judge_by_words)
    async with desk_pages(tmp_path, redis) as pages:
        yield pages


async def test_an_alert_is_handed_to_a_colleague_who_takes_it_over(desk: DeskPages) -> None:
    alert_id = await desk.alert("quince")
    at = f"/queue/{alert_id}"
    async with await desk.somebody("ada") as ada, await desk.somebody("bea") as bea:
        mine = await press(ada, await ada.get(at), f"{at}/claim")
        assert "You have this one." in words(mine)
        kept = await press(ada, mine, f"{at}/offer", **{"offer-to": "", "offer-note": "She is with Sam."})
        assert (kept.status_code, "Choose a colleague who answers alerts." in words(kept)) == (422, True)
        assert "She is with Sam." in kept.text
        offered = await press(ada, kept, f"{at}/offer", **{"offer-to": "bea", "offer-note": "She is with Sam."})
        assert "Offered to Bea, who has not answered yet. Until they do, it stays with you." in words(offered)
        assert "offered to you" in words(await bea.get("/queue?state=for-me"))
        taken = await press(bea, await bea.get(at), f"{at}/offer/answer", answer="yes")
        assert "You have this one." in words(taken)
        assert "Bea has this one." in words(await ada.get(at))


async def test_a_colleague_says_what_they_think_and_the_owner_stays(desk: DeskPages) -> None:
    at = f"/queue/{await desk.alert('quince')}"
    async with await desk.somebody("ada") as ada, await desk.somebody("bea") as bea:
        mine = await press(ada, await ada.get(at), f"{at}/claim")
        await press(ada, mine, f"{at}/ask", **{"ask-to": "bea", "ask-note": "Ring tonight?"})
        asked = await bea.get(at)
        assert "Ring tonight?" in words(asked)
        empty = await press(bea, asked, f"{at}/opinion", **{"opinion-note": ""})
        assert empty.status_code == 422
        await press(bea, empty, f"{at}/opinion", **{"opinion-note": "I would."})
        now_ = words(await ada.get(at))
        assert "I would." in now_
        assert "You have this one." in now_


async def test_several_alerts_of_one_young_person_become_one(desk: DeskPages) -> None:
    low, high = await desk.alert("pear"), await desk.alert("quince")
    at = f"/queue/{low}"
    async with await desk.somebody("ada") as ada:
        mine = await press(ada, await ada.get(at), f"{at}/claim")
        nothing = await press(ada, mine, f"{at}/merge")
        assert "Choose at least one other alert." in words(nothing)
        lead = await press(ada, nothing, f"{at}/merge", other=[high])
        assert lead.url.path == f"/queue/{high}"
        assert "It speaks for 1 more of Robin’s" in words(lead)
        assert "Another alert of Robin speaks for this one." in words(await ada.get(at))
        assert "and 1 more of theirs" in words(await ada.get("/queue"))


async def test_earlier_alerts_of_a_person_are_listed_and_lead_to_their_pages(desk: DeskPages) -> None:
    earlier, later = await desk.alert("plum", session="s0"), await desk.alert("quince")
    async with await desk.somebody("ada") as ada:
        shown = await ada.get(f"/queue/{later}")
        assert "Other alerts of Robin (1)" in words(shown)
        assert f'href="/queue/{earlier}"' in shown.text


async def test_whoever_loads_a_page_of_the_desk_is_at_work(desk: DeskPages) -> None:
    at = f"/queue/{await desk.alert('quince')}"
    async with await desk.somebody("ada") as ada:
        mine = await press(ada, await ada.get(at), f"{at}/claim")
        assert (await press(ada, mine, "/queue/here")).status_code == 204
        assert "You have this one." in words(await press(ada, mine, f"{at}/stay"))
        assert (await ada.post("/queue/here")).status_code == 403


async def test_the_address_says_what_of_the_queue_is_shown(desk: DeskPages) -> None:
    high, low = await desk.alert("quince"), await desk.alert("pear", member="wren")
    async with await desk.somebody("ada") as ada:
        await press(ada, await ada.get(f"/queue/{low}"), f"/queue/{low}/claim")
        shows = {
            "": {high, low},
            "?urgency=high": {high},
            "?state=mine": {low},
            "?state=waiting&urgency=low": set(),
            "?urgency=unheard-of": {high, low},
            "?evening=s1": {high, low},
            "?evening=s9": set(),
        }
        for query, expected in shows.items():
            shown = (await ada.get(f"/queue{query}")).text
            assert {one for one in (high, low) if f'data-alert="{one}"' in shown} == expected, query
        assert "Nothing on the queue is like that just now." in words(await ada.get("/queue?evening=s9"))


async def test_none_of_it_is_for_anybody_who_answers_no_alerts(desk: DeskPages) -> None:
    at = f"/queue/{await desk.alert('quince')}"
    async with await desk.somebody("cas") as cas:
        for path in ("/queue/here", *(f"{at}/{deed}" for deed in ("stay", "offer", "offer/answer", "ask", "merge"))):
            answer = await cas.post(path, data={"csrf": desk.csrf["cas"]})
            assert (answer.status_code, "token" in answer.text) == (403, False)


async def test_a_name_that_cannot_be_one_is_nobodys(desk: DeskPages) -> None:
    at = f"/queue/{await desk.alert('quince')}"
    async with await desk.somebody("ada") as ada:
        mine = await press(ada, await ada.get(at), f"{at}/claim")
        offered = await press(ada, mine, f"{at}/offer", **{"offer-to": "é", "offer-note": "Tonight."})
        assert (offered.status_code, "Choose a colleague who answers alerts." in words(offered)) == (422, True)
        other = {"csrf": desk.csrf["ada"], "other": ["é", "a b"]}
        merged = await ada.post(f"{at}/merge", data=other)
        assert merged.status_code == 404


async def test_what_was_written_about_an_alert_that_went_on_is_never_lost(desk: DeskPages) -> None:
    at = f"/queue/{await desk.alert('quince')}"
    async with await desk.somebody("ada") as ada, await desk.somebody("lou") as lou:
        mine = await press(ada, await ada.get(at), f"{at}/claim")
        await press(ada, mine, f"{at}/offer", **{"offer-to": "lou", "offer-note": "Yours?"})
        await press(lou, await lou.get(at), f"{at}/offer/answer", answer="yes")
        for form, answers in (
            ("resolve", {"outcome": "done", "note": "Rang at nine."}),
            ("offer", {"offer-to": "bea", "offer-note": "Rang at nine."}),
            ("ask", {"ask-to": "bea", "ask-note": "Rang at nine."}),
        ):
            kept = await press(ada, mine, f"{at}/{form}", **answers)
            assert (kept.status_code, "This was not added" in words(kept)) == (409, True), form
            assert "Rang at nine." in words(kept), form
        assert "Lou has this one." in words(kept)


async def test_closing_by_two_presses_loses_and_says_nothing(desk: DeskPages) -> None:
    at = f"/queue/{await desk.alert('quince')}"
    async with await desk.somebody("ada") as ada:
        mine = await press(ada, await ada.get(at), f"{at}/claim")
        for _ in range(2):
            gone = await press(ada, mine, f"{at}/resolve", outcome="done", note="They are safe.")
            assert (gone.status_code, gone.url.path) == (200, "/queue")
