"""What browsers say was on their screens, gathered over all sockets of this gateway and told to chat in batches."""

import asyncio
from collections.abc import Callable, Iterable

import structlog

from harbour.contracts.chat import RecordShown, ShownRun
from harbour.runtime.asking import Asker, Unavailable

log = structlog.get_logger("gateway.exposure")

Run = tuple[int, int]
"""The first and the last number of messages that stand side by side in the log and were all seen."""

RUNS_MAX = 200
"""More runs than this of one person in one batch is no reading of a log; the rest is not kept."""
BATCH_MAX = 500
SEATS_MAX = 20_000
"""As many people as one copy keeps runs of while chat does not answer; they say it again when they come back."""


def merged(runs: Iterable[Run]) -> list[Run]:
    """The same messages in as few runs as they overlap to."""
    found: list[Run] = []
    for first, upto in sorted(runs):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], upto))
        else:
            found.append((first, upto))
    return found


class Exposure:
    """Gathers what was seen, and tells it once every few seconds, however many sockets there are.

    Nothing is lost for good: what chat did not take is told again, and a browser says all it has seen once more when
    it comes back from a gateway that died.
    """

    def __init__(self, ask: Asker, *, every_seconds: float = 2.0) -> None:
        self._ask, self._every_seconds = ask, every_seconds
        self._runs: dict[tuple[str, str], list[Run]] = {}

    def note(self, session_id: str, person_id: str, run: Run) -> None:
        """These messages were on this person's screen."""
        known = self._runs.get((session_id, person_id), [])
        runs = merged([*known, run])
        if len(runs) > RUNS_MAX or (not known and len(self._runs) >= SEATS_MAX):
            log.warning("more was seen than can be kept", session=session_id)
            return
        self._runs[session_id, person_id] = runs

    async def keep_telling(self) -> None:
        """Tell on a beat, for as long as the process runs."""
        while True:
            await asyncio.sleep(self._every_seconds)
            await self.tell()

    async def tell(self) -> None:
        """Tell chat what there is; what it does not take now waits for the next time."""
        taken, self._runs = self._runs, {}
        waiting = [
            ShownRun(session_id=session_id, person_id=person_id, first=first, upto=upto)
            for (session_id, person_id), runs in taken.items()
            for first, upto in runs
        ]
        for start in range(0, len(waiting), BATCH_MAX):
            batch = tuple(waiting[start : start + BATCH_MAX])
            try:
                await self._ask(RecordShown(runs=batch))
            except Unavailable:
                for run in batch:
                    self.note(run.session_id, run.person_id, (run.first, run.upto))


def seen_run(first: int, upto: int, given: Callable[[int], bool]) -> Run | None:
    """What a browser says it has shown, where it can be true: both ends were given to it."""
    first = first or upto
    return (first, upto) if first <= upto and given(first) and given(upto) else None
