"""Serves ministack on a free port, prints the address as one line, and exits when its stdin closes.

For why stdin and what becomes of Ctrl-C, see serve.py of moto.
"""

import asyncio
import os
import signal
import socket
import sys
import threading

signal.signal(signal.SIGINT, signal.SIG_IGN)

# ministack reads its settings when it is imported. The port of clusters' OIDC issuers is one of them, so the listener
# is made first and handed over, which also leaves nobody a chance to take the port in between.
listener = socket.create_server(("127.0.0.1", 0))
port = listener.getsockname()[1]
os.environ["GATEWAY_PORT"] = str(port)
os.environ["LOG_LEVEL"] = "ERROR"

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.app import app


def leave_with_the_owner():
    sys.stdin.read()
    # Not sys.exit: it would wait for the threads of requests that are still being served.
    os._exit(0)


async def main():
    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.loglevel = "ERROR"
    # hypercorn's own trigger would take Ctrl-C.
    await serve(app, config, shutdown_trigger=asyncio.Event().wait)


threading.Thread(target=leave_with_the_owner, daemon=True).start()
print(f"http://127.0.0.1:{port}", flush=True)
asyncio.run(main())
