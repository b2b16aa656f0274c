"""Files of a data set from the network: fetched whole and checked, or not at all."""

import hashlib
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from evocnn.files import replacing

SCHEMES = ("http", "https", "file")
TIMEOUT = 60  # seconds without a byte
CHUNK = 1 << 20  # bytes


def download(path: Path, url: str, sha256: str, refusal: Path | None = None) -> None:
    """Fetch a file and check it.

    Args:
        path: gets the file, whole and checked, or is not touched.
        url: an http, https or file address.
        sha256: the file's SHA-256, as 64 hex digits.
        refusal: keeps the complaint about a wrong checksum; while it is there nothing is fetched. The same address
            sends the same gigabytes again, so that trying again helps only against a network that fails.

    Raises:
        ValueError: another scheme, or a wrong checksum; the text holds the one found.
        OSError: the address does not answer, or not with the whole file.
    """
    scheme = urlsplit(url).scheme
    if scheme not in SCHEMES:
        raise ValueError(f"{path}: found the scheme '{scheme}' in {url}, expected http, https or file; change it")
    if refusal and refusal.is_file():
        raise ValueError(refusal.read_text())
    total, size = hashlib.sha256(), 0
    with replacing(path) as temporary:
        with temporary.open("wb") as file:
            for chunk in _chunks(url):
                file.write(chunk)
                total.update(chunk)
                size += len(chunk)
        found = total.hexdigest()
        if found != sha256.lower():
            complaint = (
                f"{path}: found the SHA-256 {found} ({size:,} bytes from {url}), expected {sha256}; nothing is kept. "
                f"If the one found is what the publisher states, set download.{path.name}.sha256 to it, "
                "else correct the address, and run snakemake again"
            )
            if refusal:
                refusal.write_text(complaint)
            raise ValueError(complaint)
    print(f"{path}: {size:,} bytes from {url}, SHA-256 {found}")


def _opener() -> urllib.request.OpenerDirector:
    # Not build_opener: it would follow a redirection to ftp as well.
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
            while chunk := response.read(CHUNK):
                received += len(chunk)
                yield chunk
    except (OSError, HTTPException) as error:
        raise OSError(f"{url}: found {error!r} after {received:,} bytes, expected a file; {remedy}") from error
    # Reading in chunks, http.client takes a connection that breaks off for the end of the file.
    if announced is not None and received != int(announced):
        raise OSError(f"{url}: found {received:,} bytes, expected the {int(announced):,} announced; {remedy}")
