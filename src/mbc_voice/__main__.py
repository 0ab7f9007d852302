"""Lets ``python -m mbc_voice`` be ``mbc-voice``."""

from mbc_voice.shells.cli import main

raise SystemExit(main())
