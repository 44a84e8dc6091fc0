"""`tracker witness`: it says its key and where it listens, and ends when it is told."""

import http.client
import re
import signal
import subprocess
import sys
from pathlib import Path

from tests.commands.running import run

LOG = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"


def test_it_serves_until_it_is_told_to_end(tmp_path: Path) -> None:
    home = tmp_path / "witness"
    command = [sys.executable, "-m", "tracker", "witness", "--port", "0", "--home", str(home)]
    with subprocess.Popen([*command, "--name", "council.example/w", "--log", LOG], stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            key, where = (process.stdout.readline().decode() for _ in range(2))
            assert re.match(r"Its key: council\.example/w\+[0-9a-f]{8}\+B", key)
            port = re.search(r"Cosigning for 1 log at http://127\.0\.0\.1:(\d+)", where)
            assert port
            call = http.client.HTTPConnection("127.0.0.1", int(port[1]))
            call.request("POST", "/add-checkpoint", "old 0\n")
            assert call.getresponse().status == 400
        finally:
            process.send_signal(signal.SIGTERM)
    assert process.returncode == 0
    assert sorted(each.name for each in home.iterdir()) == ["lock", "logs", "witness.key"]


def test_a_log_that_is_none_is_refused(tmp_path: Path) -> None:
    said = run("witness", "--port", "0", "--home", str(tmp_path), "--log", "nonsense", ends=1)
    assert "This is no verifier key" in said.stderr
