"""One batch of rows made into what will be stored, compared with the register and with the rows above it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backend.imports import cells, mapping
from backend.imports.mapping import EXTRA, IGNORED
from backend.imports.rules import Mode, OnDuplicate, RowState
from backend.imports.schemas import ImportSettings
from backend.imports.targets.base import Checked, Hit, Target, World

ORDER = ("number", "phone", "email", "company")
"""Which kind of match counts first."""


@dataclass(frozen=True)
class Reader:
    """The settings of a run, ready to be used on each row."""

    target: Target
    settings: ImportSettings
    labels: Sequence[str]

    @property
    def columns(self) -> dict[int, str]:
        return {place: key for place, key in enumerate(self.settings.columns) if key not in {IGNORED, EXTRA}}

    @property
    def extras(self) -> dict[int, str]:
        return {place: self.labels[place] or f"#{place + 1}" for place, key in enumerate(self.settings.columns) if key == EXTRA}

    def check_all(self, rows: Sequence[Sequence[Any]], world: World) -> list[Checked]:
        """Costs time and no I/O: runs beside the event loop."""
        columns, extras = self.columns, self.extras
        return [self._check(row, columns, extras, world) for row in rows]

    def _check(self, row: Sequence[Any], columns: dict[int, str], extras: dict[int, str], world: World) -> Checked:
        written = {label: cells.text(row[place])[:500] for place, label in extras.items() if place < len(row)}
        return self.target.check(mapping.pick(row, columns), {label: value for label, value in written.items() if value}, world)


def keys_of(checked: Sequence[Checked], settings: ImportSettings) -> dict[str, list[str]]:
    """What to look up in the register: the number only where it may say which record is meant."""
    kinds = ORDER if settings.mode is Mode.UPDATE else ORDER[1:]
    return {kind: [one.keys[kind] for one in checked if kind in one.keys] for kind in kinds}


def hit_of(keys: Mapping[str, str], hits: Mapping[tuple[str, str], Hit]) -> Hit | None:
    """The record that a row means; a number that is given decides alone."""
    if "number" in keys and any(kind == "number" for kind, _ in hits):
        return hits.get(("number", keys["number"]))
    return next((hit for kind in ORDER if kind in keys and (hit := hits.get((kind, keys[kind])))), None)


def masked(hit: Hit, visible: set[UUID]) -> dict[str, Any]:
    """What the importer may know of a record: all that lists show, or only whom to ask."""
    if hit.subject_id not in visible:
        return {"kind": hit.kind, "owner": hit.owner_name}
    shown = {"subject_type": hit.subject_type, "id": str(hit.subject_id), "number": hit.number, "company": hit.company}
    return {"kind": hit.kind, "owner": hit.owner_name, **shown}


def judged(number: int, one: Checked, reader: Reader, hit: Hit | None, visible: set[UUID], earlier: int | None) -> dict[str, Any]:
    """A row with its state: `problem` and `duplicate` are left out, `ready` will be written."""
    row: dict[str, Any] = {"number": number, "fields": one.fields, "problems": one.problems or None, "file_key": one.file_key}
    found, settings = masked(hit, visible) if hit else None, reader.settings
    if one.problems:
        return {**row, "state": RowState.PROBLEM}
    if earlier is not None and settings.on_duplicate is OnDuplicate.SKIP:
        return {**row, "state": RowState.DUPLICATE, "match": {"kind": "file", "row": earlier}}
    if settings.mode is Mode.UPDATE:
        return {**row, **_for_update(one, reader, hit, found)}
    if hit and settings.on_duplicate is OnDuplicate.SKIP:
        return {**row, "state": RowState.DUPLICATE, "match": found}
    return {**row, "state": RowState.READY, "match": found}


def _for_update(one: Checked, reader: Reader, hit: Hit | None, found: dict[str, Any] | None) -> dict[str, Any]:
    if hit and found and "id" in found and hit.subject_type == reader.target.subject_type:
        return {"state": RowState.READY, "match": found, "subject_id": str(hit.subject_id)}
    if hit:
        return {"state": RowState.DUPLICATE, "match": found}
    if reader.settings.create_missing and "number" not in one.keys:
        return {"state": RowState.READY}
    return {"state": RowState.PROBLEM, "problems": [{"field": "number", "code": "not_found", "params": {}}]}
