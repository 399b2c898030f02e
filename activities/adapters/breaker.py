"""Skips what keeps failing: opens on failures, lets one probe through, closes on its success.

Per provider and model, per worker process: a hint, not a truth (reliability.md 6).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

WINDOW_S = 30.0
FEWEST = 10
"""Calls within the window before their share counts."""
SHARE = 0.5
IN_A_ROW = 5
FIRST_WAIT_S, LONGEST_WAIT_S = 30.0, 300.0
"""From opening to the probe: doubled after each failed probe."""


@dataclass(slots=True)
class Breaker:
    """Counts calls of one provider; `clock` gives monotonic seconds."""

    clock: Callable[[], float]
    _calls: deque[tuple[float, bool]] = field(default_factory=deque)
    _row: int = 0
    _wait: float = 0.0
    """0 while closed."""
    _probe_at: float = 0.0
    _probing: bool = False
    _held_until: float = 0.0

    @property
    def closed(self) -> bool:
        """Whether calls pass freely."""
        return not self._wait and self.clock() >= self._held_until

    @property
    def ready(self) -> bool:
        """Whether a call would pass now, as one of many or as the one probe."""
        if self.clock() < self._held_until:
            return False
        return not self._wait or (self.clock() >= self._probe_at and not self._probing)

    @property
    def wait_s(self) -> float:
        """Seconds until a call may pass, as far as the clock says."""
        return max(0.0, max(self._held_until, self._probe_at if self._wait else 0.0) - self.clock())

    def enter(self) -> bool:
        """Note that a call starts; return whether it is the probe. Ask `ready` first, without awaiting in between."""
        self._probing = self._probing or bool(self._wait)
        return bool(self._wait)

    def hold(self, seconds: float) -> None:
        """Let nothing pass for so long: the provider asked for it."""
        self._held_until = max(self._held_until, self.clock() + seconds)

    def leave(self, *, probe: bool, success: bool | None) -> None:
        """Note how a call ended; None tells nothing about the provider. Only the probe moves an open breaker."""
        if probe:
            self._probing = False
        if success is None or (self._wait and not probe):
            return
        if probe:
            self._judge(success=success)
        self._note(success=success)
        if not self._wait and self._too_many():
            self._open(FIRST_WAIT_S)

    def _judge(self, *, success: bool) -> None:
        """Close after a probe that succeeded, else wait twice as long."""
        if success:
            self._wait = 0.0
            self._calls.clear()
        else:
            self._open(min(LONGEST_WAIT_S, 2 * self._wait))

    def _open(self, wait: float) -> None:
        self._wait, self._probe_at = wait, self.clock() + wait

    def _note(self, *, success: bool) -> None:
        now = self.clock()
        self._row = 0 if success else self._row + 1
        self._calls.append((now, success))
        while self._calls[0][0] < now - WINDOW_S:
            self._calls.popleft()

    def _too_many(self) -> bool:
        failures = sum(not success for _, success in self._calls)
        return self._row >= IN_A_ROW or (len(self._calls) >= FEWEST and failures >= SHARE * len(self._calls))
