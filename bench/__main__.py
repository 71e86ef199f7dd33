"""`python -m bench [--only name] [--scale x]`: exit code 1 when a figure misses its limit."""

import argparse
import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from bench import (
    duplicate_lookup,
    funnel_million,
    house,
    import_100k,
    import_customers,
    lead_to_rep,
    looking,
    many_customers,
    many_leads,
    many_opportunities,
    stall_sweep,
    webhook_throughput,
)
from bench.customers_million import CUSTOMERS
from bench.leads_million import LEADS
from tests.simulators.company import found
from tests.simulators.installation import Installation

REPS_PER_REGION = 25
NAMES = (
    "lead_to_rep",
    "webhook_throughput",
    "duplicate_lookup",
    "import_100k",
    "import_customers",
    "leads_million",
    "lead_search",
    "customers_million",
    "stall_sweep",
    "board_million",
    "card_move",
    "dashboard_million",
    "timeline_page",
)
ON_MANY_RECORDS = ("leads_million", "lead_search", "customers_million", "stall_sweep")
ON_MANY_OPPORTUNITIES = {"board_million", "card_move", "dashboard_million", "timeline_page"}


async def measure(installation: Installation, names: list[str], scale: float) -> bool:
    company = await found(installation, REPS_PER_REGION)
    installation.api()
    passed = []
    if "lead_to_rep" in names:
        installation.worker()
        passed.append(await lead_to_rep.run(installation, company, scale))
        installation.end("worker")
    if "webhook_throughput" in names:
        passed.append(await webhook_throughput.run(installation, scale))
    if "duplicate_lookup" in names:
        passed.append(await duplicate_lookup.run(installation, company, scale))
    if "import_100k" in names:
        passed.append(await import_100k.run(installation, company, scale))
    if "import_customers" in names:
        passed.append(await import_customers.run(installation, company, scale))
    if set(names) & {*ON_MANY_RECORDS, *ON_MANY_OPPORTUNITIES}:
        passed.append(await on_many_records(installation, names, scale))
    return all(passed)


async def on_many_records(installation: Installation, names: list[str], scale: float) -> bool:
    passed, people = [], await house.found(installation)
    leads, searches, customers, sweep = (name if name in names else None for name in ON_MANY_RECORDS)
    if leads or searches:
        passed.append(await looking.run(installation, LEADS, await many_leads.build(installation, people, scale), leads, searches))
    if customers:
        passed.append(
            await looking.run(installation, CUSTOMERS, await many_customers.build(installation, people, scale), customers, customers)
        )
    if sweep:
        passed.append(await stall_sweep.run(installation, people, scale))
    wanted = set(names) & ON_MANY_OPPORTUNITIES
    if wanted:
        passed.append(await funnel_million.run(installation, await many_opportunities.build(installation, people, scale), wanted))
    return all(passed)


def named(words: str) -> list[str]:
    """The benches that are wanted."""
    wanted = words.split(",")
    if unknown := [name for name in wanted if name not in NAMES]:
        raise argparse.ArgumentTypeError(f"no bench is called {', '.join(unknown)}; known are {', '.join(NAMES)}")
    return wanted


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", type=named, default=list(NAMES), help="one of them, or some with commas between")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full duration, for example 0.1")
    arguments = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="chengdan-bench-"))
    installation = Installation.start(home)
    try:
        passed = asyncio.run(measure(installation, arguments.only, arguments.scale))
    finally:
        installation.stop()
        shutil.rmtree(home, ignore_errors=True)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
