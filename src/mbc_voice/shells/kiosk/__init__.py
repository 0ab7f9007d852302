"""The kiosk: a page one can hear, see, touch and talk to, and the server that carries it.

    page ◀─text, sound─ app ◀─frames─ mailbox ◀─snapshot─ talk ◀── assistant
    page ─text, sound─▶ app ─message─▶ talk ─event─▶ assistant

`docs/page-protocol.md` says what goes over the one WebSocket. The page holds no logic of the talk,
and the server none either: it checks what comes, turns it into events, and shows snapshots.
"""
