"""A clock goes on for long: what Python looks through for garbage once it has begun."""

import gc

_OBJECTS_MADE = 10_000  # before it is looked for: a batch makes fewer that stay


def begun() -> None:
    """What is there by now stays for good, and is not looked through any more; what comes, less often than usual: that
    took a third of the time in which notices are made. Pages gain little by it, and would take more memory."""
    gc.freeze()
    gc.set_threshold(_OBJECTS_MADE, 20, 20)
