"""Bases and types of what goes over HTTP."""

import re
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints


def no_control(value: str) -> str:
    """Lines and tabs, and nothing else that cannot be seen."""
    if any(ord(character) < 32 and character not in "\n\r\t" for character in value):
        raise ValueError("must not contain control characters")
    return value


BARE_NUMBER = re.compile(r"\s*[-+]?[0-9.]+\s*")


def _written(value: Any) -> Any:
    if isinstance(value, int | float) or (isinstance(value, str) and BARE_NUMBER.fullmatch(value)):
        raise ValueError("must be a text in ISO 8601 form")
    return value


Written = BeforeValidator(_written)
"""A day or moment as text: a bare number is not taken for seconds since 1970."""
When = Annotated[AwareDatetime, Written]
Flag = Annotated[bool, Field(strict=True)]
"""true or false: not 0, "yes" or "off"."""
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(no_control)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(no_control)]
MOST_CHOICES = 50
Choices = Annotated[list[Line], Field(max_length=MOST_CHOICES)]
"""Alternatives of a filter."""
Ids = Annotated[list[UUID], Field(max_length=MOST_CHOICES)]
Days = Annotated[int, Field(ge=1, le=3660)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000), AfterValidator(no_control)]


MONEY_DIGITS, MONEY_PLACES = 18, 2
Amount = Annotated[Decimal, Field(ge=0, max_digits=MONEY_DIGITS, decimal_places=MONEY_PLACES)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""ISO 4217."""


class In(BaseModel):
    """Input: an unknown field is an error that names it."""

    model_config = ConfigDict(extra="forbid")


class Out(BaseModel):
    """Output: no defaults, read from rows or objects."""

    model_config = ConfigDict(from_attributes=True)


class ProblemOut(Out):
    """RFC 9457 problem details with a stable `code`."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    request_id: str
    params: dict[str, Any]
    errors: list[dict[str, str]]


def named(key: UUID | None, name: str | None) -> dict[str, Any] | None:
    """Somebody or something by id and name, where there is one."""
    return {"id": key, "name": name} if key is not None and name is not None else None
