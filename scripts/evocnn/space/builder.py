"""Put layers together, with the shapes worked out on the way."""

from evocnn.space.genes import Value
from evocnn.space.network import LEARNED, Layer, Shape


class GraphBuilder:
    """Layers so far. Every method adds some and returns the position of the last; `block` tags what is added."""

    def __init__(self, shape: Shape) -> None:
        self.layers: list[Layer] = [Layer("input", (), (), shape, None)]
        self.block: int | None = None

    def shape(self, layer: int) -> Shape:
        """Shape of a layer's output."""
        return self.layers[layer].shape

    def conv(self, x: int, filters: int, kernel: int, stride: int = 1) -> int:
        """Convolution without bias, "same" padding."""
        height, width = self._strided(x, stride)
        return self._add("conv", (x,), (height, width, filters), filters=filters, kernel=kernel, stride=stride)

    def output_conv(self, x: int, filters: int) -> int:
        """The 1×1 convolution that ends a network: with bias."""
        height, width, _ = self.shape(x)
        return self._add("conv", (x,), (height, width, filters), bias=1, filters=filters, kernel=1, stride=1)

    def depthwise_conv(self, x: int, kernel: int, stride: int = 1) -> int:
        """Depthwise convolution without bias, "same" padding."""
        height, width = self._strided(x, stride)
        return self._add("depthwise_conv", (x,), (height, width, self.shape(x)[2]), kernel=kernel, stride=stride)

    def transposed_conv(self, x: int, filters: int, kernel: int, stride: int) -> int:
        """Transposed convolution without bias, "same" padding: enlarges by the stride."""
        height, width, _ = self.shape(x)
        shape = (height * stride, width * stride, filters)
        return self._add("transposed_conv", (x,), shape, filters=filters, kernel=kernel, stride=stride)

    def normalised(self, x: int, activation: str | None = None) -> int:
        """Batch normalisation and, where named, an activation."""
        x = self._add("batch_norm", (x,), self.shape(x))
        return x if activation is None else self._add("activation", (x,), self.shape(x), function=activation)

    def pool(self, kind: str, x: int, kernel: int, stride: int) -> int:
        """Pooling ("max_pool" or "average_pool"), "same" padding; nothing where it would change nothing."""
        if kernel == stride == 1:
            return x
        height, width = self._strided(x, stride)
        return self._add(kind, (x,), (height, width, self.shape(x)[2]), kernel=kernel, stride=stride)

    def global_average_pool(self, x: int) -> int:
        """The mean of a map, as a map of one place."""
        return self._add("global_average_pool", (x,), (1, 1, self.shape(x)[2]))

    def shrink(self, x: int, size: int) -> int:
        """Average pooling to a side of `size`, which divides that of the map."""
        factor = self.shape(x)[0] // size
        return self.pool("average_pool", x, factor, factor)

    def pad(self, x: int, size: int) -> int:
        """Zeros about a map, to a side of `size`: as many on each side, or one more at the bottom and right."""
        height, width, channels = self.shape(x)
        down, across = max(size - height, 0), max(size - width, 0)
        if not down and not across:
            return x
        sides = {"top": down // 2, "bottom": down - down // 2, "left": across // 2, "right": across - across // 2}
        return self._add("zero_pad", (x,), (height + down, width + across, channels), **sides)

    def add(self, a: int, b: int) -> int:
        """Sum of two maps of one shape."""
        return self._add("add", tuple(sorted((a, b))), self.shape(a))

    def concatenate(self, a: int, b: int) -> int:
        """Two maps of one size, channels one after another."""
        height, width, channels = self.shape(a)
        return self._add("concatenate", (a, b), (height, width, channels + self.shape(b)[2]))

    def _strided(self, x: int, stride: int) -> tuple[int, int]:
        height, width, _ = self.shape(x)
        return -(-height // stride), -(-width // stride)

    def _add(self, kind: str, inputs: tuple[int, ...], shape: Shape, **settings: Value) -> int:
        layer = Layer(kind, tuple(sorted(settings.items())), inputs, shape, self.block)
        if kind not in LEARNED and layer in self.layers:  # the same function of the same input: once is enough
            return self.layers.index(layer)
        self.layers.append(layer)
        return len(self.layers) - 1
