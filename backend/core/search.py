"""What a search finds: parts of names, of their pinyin and of phone numbers (VIEW-6; pure).

A record keeps one search text of two zones: names and the initials of their pinyin before the tab, full pinyin, digits and codes after it.
Letters and digits, three or more, are looked for in both zones, anything else in the first. An index holds the grams of the text
(`search_grams`, the SQL twin of `grams_of_text`), so that a needle is found by the grams it consists of.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from pypinyin import lazy_pinyin
from pypinyin.constants import RE_HANS
from pypinyin.seg import mmseg

from backend.core.texts import half_width

SHORTEST, LONGEST = 2, 50
ZONE, LINE = "\t", "\n"
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
WRITTEN_PHONE = re.compile(r"[+(]*[0-9][0-9()\-‐-―./_]*")
SORT_LENGTH = 60
SPELT = re.compile(f"({RE_HANS.pattern.strip('^$')})")


def normalised(text: str | None) -> str:
    """Half width, lower case, without spaces and control characters."""
    plain = half_width(half_width(text or "").lower())
    if plain.isprintable():
        return plain.replace(" ", "")
    return "".join(one for one in plain if not (one.isspace() or unicodedata.category(one)[0] == "C"))


def needle(query: str | None) -> str:
    """What is looked for; of a phone number as people write it, the digits."""
    plain = normalised(query)[:LONGEST]
    return digits(plain) if WRITTEN_PHONE.fullmatch(plain) else plain


def digits(text: str | None) -> str:
    return re.sub(r"[^0-9]", "", half_width(text or ""))


def search_text(names: Iterable[str | None], phones: Iterable[str | None] = (), codes: Iterable[str | None] = ()) -> str:
    """The search text of a record with these names, phones and codes; empty when there is nothing to find."""
    heads: list[str] = []
    tails: list[str] = []
    for name in map(normalised, names):
        heads.append(name)
        if HAN.search(name):
            heads.append("".join(syllable[0] for syllable in _spelt(name)))
            tails.append("".join(_spelt(name)))
    tails += [*map(digits, phones), *map(normalised, codes)]
    first, second = ([line for line in dict.fromkeys(lines) if line] for lines in (heads, tails))
    second = [line for line in second if not any(line in other for other in second if other != line)]
    return f"{LINE.join(first)}{ZONE}{LINE.join(second)}" if first or second else ""


def sort_key(name: str | None) -> str:
    """Chinese names in the order of their pinyin, others by their letters."""
    return "".join(_spelt(normalised(name)))[:SORT_LENGTH]


@lru_cache(maxsize=1000)
def _spelt(name: str) -> tuple[str, ...]:
    """The pinyin of each Chinese character; every other character is its own."""
    return tuple(syllable for run in SPELT.split(name) for syllable in _spelt_run(run))


@lru_cache(maxsize=20_000)
def _spelt_run(run: str) -> tuple[str, ...]:
    """Names differ, the parts of them between digits and letters less so: 王经理, 号机械有限公司."""
    if not RE_HANS.match(run):
        return tuple(run)
    return tuple(syllable for word in mmseg.seg.cut(run) for syllable in _spelt_word(word))


@lru_cache(maxsize=20_000)
def _spelt_word(word: str) -> tuple[str, ...]:
    """Names differ, the words in them are the same again and again: 有限公司."""
    return tuple(word if word.isascii() else lazy_pinyin([word], errors=list))  # type: ignore[arg-type]


def contains(text: str, wanted: str) -> bool:
    """Whether a search for `wanted` (a `needle`) finds the record with this search text."""
    return wanted in (text if looks_everywhere(wanted) else text.partition(ZONE)[0])


def looks_everywhere(wanted: str) -> bool:
    """Whether pinyin and phones count as well; two letters would be in nearly all of them."""
    return wanted.isascii() and len(wanted) > SHORTEST


def grams_of_text(text: str) -> set[str]:
    """Pairs of the first zone, and ASCII triples of the whole; none across a line."""
    pairs = _runs(text.partition(ZONE)[0], 2)
    return {gram for gram in pairs | {one for one in _runs(text, 3) if one.isascii()} if not re.search(r"[\t\n]", gram)}


def grams_of_needle(wanted: str) -> list[str]:
    """Grams that every text which contains `wanted` has: triples for letters and digits, pairs where there is a Chinese character."""
    return sorted(_runs(wanted, 3 if looks_everywhere(wanted) else 2))


def _runs(text: str, length: int) -> set[str]:
    return {text[start : start + length] for start in range(len(text) - length + 1)}


GRAMS = r"""
create or replace function search_grams(haystack text) returns text[] language plpgsql immutable strict parallel safe as $$
declare
    found text[] := '{}'; in_names boolean := true; zone text; line text;
begin
    foreach zone in array string_to_array(haystack, E'\t') loop
        foreach line in array string_to_array(zone, E'\n') loop
            if in_names then
                for place in 1 .. length(line) - 1 loop found := found || substr(line, place, 2); end loop;
            end if;
            if octet_length(line) = length(line) then
                for place in 1 .. length(line) - 2 loop found := found || substr(line, place, 3); end loop;
            else
                for place in 1 .. length(line) - 2 loop
                    if octet_length(substr(line, place, 3)) = 3 then found := found || substr(line, place, 3); end if;
                end loop;
            end if;
        end loop;
        in_names := false;
    end loop;
    return found;
end $$
"""
"""Made by a migration, since an index is built on it: whoever changes what it finds rebuilds the index. A gram may stand there twice."""
