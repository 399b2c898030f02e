"""The queue of a case: each accepted turn is in it once, and its key is remembered after the answer."""

from __future__ import annotations

from dataclasses import replace

from domain.case.turns import KEPT_KEYS, TurnQueue, TurnReceipt, TurnStatus, UserTurn


def enqueue(queue: TurnQueue, turn: UserTurn) -> TurnQueue:
    """Return the queue with the turn in it, once: a known key changes nothing."""
    if knows(queue, turn.turn_key):
        return queue
    return replace(queue, waiting=(*queue.waiting, turn))


def knows(queue: TurnQueue, turn_key: str) -> bool:
    """Tell whether the turn waits or has ended among the kept keys."""
    return is_answered(queue, turn_key) or any(turn.turn_key == turn_key for turn in queue.waiting)


def is_answered(queue: TurnQueue, turn_key: str) -> bool:
    """Tell whether the turn has ended, with or without an answer."""
    return turn_key in queue.answered


def finish(queue: TurnQueue, turn_key: str, number: int) -> TurnQueue:
    """Return the queue with the turn ended as `number`; 0 says that it ended without an answer."""
    answered = {key: value for key, value in queue.answered.items() if key != turn_key} | {turn_key: number}
    newest = list(answered.items())[-KEPT_KEYS:]
    return TurnQueue(waiting=_without(queue, turn_key), answered=dict(newest))


def drop(queue: TurnQueue, turn_key: str) -> TurnQueue:
    """Return the queue without the turn and without a memory of it: its sender was told that nothing was stored."""
    return replace(queue, waiting=_without(queue, turn_key))


def receipt(queue: TurnQueue, turn_key: str) -> TurnReceipt:
    """Return where a turn stands; an unknown key reads as `unknown`."""
    number = queue.answered.get(turn_key)
    if number is not None:
        status = TurnStatus.ANSWERED if number else TurnStatus.FAILED
        return TurnReceipt(turn_key=turn_key, status=status, number=number)
    ahead = next((place for place, turn in enumerate(queue.waiting) if turn.turn_key == turn_key), None)
    if ahead is None:
        return TurnReceipt(turn_key=turn_key, status=TurnStatus.UNKNOWN)
    return TurnReceipt(turn_key=turn_key, status=TurnStatus.QUEUED, ahead=ahead)


def _without(queue: TurnQueue, turn_key: str) -> tuple[UserTurn, ...]:
    return tuple(turn for turn in queue.waiting if turn.turn_key != turn_key)
