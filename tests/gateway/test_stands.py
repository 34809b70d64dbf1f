"""A page of the desk knows how what it shows stood, and the line of the queue says how that stands now."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from harbour.contracts.cases import ListCases
from harbour.contracts.envelope import AgreeEnvelope, ReadEnvelopes
from services.gateway.stands import stands
from services.safeguard import judging
from tests.gateway.desk import DeskPages, desk_pages, press
from tests.safeguard.people import judge_by_words


@pytest.fixture
async def desk(tmp_path: Path, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DeskPages]:
    """The pages of the desk; harmless words stand for what worries an adult."""
    monkeypatch.setattr(judging, "judge", judge_by_words)
    async with desk_pages(tmp_path, redis) as pages:
        yield pages


async def now(desk: DeskPages) -> dict[str, str]:
    """What the line of the queue says now."""
    envelopes = (await desk.stage.asks(ReadEnvelopes(staff_id="lou"))).envelopes
    return stands(envelopes, (await desk.stage.asks(ListCases(staff_id="lou"))).cases)


def stood(text: str) -> dict[str, str]:
    """What a page knows of how things stood."""
    return dict(re.findall(r'data-of="([^"]+)" data-stood="([^"]*)" hidden', text))


async def test_a_page_of_cases_has_grown_old_once_a_colleague_writes_into_one(desk: DeskPages) -> None:
    alert_id = await desk.alert("quince")
    async with await desk.somebody("ada") as ada, await desk.somebody("bea") as bea:
        case = await press(ada, await ada.get(f"/queue/{alert_id}"), f"/queue/{alert_id}/case")
        listed = stood((await ada.get("/cases")).text)
        assert stood(case.text).items() <= (await now(desk)).items()
        assert listed.items() <= (await now(desk)).items()
        assert {*stood(case.text), *listed} == {f"case:{case.url.path.rsplit('/')[-1]}", "cases"}
        theirs = await bea.get(case.url.path)
        assert stood(theirs.text) == stood(case.text), "reading changes nothing"
        said = {"kind": "discussion", "discussion-words": "Ring tonight?"}
        form = theirs.text.split('name="csrf" value="')[1].split('"')[0]
        await bea.post(f"{case.url.path}/entry", data={"csrf": form, **said})
        for old in (stood(case.text), listed):
            assert not old.items() & (await now(desk)).items()
        assert stood((await ada.get(case.url.path)).text).items() <= (await now(desk)).items()


async def test_a_page_of_contact_details_has_grown_old_once_a_colleague_answers(desk: DeskPages) -> None:
    at = f"/queue/{await desk.alert('quince')}"
    async with await desk.somebody("ada") as ada, await desk.somebody("bea") as bea:
        before = await ada.get(at)
        queue = stood((await bea.get("/queue")).text)
        asked = await press(ada, before, f"{at}/envelope", do="ask", why="not-reached", **{"envelope-reason": "Gone."})
        for old in (stood(before.text), queue):
            assert not old.items() & (await now(desk)).items()
        envelope, grant_id = asked.text, asked.url.path.rsplit("/")[-1]
        shown = {
            **stood(envelope),
            **stood((await bea.get("/envelopes")).text),
            **stood((await bea.get("/queue")).text),
        }
        assert shown.keys() == {f"envelope:{grant_id}", "envelopes", "waiting"}
        assert shown.items() <= (await now(desk)).items()
        await desk.stage.asks(AgreeEnvelope(grant_id=grant_id, staff_id="bea", agree=True))
        assert not shown.items() & (await now(desk)).items()
