"""The town wall: a real mail server and a real text service to send to, which remember what came."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PASSWORD = "a-mail-password"


@dataclass
class MailServer:
    """A mail server's state: what it took, and how it is to answer."""

    port: int
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refuse_recipient: str = ""
    """The answer to RCPT, e.g. `550 nobody here`; empty to accept."""
    refuse_mail: str = ""
    """The answer to the mail itself; empty to accept."""
    logins: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuse_recipient:
            return self.refuse_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refuse_mail:
            return self.refuse_mail
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.taken.append(mail)
        self.recipients.extend(envelope.rcpt_tos)
        return "250 taken"

    def check(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
        """Let in whoever knows the password."""
        assert isinstance(given, LoginPassword)
        self.logins.append(given.login.decode())
        return AuthResult(success=given.password == PASSWORD.encode())


def a_free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def a_mail_server(port: int | None = None, tls: ssl.SSLContext | None = None) -> Iterator[MailServer]:
    """A real SMTP server on this machine, for as long as the block lasts; with TLS it also wants a password."""
    server = MailServer(port or a_free_port())
    guarded: dict[str, Any] = {
        "tls_context": tls,
        "require_starttls": True,
        "authenticator": server.check,
        "auth_required": True,
    }
    controller = Controller(server, hostname="127.0.0.1", port=server.port, **(guarded if tls else {}))
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@dataclass
class TextServer:
    """A text service's state: the path and text of all it was given, and how it is to answer."""

    port: int = 0
    status: int = 200
    taken: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def a_text_server() -> Iterator[TextServer]:
    """A real HTTP service that takes texts, for as long as the block lasts."""
    server = TextServer()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.taken.append((self.path, body["message"]))
            self.send_response(server.status)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Keep quiet."""

    http = HTTPServer(("127.0.0.1", 0), Door)
    server.port = http.server_address[1]
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        thread.join()
        http.server_close()


@contextmanager
def a_silent_server() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield int(listener.getsockname()[1])


def whole_story(error: BaseException | None) -> str:
    """Everything an exception and all it hangs on to would show, with the local variables' reprs."""
    story: list[str] = []
    while error is not None:
        story.append(f"{error!r} {error.args!r} {vars(error)!r}")
        error = error.__cause__ or error.__context__
    return "\n".join(story)
