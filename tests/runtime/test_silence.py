"""What people write stands in no log, no dead letter, no metric and no span, whatever goes wrong."""

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import generate_latest

from harbour.runtime import logs, telemetry
from harbour.runtime.asking import Asker, Unavailable
from harbour.runtime.delivery import NotYet, Rejected
from harbour.runtime.rooms import Router
from tests.runtime.test_delivery import settled
from tests.runtime.trial import Asked, Bus, Call, on_trial, until

MARKED = "the-heron-stood-in-the-rain"


async def test_promise_11_a_marked_sentence_is_found_nowhere_after_every_kind_of_fault(
    bus: Bus, lite: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr(telemetry, "_tracer", provider.get_tracer("harbour"))
    logs.start("tried", "DEBUG")
    router = Router("tried")
    waited: list[int] = []

    @router.hears(Asked)
    async def fault(event: Asked) -> None:
        if event.word == "wait" and not waited:
            waited.append(1)
            raise NotYet("later", delay=0.05)
        if event.word == "reject":
            raise Rejected("never")
        if event.word == "break":
            raise ValueError(event.text)

    @router.answers(Call)
    async def call_out(wish: Call) -> None:
        raise ValueError(wish.text)

    async with on_trial(bus, router):
        await bus.say(*(Asked(word=word, text=MARKED) for word in ("fine", "wait", "reject", "break")))
        headers = Asked(word="odd").headers("tried")
        await bus.js.publish("tried.was-asked.odd", MARKED.encode(), stream="TRIED", headers=headers)
        with pytest.raises(Unavailable) as unavailable:
            await Asker(bus.nc)(Call(word="one", text=MARKED))
        await until(lambda: settled(bus, "tried-fault"))
    said = capsys.readouterr()
    dead = [f"{one.data!r}{one.headers}" for one in await bus.kept("DEAD")]
    traced = [one.to_json() for one in spans.get_finished_spans()]
    assert len(dead) == 3
    assert len(traced) >= 5
    assert said.out.count("handled") >= 8
    for place in (said.out, said.err, *dead, *traced, generate_latest().decode(), str(unavailable.value)):
        assert MARKED not in place
    assert trace.get_tracer_provider() is not provider
