"""Error reports: stack traces and crash reports of every runtime."""
