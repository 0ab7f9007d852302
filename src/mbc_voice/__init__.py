"""An offline voice assistant that reads reviewed text about metastatic breast cancer aloud."""

import os

__version__ = "0.1.0"

# From 1.29 on, ONNX Runtime reports its use to its makers, and gives each computer a number for it,
# as soon as it is imported. This keeps it from both; it has to be said before.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
