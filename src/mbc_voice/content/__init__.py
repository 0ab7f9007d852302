"""The library: load, validate, lint and pronounce the reviewed text."""
