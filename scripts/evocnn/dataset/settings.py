"""What networks learn from, as the configuration says."""

from typing import Annotated

from pydantic import Field

from evocnn.section import BuiltInOrOwn, Section

Text = Annotated[str, Field(min_length=1)]
FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]


class DatasetSettings(Section):
    """The section `dataset`."""

    format: Annotated[str, BuiltInOrOwn(("mpii", "coco", "table", "image_folder"))] = Field(
        "mpii",
        description="Format of the annotations. mpii is a JSON file as of Simple Baselines or the official .mat file, "
        "table is CSV or JSON (docs/own_data.md), image_folder is a folder of images per class. FILE.py:NAME is a "
        "format of your own (docs/extending.md).",
    )
    root: Text = Field(
        "data/toy",
        description="Folder of the data set. data/toy is the toy data set, drawn in a folder below it for each size "
        "and seed.",
    )
    train: Text | None = Field(
        "annot/train.json",
        description="Annotation file inside root, divided by image into search-train and search-valid. null for "
        "image_folder, whose folders in train_images are the annotations.",
    )
    test: Text | None = Field(
        "annot/valid.json",
        description="Annotation file of the test split inside root; for image_folder, the folder of images. null where "
        "the test split is a part of `train` (see test_fraction).",
    )
    train_images: Text = Field(
        "images", description="Folder or .zip inside root with the images of `train`. A zip is read in place."
    )
    test_images: Text = Field("images", description="Folder or .zip inside root with the images of `test`.")
    labels: Text = Field(
        "config/skeletons/mpii.yaml",
        description="YAML file with what is predicted: the joints of a skeleton, or classes (config/skeletons, "
        "config/classes).",
    )
    licence: Text | None = Field(
        None, description="Licence of the data, in words, for the model card. null where it is not known."
    )
    input_size: int = Field(
        64,
        ge=32,
        le=1024,
        description="Side of the networks' square input. A multiple of the space's largest stride. Pixels.",
    )
    margin: float = Field(
        0.2,
        ge=0,
        le=1,
        description="What a record's crop has on each side beyond the input, for augmentation. Fraction of the input.",
    )
    valid_fraction: float = Field(
        0.2,
        gt=0,
        lt=1,
        description="Share of the images, test split excluded, that scores individuals (search-valid). Fraction.",
    )
    test_fraction: float = Field(
        0.2, gt=0, lt=1, description="Share of the images that is the test split, where `test` is null. Fraction."
    )
    shards: int = Field(
        1, ge=1, le=1000, description="Number of TFRecord files per split, each written by a job of its own."
    )
    max_skipped: float = Field(
        0.01,
        ge=0,
        le=1,
        description="Maximum share of people that cannot be used, for example because their image is missing. Above "
        "it the run stops. Fraction.",
    )


class DownloadSettings(Section):
    """An entry of the section `download`: where a file comes from."""

    url: Annotated[str, Field(pattern=r"^(https?|file):[!-~]+$")] = Field(
        description="Address of the file, of the scheme http, https or file."
    )
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] = Field(
        description="SHA-256 of the file: 64 hex digits in lower case, in quotes."
    )
    unpack: FileName | None = Field(
        None,
        description="Folder (a name without an ending) or file (a name with one) that is taken out of the file, an "
        "archive, into dataset.root. null for none.",
    )


class ToySettings(Section):
    """The section `toy`: the toy data set, which is drawn where dataset.root is data/toy."""

    train_people: int = Field(3400, ge=10, le=10_000_000, description="People in train.json.")
    valid_people: int = Field(300, ge=1, le=10_000_000, description="People in valid.json, the test split.")
