"""Garbage is not looked for while parts are loaded, and is afterwards."""

from __future__ import annotations

import gc

import pytest

from mbc_voice import memory


def load_what_is_damaged() -> None:
    with memory.loading():
        assert not gc.isenabled()
        raise ValueError("damaged")


def test_garbage_is_looked_for_again_after_loading() -> None:
    """Even if loading fails, the collector is as it was before."""
    assert gc.isenabled()
    with pytest.raises(ValueError, match="damaged"):
        load_what_is_damaged()
    assert gc.isenabled()
    gc.unfreeze()


def test_who_collects_no_garbage_is_left_alone() -> None:
    """A collector that was off stays off."""
    gc.disable()
    try:
        with memory.loading():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
        gc.unfreeze()
