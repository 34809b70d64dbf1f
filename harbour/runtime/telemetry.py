"""Spans from the browser's request through the bus to the last handler, and the metrics of delivery."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.propagate import extract, inject
from opentelemetry.trace import SpanKind
from prometheus_client import Counter, Histogram

HANDLED = Counter("harbour_handled_total", "Messages handled, by what became of them.", ["handler", "outcome"])
SECONDS = Histogram("harbour_handling_seconds", "Seconds from a message's arrival to its settling.", ["handler"])
_tracer = trace.get_tracer("harbour")


def start(service: str, traces_url: str) -> None:
    """Export spans to an OTLP address; without one nothing leaves the process."""
    if not traces_url:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": f"harbour-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=traces_url)))
    trace.set_tracer_provider(provider)


def carried() -> dict[str, str]:
    """The headers that carry the present span to whoever hears this."""
    headers: dict[str, str] = {}
    inject(headers)
    return headers


@contextmanager
def span(name: str, headers: Mapping[str, str] | None = None, *, asked: bool = False) -> Iterator[str]:
    """A span that follows the one in these headers; gives the trace id, or an empty text where nothing is traced."""
    kind = SpanKind.SERVER if asked else SpanKind.CONSUMER
    context = extract(dict(headers)) if headers else None
    with _tracer.start_as_current_span(
        name, context=context, kind=kind, record_exception=False, set_status_on_exception=False
    ) as current:
        found = current.get_span_context()
        yield f"{found.trace_id:032x}" if found.is_valid else ""
