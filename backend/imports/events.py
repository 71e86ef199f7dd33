"""What imports and exports tell the rest of the house."""

from dataclasses import dataclass
from typing import ClassVar

from backend.core.outbox import DomainEvent


@dataclass(frozen=True)
class ImportChanged(DomainEvent):
    """A run came to another state."""

    kind: ClassVar[str] = "import.changed"
    state: str


@dataclass(frozen=True)
class ImportProgressed(DomainEvent):
    """A batch of a run is through."""

    kind: ClassVar[str] = "import.progressed"
    done: int


@dataclass(frozen=True)
class MappingSaved(DomainEvent):
    """Somebody keeps the settings of a file for the next one, or keeps them no more."""

    kind: ClassVar[str] = "import.mapping_saved"


@dataclass(frozen=True)
class ExportChanged(DomainEvent):
    """An export was asked for, decided on, made or taken."""

    kind: ClassVar[str] = "export.changed"
    state: str


@dataclass(frozen=True)
class ExportPolicyChanged(DomainEvent):
    kind: ClassVar[str] = "export.policy_changed"
    approval_above: int
