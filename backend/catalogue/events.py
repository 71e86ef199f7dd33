"""What the catalogue tells the rest of the house."""

from dataclasses import dataclass
from typing import ClassVar

from backend.core.outbox import DomainEvent


@dataclass(frozen=True)
class ProductChanged(DomainEvent):
    """A product is new, has other facts or another routing, is archived or restored; a restoration says why."""

    kind: ClassVar[str] = "product.changed"
    code: str
    reason: str | None = None


@dataclass(frozen=True)
class FamilyChanged(DomainEvent):
    """The same of a family; products that leave something to it follow."""

    kind: ClassVar[str] = "product_family.changed"
    code: str
    reason: str | None = None
