"""Thin shells around the assistant: the command line and the kiosk."""
