#!/usr/bin/env python3
"""Sets the project up in .venv/ and runs it: demo, test, check, bench, simulate. Standard library only."""

from __future__ import annotations  # so that an older Python gets as far as being refused

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUN_LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "tests" / "requirements.lock"
BUILD_LOCK = ROOT / "deploy" / "build.lock"
NPM_LOCK = ROOT / "deploy" / "npm.lock"
BUILD_FILES = ("pyproject.toml", "deploy/build_static.py", "tracker/static/package-lock.json")
VENDOR = ROOT / "tracker" / "static" / "vendor" / "htmx.min.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

USAGE = """usage: python3 go.py COMMAND [arguments]

  demo [--port 8000] [--seed TEXT] [--no-serve]   make the demonstration partnership and serve it
  test [pytest arguments]           run every test (a Chromium and a PostgreSQL are seen to)
  check                             style, types, floors, migrations, house rules
  bench [--issues N] [--database URL] [--compare FILE]   measure; say what got worse
  simulate [--reports N] [--seed S] how often the verdicts of the theme report are right, and wrong"""


def main(arguments: list[str]) -> int:
    """Runs one command; its exit code, 1 when a step of the set-up failed, 2 for wrong usage."""
    command = COMMANDS.get(arguments[0] if arguments else "")
    if command is None:
        print(USAGE, file=sys.stderr)
        return 2
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs it may have an older one
        raise SystemExit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}")
    os.chdir(ROOT)
    try:
        return command(arguments[1:])
    except subprocess.CalledProcessError as failed:
        print(f"go.py: failed: {' '.join(map(str, failed.cmd))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def demo(arguments: list[str]) -> NoReturn:
    """The demonstration, in a home and a database of its own."""
    environment(RUN_LOCK)
    become([f"{VENV}/bin/tracker", "demo", *arguments], of_the_demonstration(dict(os.environ)))


def of_the_demonstration(given: dict[str, str]) -> dict[str, str]:
    """The environment as it was, but with a home of the demonstration's own and nobody's database."""
    others = {name: value for name, value in given.items() if name != "TRACKER_DATABASE_URL"}
    return {**others, "TRACKER_HOME": f"{given.get('TRACKER_HOME', 'var')}/demo"}


def test(arguments: list[str]) -> NoReturn:
    """Every test, or those that the pytest arguments name."""
    environment(TEST_LOCK)
    env = {**os.environ, "TRACKER_TEST_CHROMIUM": chromium()}
    side_by_side = ("-n", str(os.cpu_count() or 1), "--dist", "worksteal")  # what a module's tests share is made once
    become([str(PYTHON), "-m", "pytest", *side_by_side, *arguments], env)


def bench(arguments: list[str]) -> NoReturn:
    """The measurements of tests/bench."""
    environment(TEST_LOCK)
    become([str(PYTHON), "-m", "tests.bench", *arguments], dict(os.environ))


def simulate(arguments: list[str]) -> NoReturn:
    """The verdicts of tests/simulation."""
    environment(TEST_LOCK)
    become([str(PYTHON), "-m", "tests.simulation", *arguments], dict(os.environ))


def check(arguments: list[str]) -> int:
    """Every check, a line each, all of them though one fails; 1 when one did."""
    if arguments:
        print("usage: python3 go.py check", file=sys.stderr)
        return 2
    environment(TEST_LOCK)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        passed = [report(*outcome) for outcome in pool.map(lambda step: timed(*step), CHECKS)]
    return 0 if all(passed) else 1


def become(command: list[str], env: dict[str, str]) -> NoReturn:
    """Turns into the command, so that its exit code, and a signal to stop, are its own."""
    sys.stdout.flush()
    os.execve(command[0], command, env)


# The environment


def environment(lock: Path) -> None:
    """Makes .venv hold what the lock file names and the project itself; nothing is done twice."""
    with alone():
        if not works():
            make_venv()
        if lock == TEST_LOCK or not stamped("packages", TEST_LOCK.read_text()):  # which holds all of the other
            once("packages", lock.read_text(), lambda: install(lock))
        if not VENDOR.exists():
            (VENV / "project.stamp").unlink(missing_ok=True)
        once("project", "".join((ROOT / name).read_text() for name in BUILD_FILES), install_project)


@contextmanager
def alone() -> Iterator[None]:
    """Waits while another go.py of this folder is setting up."""
    with (ROOT / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def works() -> bool:
    """Whether .venv was made here, by a Python that is still there."""
    if not stamped("venv", str(VENV)) or not PYTHON.exists():
        return False
    return subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False).returncode == 0


def once(name: str, wanted: str, make: Callable[[], None]) -> None:
    """Makes a thing unless its stamp says that just this was made."""
    if not stamped(name, wanted):
        make()
        stamp(name, wanted)


def stamped(name: str, wanted: str) -> bool:
    kept = VENV / f"{name}.stamp"
    return kept.exists() and kept.read_text() == fingerprint(wanted)


def stamp(name: str, wanted: str) -> None:
    (VENV / f"{name}.stamp").write_text(fingerprint(wanted))


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def make_venv() -> None:
    say("making .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise SystemExit(f"{made.stdout}{made.stderr}go.py: no environment without venv (Debian: python3-venv)")
    stamp("venv", str(VENV))


def install_project() -> None:
    """In a way that edits take effect at once; the build brings htmx, for which it needs an npm."""
    install(BUILD_LOCK)
    if not shutil.which("npm"):
        install(NPM_LOCK)
    pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT))


def install(lock: Path) -> None:
    """All that a lock file names, and nothing that it leaves out on purpose."""
    pip("--require-hashes", "--no-deps", "-r", str(lock))


def pip(*arguments: str) -> None:
    say(f"installing {Path(arguments[-1]).relative_to(ROOT.parent)}")
    command = [str(PYTHON), "-m", "pip", "install", "-qq", "--no-input", "--disable-pip-version-check"]
    subprocess.run([*command, *arguments], check=True, stdin=subprocess.DEVNULL)


def say(line: str) -> None:
    print(f"go.py: {line}", file=sys.stderr, flush=True)


# The browser


def chromium() -> str:
    """The path of a Chromium, installed first where there is none and we may."""
    found = os.environ.get("TRACKER_TEST_CHROMIUM") or browser_on_path() or installed_browser()
    if not found:
        raise SystemExit("go.py: no Chromium: install one (Debian: apt install chromium) or set TRACKER_TEST_CHROMIUM")
    return found


def browser_on_path() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def installed_browser() -> str | None:
    """Asks apt for one, as root or by `sudo -n`; looks afterwards, since apt's exit code says little."""
    rights = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (rights and not shutil.which("sudo")):
        return None
    say("installing Chromium")
    apt = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-oDPkg::Lock::Timeout=300"]
    for step in (["update"], ["install", "-y", "--no-install-recommends", "chromium", "fonts-liberation"]):
        subprocess.run([*apt, *step], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False)
    return browser_on_path()


# The checks


CHECKS: tuple[tuple[str, list[str]], ...] = (
    ("mypy", ["mypy"]),
    ("ruff check", ["ruff", "check", "--quiet", "--output-format=concise"]),
    ("ruff format", ["ruff", "format", "--check", "--quiet", "--output-format=concise"]),
    ("import-linter", ["lint-imports", "--no-logo"]),
    ("alembic check", ["python", "-m", "tests.house.alembic_check"]),
    ("house tests", ["pytest", "-q", "--tb=short", "tests/house"]),
)


def timed(name: str, command: list[str]) -> tuple[str, float, subprocess.CompletedProcess[str]]:
    """Runs a check from .venv with a home of its own, its output kept."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as home:
        kept = {key: value for key, value in os.environ.items() if key != "TRACKER_DATABASE_URL"}
        env = {**kept, "PATH": f"{VENV / 'bin'}:{os.environ['PATH']}", "TRACKER_HOME": home}
        silent = subprocess.DEVNULL
        done = subprocess.run(command, env=env, stdin=silent, capture_output=True, text=True, check=False)
    return name, time.monotonic() - started, done


def report(name: str, seconds: float, done: subprocess.CompletedProcess[str]) -> bool:
    """One line, and what the check said when it failed."""
    print(f"{name:<15} {'ok' if done.returncode == 0 else 'FAILED'} {seconds:6.1f} s", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


Command = Callable[[list[str]], int]
COMMANDS: dict[str, Command] = {"demo": demo, "test": test, "check": check, "bench": bench, "simulate": simulate}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
