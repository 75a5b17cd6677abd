"""The laws of the reference, and of what is built on it."""
