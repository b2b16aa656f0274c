"""Debian's Chromium without a window, to look at a page as a reader does; by Playwright, which is for development."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

CHROMIUM = Path("/usr/bin/chromium")
# Nothing is fetched, remembered or asked.
OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
READY = "html[data-ready]"
"""What a report becomes once all its charts are drawn."""


def find_chromium() -> Path:
    """Where Chromium is; it is installed first where that is possible.

    Raises:
        FileNotFoundError: it is not there, and cannot be installed.
    """
    if not CHROMIUM.exists() and os.geteuid() == 0 and shutil.which("apt-get"):
        command = ["apt-get", "install", "--yes", "--quiet", "chromium"]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    if not CHROMIUM.exists():
        raise FileNotFoundError(f"no Chromium in {CHROMIUM}, and it could not be installed: apt-get install chromium")
    return CHROMIUM


@contextmanager
def chromium(
    width: int = 1200, height: int = 900, scheme: Literal["light", "dark"] = "light", scale: float = 1
) -> "Iterator[BrowserContext]":
    """A browser that has never been used.

    Args:
        width: of the window in pixels of CSS.
        height: of the window in pixels of CSS.
        scheme: what the reader prefers.
        scale: pixels of a screenshot per pixel of CSS.

    Raises:
        FileNotFoundError: see `find_chromium`.
    """
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder,
            executable_path=find_chromium(),
            args=list(OPTIONS),
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            device_scale_factor=scale,
        )
        try:
            yield context
        finally:
            context.close()


def take_screenshot(page: Path, output: Path) -> None:
    """Take a picture of the upper part of a report, as the README shows it: PNG of a palette, which is small.

    Args:
        page: the report.
        output: PNG to write.
    """
    from PIL import Image

    from evocnn.files import replacing

    with chromium(height=1000) as browser, replacing(output) as temporary:
        tab = browser.pages[0]
        tab.goto(page.resolve().as_uri())
        tab.wait_for_selector(READY)
        tab.screenshot(path=temporary)
        with Image.open(temporary) as picture:
            picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(temporary, optimize=True)
