"""Long lists of any register: the function of the database that finds their rows, and what narrows them (VIEW-6; pure).

No policy lets a search or a keyset use its index, so `<table>_find` looks past row security: it applies the lens's own condition and
answers ids in the order of the list. Whoever reads these rows is checked by the policies once more.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from backend.core import search
from backend.core.db import Lens

PROBE = 1000
"""Rows; with hits among so many, of a million, `hits * hits >= most` is where walking on costs less than fetching all hits."""

ARGUMENTS = "jsonb, text, text, uuid, int"


@dataclass(frozen=True)
class Finder:
    """A table that is listed. Its rows are called `l`; expressions stand inside quotes, so a quote in them is doubled."""

    table: str
    holders: Sequence[str]
    """Columns that name who has the row on the desk; each has an index of its own."""
    sorts: Mapping[str, str]
    """What each sort compares, without its minus; an index serves each."""
    filters: Sequence[str]
    """Statements made by `any_of`, `compared` and `flag`."""
    others: Mapping[Lens, str] = field(default_factory=dict)
    """Further lenses: the condition as an expression of type text."""
    permission: str = ""
    """What one must be allowed to see any of them."""
    merges: bool = True
    """Whether a row can be part of another one, which then stands in the list for it."""

    @property
    def signature(self) -> str:
        return f"{self.table}_find({ARGUMENTS})"

    def sql(self) -> str:
        sorts = "\n".join(f"        when '{name}' then '{expression}'" for name, expression in self.sorts.items())
        own = ", ".join(f"format('l.{column} = %L', me)" for column in self.holders)
        others = "\n".join(f"        when '{lens.value}' then parts := array[{condition}];" for lens, condition in self.others.items())
        filters = "\n".join(f"    {one}" for one in self.filters)
        stands = "'l.merged_into_id is null'" if self.merges else "'true'"
        guard = f"\n    if not app_may('{self.permission}') then return; end if;" if self.permission else ""
        return f"""
create or replace function {self.table}_find(given jsonb, sort text, after_key text, after_id uuid, most int)
returns table(place bigint, id uuid, key text) language plpgsql stable rows 50 security definer set search_path = public, pg_temp as $$
declare
    me uuid := app_actor(); regions uuid[]; parts text[]; wanted text[] := array[{stands}]; hits int;
    way text := case when sort like '-%' then 'desc' else 'asc' end;
    kept text := case trim(leading '-' from sort)
{sorts}
    end;
begin{guard}
    -- The lens that looks decides, as the policies of the table do; whoever reads the rows is checked by these once more.
    case current_setting('role')
        when '{Lens.OWN.value}' then parts := array[{own}];
        when '{Lens.REGION.value}' then
            regions := app_regions();
            parts := array[case cardinality(regions) when 0 then 'false' when 1 then format('l.region_id = %L', regions[1])
                else format('l.region_id = any(%L::uuid[])', regions) end];
        when '{Lens.COMPANY.value}' then parts := array[case when app_has_reach('company') then 'true' else 'false' end];
{others}
        else return;
    end case;
    if given ? 'number' then wanted := wanted || format('l.number = %L', given ->> 'number'); end if;
    if given ? 'needle' then
        wanted := wanted || format('position(%L in %s) > 0', given ->> 'needle',
            case when given ->> 'needle' ~ '^[!-~]{{3,}}$' then 'l.search_text' else 'split_part(l.search_text, E''\\t'', 1)' end);
    end if;
{filters}
    if after_key is not null then
        wanted := wanted || format('(%s, l.id) %s (%L, %L::uuid)', kept, case way when 'desc' then '<' else '>' end, after_key, after_id);
    end if;
    if given ? 'needle' and current_setting('role') in ('{Lens.REGION.value}', '{Lens.COMPANY.value}') then
        -- What is frequent is found soon by walking the list, what is rare by its grams; a walk of {PROBE} tells which. The planner
        -- cannot: it takes the grams of one name for independent of each other.
        execute format('select count(*) from (select 1 from (select (%s) as fits, row_number() over (order by %s %s, l.id %s) as step
            from {self.table} l where %s) walked where fits and step <= {PROBE} limit %s) found',
            array_to_string(wanted, ' and '), kept, way, way, parts[1], most) into hits;
        if hits * hits < most then
            wanted := wanted || format('search_grams(l.search_text) @> %L::text[]', array(select jsonb_array_elements_text(given -> 'grams')));
        end if;
    end if;
    -- Each part walks an index of its own; a row that two of them find is one.
    return query execute (
        select format('select row_number() over (), u.id, u.key::text from (select * from (%s) parts order by key %s, id %s limit %s) u',
            string_agg(format('(select l.id, %s as key from {self.table} l where %s order by 2 %s, 1 %s limit %s)', kept,
                array_to_string(part || wanted, ' and '), way, way, most), ' union '), way, way, most)
        from unnest(parts) part);
end $$
"""


def any_of(name: str, column: str, kind: str = "text") -> str:
    """Several values are alternatives; a single one is compared plainly, so that an index keeps its order."""
    values = f"given -> '{name}'"
    several = f"format('= any(%L::{kind}[])', array(select jsonb_array_elements_text({values})))"
    one = f"format('= %L', {values} ->> 0)"
    return (
        f"if given ? '{name}' then wanted := wanted || format('l.{column} %s',"
        f" case jsonb_array_length({values}) when 1 then {one} else {several} end); end if;"
    )


def shares(name: str, column: str) -> str:
    """Of several values the row has at least one."""
    values = f"array(select jsonb_array_elements_text(given -> '{name}'))"
    return f"if given ? '{name}' then wanted := wanted || format('l.{column}::text[] && %L::text[]', {values}); end if;"


def compared(name: str, condition: str) -> str:
    """`condition` has a `%L` where the value stands."""
    return f"if given ? '{name}' then wanted := wanted || format('{condition}', given ->> '{name}'); end if;"


def flag(name: str, yes: str, no: str, *values: str) -> str:
    """`yes` and `no` may have a `%L` for each of these values of what is given; without any, for the present moment (`now`)."""
    given = ", ".join(f"given ->> '{value}'" for value in values or ("now",))
    chosen = f"case when (given ->> '{name}')::bool then '{yes}' else '{no}' end"
    return f"if given ? '{name}' then wanted := wanted || format({chosen}, {given}); end if;"


def number_of(needle: str, prefix: str) -> int | None:
    """A needle that is a record's number, such as xs00000042."""
    found = re.fullmatch(rf"{prefix}0*([0-9]{{1,18}})", needle)
    return int(found[1]) if found else None


def is_too_short(q: str | None) -> bool:
    """One character would find nearly everything."""
    return q is not None and 0 < len(search.needle(q)) < search.SHORTEST


def conditions(wanted: Any, prefix: str) -> dict[str, Any]:
    """A filter (a dataclass: `q` is what a person typed into the search box) as the function reads it; only what narrows is in it."""
    needle = search.needle(wanted.q)
    number = number_of(needle, prefix)
    searched = {"number": number} if number is not None else {"needle": needle, "grams": search.grams_of_needle(needle)} if needle else {}
    given = {one.name: getattr(wanted, one.name) for one in fields(wanted) if one.name != "q"}
    return {**searched, **{name: _plain(value) for name, value in given.items() if value is not None and value != []}}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [str(one) for one in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
