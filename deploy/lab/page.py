"""The page that the victim serves and the client checks, so that a changed byte is a failed page."""


def content(size):
    line = b"The quick brown fox jumps over the lazy dog. 0123456789\n"
    return (line * (size // len(line) + 1))[:size]
