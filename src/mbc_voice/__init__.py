"""An offline voice assistant that reads reviewed text about metastatic breast cancer aloud."""

__version__ = "0.1.0"
