"""A process that goes on for long: what Python looks through for garbage once it has loaded."""

import gc

_OBJECTS_MADE = 10_000  # before it is looked for: a batch of the clock makes fewer that stay


def loaded() -> None:
    """What is there by now stays for good, and is not looked through any more; what comes, less often than usual: it
    took a third of the time in which notices are made."""
    gc.freeze()
    gc.set_threshold(_OBJECTS_MADE, 20, 20)
