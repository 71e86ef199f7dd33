"""One installation for all fault tests of a run; each test leaves it whole: both servers up, one API process, no worker."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.announced import SILENT, WATCH, assert_announced, not_exempt
from tests.faults.harness import Site
from tests.simulators.company import Company, found
from tests.simulators.installation import Installation


@pytest.fixture(scope="session")
def whole() -> Iterator[tuple[Installation, Company]]:
    home = Path(tempfile.mkdtemp(prefix="chengdan-faults-"))
    installation = Installation.start(home)
    try:
        asyncio.run(_watch(installation))
        installation.api()
        yield installation, asyncio.run(found(installation, reps_per_region=2))
        assert_announced(not_exempt(tuple(row.values()) for row in asyncio.run(installation.rows(SILENT))))
    finally:
        installation.stop()
        shutil.rmtree(home, ignore_errors=True)


async def _watch(installation: Installation) -> None:
    async with installation.database() as connection:
        for statement in WATCH:
            await connection.execute(statement)


@pytest.fixture
def site(whole: tuple[Installation, Company]) -> Iterator[Site]:
    """The company's website in front of the installation; ends the workers that the test started."""
    installation, company = whole
    yield Site(installation, company)
    for name in [name for name in installation.processes if name != "api"]:
        installation.end(name)
