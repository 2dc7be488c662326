"""The command line: one file a command, one error boundary, the only place that prints or exits."""
