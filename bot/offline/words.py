"""How the offline commands write: plain English, a line at a time."""

from storage.model import Line


def counted(count: int, word: str) -> str:
    """`1 block`, `2,000 blocks`."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def plain(line: Line) -> str:
    """A line of a message without what a chat would make bold."""
    return "".join(part.text for part in line)
