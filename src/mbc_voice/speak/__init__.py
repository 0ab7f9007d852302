"""From a sentence to sound that was played."""
