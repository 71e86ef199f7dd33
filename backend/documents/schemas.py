"""Documents over HTTP."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from backend.core.schemas import Flag, In, Line, Name, Out, Text
from backend.documents.rules import MOST_MEGABYTES, Family
from backend.identity.schemas import PersonRef

Subject = Literal["lead", "customer", "opportunity"]
Disposition = Literal["inline", "attachment"]
KindKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Megabytes = Annotated[int, Field(ge=1, le=MOST_MEGABYTES, strict=True)]
Reason = Annotated[Text, Field(min_length=1, max_length=500)]


class DocumentKindRef(Out):
    key: str
    name_zh: str
    name_en: str


class DocumentKindOut(DocumentKindRef):
    """A sort of document; files of it may have so many megabytes of 1,048,576 bytes."""

    max_megabytes: int
    is_active: bool
    version: int


class DocumentKinds(Out):
    """All of them, in their order."""

    items: list[DocumentKindOut]


class DocumentKindFields(In):
    key: KindKey
    name_zh: Name
    name_en: Name
    max_megabytes: Megabytes


class DocumentKindPatch(In):
    """What is left out stays. A kind out of use is not offered for new documents; those that there are keep it."""

    name_zh: Name = ""
    name_en: Name = ""
    max_megabytes: Megabytes = 1
    is_active: Flag = True


class DocumentKindOrder(In):
    keys: Annotated[list[KindKey], Field(max_length=200)]


class FileOut(Out):
    """A file by its bytes: `media_type` is told from them, whatever its name says; `may_be_shown` where a browser shows or plays it."""

    id: UUID
    name: str
    media_type: str
    family: Family
    size: int
    sha256: str
    may_be_shown: bool


class UploadOut(FileOut):
    """A file that came in whole; it waits a day for its document. `is_mismatched` when its name has the ending of another format."""

    is_mismatched: bool


class DocumentVersionOut(FileOut):
    number: int
    note: str
    uploaded_by: PersonRef | None
    uploaded_at: datetime
    has_thumbnail: bool


class Withdrawn(Out):
    at: datetime
    by: PersonRef | None
    reason: str


class DocumentOut(Out):
    """A document with all its versions, the newest first; `of` names the record that it hangs on where a page shows another one."""

    id: UUID
    subject_type: str
    subject_id: UUID
    of: str | None
    kind: DocumentKindRef
    title: str
    created_by: PersonRef | None
    created_at: datetime
    withdrawn: Withdrawn | None
    versions: list[DocumentVersionOut]
    version: int


class DocumentCreate(In):
    """A file that was uploaded becomes a document of a record; without a title it is called like the file."""

    subject_type: Subject
    subject_id: UUID
    upload_id: UUID
    kind: KindKey
    title: Line = ""
    note: Text = ""


class DocumentVersionCreate(In):
    upload_id: UUID
    note: Text = ""


class DocumentPatch(In):
    """What is left out stays."""

    title: Name = ""
    kind: KindKey = "other"


class Withdrawal(In):
    """Why the document no longer counts; it stays to be seen."""

    reason: Reason


class FileLink(Out):
    """Where a browser gets the file for some minutes, as the person who asked and no longer than their session."""

    url: str
    expires_at: datetime
