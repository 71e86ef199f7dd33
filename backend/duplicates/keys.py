"""Keys by which two spellings of one phone or one company are the same (pure)."""

import re
from functools import lru_cache

from backend.core.texts import Endings, half_width

MOBILE = re.compile(r"1[3-9][0-9]{9}")
LANDLINE = re.compile(r"0(10|2[0-9]|[3-9][0-9]{2})[2-9][0-9]{6,7}")
SERVICE = re.compile(r"[48]00[0-9]{7}")
LOCAL = re.compile(r"[2-9][0-9]{6,7}")
FOREIGN = re.compile(r"\+[1-9][0-9]{6,14}")
EXTENSION = re.compile(r"(转|分机|ext\.?|x|#)\s*[0-9]{1,6}$|(?<=[0-9]{7})-[0-9]{1,5}$", re.IGNORECASE)
PUNCTUATION = re.compile(r"[\s()\-‐-―.·/_]")

LEGAL_SUFFIXES = (
    "股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "股份公司", "集团公司", "集团", "公司",
    "co.,ltd.", "co.,ltd", "co.ltd.", "co.ltd", "coltd", "company", "limited", "corporation", "corp.", "corp", "ltd.", "ltd",
    "inc.", "inc", "llc", "gmbh",
)  # fmt: skip
DECORATION = re.compile(r"[\s()\[\]{}<>《》〈〉【】〔〕「」『』\"'“”‘’·•,，。、.\-_/&]")
SEEN_LATELY = 1000
"""One record's phone and address are asked for several times on its way."""
EMAIL = re.compile(r"[^@\s<>\",;]{1,64}@[A-Za-z0-9\-]{1,63}(\.[A-Za-z0-9\-]{1,63}){1,8}")


@lru_cache(SEEN_LATELY)
def phone_key(text: str | None) -> str | None:
    """E.164 for Chinese mobile, landline and service numbers and for foreign ones; a bare local number as digits; None when it is no phone."""
    plain = EXTENSION.sub("", half_width(text or "").strip())
    digits = PUNCTUATION.sub("", plain)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    national = _national(digits)
    if MOBILE.fullmatch(national) or SERVICE.fullmatch(national):
        return f"+86{national}"
    if LANDLINE.fullmatch(national):
        return f"+86{national[1:]}"
    if digits != national and LANDLINE.fullmatch(f"0{national}"):
        return f"+86{national}"
    if LOCAL.fullmatch(digits):
        return digits
    return digits if FOREIGN.fullmatch(digits) and not digits.startswith("+86") else None


def _national(digits: str) -> str:
    """Without the country code of China, where it was written."""
    if digits.startswith("+86"):
        return digits[3:]
    return digits[2:] if len(digits) == 13 and digits.startswith("86") and MOBILE.fullmatch(digits[2:]) else digits


def company_key(name: str | None) -> str:
    """Equal for equal firms: width, case, spaces, brackets and the legal form do not count; a branch (分公司) stays a branch."""
    plain = half_width(DECORATION.sub("", half_width(name or "").casefold()))
    suffix = _legal_suffix(plain)
    while suffix:
        plain = plain.removesuffix(suffix)
        suffix = _legal_suffix(plain)
    return plain


PLAIN_SUFFIXES = Endings(DECORATION.sub("", suffix) for suffix in LEGAL_SUFFIXES)


def _legal_suffix(plain: str) -> str | None:
    """The longest legal form at the end, unless nothing or only a branch mark would remain."""
    return None if plain.endswith("分公司") else PLAIN_SUFFIXES.longest_of(plain, leaving=2)


@lru_cache(SEEN_LATELY)
def email_key(text: str | None) -> str | None:
    """The address in lower case; None when it is no address."""
    plain = half_width(text or "").strip().casefold()
    return plain if len(plain) <= 254 and EMAIL.fullmatch(plain) else None
