"""What every answer carries so that browsers keep the pages safe, and whether a request comes from our own pages."""

from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway.settings import GatewaySettings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noarchive",
}


def safe_headers(settings: GatewaySettings) -> dict[str, str]:
    """What every answer carries here."""
    return _HEADERS | ({"Strict-Transport-Security": "max-age=31536000; includeSubDomains"} if settings.tls else {})


class SafeHeaders:
    """ASGI middleware: the headers above on every answer, and no copy kept of a page unless it says so itself."""

    def __init__(self, app: ASGIApp, settings: GatewaySettings) -> None:
        self._app = app
        self._headers = safe_headers(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add the headers to what comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_safely)


def same_origin(conn: HTTPConnection, settings: GatewaySettings) -> bool:
    """Whether this comes from one of our own pages: its Origin is this host or our public address."""
    origin = conn.headers.get("origin", "")
    parts = urlsplit(origin)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return False
    if settings.public_url and origin.lower() == settings.public_url.rstrip("/").lower():
        return True
    return parts.netloc.lower() == conn.headers.get("host", "").lower() and (
        parts.scheme == "https" or not settings.tls
    )


def from_our_page(conn: HTTPConnection, settings: GatewaySettings) -> bool:
    """The same for what is only read: a browser names the origin of a GET where it is another's, and else its site.

    What neither names is no page of another site, which would come without the cookie and could not read the answer.
    """
    if "origin" in conn.headers:
        return same_origin(conn, settings)
    return conn.headers.get("sec-fetch-site", "same-origin") == "same-origin"


def network(conn: HTTPConnection) -> str:
    """Where a request comes from, for limits only; never logged."""
    return conn.client.host if conn.client else ""
