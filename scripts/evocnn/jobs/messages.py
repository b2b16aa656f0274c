"""What a training job and the warm-start server say to each other, over a socket of the machine."""

import os
import pickle
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evocnn.jobs.child import Work

MOST_DESCRIPTORS = 16
LENGTH_BYTES = 8
REFUSED = 0
"""In place of a child's process number."""


@dataclass(frozen=True)
class Request:
    """Fork a child for work, with the caller's surroundings.

    Attributes:
        work: what to do.
        environment: of the caller.
        directory: of the caller.
        umask: of the caller.
    """

    work: Work
    environment: Mapping[str, str]
    directory: Path
    umask: int


def send_request(connection: socket.socket, request: Request, descriptors: Sequence[int]) -> None:
    """Send a request with the descriptors for the child: output, errors, report, and what it is to hold."""
    content = pickle.dumps(request)
    socket.send_fds(connection, [len(content).to_bytes(LENGTH_BYTES)], descriptors)
    connection.sendall(content)


def receive_request(connection: socket.socket) -> tuple[Request, list[int]]:
    """Receive what `send_request` has sent.

    Raises:
        EOFError: the caller went away.
    """
    head, descriptors, _, _ = socket.recv_fds(connection, LENGTH_BYTES, MOST_DESCRIPTORS)
    try:
        return pickle.loads(receive(connection, int.from_bytes(head))), descriptors
    except BaseException:
        for descriptor in descriptors:
            os.close(descriptor)
        raise


def receive(connection: socket.socket, length: int) -> bytes:
    """Receive exactly so many bytes.

    Raises:
        EOFError: the other side went away.
    """
    content = b""
    while len(content) < length:
        part = connection.recv(length - len(content))
        if not part:
            raise EOFError
        content += part
    return content


def send_number(connection: socket.socket, number: int) -> None:
    """Send a process's number or its exit code."""
    connection.sendall(number.to_bytes(LENGTH_BYTES, signed=True))


def receive_number(connection: socket.socket) -> int:
    """Receive what `send_number` has sent.

    Raises:
        EOFError: the other side went away.
    """
    return int.from_bytes(receive(connection, LENGTH_BYTES), signed=True)
