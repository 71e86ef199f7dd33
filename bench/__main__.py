"""`python -m bench [--only name] [--scale x]`: exit code 1 when a figure misses its limit."""

import argparse
import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from bench import duplicate_lookup, import_100k, lead_to_rep, leads_million, many_leads, webhook_throughput
from tests.simulators.company import found
from tests.simulators.installation import Installation

REPS_PER_REGION = 25
NAMES = ("lead_to_rep", "webhook_throughput", "duplicate_lookup", "import_100k", "leads_million", "lead_search")
ON_MANY_LEADS = ("leads_million", "lead_search")


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
    wanted = [name for name in names if name in ON_MANY_LEADS]
    if wanted:
        passed.append(await leads_million.run(installation, await many_leads.build(installation, scale), wanted))
    return all(passed)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", choices=NAMES)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full duration, for example 0.1")
    arguments = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="chengdan-bench-"))
    installation = Installation.start(home)
    try:
        passed = asyncio.run(measure(installation, [arguments.only] if arguments.only else list(NAMES), arguments.scale))
    finally:
        installation.stop()
        shutil.rmtree(home, ignore_errors=True)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
