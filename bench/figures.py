"""Percentiles and the line that is printed."""

import json
from collections.abc import Sequence
from typing import Any


def percentile(sorted_values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all do not exceed."""
    return (
        sorted_values[min(len(sorted_values) - 1, max(0, round(share * len(sorted_values) + 0.5) - 1))] if sorted_values else float("inf")
    )


def milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)


def show(name: str, **figures: Any) -> bool:
    """Prints one JSON line; returns whether the bench passed."""
    print(json.dumps({"bench": name, **figures}, ensure_ascii=False), flush=True)
    return bool(figures["pass"])
