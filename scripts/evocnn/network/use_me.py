"""Apply this network to pictures. Needs `pip install onnxruntime pillow`, and model.json and predictor.onnx beside it.

python use_me.py photo.jpg                    # one person, or one object, that fills the picture
python use_me.py photo.jpg --box 40 30 120 300  # who is in a box: x and y of the upper left corner, width, height

Prints every joint with its place in pixels and its confidence, and draws them into <photo>.predicted.png; prints every
class with its probability for a network of classes. `--box` can be given several times.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image, ImageDraw, ImageOps

HERE = Path(__file__).parent
BOX_MARGIN = 1.25
"""Side of what the network sees over the longer side of a box."""


def whole(image: Image.Image) -> list[float]:
    """The box of which the network sees the whole picture."""
    side = max(image.size) / BOX_MARGIN
    return [(image.width - side) / 2, (image.height - side) / 2, side, side]


def draw(image: Image.Image, joints: np.ndarray, limbs: list[tuple[int, int]]) -> Image.Image:
    """The picture with limbs and joints of each person, (N, J, 2)."""
    drawn = image.copy()
    pen, width = ImageDraw.Draw(drawn), max(2, max(image.size) // 200)
    for person in joints.tolist():
        for a, b in limbs:
            pen.line([*person[a], *person[b]], fill=(0, 114, 178), width=width)
        for x, y in person:
            pen.ellipse([x - width, y - width, x + width, y + width], fill=(230, 159, 0))
    return drawn


def main() -> None:
    """Predict for every picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", nargs="+", type=Path)
    parser.add_argument("--box", nargs=4, type=float, action="append", metavar=("X", "Y", "WIDTH", "HEIGHT"))
    given = parser.parse_args()
    labels = json.loads((HERE / "model.json").read_text(encoding="utf-8"))["labels"]
    session = onnxruntime.InferenceSession(str(HERE / "predictor.onnx"), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    for path in given.pictures:
        image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
        boxes = np.array(given.box or [whole(image)], np.float32)
        values = session.run(names, {"image": np.asarray(image), "boxes": boxes})
        outputs = dict(zip(names, values, strict=True))
        if "joints" not in outputs:
            for number, shares in enumerate(outputs["probabilities"].tolist()):
                for name, share in zip(labels["classes"], shares, strict=True):
                    print(f"{path}: {number}: {name} {share:.3f}")
            continue
        for number, joints in enumerate(outputs["joints"].tolist()):
            for name, (x, y), sure in zip(labels["joints"], joints, outputs["confidence"][number], strict=True):
                print(f"{path}: {number}: {name} {x:.1f} {y:.1f} {sure:.3f}")
        at = [labels["joints"].index(name) for limb in labels.get("limbs", []) for name in limb]
        drawn = draw(image, outputs["joints"], list(zip(at[::2], at[1::2], strict=True)))
        drawn.save(path.with_name(f"{path.name}.predicted.png"))


if __name__ == "__main__":
    main()
