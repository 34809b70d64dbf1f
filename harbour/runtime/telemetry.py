"""Spans from the browser's request through the bus to the last handler, and the metrics of delivery."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.propagate import extract, inject
from opentelemetry.trace import SpanKind
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Receive, Scope, Send

HANDLED = Counter("harbour_handled_total", "Messages handled, by what became of them.", ["handler", "outcome"])
SECONDS = Histogram("harbour_handling_seconds", "Seconds from a message's arrival to its settling.", ["handler"])
_tracer = _nobodys = trace.get_tracer("harbour")
_started = False


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
    global _started
    _started = True


def is_tracing() -> bool:
    """Whether anybody wants spans; those that nobody wants would cost twenty microseconds each."""
    return _started or _tracer is not _nobodys


def carried() -> dict[str, str]:
    """The headers that carry the present span to whoever hears this."""
    headers: dict[str, str] = {}
    if is_tracing():
        inject(headers)
    return headers


@contextmanager
def span(name: str, headers: Mapping[str, str] | None = None, kind: SpanKind = SpanKind.INTERNAL) -> Iterator[str]:
    """A span that follows the one in these headers; gives the trace id, or an empty text where nothing is traced."""
    if not is_tracing():
        yield ""
        return
    context = extract(dict(headers)) if headers else None
    with _tracer.start_as_current_span(
        name, context=context, kind=kind, record_exception=False, set_status_on_exception=False
    ) as current:
        found = current.get_span_context()
        yield f"{found.trace_id:032x}" if found.is_valid else ""


class TracedPages:
    """ASGI middleware: a span for each request, named by its method and route, never by the address asked for.

    A `traceparent` that a browser sends is not followed: strangers do not write in our traces. What lies under `but`
    makes its own spans, one for each frame: an answer without an end would be a span without one.
    """

    def __init__(self, app: ASGIApp, but: str = "") -> None:
        self._app, self._but = app, but

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on within its span."""
        if scope["type"] != "http" or (self._but and scope["path"].startswith(self._but)):
            await self._app(scope, receive, send)
            return
        with span(scope["method"], kind=SpanKind.SERVER):
            await self._app(scope, receive, send)
            route = getattr(scope.get("route"), "path", "")
            trace.get_current_span().update_name(f"{scope['method']} {route}".rstrip())
