"""统一社会信用代码: the unified social credit code of GB 32100-2015 (pure)."""

import re

from backend.core.texts import half_width

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SHAPE = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def plain_code(text: str | None) -> str | None:
    """As it is stored: half width, upper case, without spaces and hyphens; nothing as None."""
    return re.sub(r"[\s-]", "", half_width(text or "")).upper() or None


def check_digit(code: str) -> str:
    """The 18th character that belongs to the first 17."""
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(code, WEIGHTS, strict=False))
    return ALPHABET[-total % 31]


def is_credit_code(code: str) -> bool:
    return SHAPE.fullmatch(code) is not None and check_digit(code) == code[17]
