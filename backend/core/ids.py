"""Keys: UUID version 7 (RFC 9562), ordered by creation time to keep B-trees compact; never the cursor of a feed."""

import os
import time
from uuid import UUID


def new_id() -> UUID:
    """48 bits of Unix milliseconds, version 7, 74 random bits."""
    stamp = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (stamp << 80) | (0x7 << 76) | ((random >> 68 & 0xFFF) << 64) | (0b10 << 62) | (random & ((1 << 62) - 1))
    return UUID(int=value)
