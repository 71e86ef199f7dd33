"""The installation that is measured, and the generator beside it."""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.load import Orders, Seen
from tests.simulators.company import FORM_KEY, FORM_SECRET, submission
from tests.simulators.installation import Installation

ROOT = Path(__file__).resolve().parents[1]
BODIES = [submission(number) for number in range(400)]


def generate(installation: Installation, **orders: Any) -> Seen:
    """Runs the generator against the API until it is through."""
    address = urlsplit(installation.addresses["api"])
    given = Orders(address.hostname or "", address.port or 0, FORM_KEY, FORM_SECRET, BODIES, **orders)
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"], input=json.dumps(asdict(given)), cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    )
    return Seen(**json.loads(done.stdout))
