# SPDX-License-Identifier: Apache-2.0
"""Shape of an encoder, and the bit widths of its student."""

import argparse
import dataclasses
import math


def positive(text: str) -> float:
    """A number of the command line: finite, above 0."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if math.isfinite(number) and number > 0:
        return number
    raise argparse.ArgumentTypeError(f"'{text}' is no positive number")


@dataclasses.dataclass(frozen=True)
class Shape:
    """A BERT encoder. `labels` of 0 means sentence embeddings: mean pooling and L2 norm.

    `dense` puts a linear layer between these two.
    """

    layers: int
    hidden: int
    heads: int
    intermediate: int
    vocab: int
    positions: int
    types: int = 2
    labels: int = 0
    function: str = "gelu"
    epsilon: float = 1e-12
    dense: bool = False

    def __post_init__(self):
        if self.dense and self.labels:
            raise ValueError("a dense layer follows the mean of a sentence encoder, and this "
                             f"model classifies into {self.labels} labels")

    def of_student(self, function: str | None = None, dense: bool = False) -> "Shape":
        """The shape of a student of this teacher; its function is the teacher's if not given."""
        return dataclasses.replace(self, function=function or self.function, dense=dense)

    def same_encoder(self, other: "Shape") -> bool:
        """Whether one may start from the other: a student chooses its function and dense layer."""
        return self.of_student(other.function, other.dense) == other


@dataclasses.dataclass(frozen=True)
class Widths:
    """Bits. A weight of 32 bits is real; `layers` widens the activations of single layers."""

    weights: int = 1
    activations: int = 4
    embeddings: int = 8
    layers: tuple = ()  # pairs (layer, activation bits)

    def __post_init__(self):
        if self.weights != 32 and not 1 <= self.weights <= 8:
            raise ValueError(f"weights take 1 to 8 bits, or 32 while training, got {self.weights}")
        for bits in (self.activations, *(bits for _, bits in self.layers)):
            if not 2 <= bits <= 8:
                raise ValueError(f"activations take 2 to 8 bits, got {bits}")
        if self.embeddings not in (4, 8):
            raise ValueError(f"embeddings take 4 or 8 bits, got {self.embeddings}")

    def of_layer(self, layer: int) -> int:
        """Activation bits of a layer."""
        return dict(self.layers).get(layer, self.activations)

    def check(self, shape: Shape) -> None:
        for layer, _ in self.layers:
            if not 0 <= layer < shape.layers:
                raise ValueError(f"layer {layer} is given a width, but the layers are 0 to "
                                 f"{shape.layers - 1}")


def parse_layers(text: str) -> tuple[tuple[int, ...], ...]:
    """"0:8,5:8" as pairs."""
    try:
        pairs = tuple(tuple(int(n) for n in item.split(":")) for item in text.split(",") if item)
        if any(len(pair) != 2 for pair in pairs):
            raise ValueError
    except ValueError:
        raise ValueError(f"widths of layers look like 0:8,5:8, got '{text}'") from None
    return pairs
