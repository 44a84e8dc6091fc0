"""Serves which process answers, from two: python -m tests.commands.who_answers PORT SECONDS.

SECONDS: how long who has more connections gives way, and twice as long a process may be silent.
"""

import json
import os
import sys
from typing import Any

import uvicorn

from tracker.commands import web_processes


async def answer(_scope: Any, receive: Any, send: Any) -> None:
    """The number of the process, whatever is asked."""
    await receive()
    body = str(os.getpid()).encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    port, patience = int(sys.argv[1]), float(sys.argv[2])
    web_processes.HUNG_AFTER, web_processes.MOST_TIMES = 2 * patience, int(patience / web_processes.GIVES_WAY)
    config = uvicorn.Config(answer, "127.0.0.1", port, lifespan="off", log_level="warning")
    config.load()
    if sys.argv[3:]:
        passed_on, died = map(json.loads, sys.argv[3:])
        web_processes.answer_again(config, died["number"], passed_on)
    else:
        listener, shares = config.bind_socket(), web_processes.Shares.among(2)
        listener.setblocking(False)
        listener.listen(64)
        again = [sys.executable, "-m", "tests.commands.who_answers", *sys.argv[1:]]
        works = web_processes.web_processes(config, listener, shares, again)
        web_processes.Processes(works, shares, listener).run()
