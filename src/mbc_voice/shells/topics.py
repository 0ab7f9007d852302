"""``mbc-voice topics``: what it knows about."""

from __future__ import annotations

import argparse

from mbc_voice import build
from mbc_voice.errors import UsageError
from mbc_voice.library import Library, Topic
from mbc_voice.settings import load


def run(arguments: argparse.Namespace) -> int:
    """Print all titles by section, or one topic's text."""
    library = build.library(load())
    if arguments.topic is None:
        print(_all(library))
        return 0
    if arguments.topic not in library.topics:
        raise UsageError(f"There is no topic {arguments.topic!r}. See: mbc-voice topics")
    print(_one(library.topics[arguments.topic]))
    return 0


def _all(library: Library) -> str:
    lines = []
    for section in library.sections:
        lines.append(f"{section.title}:")
        lines += [
            f"  {topic.id:24} {topic.title}"
            for topic in library.topics.values()
            if topic.section == section.id
        ]
        lines.append("")
    return "\n".join(lines).rstrip()


def _one(topic: Topic) -> str:
    lines = [topic.title, ""]
    for passage in (topic.short, *topic.more):
        lines.append(" ".join(sentence.text for sentence in passage.sentences))
        lines += [f"- {item.text}" for item in passage.items]
        lines.append("")
    lines.append(f"Source: {topic.source}")
    lines.append(f"Reviewed {topic.reviewed} by {topic.reviewed_by}")
    return "\n".join(lines)
