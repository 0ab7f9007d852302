"""``mbc-voice devices``: the microphones and loudspeakers there are."""

from __future__ import annotations

import argparse

from mbc_voice.errors import DeviceError
from mbc_voice.hear.microphone import list_microphones
from mbc_voice.speak.loudspeaker import loudspeakers


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001
    """Print all names. Raises `DeviceError` if there is no device at all."""
    microphones = list_microphones()
    speakers = loudspeakers()
    if not microphones and not speakers:
        raise DeviceError(
            "There is no microphone and no loudspeaker. Plug one in and check the sound settings."
        )
    print("Microphones:")
    for microphone in microphones:
        print(f"  {microphone.name}{' (default)' if microphone.is_default else ''}")
    print("Loudspeakers:")
    for name in speakers:
        print(f"  {name}")
    print("\nPart of a name is enough: [hear] microphone and [speak] loudspeaker in the settings.")
    return 0
