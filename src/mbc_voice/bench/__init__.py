"""How quick the program is on this computer: the real talk, with a made-up person and stopwatch."""
