"""A server of models for every test of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from model_server import FILES, ModelServer

from mbc_voice.models import fetch


@pytest.fixture
def server() -> Iterator[ModelServer]:
    fetch.forget_unreachable()
    with ModelServer({f"/{path}": data for path, data in FILES.items()}) as site:
        yield site
    fetch.forget_unreachable()
