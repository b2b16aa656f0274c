"""Text for a terminal: names come from other people's files, and none may control it."""


def printable(text: str) -> str:
    """The text in one line, with characters that control a terminal as escapes: `\\x1b` for ESC."""
    line = " ".join(text.split())
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in line)
