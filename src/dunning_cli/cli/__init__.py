"""The terminal: parse, call one service, hand the result to render."""
