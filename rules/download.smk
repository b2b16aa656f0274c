"""Downloads of the configuration's section `download`; without an entry these rules do not exist."""

import re
from pathlib import PurePath

from evocnn.dataset.archive import archives

DOWNLOADS = {name: entry.model_dump() for name, entry in SETTINGS.download.items()}
ARCHIVES = {unpacked: f"{ROOT}/{archive}" for unpacked, archive in archives(SETTINGS.download).items()}
UNPACKED_FILES = [unpacked for unpacked in ARCHIVES if PurePath(unpacked).suffix]
UNPACKED_FOLDERS = [unpacked for unpacked in ARCHIVES if not PurePath(unpacked).suffix]


if DOWNLOADS:

    rule download:
        """Download a file and check it."""
        output:
            # The script checks the checksum too, and its message holds the actual one.
            ensure(f"{ROOT}/{{file}}", sha256=lookup(dpath="{file}/sha256", within=DOWNLOADS)),
        log:
            "<logs>/download/{file}.log",
        wildcard_constraints:
            file="|".join(map(re.escape, DOWNLOADS)),
        retries: 3
        localrule: True
        conda:
            "../envs/evocnn.yaml"
        resources:
            attempt=attempt_number,
        params:
            url=lookup(dpath="{file}/url", within=DOWNLOADS),
            sha256=lookup(dpath="{file}/sha256", within=DOWNLOADS),
        script:
            "../scripts/download/download.py"


if UNPACKED_FOLDERS:

    rule unpack_folder:
        """Extract a folder from an archive."""
        input:
            lookup(dpath="{unpacked}", within=ARCHIVES),
        output:
            directory(f"{ROOT}/{{unpacked}}"),
        log:
            "<logs>/unpack/{unpacked}.log",
        wildcard_constraints:
            unpacked="|".join(map(re.escape, UNPACKED_FOLDERS)),
        conda:
            "../envs/evocnn.yaml"
        script:
            "../scripts/download/unpack_folder.py"


if UNPACKED_FILES:

    rule unpack_file:
        """Extract a file from an archive."""
        input:
            lookup(dpath="{unpacked}", within=ARCHIVES),
        output:
            f"{ROOT}/{{unpacked}}",
        log:
            "<logs>/unpack/{unpacked}.log",
        wildcard_constraints:
            unpacked="|".join(map(re.escape, UNPACKED_FILES)),
        conda:
            "../envs/evocnn.yaml"
        script:
            "../scripts/download/unpack_file.py"
