"""Certificates as openssl makes them: their names, and pages that come by them."""

from __future__ import annotations

import http.client
import shutil
import socket
import ssl
import subprocess
from pathlib import Path

import pytest
from websockets.sync.client import connect
from websockets.typing import Origin

from kiosk_server import HOST, SHOWN
from mbc_voice.errors import UsageError
from mbc_voice.settings import KioskSettings, Settings
from mbc_voice.shells.kiosk import patience, site
from mbc_voice.shells.kiosk.app import application
from mbc_voice.shells.kiosk.certificate import Certificate
from mbc_voice.shells.kiosk.guard import Allowed
from mbc_voice.shells.kiosk.one_talk import OneTalk
from mbc_voice.shells.kiosk.server import Server, listening_at

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


def _openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def own(folder: Path, names: str, *more: object) -> Certificate:
    """Return a certificate that signs itself."""
    chain, key = folder / "chain.pem", folder / "key.pem"
    _openssl(
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=kiosk",
        "-addext", f"subjectAltName={names}", *more, "-keyout", key, "-out", chain,
    )  # fmt: skip
    return Certificate(str(chain), str(key))


def signed(folder: Path, names: str, days: int) -> Certificate:
    """Return a certificate that a hospital's own authority signed."""
    root = own(folder, "DNS:root")
    chain, key, asked = folder / "kiosk.pem", folder / "kiosk-key.pem", folder / "asked.pem"
    extra = folder / "extra"
    extra.write_text(f"subjectAltName={names}\nbasicConstraints=critical,CA:FALSE\n")
    _openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=kiosk", "-keyout", key,
             "-out", asked)  # fmt: skip
    _openssl("x509", "-req", "-in", asked, "-CA", root.chain, "-CAkey", root.key, "-days", days,
             "-CAcreateserial", "-extfile", extra, "-out", chain)  # fmt: skip
    return Certificate(str(chain), str(key))


def test_it_is_for_the_names_in_it(tmp_path: Path) -> None:
    """Names and addresses are those that a browser would take."""
    made = own(tmp_path, "DNS:Kiosk.clinic.example,IP:192.0.2.9")
    assert made.names() == ["kiosk.clinic.example", "192.0.2.9"]


def test_one_of_a_hospital_is_read_as_well(tmp_path: Path) -> None:
    """The authority that signed it need not be known on this computer; a star is our own name."""
    own_name = socket.gethostname().partition(".")[0].lower()
    made = signed(tmp_path, "DNS:*.clinic.example,DNS:answers.clinic.example", 2)
    assert made.names() == [f"{own_name}.clinic.example", "answers.clinic.example"]


def test_one_that_is_over_is_told(tmp_path: Path) -> None:
    """Tablets would refuse it, so the start does, in one line."""
    with pytest.raises(UsageError, match=r"expired.*kiosk\.certificate_key") as caught:
        signed(tmp_path, "DNS:kiosk.clinic.example", -1).names()
    assert "\n" not in str(caught.value)


def test_files_of_no_use_are_told(tmp_path: Path) -> None:
    """Missing files, and a key of another certificate, are one line."""
    made = own(tmp_path, "DNS:kiosk.clinic.example")
    (tmp_path / "other").mkdir()
    other = own(tmp_path / "other", "DNS:kiosk.clinic.example")
    for wrong in (Certificate(made.chain, other.key), Certificate("nowhere.pem", made.key)):
        with pytest.raises(UsageError, match="can't be used"):
            wrong.names()


def test_its_names_lead_to_the_page() -> None:
    """What tablets are to open is in the certificate, and so may be asked for."""
    kiosk = KioskSettings("0.0.0.0", certificate="c", certificate_key="k", token="t" * 16)
    names = ["kiosk.clinic.example"]
    let_in = site.allowed(Settings(kiosk=kiosk), 8750, names)
    assert "kiosk.clinic.example:8750" in let_in.hosts
    address = site.address_of(Settings(kiosk=kiosk), 8750, let_in, names)
    assert address == "https://kiosk.clinic.example:8750/?token=" + "t" * 16


def test_pages_that_come_and_go_by_tls_leave_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A page that was loaded and left is forgotten in peace; whoever is silent is cut off."""
    monkeypatch.setattr(patience, "REQUEST_SECONDS", 0.2)
    made = own(tmp_path, "IP:127.0.0.1")
    trusted = ssl.create_default_context(cafile=made.chain)
    with listening_at(HOST, 0) as listening:
        at = f"{HOST}:{listening.port}"
        let_in = Allowed(frozenset((at,)), "https")
        server = Server(application(OneTalk(SHOWN, lambda _: None), let_in), listening, made)
        server.start()
        try:
            for path in ("/", "/health"):
                asking = http.client.HTTPSConnection(at, timeout=20, context=trusted)
                asking.request("GET", path, headers={"Connection": "close"})
                assert asking.getresponse().read()
                asking.close()
            with connect(f"wss://{at}/talk", origin=Origin(f"https://{at}"), ssl=trusted) as page:
                page.recv(timeout=20)
            with (
                socket.create_connection((HOST, listening.port), timeout=20) as plain,
                trusted.wrap_socket(plain, server_hostname=HOST) as silent,
            ):
                assert silent.recv(1) == b""
        finally:
            server.stop()
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
