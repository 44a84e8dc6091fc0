"""Serves which process answers, from two: python -m tests.commands.who_answers PORT SECONDS.

SECONDS: how long who has more connections gives way, and twice as long a process may be silent.
"""

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
    patience = float(sys.argv[2])
    web_processes.HUNG_AFTER, web_processes.MOST_TIMES = 2 * patience, int(patience / web_processes.GIVES_WAY)
    config = uvicorn.Config(answer, "127.0.0.1", int(sys.argv[1]), lifespan="off", log_level="warning")
    with config.bind_socket() as listener:
        config.load()
        listener.setblocking(False)
        listener.listen(64)
        web_processes.Processes(web_processes.web_processes(config, listener, 2)).run()
