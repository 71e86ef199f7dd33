"""One batch of rows made into what will be stored, compared with the register and with the rows above it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backend.imports import cells, mapping
from backend.imports.mapping import EXTRA, IGNORED
from backend.imports.rules import Assignment, Mode, OnDuplicate, RowState
from backend.imports.schemas import ImportSettings
from backend.imports.targets.base import Checked, Hit, Target, World

NUMBER = "number"
Hits = Mapping[tuple[str, str], Hit]


@dataclass(frozen=True)
class Reader:
    """The settings of a run, ready to be used on each row."""

    target: Target
    settings: ImportSettings
    labels: Sequence[str]
    world: World

    @property
    def columns(self) -> dict[int, str]:
        return {place: key for place, key in enumerate(self.settings.columns) if key not in {IGNORED, EXTRA}}

    @property
    def extras(self) -> dict[int, str]:
        return {place: self.labels[place] or f"#{place + 1}" for place, key in enumerate(self.settings.columns) if key == EXTRA}

    def check_all(self, rows: Sequence[Any]) -> list[Checked]:
        """Of each row of a file what will be stored of it."""
        columns, extras = self.columns, self.extras
        return [self._check(row.cells, columns, extras) for row in rows]

    def _check(self, row: Sequence[Any], columns: dict[int, str], extras: dict[int, str]) -> Checked:
        written = {label: cells.text(row[place])[:500] for place, label in extras.items() if place < len(row)}
        return self.target.check(mapping.pick(row, columns), {label: value for label, value in written.items() if value}, self.world)


def keys_of(keys: Sequence[Mapping[str, str]], target: Target, settings: ImportSettings) -> dict[str, list[str]]:
    """What to look up in the register: the number only where it may say which record is meant."""
    kinds = [kind for kind in target.kinds if kind != NUMBER or settings.mode is Mode.UPDATE]
    return {kind: [one[kind] for one in keys if kind in one] for kind in kinds}


def hit_of(keys: Mapping[str, str], hits: Hits, target: Target, counts: Callable[[Hit], bool]) -> Hit | None:
    """The record that a row means; a number that is given decides alone."""
    if NUMBER in keys and any(kind == NUMBER for kind, _ in hits):
        return hits.get((NUMBER, keys[NUMBER]))
    met = (hits.get((kind, keys[kind])) for kind in target.kinds if kind in keys)
    return next((hit for hit in met if hit and counts(hit)), None)


def stands_against(target: Target, owner_id: UUID | None, hit: Hit) -> bool:
    """`Target.stands_against` for a row of this owner."""
    return target.stands_against(hit, owner_id)


def owner_of(fields: Mapping[str, Any], settings: ImportSettings, importer: UUID) -> UUID | None:
    """Whose the record will be, as far as the file or the settings say it."""
    if settings.assignment is Assignment.ME:
        return importer
    return UUID(fields["owner_id"]) if settings.assignment is Assignment.KEEP and fields.get("owner_id") else None


def masked(hit: Hit, visible: set[UUID]) -> dict[str, Any]:
    """What the importer may know of a record: all that lists show, or only whom to ask."""
    if hit.subject_id not in visible:
        return {"kind": hit.kind, "owner": hit.owner_name}
    shown = {"subject_type": hit.subject_type, "id": str(hit.subject_id), "number": hit.number, "company": hit.company}
    return {"kind": hit.kind, "owner": hit.owner_name, **shown}


def given(hit: Hit, visible: set[UUID]) -> dict[str, Any]:
    """`masked` for a row that is made all the same, for the owner of what it hits."""
    return {**masked(hit, visible), "kind": "to_owner"}


def judged(number: int, one: Checked, reader: Reader, hit: Hit | None, visible: set[UUID], earlier: int | None) -> dict[str, Any]:
    """A row with its state: `problem` and `duplicate` are left out, `ready` will be written."""
    row: dict[str, Any] = {"number": number, "fields": one.fields, "problems": one.problems or None, "file_key": one.file_key}
    found, settings = masked(hit, visible) if hit else None, reader.settings
    if one.problems:
        return {**row, "state": RowState.PROBLEM}
    if earlier is not None and settings.on_duplicate is OnDuplicate.SKIP:
        kind = "file_changes" if settings.mode is Mode.UPDATE else "file"
        return {**row, "state": RowState.DUPLICATE, "match": {"kind": kind, "row": earlier}}
    if settings.mode is Mode.UPDATE:
        return {**row, **_for_update(one, reader, hit, found)}
    if hit and reader.target.goes_to_owner(hit):
        return {**row, **_new(one, reader, given(hit, visible))}
    if hit and settings.on_duplicate is OnDuplicate.SKIP:
        return {**row, "state": RowState.DUPLICATE, "match": found}
    return {**row, **_new(one, reader, found)}


def _new(one: Checked, reader: Reader, found: dict[str, Any] | None) -> dict[str, Any]:
    lacks = reader.target.lacks(one.fields, reader.settings.assignment)
    return {"state": RowState.PROBLEM, "problems": [lacks]} if lacks else {"state": RowState.READY, "match": found}


def _for_update(one: Checked, reader: Reader, hit: Hit | None, found: dict[str, Any] | None) -> dict[str, Any]:
    target = reader.target
    if hit and found and "id" in found and hit.subject_type == target.subject_type and hit.kind in target.identifies:
        return {"state": RowState.READY, "match": found, "subject_id": str(hit.subject_id)}
    if hit:
        return {"state": RowState.DUPLICATE, "match": found}
    if reader.settings.create_missing and NUMBER not in one.keys:
        return _new(one, reader, None)
    return {"state": RowState.PROBLEM, "problems": [{"field": NUMBER, "code": "not_found", "params": {}}]}
