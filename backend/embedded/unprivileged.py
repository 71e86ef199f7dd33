"""PostgreSQL refuses to run as root: how a root user starts it without giving up the data directory."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from backend.embedded.process import EmbeddedError

_NAMESPACE = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]


@dataclass(frozen=True)
class Unprivileged:
    """What stands before a command of PostgreSQL, and who owns its files."""

    prefix: list[str]
    leashed: list[str]
    owner: tuple[int, int]

    def own(self, path: Path) -> None:
        """Hand a tree to the user that PostgreSQL runs as, when it is another's."""
        if (path.stat().st_uid, path.stat().st_gid) == self.owner:
            return
        for part in [*path.rglob("*"), path]:
            os.chown(part, *self.owner, follow_symlinks=False)


@lru_cache
def unprivileged() -> Unprivileged:
    """As oneself; as root in a user namespace; where those are blocked as `nobody`."""
    if os.geteuid() != 0:
        return Unprivileged([], [], (os.geteuid(), os.getegid()))
    if _works(_NAMESPACE):
        return Unprivileged(_NAMESPACE, _NAMESPACE, (0, os.getegid()))
    return _nobody()


def _nobody() -> Unprivileged:
    """`nobody`, let through directories such as /root (0700) by one capability, so that nothing has to be moved or copied."""
    nobody = pwd.getpwnam("nobody")
    prefix = [
        *("setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups"),
        *("--inh-caps=+dac_override", "--ambient-caps=+dac_override"),
    ]
    if not _works(prefix):
        raise EmbeddedError(
            "PostgreSQL cannot run as root here. Run as an ordinary user, or set DATABASE_URL and REDIS_URL to servers of your own."
        )
    # A change of user clears the leash that the parent set, so it is tied again after it.
    return Unprivileged(prefix, [*prefix, "--pdeathsig=INT"], (nobody.pw_uid, nobody.pw_gid))


def _works(prefix: list[str]) -> bool:
    return (
        shutil.which(prefix[0]) is not None and subprocess.run([*prefix, "true"], capture_output=True, cwd="/", check=False).returncode == 0
    )
