"""Serves moto on the port in PORT (0 takes a free one), prints the address as one line, and exits when its stdin
closes.

Closing stdin is what the operating system does when the test process ends, however it ends, so the server never
outlives the tests. Ctrl-C is ignored: a terminal sends it to the whole process group, and Terraform still needs AWS
while it winds down.
"""

import logging
import os
import signal
import sys

from moto.server import ThreadedMotoServer

signal.signal(signal.SIGINT, signal.SIG_IGN)
logging.getLogger("werkzeug").setLevel(logging.ERROR)

server = ThreadedMotoServer(ip_address="127.0.0.1", port=int(os.environ["PORT"]), verbose=False)
server.start()
host, port = server.get_host_and_port()
print(f"http://{host}:{port}", flush=True)

sys.stdin.read()
# Not sys.exit: it would wait for the threads of requests that are still being served.
os._exit(0)
