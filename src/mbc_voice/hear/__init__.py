"""From the microphone to a transcript."""
