"""Fixtures that several areas share; the tests' own modules (`fakes`, `voices`) lie beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

import sound_server as sound

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture
def sound_server() -> Iterator[sound.SoundServer]:
    """A private sound server; skips with the reason where it can't run, but never in CI."""
    reason = sound.why_not()
    if reason and os.environ.get("CI"):
        pytest.fail(f"CI must run the tests with real sound: {reason}")
    if reason:
        pytest.skip(f"no private sound server: {reason}")
    with sound.SoundServer() as server:
        yield server
