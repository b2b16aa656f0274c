"""From network to Keras model: building, training, evaluation, export.

TensorFlow is imported here, so that every training starts in the same way, whichever module comes first.
"""

import gc
import sys

from evocnn.leaving_out import leaving_out

if "tensorflow" not in sys.modules:
    _collecting = gc.isenabled()
    gc.disable()  # imports make no garbage, only objects to look at in vain
    # Keras imports them where they are installed, for what no training does: half of the time of the import.
    with leaving_out("matplotlib", "pandas", "scipy", "sklearn"):
        import keras  # noqa: F401
        import tensorflow  # noqa: F401
    gc.freeze()  # nor when garbage is collected later
    if _collecting:
        gc.enable()
