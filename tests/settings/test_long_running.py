"""What processes that go on for long do about garbage and memory."""

import gc
import platform

import pytest

from tracker.settings.long_running import keep_few_arenas, loading


def test_no_garbage_is_looked_for_while_something_is_loaded() -> None:
    with loading():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_garbage_is_looked_for_again_where_something_cannot_be_loaded() -> None:
    with pytest.raises(ImportError), loading():
        raise ImportError
    assert gc.isenabled()


def test_threads_share_places_where_they_keep_memory_where_the_library_knows_how() -> None:
    assert keep_few_arenas() is (platform.libc_ver()[0] == "glibc")
