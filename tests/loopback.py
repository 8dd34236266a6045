"""A small web server on this machine, for tests of what goes over the network."""

import contextlib
import http.server
import socket
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers nothing yet, and writes no log: a test adds its `do_GET`."""

    def log_message(self, *words):
        """Stay quiet."""


@contextlib.contextmanager
def serve(handler):
    """Serve on a free port with this handler; yield the server and its address."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def free_port():
    """Return the number of a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
