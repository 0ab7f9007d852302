"""A certificate for TLS, and the names it is for. Any thread.

The names that pages on other computers may use are those of the certificate: a browser takes no
other, and so nobody has to write them down twice.
"""

from __future__ import annotations

import contextlib
import platform
import ssl
from dataclasses import dataclass

from mbc_voice.errors import UsageError


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files for TLS, in PEM."""

    chain: str
    key: str

    def names(self) -> list[str]:
        """Return the names and addresses it is for; ``*.`` stands for this computer's own name.

        Raises `UsageError` for files of no use, and for a certificate that isn't valid now.
        """
        try:
            known = self._presented().get("subjectAltName", ())
        except OSError as error:
            why = getattr(error, "verify_message", "") or error.strerror or str(error)
            raise UsageError(
                f"The certificate or its key can't be used ({why}). "
                "Correct kiosk.certificate and kiosk.certificate_key."
            ) from error
        own = platform.node().partition(".")[0]
        names = [name for kind, name in known if kind in ("DNS", "IP Address")]
        return [name.replace("*", own, 1).lower() for name in names]

    def _presented(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """Return what a browser is told, by shaking hands with ourselves in memory."""
        ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        ours.load_cert_chain(self.chain, self.key)
        theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        theirs.check_hostname = False
        theirs.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        theirs.load_verify_locations(self.chain)
        to_us, to_them = ssl.MemoryBIO(), ssl.MemoryBIO()
        server = ours.wrap_bio(to_us, to_them, server_side=True)
        browser = theirs.wrap_bio(to_them, to_us)
        for side in (browser, server, browser):
            with contextlib.suppress(ssl.SSLWantReadError):
                side.do_handshake()
        return browser.getpeercert() or {}  # type: ignore[return-value]
