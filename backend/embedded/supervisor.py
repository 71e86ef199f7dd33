"""Keeps the processes of one machine running: what dies is started again, and everything ends together."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from backend.embedded.process import EmbeddedError, Running

AnyRunning = TypeVar("AnyRunning", bound=Running)

_FIRST_PAUSE, _LONGEST_PAUSE, _HEALTHY_AFTER = 0.5, 30.0, 60.0


@dataclass
class Child:
    """One process, how to start it, and how often it failed in a row."""

    name: str
    start: Callable[[], Running]
    running: Running
    started_at: float
    pause: float = _FIRST_PAUSE
    start_again_at: float | None = None


@dataclass
class Supervisor:
    """Children in the order of their start; they are stopped in the opposite order."""

    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)

    def add(self, name: str, start: Callable[[], AnyRunning]) -> AnyRunning:
        """Start a process and keep it running from now on."""
        running = start()
        self.children.append(Child(name, start, running, time.monotonic()))
        return running

    def check(self, now: float) -> None:
        """Start again what died, each time after a longer pause."""
        for child in self.children:
            if child.start_again_at is not None and now >= child.start_again_at:
                self._start_again(child, now)
            elif child.start_again_at is None and child.running.process.poll() is not None:
                self._note_end(child, now)

    def stop(self) -> None:
        """End every child, last started first; nothing is left running."""
        for child in reversed(self.children):
            child.running.stop()
        self.children.clear()

    def _note_end(self, child: Child, now: float) -> None:
        if now - child.started_at > _HEALTHY_AFTER:
            child.pause = _FIRST_PAUSE
        child.running.stop()
        self._postpone(child, now, f"ended ({_cause(child.running.process.returncode)})")

    def _start_again(self, child: Child, now: float) -> None:
        try:
            child.running = child.start()
        except (EmbeddedError, OSError) as error:
            self._postpone(child, now, f"did not start ({error})")
            return
        child.started_at, child.start_again_at = now, None
        self.say(f"{child.name} runs again (process {child.running.process.pid})")

    def _postpone(self, child: Child, now: float, what: str) -> None:
        child.start_again_at = now + child.pause
        self.say(f"{child.name} {what}; starting it again in {child.pause:g} s")
        child.pause = min(child.pause * 2, _LONGEST_PAUSE)


def _cause(returncode: int) -> str:
    return f"signal {-returncode}" if returncode < 0 else f"exit code {returncode}"
