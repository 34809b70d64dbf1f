"""What the rule bench remembers: drafts, trials, editions and lines. Every write may be repeated."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.contracts.closing import Outcome
from harbour.contracts.rule_bench import (
    Draft,
    EditionData,
    EditionView,
    HarmlessLine,
    ShadowView,
    Trial,
    TrialCounts,
    TrialMessage,
)
from harbour.contracts.safeguard import AlertState
from harbour.runtime.database import insert_once
from harbour.screening.drafting import Changed
from harbour.screening.editions import SHIPPED
from services.safeguard.bench.rules import OPEN, Brought, Kept
from services.safeguard.bench.tables import drafts, editions, harmless, hits, trials
from services.safeguard.closings import closings
from services.safeguard.model import Line
from services.safeguard.tables import alerts, heard

Place = tuple[str, str, str, str]
"""Where a trial has come to: session, author, moment, message."""
SHOWN_MOST = 200
_CHANGE = (hits.c.was.label("now"), hits.c.becomes.label("then"))


class Drafts:
    """The drafts, each with its last trial and what was found in shadow."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def put(self, kept: Kept) -> None:
        """Keep a draft as it stands."""
        values = _draft_values(kept)
        if not await insert_once(self.tx, drafts, values):
            await self.tx.execute(update(drafts).where(drafts.c.draft_id == values.pop("draft_id")).values(values))

    async def hold(self, draft_id: str) -> Kept | None:
        """A draft, held until this transaction ends."""
        return await self._one(select(drafts).where(drafts.c.draft_id == draft_id).with_for_update())

    async def find(self, draft_id: str) -> Kept | None:
        """A draft."""
        return await self._one(select(drafts).where(drafts.c.draft_id == draft_id))

    async def open(self) -> list[Draft]:
        """Those that are still to be decided, the newest first."""
        query = select(drafts).where(drafts.c.state.in_(OPEN)).order_by(drafts.c.changed_at.desc())
        return [(await self._kept(row)).draft for row in (await self.tx.execute(query)).mappings().all()]

    async def in_shadow(self) -> list[tuple[str, str, datetime]]:
        """The id, hash and beginning of each draft that is judged in shadow."""
        query = select(drafts.c.draft_id, drafts.c.text_hash, drafts.c.shadow_since)
        rows = await self.tx.execute(query.where(drafts.c.shadow_since.is_not(None), drafts.c.state.in_(OPEN)))
        return [(row.draft_id, row.text_hash, row.shadow_since) for row in rows]

    async def _one(self, query: Select[Any]) -> Kept | None:
        row = (await self.tx.execute(query)).mappings().first()
        return await self._kept(row) if row else None

    async def _kept(self, row: Mapping[Any, Any]) -> Kept:
        trial = await Trials(self.tx).last(row["draft_id"])
        shadow = await self._shadow(row["draft_id"], row["shadow_since"])
        draft = Draft.model_validate({**row, "author_id": row["authors"][-1], "trial": trial, "shadow": shadow})
        return Kept(
            draft, tuple(row["authors"]), row["proposed_by"], bool(row["proposed_by_lead"]), row["decided_with"]
        )

    async def _shadow(self, draft_id: str, since: datetime | None) -> ShadowView | None:
        if since is None:
            return None
        query = select(func.count()).select_from(heard).where(heard.c.at >= since, heard.c.speaker == "member")
        judged = int((await self.tx.execute(query)).scalar_one())
        return ShadowView(since=since, judged=judged, counts=await Trials(self.tx).counts(draft_id))


class Trials:
    """The trials, and the messages of which a draft would make something else."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def begin(self, trial: Trial) -> bool:
        """Keep a trial that begins. False where it has."""
        values = trial.model_dump(exclude={"counts", "lines_changed", "labelled", "faults"})
        return await insert_once(self.tx, trials, {**values, "upto": [], "lines_changed": [], "faults": []})

    async def find(self, trial_id: str) -> tuple[Trial, Place | None] | None:
        """A trial, and where it has come to."""
        row = (await self.tx.execute(select(trials).where(trials.c.trial_id == trial_id))).mappings().first()
        return (await self._trial(row), tuple(row["upto"]) or None) if row else None

    async def last(self, draft_id: str) -> Trial | None:
        """The last trial of a draft."""
        query = select(trials).where(trials.c.draft_id == draft_id).order_by(trials.c.started_at.desc()).limit(1)
        row = (await self.tx.execute(query)).mappings().first()
        return await self._trial(row) if row else None

    async def note_lines(self, trial: Trial) -> None:
        """Keep what the development lines showed."""
        changed = [one.model_dump(mode="json") for one in trial.lines_changed]
        faults = [one.model_dump(mode="json") for one in trial.faults]
        await self._change(trial, lines=trial.lines, lines_changed=changed, faults=faults)

    async def note_rows(self, trial: Trial) -> None:
        """Keep what the labelled rows showed."""
        await self._change(trial, labelled=trial.labelled.model_dump(mode="json") if trial.labelled else None)

    async def go_on(self, trial: Trial, before: int, upto: Place | None) -> None:
        """Keep how far it has come, unless another copy has brought it on meanwhile."""
        values = {"done": trial.done, "before_us": trial.before_us, "after_us": trial.after_us}
        mine = and_(trials.c.trial_id == trial.trial_id, trials.c.done == before, trials.c.ended_at.is_(None))
        await self.tx.execute(update(trials).where(mine).values(**values, upto=list(upto or ())))

    async def end(self, trial: Trial, at: datetime) -> None:
        """It has seen everything, or there is nothing left to see it for."""
        await self._change(trial, ended_at=at)

    async def keep_hit(self, of: str, message_id: str, changed: Changed, at: datetime) -> None:
        """Keep that a draft would make something else of a message, once."""
        row = {"found_by": of, "message_id": message_id, "what": changed.what, "at": at}
        await insert_once(self.tx, hits, {**row, "was": changed.now, "becomes": changed.then})

    async def forget(self, of: str) -> None:
        """Begin anew to count for this draft."""
        await self.tx.execute(hits.delete().where(hits.c.found_by == of))

    async def forget_before(self, moment: datetime) -> None:
        """Forget with the messages themselves which they were."""
        await self.tx.execute(hits.delete().where(hits.c.at < moment))

    async def counts(self, of: str) -> TrialCounts:
        """How many messages of each kind were found."""
        rows = await self.tx.execute(
            select(hits.c.what, func.count().label("many")).where(hits.c.found_by == of).group_by(hits.c.what)
        )
        return TrialCounts.model_validate({row.what: row.many for row in rows})

    async def messages(self, of: str, what: str) -> list[TrialMessage]:
        """Those messages, as far as they are kept, the newest first."""
        joined = hits.join(heard, heard.c.message_id == hits.c.message_id)
        query = select(hits.c.what, *_CHANGE, hits.c.message_id, heard.c.at, heard.c.text)
        query = query.select_from(joined).where(hits.c.found_by == of, *([hits.c.what == what] if what else []))
        rows = await self.tx.execute(query.order_by(heard.c.at.desc()).limit(SHOWN_MOST))
        return [TrialMessage.model_validate(dict(row)) for row in rows.mappings()]

    async def going_on(self, since: datetime) -> list[str]:
        """The trials that began before this moment and are not over."""
        query = select(trials.c.trial_id).where(trials.c.ended_at.is_(None), trials.c.started_at < since)
        return list((await self.tx.execute(query)).scalars())

    async def how_many(self, until: datetime) -> int:
        """How many messages of young people there are from before this moment."""
        query = select(func.count()).select_from(heard).where(heard.c.speaker == "member", heard.c.at < until)
        return int((await self.tx.execute(query)).scalar_one())

    async def batch(self, after: Place | None, until: datetime, most: int) -> list[Line]:
        """The next messages of young people, author by author, each in the order of its author."""
        order = (heard.c.session_id, heard.c.member_id, heard.c.at, heard.c.message_id)
        query = select(heard).where(heard.c.speaker == "member", heard.c.at < until)
        if after:
            session, member, at, message = after
            query = query.where(tuple_(*order) > tuple_(session, member, datetime.fromisoformat(at), message))
        rows = await self.tx.execute(query.order_by(*order).limit(most))
        return [Line(**row) for row in rows.mappings()]

    async def _change(self, trial: Trial, **values: Any) -> None:
        await self.tx.execute(update(trials).where(trials.c.trial_id == trial.trial_id).values(**values))

    async def _trial(self, row: Mapping[Any, Any]) -> Trial:
        return Trial.model_validate({**row, "counts": await self.counts(row["trial_id"])})


def place_of(line: Line) -> Place:
    """Where a message stands in the order of a trial."""
    return line.session_id, line.member_id, line.at.isoformat(), line.message_id


class EditionBook:
    """What was published."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def newest(self) -> EditionData:
        """The edition in force; the shipped rules where nothing was published."""
        row = (await self.tx.execute(select(editions).order_by(editions.c.number.desc()).limit(1))).mappings().first()
        return EditionData.model_validate(dict(row)) if row else SHIPPED

    async def find(self, number: int) -> EditionData | None:
        """One edition."""
        if not number:
            return SHIPPED
        row = (await self.tx.execute(select(editions).where(editions.c.number == number))).mappings().first()
        return EditionData.model_validate(dict(row)) if row else None

    async def behind(self, draft: Draft) -> EditionData | None:
        """The edition that a draft goes back to; None where it goes back to none."""
        return await self.find(draft.restores) if draft.restores is not None else None

    async def made_by(self, cause: str) -> int | None:
        """The edition that this wish has published, if it has."""
        return (await self.tx.execute(select(editions.c.number).where(editions.c.cause == cause))).scalar_one_or_none()

    async def publish(self, data: EditionData, view: EditionView, cause: str) -> bool:
        """Keep an edition. False where its number is taken."""
        about = view.model_dump(include={"version", "published_at", "author", "approver", "reason", "said", "what"})
        content = {**data.model_dump(mode="json"), **about, "restores": view.restores, "cause": cause}
        return await insert_once(self.tx, editions, content)

    async def views(self) -> list[EditionView]:
        """Every edition, the newest first."""
        rows = (await self.tx.execute(select(editions).order_by(editions.c.number.desc()))).mappings()
        return [EditionView.model_validate(dict(row)) for row in rows]

    async def published_at(self, number: int) -> datetime | None:
        """When an edition was published."""
        query = select(editions.c.published_at).where(editions.c.number == number)
        return (await self.tx.execute(query)).scalar_one_or_none()


class Harmless:
    """Harmless lines that people typed after a false alarm."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def add(self, line: HarmlessLine, alert_id: str, staff_id: str) -> None:
        """Keep a line, once."""
        row = {**line.model_dump(), "rules": list(line.rules), "alert_id": alert_id, "staff_id": staff_id}
        await insert_once(self.tx, harmless, row)

    async def drop(self, line_id: str, at: datetime) -> HarmlessLine | None:
        """Take a line out; None where there is none."""
        row = (await self.tx.execute(select(harmless).where(harmless.c.line_id == line_id))).mappings().first()
        await self.tx.execute(update(harmless).where(harmless.c.line_id == line_id).values(dropped_at=at))
        return HarmlessLine.model_validate(dict(row)) if row else None

    async def all(self, alert_id: str = "") -> list[HarmlessLine]:
        """Every line, the newest first."""
        query = select(harmless).where(harmless.c.dropped_at.is_(None))
        if alert_id:
            query = query.where(harmless.c.alert_id == alert_id)
        rows = await self.tx.execute(query.order_by(harmless.c.at.desc()))
        return [HarmlessLine.model_validate(dict(row)) for row in rows.mappings()]


class Brings:
    """What rules brought up, and what became of it."""

    def __init__(self, tx: AsyncConnection) -> None:
        self.tx = tx

    async def since(self, moment: datetime) -> list[Brought]:
        """Every alert from this moment on."""
        rows = await self.tx.execute(_OUTCOMES.where(alerts.c.raised_at >= moment))
        return [
            Brought(
                at=row.raised_at,
                rules=tuple(dict.fromkeys(str(one["rule"]) for one in row.reasons)),
                false_alarm=row.outcome == Outcome.FALSE_ALARM and row.state == AlertState.RESOLVED,
            )
            for row in rows
        ]

    async def outcome(self, alert_id: str) -> Outcome | None:
        """How an alert was closed; None where it is not."""
        row = (await self.tx.execute(_OUTCOMES.where(alerts.c.alert_id == alert_id))).one_or_none()
        return Outcome(row.outcome) if row and row.outcome and row.state == AlertState.RESOLVED else None


_SPEAKER = alerts.alias()
"""The alert that speaks for another: what became of the one became of both."""
_OUTCOMES = select(
    alerts.c.raised_at,
    alerts.c.reasons,
    func.coalesce(_SPEAKER.c.state, alerts.c.state).label("state"),
    closings.c.outcome,
).select_from(
    alerts.outerjoin(_SPEAKER, _SPEAKER.c.alert_id == alerts.c.merged_into).outerjoin(
        closings, closings.c.closing_id == func.coalesce(_SPEAKER.c.resolved_with, alerts.c.resolved_with)
    )
)


def _draft_values(kept: Kept) -> dict[str, Any]:
    draft = kept.draft
    plain = draft.model_dump(mode="python", exclude={"author_id", "trial", "shadow", "rule", "kind", "state"})
    return {
        **plain,
        "kind": str(draft.kind),
        "state": str(draft.state),
        "rule": draft.rule.model_dump(mode="json") if draft.rule else None,
        "authors": list(kept.authors),
        "proposed_by": kept.proposed_by,
        "proposed_by_lead": kept.proposed_by_lead,
        "decided_with": kept.decided_with,
        "shadow_since": draft.shadow.since if draft.shadow else None,
    }
