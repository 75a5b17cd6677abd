"""Pictures: `panel` says what is shown, `plot` and `text` draw it."""
