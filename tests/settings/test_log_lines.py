"""How the log is written."""

import pytest
import structlog

from tracker.settings.log_lines import write_log


@pytest.mark.parametrize("form, written", [("text", ["done", "late"]), ("faults", ["late"])])
def test_of_faults_alone_nothing_is_heard_that_went_well(
    form: str, written: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = structlog.get_config()
    write_log(form)
    structlog.get_logger().info("done")
    structlog.get_logger().warning("late")
    structlog.configure(**before)
    said = capsys.readouterr().err
    assert [word for word in ("done", "late") if word in said] == written
