"""Traces of the whole system, as a collector receives them: one trace from the browser to the last handler."""

import asyncio
import gzip
import json
import re
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from websockets.asyncio.client import connect

from harbour.contracts.notify import Mailbox, ReadMailbox
from harbour.rehearsal.browser import Browser, sign_in
from harbour.runtime.asking import Asker
from harbour.stack.demo import PEOPLE
from harbour.stack.servers import free_ports
from tests.stack.small import until
from tests.stack.test_whole import harbour_run

WORRYING = "i dont want to be here any more, the heron stood in the rain"


@dataclass
class Collector:
    """What an OTLP collector was sent: for each trace its spans, each as `service: name`."""

    url: str = ""
    traces: dict[bytes, set[str]] = field(default_factory=lambda: defaultdict(set))
    raw: bytes = b""

    def take(self, body: bytes) -> None:
        """Take in one export."""
        self.raw += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            [service] = [a.value.string_value for a in resource.resource.attributes if a.key == "service.name"]
            for scope in resource.scope_spans:
                for span in scope.spans:
                    self.traces[span.trace_id].add(f"{service.removeprefix('harbour-')}: {span.name}")

    def trace_of(self, name: str) -> set[str]:
        """The spans of the one trace that has this one."""
        return next((spans for spans in list(self.traces.values()) if name in spans), set())


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector on a port of its own."""
    collector = Collector()

    class Intake(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            collector.take(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Intake) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        collector.url = f"http://127.0.0.1:{server.server_port}/v1/traces"
        try:
            yield collector
        finally:
            server.shutdown()


LED_TO = {
    "gateway: ask chat.post-message",
    "chat: chat-post_message",
    "safeguard: safeguard-screen_message",
    "safeguard: safeguard-page_next",
    "notify: notify-page_staff",
    "notify: notify-deliver_notice",
}
"""What a worrying message that nobody takes leads to."""


async def test_promise_11_one_trace_leads_from_the_browser_to_the_last_handler_and_holds_no_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with collecting() as collector:
        monkeypatch.setenv("HARBOUR_TRACES_URL", collector.url)
        for urgency in ("IMMEDIATE", "HIGH", "MEDIUM"):
            monkeypatch.setenv(f"SAFEGUARD_CLOCK_{urgency}_SECONDS", "1")
        async with harbour_run(tmp_path, "--port", str(free_ports(1)[0])) as stack:
            browser = Browser(stack.facts["url"])
            async with Asker(stack.facts["env"]["NATS_URL"]) as ask:

                async def code(email: str) -> str:
                    box = await ask(ReadMailbox())
                    assert isinstance(box, Mailbox)
                    found = (re.search(r"\b\d{6}\b", item.text) for item in box.items if item.to == email)
                    return next((code[0] for code in found if code), "")

                await sign_in(browser, PEOPLE[0].email, code)
            await say(browser, stack.facts["demo"]["session_id"], WORRYING)
            page = "gateway: GET /my"
            await until(lambda: collector.trace_of("gateway: frame say") >= LED_TO, 60)  # each process tells by itself
            await until(lambda: bool(collector.trace_of(page)), 30)
            await browser.close()
    assert any(span.startswith("enrolment: ") for span in collector.trace_of(page))
    for words in (b"heron", WORRYING.encode(), PEOPLE[0].email.encode()):
        assert words not in collector.raw


async def say(browser: Browser, session_id: str, text: str) -> None:
    """Say something in the room, and wait until it is taken."""
    line = connect(
        browser.live(f"/live/{session_id}"), additional_headers={"Cookie": browser.cookie},
        origin=browser.url, proxy=None,  # type: ignore[arg-type]
    )  # fmt: skip
    async with line as socket, asyncio.timeout(20):
        await socket.send(json.dumps({"type": "say", "client_id": "trace-1", "text": text}))
        while json.loads(await socket.recv())["type"] != "sent":
            pass
