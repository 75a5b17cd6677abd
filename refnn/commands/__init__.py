"""The commands, one function each: they take parsed arguments and return an exit code."""
