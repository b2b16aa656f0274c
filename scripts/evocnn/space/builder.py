"""Put layers together, with the shapes worked out on the way."""

from evocnn.space.genes import Value
from evocnn.space.layers import is_learned
from evocnn.space.network import Layer, Shape

NORMALISATIONS = {"batch": "batch_norm", "layer": "layer_norm", "none": ""}
"""Kind of layer, by the value of the gene `normalisation`."""


class GraphBuilder:
    """Layers so far. Every method adds some and returns the position of the last; `block` tags what is added."""

    def __init__(self, shape: Shape) -> None:
        self.layers: list[Layer] = [Layer("input", (), (), shape, None)]
        self.block: int | None = None

    def shape(self, layer: int) -> Shape:
        """Shape of a layer's output."""
        return self.layers[layer].shape

    def conv(self, x: int, filters: int, kernel: int, stride: int = 1, dilation: int = 1, bias: bool = False) -> int:
        """Convolution, "same" padding."""
        height, width = self._strided(x, stride)
        settings = {"filters": filters, "kernel": kernel, "stride": stride, **_unusual(dilation, bias)}
        return self.add_layer("conv", (x,), (height, width, filters), **settings)

    def depthwise_conv(self, x: int, kernel: int, stride: int = 1, dilation: int = 1, bias: bool = False) -> int:
        """Depthwise convolution, "same" padding."""
        height, width = self._strided(x, stride)
        settings = {"kernel": kernel, "stride": stride, **_unusual(dilation, bias)}
        return self.add_layer("depthwise_conv", (x,), (height, width, self.shape(x)[2]), **settings)

    def transposed_conv(self, x: int, filters: int, kernel: int, stride: int, bias: bool = False) -> int:
        """Transposed convolution, "same" padding: enlarges by the stride."""
        height, width, _ = self.shape(x)
        settings = {"filters": filters, "kernel": kernel, "stride": stride, **_unusual(1, bias)}
        return self.add_layer("transposed_conv", (x,), (height * stride, width * stride, filters), **settings)

    def normalised(self, x: int, activation: str | None = None, normalisation: str = "batch") -> int:
        """Normalisation ("batch", "layer" or "none") and, where named, an activation."""
        kind = NORMALISATIONS[normalisation]
        x = self.add_layer(kind, (x,), self.shape(x)) if kind else x
        return x if activation in (None, "linear") else self.activation(x, str(activation))

    def activation(self, x: int, function: str) -> int:
        """An activation by its Keras name."""
        return self.add_layer("activation", (x,), self.shape(x), function=function)

    def pool(self, kind: str, x: int, kernel: int, stride: int) -> int:
        """Pooling ("max_pool" or "average_pool"), "same" padding; nothing where it would change nothing."""
        if kernel == stride == 1:
            return x
        height, width = self._strided(x, stride)
        return self.add_layer(kind, (x,), (height, width, self.shape(x)[2]), kernel=kernel, stride=stride)

    def global_average_pool(self, x: int) -> int:
        """The mean of a map, as a map of one place."""
        return self.add_layer("global_average_pool", (x,), (1, 1, self.shape(x)[2]))

    def shrink(self, x: int, size: int) -> int:
        """Average pooling to a side of `size`, which divides that of the map."""
        factor = self.shape(x)[0] // size
        return self.pool("average_pool", x, factor, factor)

    def enlarge(self, x: int, size: int) -> int:
        """Bilinear interpolation to a side of `size`, a multiple of that of the map."""
        height, _, channels = self.shape(x)
        if height == size:
            return x
        return self.add_layer("resize", (x,), (size, size, channels), factor=size // height)

    def zero_pad(self, x: int, size: int) -> int:
        """Zeros around a map, which stays in the middle, to a side of `size`; the odd one goes to bottom and right."""
        height, _, channels = self.shape(x)
        if height == size:
            return x
        before = (size - height) // 2
        return self.add_layer("zero_pad", (x,), (size, size, channels), before=before, after=size - height - before)

    def add(self, a: int, b: int) -> int:
        """Sum of two maps of one shape."""
        return self.add_layer("add", tuple(sorted((a, b))), self.shape(a))

    def multiply(self, x: int, weights: int) -> int:
        """A map times one of a single place, (1, 1, channels)."""
        return self.add_layer("multiply", (x, weights), self.shape(x))

    def concatenate(self, a: int, b: int) -> int:
        """Two maps of one size, channels one after another."""
        height, width, channels = self.shape(a)
        return self.add_layer("concatenate", tuple(sorted((a, b))), (height, width, channels + self.shape(b)[2]))

    def simcc(self, x: int, cells: int) -> int:
        """Each channel's map to numbers for cells along x and for cells along y: (2, cells, channels).

        All channels share two dense layers, one per axis.
        """
        return self.add_layer("simcc", (x,), (2, cells, self.shape(x)[2]), cells=cells)

    def head(self, name: str, x: int, place: int, weight: float = 1.0) -> int:
        """Mark a layer as what a head yields; the head in place 0 predicts. Its loss has the weight."""
        weighted = {} if weight == 1 else {"weight": weight}
        return self.add_layer("head", (x,), self.shape(x), name=name, place=place, **weighted)

    def add_layer(self, kind: str, inputs: tuple[int, ...], shape: Shape, **settings: Value) -> int:
        """Add any layer; one that computes the same function of the same input as another is that one.

        Raises:
            ValueError: the kind is unknown, see `evocnn.space.layers`.
        """
        layer = Layer(kind, tuple(sorted(settings.items())), inputs, shape, self.block)
        if not is_learned(layer) and layer in self.layers:
            return self.layers.index(layer)
        self.layers.append(layer)
        return len(self.layers) - 1

    def _strided(self, x: int, stride: int) -> tuple[int, int]:
        height, width, _ = self.shape(x)
        return -(-height // stride), -(-width // stride)


def _unusual(dilation: int, bias: bool) -> dict[str, int]:
    """Settings that are named only where they are not what is usual."""
    return {**({"dilation": dilation} if dilation > 1 else {}), **({"bias": 1} if bias else {})}
