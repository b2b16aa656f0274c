"""Files of a data set from the network: each is downloaded completely and checked, or not kept."""

import hashlib
import time
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from evocnn.files import replacing

SCHEMES = ("http", "https", "file")
TIMEOUT = 60  # seconds without a byte
CHUNK = 1 << 20  # bytes
LARGEST = 10**12
"""Bytes of a download; an address that sends without end would fill the disk."""
SLOWEST = 1000
"""Bytes per second that an address has to send on average, once `PATIENCE` seconds have passed."""
PATIENCE = 600


def download(path: Path, url: str, sha256: str, refusal: Path | None = None) -> None:
    """Download a file and check it.

    Args:
        path: file to write. It is created only if the download is complete and its checksum right.
        url: an http, https or file address.
        sha256: the file's SHA-256, as 64 hex digits.
        refusal: file that records the error message of a wrong checksum. While it exists, nothing is downloaded: the
            address would send the same gigabytes again. A retry helps only against an unreliable network.

    Raises:
        ValueError: another scheme, or a wrong checksum; the message holds the actual one.
        OSError: the address does not answer, or the file is incomplete.
    """
    scheme = urlsplit(url).scheme
    if scheme not in SCHEMES:
        raise ValueError(f"{path}: found the scheme '{scheme}' in {url}, expected http, https or file; change it")
    if refusal and refusal.is_file():
        raise ValueError(refusal.read_text(encoding="utf-8"))
    total, size = hashlib.sha256(), 0
    with replacing(path) as temporary:
        with temporary.open("wb") as file:
            for chunk in _chunks(url):
                file.write(chunk)
                total.update(chunk)
                size += len(chunk)
        actual = total.hexdigest()
        if actual != sha256.lower():
            complaint = (
                f"{path}: found the SHA-256 {actual} ({size:,} bytes from {url}), expected {sha256}; nothing is kept. "
                f"If the one found is what the publisher states, set download.{path.name}.sha256 to it, "
                "else correct the address, and run snakemake again"
            )
            if refusal:
                refusal.write_text(complaint, encoding="utf-8")
            raise ValueError(complaint)
    print(f"{path}: {size:,} bytes from {url}, SHA-256 {actual}")


def _opener() -> urllib.request.OpenerDirector:
    # Not build_opener, because it also follows redirections to ftp.
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.FileHandler,
        urllib.request.HTTPRedirectHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPErrorProcessor,
        urllib.request.UnknownHandler,
    ):
        opener.add_handler(handler())
    return opener


def _chunks(url: str) -> Iterator[bytes]:
    """Bytes of an address; errors of the network become an OSError that names it."""
    remedy = "check the network and the address, and run snakemake again"
    received = 0
    try:
        with _opener().open(url, timeout=TIMEOUT) as response:
            announced = response.headers.get("Content-Length")
            begin = time.monotonic()
            while chunk := response.read1(CHUNK):  # read would wait for a whole chunk, byte by byte if need be
                received += len(chunk)
                seconds = time.monotonic() - begin
                if received > LARGEST:
                    raise OSError(f"more than {LARGEST:,} bytes")
                if seconds > PATIENCE and received < SLOWEST * seconds:
                    raise OSError(f"less than {SLOWEST:,} bytes per second")
                yield chunk
    except (OSError, HTTPException) as error:
        raise OSError(f"{url}: found {error!r} after {received:,} bytes, expected a file; {remedy}") from error
    # When reading in chunks, http.client treats a broken connection as the end of the file.
    if announced is not None and received != int(announced):
        raise OSError(f"{url}: found {received:,} bytes, expected the {int(announced):,} announced; {remedy}")
