"""A lead's stages, and which move is a step forward."""

STAGES = ("new", "contacted", "engaged", "booked", "won", "lost")


def is_closed(stage: str) -> bool:
    """Won or lost: nothing more goes out by itself."""
    return stage in ("won", "lost")


def advanced(current: str, to: str) -> str:
    """The stage after an event that earns `to`: never back along new → contacted → engaged → booked, and won is final.

    A lost lead that engages or books again is open again.
    """
    if current == "won" or to not in STAGES:
        return current
    if to in ("won", "lost"):
        return to
    if current == "lost":
        return to if to in ("engaged", "booked") else current
    return max(current, to, key=STAGES.index)


def reached(*, contacted: bool, engaged: bool) -> str:
    """How far an open lead has come by what has happened to it."""
    if engaged:
        return "engaged"
    return "contacted" if contacted else "new"
