# SPDX-License-Identifier: Apache-2.0
"""The quantized MiniLM models: export, balancing, smoothing, quantization, range metadata."""

from tools.models import activations, balance, minilm, quantize, ranges, smoothing, texts

ALPHA = 0.8  # share of an outlier that moves into the weights; 0.7-0.85 are about as good


def _smoothed_layer(name):
    """Inputs of Q/K/V and of both feed-forward layers; the context vector has no outliers."""
    return "attention/output" not in name


def float_model(layers=6, opset=17):
    return minilm.export(layers, opset)


def make(layers=6, opset=17, smooth=True):
    """The W8A8 ModelProto with range metadata."""
    feeds = [texts.feeds(texts.encode(text)) for text in texts.calibration()]
    model = float_model(layers, opset)
    values = activations.collect(model, feeds)
    if smooth:
        balance.balance(model, values)
        values = activations.collect(model, feeds)
        smoothing.smooth(model, values, ALPHA, _smoothed_layer)
        values = activations.collect(model, feeds)
    model = quantize.quantize(model, values, feeds[0])
    ranges.store(model, ranges.measure(model, _range_feeds()))
    return model


def _range_feeds():
    """Calibration sentences as they are, padded to their bucket, and a few padded to the largest."""
    for number, text in enumerate(texts.calibration()):
        encoded = texts.encode(text)
        yield texts.feeds(encoded)
        bucket = texts.bucket_of(len(encoded["input_ids"]))
        yield texts.feeds(texts.encode(text, bucket))
        if number % 8 == 0:
            yield texts.feeds(texts.encode(text, max(texts.BUCKETS)))
