"""The front matter of an answer or referral: the keys between its two ``---`` lines.

It is YAML, read event by event: keys with a text or a flat list, and nothing else, so that no
alias, tag or nesting of YAML ever matters, and ``- no`` stays the word "no". Pure; any thread.
"""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from mbc_voice.content.entry import Entry, Text, Value
from mbc_voice.content.source import Source
from mbc_voice.errors import ContentError

_FENCE = "---"
_QUICK = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""PyYAML's parser in C, where it was built with it: eight times as quick, its errors say less."""
_ONE_A_LINE = "write one key a line: 'title: ...'"


def split(source: Source) -> tuple[Entry, tuple[Text, ...]]:
    """Return the front matter and the lines of the body below it.

    Raises `ContentError` for anything but keys with a text or a flat list of texts.
    """
    lines = source.text.split("\n")
    if lines[0].rstrip() != _FENCE:
        raise ContentError(source.path, 1, "the first line must be ---, with the keys below it")
    for number, line in enumerate(lines[1:], start=2):
        if line.rstrip() == _FENCE:
            entry = Entry(source.path, 1, _values(source, "\n".join(lines[1 : number - 1])))
            body = enumerate(lines[number:], start=number + 1)
            return entry, tuple(Text(text, at) for at, text in body)
    raise ContentError(source.path, 1, "a second line --- is missing: put it below the keys")


def _values(source: Source, text: str) -> dict[str, Value]:
    events = _Events(source, text)
    values: dict[str, Value] = {}
    if not events.opens_keys():
        return values
    while (key := events.next()) is not None and not isinstance(key, yaml.MappingEndEvent):
        line = events.line(key)
        if not isinstance(key, yaml.ScalarEvent):
            raise ContentError(source.path, line, _ONE_A_LINE)
        if key.value in values:
            raise ContentError(source.path, line, f"the key {key.value!r} stands here twice")
        values[key.value] = Value(line, events.value(key.value, line))
    events.must_end()
    return values


class _Events:
    """The parser's events, each checked for what front matter may not hold."""

    def __init__(self, source: Source, text: str) -> None:
        self._path = source.path
        self._events = self._read(text)
        self._skipped = (yaml.StreamStartEvent, yaml.DocumentStartEvent)

    def _read(self, text: str) -> Iterator[yaml.Event]:
        try:
            yield from _quickly(text) or yaml.parse(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            open_quote = "quoted" in (error.context or "")
            mark = error.context_mark if open_quote else error.problem_mark
            line = mark.line + 2 if mark else 1
            reason = "this line can't be read: put text with a colon or a quote in quotes"
            raise ContentError(self._path, line, reason) from error
        except yaml.YAMLError as error:
            raise ContentError(
                self._path, 1, "the keys can't be read: see docs/content.md"
            ) from error

    def line(self, event: yaml.Event) -> int:
        return event.start_mark.line + 2 if event.start_mark else 1

    def next(self) -> yaml.Event | None:
        event = next(self._events, None)
        tag, anchor = getattr(event, "tag", None), getattr(event, "anchor", None)
        if event is not None and (tag or anchor):
            reason = "'&', '*' and '!' have a meaning of their own here: put the text in quotes"
            raise ContentError(self._path, self.line(event), reason)
        return event

    def opens_keys(self) -> bool:
        """Go to the first key; return whether there is any."""
        event = self.next()
        while isinstance(event, self._skipped):
            event = self.next()
        if event is None or isinstance(event, yaml.StreamEndEvent):
            return False
        if isinstance(event, yaml.ScalarEvent) and not event.value:
            return False
        if not isinstance(event, yaml.MappingStartEvent):
            raise ContentError(self._path, self.line(event), _ONE_A_LINE)
        return True

    def value(self, key: str, line: int) -> Text | tuple[Text, ...]:
        event = self.next()
        if isinstance(event, yaml.ScalarEvent):
            return Text(event.value, line)
        if not isinstance(event, yaml.SequenceStartEvent):
            raise ContentError(self._path, line, f"{key!r} must be one text or a list of texts")
        items: list[Text] = []
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                at = line if event is None else self.line(event)
                reason = f"an item of {key!r} is not one text: put it in quotes"
                raise ContentError(self._path, at, reason)
            items.append(Text(event.value, self.line(event)))
        return tuple(items)

    def must_end(self) -> None:
        while (event := self.next()) is not None:
            if not isinstance(event, (yaml.DocumentEndEvent, yaml.StreamEndEvent)):
                raise ContentError(
                    self._path, self.line(event), "write one key a line: 'title: ...'"
                )


def _quickly(text: str) -> list[yaml.Event]:
    """Return all events of a text, or none if anything is wrong with it."""
    try:
        return list(yaml.parse(text, Loader=_QUICK))
    except yaml.YAMLError:
        return []
