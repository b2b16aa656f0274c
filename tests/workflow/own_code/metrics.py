"""A metric of the user's own: how right a joint is falls with its error, without a threshold."""

import numpy as np
from numpy.typing import NDArray


def closeness(
    predictions: NDArray[np.floating], joints: NDArray[np.floating], normaliser: NDArray[np.floating]
) -> NDArray[np.floating]:
    """Shares (N, J) from 0 to 1: exp(−error²/2), the error in units of the normaliser.

    Predictions are (N, J, 3): x and y in pixels, and confidence; joints are (N, J, 2), the normaliser is (N,).
    """
    error = np.linalg.norm(predictions[..., :2] - joints, axis=-1) / normaliser[:, None]
    return np.exp(-np.square(error) / 2)


METRICS = {"closeness": closeness}
