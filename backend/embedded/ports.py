"""A free loopback port, kept between runs so that addresses stay the same."""

import socket
from pathlib import Path


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def any_free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def keep(data_dir: Path, name: str) -> int:
    """The port of the last run when it is still free, another one otherwise."""
    path = data_dir / f"{name}.port"
    known = int(path.read_text()) if path.exists() else 0
    port = known if known and is_free(known) else any_free()
    path.write_text(str(port))
    return port


def known(data_dir: Path, name: str) -> int:
    """The port that the server of this data directory listens on."""
    return int((data_dir / f"{name}.port").read_text())
