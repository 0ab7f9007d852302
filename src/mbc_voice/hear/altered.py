"""A `Source` on top of another: the same device, with something done to its sound on the way.

Owns nothing but the passing on; runs on the listener's thread, as every source does.
"""

from __future__ import annotations

from collections.abc import Iterator

from mbc_voice.hear.microphone import Arrived, Source


class Altered:
    """Passes on what `source` hears; a subclass overrides `blocks`."""

    def __init__(self, source: Source) -> None:
        self._source = source

    @property
    def position(self) -> int:
        """Samples at 16 kHz that have arrived since the stream began, read or not."""
        return self._source.position

    def open(self) -> None:
        """Open the device, or open it again. Raises `DeviceError`."""
        self._source.open()

    def blocks(self) -> Iterator[Arrived]:
        """Yield blocks until `close`, or `Lost` as the last thing."""
        yield from self._source.blocks()

    def close(self) -> None:
        """End `blocks` and let the device go; may be called twice, by any thread."""
        self._source.close()
