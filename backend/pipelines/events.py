"""What pipelines tell the rest of the house."""

from dataclasses import dataclass
from typing import ClassVar

from backend.core.outbox import DomainEvent


@dataclass(frozen=True)
class PipelineChanged(DomainEvent):
    """A pipeline is new, its stages are others from this version on, or it is the default one, out of use or in use from now on."""

    kind: ClassVar[str] = "pipeline.changed"
    version: int
