"""Refuse every connection but those to this machine.

Python imports a `sitecustomize` that it finds on PYTHONPATH when it starts, so notebook kernels
are offline from their first line on.
"""

import ipaddress
import sys

CONNECTING = {
    "socket.connect",
    "socket.sendto",
    "socket.sendmsg",
    "socket.getaddrinfo",
    "socket.gethostbyname",
}


def is_local(host):
    """Tell whether a host name or address means this machine."""
    if isinstance(host, (bytes, bytearray)):
        host = bytes(host).decode("ascii", "replace")
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def refuse(event, arguments):
    """Raise when an audited event would leave this machine."""
    if event not in CONNECTING:
        return
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    elif isinstance(arguments[1], tuple):  # a str or bytes address is a Unix socket's path
        host = arguments[1][0]
    else:
        return
    if not is_local(host):
        raise PermissionError(
            f"Notebooks and tests run without a network, but something asked for {host!r}. "
            "Use data that ships with a pinned package, or generate it from a seed."
        )


sys.addaudithook(refuse)
