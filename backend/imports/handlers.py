"""Imports listen to nobody; what channels say about them is registered here."""

from backend.imports import wordings

assert wordings.KINDS  # noqa: S101 - imported for its effect: it registers what channels say
