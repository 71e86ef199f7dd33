"""Bases and types of what goes over HTTP."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints


def _no_control(value: str) -> str:
    if any(ord(character) < 32 and character not in "\n\r\t" for character in value):
        raise ValueError("must not contain control characters")
    return value


Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(_no_control)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_no_control)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000), AfterValidator(_no_control)]


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
