"""``mbc-voice content``: check, preview and begin the reviewed text."""

from __future__ import annotations

import argparse
from datetime import date

from mbc_voice import build
from mbc_voice.content.report import check_report, new_topic, preview
from mbc_voice.settings import load


def run(arguments: argparse.Namespace) -> int:
    """Check the pack (status 1 if something is wrong), print one text, or begin a new one."""
    settings = load()
    folder = build.content_folder(settings)
    if arguments.action == "check":
        text, fine = check_report(arguments.folder or folder, date.today())
        print(text)
        return 0 if fine else 1
    if arguments.action == "preview":
        print(preview(build.library(settings), arguments.id))
        return 0
    begun = new_topic(
        folder, arguments.id, arguments.title, "referral" if arguments.referral else "answer"
    )
    print(f"Begun: {begun}")
    return 0
