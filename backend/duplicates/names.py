"""LEAD-4's near names: what of a firm's name is place, brand and trade, how alike two names are, and by which keys an index finds them (pure)."""

import re
import zlib
from dataclasses import dataclass
from functools import cache, cached_property

import opencc
from pypinyin import lazy_pinyin
from rapidfuzz.distance import OSA, Levenshtein

from backend.core.texts import Endings, half_width
from backend.duplicates.keys import DECORATION
from backend.duplicates.name_words import (
    BRANCHES,
    FILLERS,
    LEGAL_FORMS,
    LOOKALIKE_GROUPS,
    NUMERALS,
    PLACES,
    TRADES,
    ZONES,
    place_chain,
)

RULES_VERSION = 1
"""Raise it when keys or signatures change: the registration of what exists starts anew."""

CANDIDATE = 80
"""From this rating on a pair is shown to a person as 候选重复."""

SIMPLIFIED = opencc.OpenCC("t2s")
LONGEST = 40
BRACKETED = re.compile(r"[(\[【〔〈《]([^()\[\]【】〔〕〈〉《》]{1,20})[)\]】〕〉》]")
PLACE = re.compile(
    f"({'|'.join(sorted(PLACES, key=len, reverse=True))})(维吾尔自治区|壮族自治区|回族自治区|自治区|特别行政区|省|市|县|区)?"
)
OTHER_PLACE = re.compile(r"([一-鿿]{2,3})(市|县)(?=[一-鿿]{2})")
ZONE = re.compile("|".join(ZONES))
BRANCH = re.compile(f"(第?[{NUMERALS}]{{1,3}})?({'|'.join(BRANCHES)})$")
WORDS = Endings(FILLERS | TRADES)
FORMS = tuple(sorted(LEGAL_FORMS, key=len, reverse=True))
FORMS_AT_THE_END = Endings(LEGAL_FORMS)
SOFT = (("zh", "z"), ("ch", "c"), ("sh", "s"))


@dataclass(frozen=True)
class Signature:
    """A name as it is compared; `core` is brand and trade without place and legal form."""

    core: str
    places: frozenset[str]

    @cached_property
    def sounds(self) -> tuple[str, ...]:
        return tuple(map(_sound, self.core))

    @cached_property
    def words(self) -> tuple[str, tuple[str, ...]]:
        """(brand, trade words): 恒力精密机械制造 -> (恒力, (精密, 机械, 制造))."""
        return _brand_and_trade(self.core)

    @property
    def brand(self) -> str:
        return self.words[0]

    @cached_property
    def trade(self) -> frozenset[str]:
        """The words that tell what the firm makes."""
        return frozenset(self.words[1]) - FILLERS

    @property
    def numerals(self) -> list[str]:
        return [char for char in self.core if char in NUMERALS]


def signature(name: str | None) -> Signature | None:
    """None where the name holds nothing to compare."""
    text, places = SIMPLIFIED.convert(half_width(name or "")[:200]).casefold(), set[str]()
    text = DECORATION.sub("", BRACKETED.sub(lambda found: _bracketed(found[1], places), text))
    text = _without_places(_without_legal_form(_without_branch(text)), places)[:LONGEST]
    return Signature(text, frozenset(places)) if len(text) > 1 else None


def _bracketed(inside: str, places: set[str]) -> str:
    """A place in brackets stands anywhere: 恒力(苏州)机械 is 苏州恒力机械."""
    found = PLACE.fullmatch(inside)
    if found is None:
        return inside
    places.update(place_chain(found[1]))
    return ""


def _without_branch(text: str) -> str:
    """恒力机械有限公司上海第二分公司 -> 恒力机械; without a legal form before it, only the branch and its place go."""
    found = BRANCH.search(text)
    if found is None or not found.start():
        return text
    head = text[: found.start()]
    for form in FORMS:
        whole, form_found, rest = head.rpartition(form)
        if form_found and len(whole) > 1 and len(rest) < 10:
            return whole
    place = next((name for name in PLACES if head.endswith((name, f"{name}市")) and len(head) > len(name) + 2), None)
    return head.removesuffix("市").removesuffix(place) if place else head


def _without_legal_form(text: str) -> str:
    while form := FORMS_AT_THE_END.longest_of(text, leaving=2):
        text = text.removesuffix(form)
    return text


def _without_places(text: str, places: set[str]) -> str:
    """Cuts 江苏省苏州市工业园区 off the front, as long as a name remains."""
    while True:
        found = PLACE.match(text) or OTHER_PLACE.match(text) or ZONE.match(text)
        if found is None or len(text) - found.end() < 2:
            return text
        if found.lastindex:
            places.update(place_chain(found[1]))
        text = text[found.end() :]


@cache
def _sound(char: str) -> str:
    """The syllable without tone, as it is heard and typed in the south too: 精 and 金 are `jin`."""
    syllable = lazy_pinyin(char)[0].lower()
    for hard, soft in SOFT:
        syllable = syllable.replace(hard, soft) if syllable.startswith(hard) else syllable
    return syllable.removesuffix("g") if syllable.endswith("ng") else syllable


def _brand_and_trade(core: str) -> tuple[str, tuple[str, ...]]:
    rest, found = core, list[str]()
    while word := WORDS.longest_of(rest):
        rest = rest.removesuffix(word)
        found.append(word)
    return rest, tuple(reversed(found))


def rate(one: Signature, other: Signature) -> int:
    """How sure it is that both are one firm, 0 to 100; symmetric. Below `CANDIDATE` they stay apart."""
    if not (one.places <= other.places or other.places <= one.places):
        return 0
    if one.numerals != other.numerals:
        return 0
    penalty = 0 if one.places == other.places else 3
    needs_place = not one.brand or not other.brand
    if needs_place and one.places != other.places:
        return 0
    if one.core == other.core:
        return 100 - penalty
    if one.sounds == other.sounds:
        return 95 - penalty
    return max(0, _one_slip(one, other) - penalty, _same_brand(one, other) - penalty)


def _same_brand(one: Signature, other: Signature) -> int:
    """恒力精密机械 and 恒力机械制造: one brand, and the trade of one is part of the other's."""
    if not one.brand or len(one.brand) < 2 or _sounds(one.brand) != _sounds(other.brand):
        return 0
    if not one.trade or not other.trade:
        return 84 if one.places == other.places and one.places and one.brand == other.brand else 0
    if one.trade == other.trade:
        return 92
    shared = one.trade & other.trade
    return 86 if shared and shared in (one.trade, other.trade) and one.brand == other.brand else 0


def _one_slip(one: Signature, other: Signature) -> int:
    """A character wrong, missing, doubled or swapped, where that does not make another firm of it."""
    shorter, longer = sorted((one, other), key=lambda signature: (len(signature.core), signature.core))
    if len(shorter.core) < 4 or OSA.distance(shorter.sounds, longer.sounds, score_cutoff=1) > 1:
        return 0
    if shorter.core.isascii():
        return 88 if len(shorter.core) >= 6 else 0
    edits = Levenshtein.editops(shorter.sounds, longer.sounds)
    if len(edits) == 2:
        return 90 if sorted(shorter.core) == sorted(longer.core) else 85
    _, at, to = edits.as_list()[0]
    return _rate_slip(shorter, longer, int(at), int(to))


def _rate_slip(shorter: Signature, longer: Signature, at: int, to: int) -> int:
    char = longer.core[to]
    if len(shorter.core) == len(longer.core):
        was = shorter.core[at]
        if char in LOOKALIKE_GROUPS.get(was, ""):
            return 90
        in_trade = at >= len(shorter.brand) or to >= len(longer.brand)
    else:
        if char in longer.core[max(0, to - 1) : to] + longer.core[to + 1 : to + 2]:
            return 92
        in_trade = to >= len(longer.brand)
    if in_trade:
        return 0 if _tells_apart(shorter, longer) else 87
    return 84 if min(len(shorter.brand), len(longer.brand)) >= 4 else 0


def _tells_apart(one: Signature, other: Signature) -> bool:
    """Two brands of one sound with trades that are both well known and differ: 恒力机械 and 恒力机电."""
    return _sounds(one.brand) == _sounds(other.brand) and one.trade != other.trade


def _sounds(text: str) -> tuple[str, ...]:
    return tuple(map(_sound, text))


def index_keys(signature: Signature) -> list[int]:
    """Two names that `rate` takes for one firm share a key; each holds the brand, so that an index finds few."""
    sounds, brand, chars = signature.sounds, " ".join(_sounds(signature.brand)), signature.core
    certain = len(signature.brand) if len(signature.brand) < 4 else 0  # so far only a doubled character may be a slip (`_rate_slip`)
    found = [f"= {' '.join(sounds)}"]
    if len(sounds) >= 4:
        found.append(f"swapped {' '.join(sorted(sounds))}")
        slips = [at for at in range(len(sounds)) if at >= certain or chars[at] == chars[at + 1 : at + 2]]
        found += [f"= {' '.join(sounds[:at] + sounds[at + 1 :])}" for at in slips]
        if any(char in LOOKALIKE_GROUPS for char in chars):
            found.append(f"alike {' '.join(_sound(LOOKALIKE_GROUPS.get(char, char)[0]) for char in chars)}")
    if len(signature.brand) >= 2:
        found += [f"trade {brand} {word}" for word in signature.trade]
        found += [f"place {brand} {place}" for place in signature.places]
    return sorted(set(map(_key, found)))


def _key(said: str) -> int:
    """32 bits, signed as PostgreSQL's integer; a rare collision only costs a rating."""
    return zlib.crc32(said.encode()) - 2**31
