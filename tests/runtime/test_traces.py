"""One trace from an ask through the outbox and the bus to the last handler; without an address nothing is traced."""

import itertools
import json
from collections.abc import Iterator

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from harbour.runtime import logs, outbox, telemetry
from harbour.runtime.asking import Asker
from harbour.runtime.rooms import Router, Says
from harbour.runtime.settings import RunSettings
from tests.runtime.test_delivery import settled
from tests.runtime.trial import Asked, Bus, Call, Echoed, Heard, on_trial, until


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """Where the spans of this test end up."""
    kept, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    monkeypatch.setattr(telemetry, "_tracer", provider.get_tracer("harbour"))
    yield kept
    provider.shutdown()


def passing_on() -> Router:
    """A room where an ask has consequences of consequences."""
    router = Router("tried")

    @router.answers(Call)
    async def call_out(wish: Call) -> Says:
        return [Heard(word=wish.word), Asked.after(wish)]

    @router.hears(Asked)
    async def pass_on(event: Asked) -> Says:
        return Echoed.after(event)

    @router.hears(Echoed)
    async def hear_last(event: Echoed) -> None: ...

    return router


CHAIN = ["ask tried.call-out", "tried-call_out", "tried-pass_on", "tried-hear_last"]


async def test_an_ask_and_all_that_follows_from_it_are_one_trace(
    bus: Bus, tried_database: str, spans: InMemorySpanExporter, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.start("tried")
    async with on_trial(bus, passing_on()):
        for word in ("one", "two"):
            await Asker(bus.nc)(Call(word=word))
        await until(lambda: len(spans.get_finished_spans()) == 8)
        await until(lambda: settled(bus, "tried-hear_last"))
    chains = by_trace(spans)
    assert len(chains) == 2
    for chain in chains.values():
        assert_one_follows_the_other(chain)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"handled"' in line]
    assert len(lines) == 6
    assert {line["trace"] for line in lines} == set(chains)


async def test_what_is_said_later_by_the_beat_still_belongs_to_its_trace(
    bus: Bus, lite: str, spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, failures = outbox.publish, [1]

    async def fail_once(*args: object, **more: object) -> None:
        if failures:
            failures.clear()
            raise TimeoutError
        await really(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(outbox, "publish", fail_once)
    monkeypatch.setattr(outbox.Postbox.__init__, "__defaults__", (0.1,))
    monkeypatch.setattr(outbox.Postbox.sweep, "__defaults__", (0.3,))
    async with on_trial(bus, passing_on()):
        await Asker(bus.nc)(Call(word="one"))
        await until(lambda: len(spans.get_finished_spans()) == 4)
    [chain] = by_trace(spans).values()
    assert_one_follows_the_other(chain)
    assert not failures


async def test_by_default_nothing_is_traced_and_no_header_says_otherwise(bus: Bus, lite: str) -> None:
    before = trace.get_tracer_provider()
    assert RunSettings().traces_url == ""
    telemetry.start("tried", RunSettings().traces_url)
    assert trace.get_tracer_provider() is before
    async with on_trial(bus, passing_on()):
        await Asker(bus.nc)(Call(word="one"))
        await until(bus.echoes)
    assert all("traceparent" not in one.headers for one in await bus.kept("TRIED"))


def by_trace(spans: InMemorySpanExporter) -> dict[str, list[ReadableSpan]]:
    """The spans of each trace, as they began."""
    found: dict[str, list[ReadableSpan]] = {}
    for span in sorted(spans.get_finished_spans(), key=lambda one: one.start_time or 0):
        assert span.context
        found.setdefault(f"{span.context.trace_id:032x}", []).append(span)
    return found


def assert_one_follows_the_other(chain: list[ReadableSpan]) -> None:
    """Each span has the one before as its parent, and the first has none."""
    assert [span.name for span in chain] == CHAIN
    assert chain[0].parent is None
    for earlier, later in itertools.pairwise(chain):
        assert later.parent
        assert earlier.context
        assert later.parent.span_id == earlier.context.span_id
