"""Rules are read afresh by every test: what one of them changed is rolled back."""

from collections.abc import Iterator

import pytest

from backend.deadlines import rulebook


@pytest.fixture(autouse=True)
def fresh_rulebook() -> Iterator[None]:
    rulebook.forget()
    yield
    rulebook.forget()
