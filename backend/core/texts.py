"""How texts are written alike (pure)."""

import unicodedata


def half_width(text: str) -> str:
    """Full-width letters, digits, brackets and spaces as their ordinary forms."""
    return unicodedata.normalize("NFKC", text)
