"""From a transcript to an outcome: pure, no clock, no audio."""
