"""The talk itself, as one pure step function."""
