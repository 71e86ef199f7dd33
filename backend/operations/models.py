"""What people did to dead events."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Keyed, Moment


class EventReplay(Keyed, Base):
    """Somebody asked for a dead event to be tried again; the event itself is pruned once it is long done."""

    __tablename__ = "event_replay"
    outbox_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    subject_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)
