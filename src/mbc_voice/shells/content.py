"""``mbc-voice content``: check, preview and begin the reviewed text."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from mbc_voice import build
from mbc_voice.content.report import check_report, new_topic, preview
from mbc_voice.dialogue import prompts
from mbc_voice.errors import UsageError
from mbc_voice.settings import load


def run(arguments: argparse.Namespace) -> int:
    """Check the pack (status 2 if something is wrong), print one text, or begin a new one."""
    settings = load()
    folder = build.content_folder(settings)
    if arguments.action == "check":
        return _check(arguments.folder or folder)
    if arguments.action == "preview":
        print(preview(build.library(settings), arguments.id))
        return 0
    begun = new_topic(
        folder, arguments.id, arguments.title, "referral" if arguments.referral else "answer"
    )
    print(f"Begun: {begun}")
    return 0


def _check(folder: Path) -> int:
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}. Name a content pack's folder.")
    text, fine = check_report(folder, date.today(), prompt_flaws=prompts.check)
    print(text)
    if not fine:
        print("mbc-voice: this content can't be used until that is put right", file=sys.stderr)
    return 0 if fine else 2
