"""From network to Keras model: building, training, evaluation, export.

TensorFlow is imported here, so that every training starts in the same way, whichever module comes first.
"""

import gc
import sys

from evocnn.import_guard import hidden_modules

if "tensorflow" not in sys.modules:
    _collecting = gc.isenabled()
    gc.disable()  # imports make objects that stay: collecting costs time and frees nothing
    # Keras imports them where they are installed, for what no training does: half of the time of the import.
    with hidden_modules("matplotlib", "pandas", "scipy", "sklearn"):
        import keras  # noqa: F401
        import tensorflow  # noqa: F401
    gc.freeze()  # nor when garbage is collected later
    if _collecting:
        gc.enable()
