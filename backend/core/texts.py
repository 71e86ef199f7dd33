"""How texts are written alike, and how they end (pure)."""

import unicodedata
from collections.abc import Iterable


def half_width(text: str) -> str:
    """Full-width letters, digits, brackets and spaces as their ordinary forms."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


class Endings:
    """Words that a text may end with."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._sizes = sorted({len(word) for word in self._words}, reverse=True)

    def longest_of(self, text: str, *, leaving: int = 0) -> str | None:
        """The longest of them that this text ends with and that leaves so many characters before it."""
        room = len(text) - leaving
        for size in self._sizes:
            if size <= room and text[-size:] in self._words:
                return text[-size:]
        return None
