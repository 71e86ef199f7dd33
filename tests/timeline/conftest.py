"""The sales house of the tests of deals."""

from tests.opportunities.conftest import desk, house, sales

__all__ = ["desk", "house", "sales"]
