"""The talk itself, as one pure step function.

    Ready ─Started─▶ Speaking ◀──────▶ Listening        (a question, a command, time to think)
                        │  ▲               │
                      pause resume      goodbye, Interrupted
                        ▼  │               ▼
                       Paused            Ended           (on a kiosk, goodbye leads to Ready)

`step.step` takes an event and returns what to do; `state.begin` makes the first state; `view` says
what others may know of it. Runs on the assistant's loop only. Inside, calls go one way:

    step ─▶ commands ─▶ control ─▶ choosing ─▶ answering ─▶ recovery ─▶ speaking
                     delivery, display, tour ─▶ speaking ─▶ listening ─▶ state ─▶ offers

`cues` adds the earcons to what came of it all.
"""
