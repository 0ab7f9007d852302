"""Who may talk to the server, and what every answer says about it. Runs on the server's thread.

A page of the open web can make a browser send requests to this computer, under a name of its own
if it likes (DNS rebinding). So a request must name this server as its host, and whatever does more
than read must come from this server's own page. Away from this computer a token is needed as well.
"""

from __future__ import annotations

import hmac
import ipaddress
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self' data:; font-src 'self'; media-src 'self' blob:; connect-src 'self'; "
        "worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), display-capture=(), "
        "payment=(), usb=(), serial=(), midi=(), clipboard-read=()",
        "Cache-Control": "no-store",
    }
)
"""Said with every answer."""

OPEN = ("/health",)
"""What needs no token: whether it is well is nobody's secret."""

COOKIE = "mbc-voice"
WRONG_TOKENS = 10
"""So many wrong tokens from one address in `WRONG_SECONDS`, and none of its is looked at for as
long."""
WRONG_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a request must say to be let in."""

    hosts: frozenset[str]
    """``name:port`` and, for the scheme's own port, ``name``."""
    scheme: str = "http"
    token: str = field(default="", repr=False)
    """Empty where none is asked for."""

    @property
    def origins(self) -> frozenset[str]:
        """What a browser sends as the origin of our own page."""
        return frozenset(f"{self.scheme}://{host}" for host in self.hosts)


def hosts(names: list[str], port: int, scheme: str) -> frozenset[str]:
    """Return what the Host header may be for a server of these names."""
    written = [f"[{name}]" if ":" in name else name.lower() for name in names]
    usual = 443 if scheme == "https" else 80
    return frozenset(f"{name}:{port}" for name in written) | frozenset(
        written if port == usual else ()
    )


def is_loopback(host: str) -> bool:
    """Return whether an address is this computer's own, reached by nobody else."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Guard:
    """Lets in what is allowed, and adds `HEADERS` to all answers."""

    def __init__(
        self, app: ASGIApp, allowed: Allowed, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._allowed = allowed
        self._clock = clock
        self._wrong: list[tuple[float, str]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request, or pass it on."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, self._with_headers(send))
        elif scope["type"] == "http":
            await refusal(scope, receive, self._with_headers(send))
        else:
            await send({"type": "websocket.close", "code": 1008})

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        named = [value.lower() for value in headers.getlist("host")]
        if len(named) != 1 or named[0] not in self._allowed.hosts:
            return PlainTextResponse("This address is not served here.\n", 421)
        reads = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        origins = headers.getlist("origin")
        if not reads and (len(origins) != 1 or origins[0] not in self._allowed.origins):
            return PlainTextResponse("Only this server's own page may do that.\n", 403)
        if not self._allowed.token or scope["path"] in OPEN:
            return None
        return self._ask_for_token(scope)

    def _ask_for_token(self, scope: Scope) -> Response | None:
        """Return None for whoever has the token; take it from the address into a cookie."""
        given = QueryParams(scope["query_string"]).get("token", "")
        shown = HTTPConnection(scope).cookies.get(COOKIE, "")
        address = (scope.get("client") or ("",))[0]
        if self._locked(address):
            return PlainTextResponse("Too many wrong tokens. Wait a minute.\n", 429)
        if given and scope["type"] == "http" and self._is_token(given):
            answer = RedirectResponse(scope["path"], 303)
            answer.set_cookie(COOKIE, given, secure=True, httponly=True, samesite="strict")
            return answer
        if self._is_token(shown):
            return None
        if given or shown:
            self._wrong.append((self._clock(), address))
        return PlainTextResponse("Open this page with its token: ADDRESS/?token=TOKEN\n", 401)

    def _is_token(self, text: str) -> bool:
        return hmac.compare_digest(text.encode(), self._allowed.token.encode())

    def _locked(self, address: str) -> bool:
        """Return whether too many wrong tokens came from there just now; others go on."""
        now = self._clock()
        self._wrong = [one for one in self._wrong if now - one[0] < WRONG_SECONDS]
        return sum(where == address for _, where in self._wrong) >= WRONG_TOKENS

    def _with_headers(self, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                if self._allowed.scheme == "https":
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        return sending
