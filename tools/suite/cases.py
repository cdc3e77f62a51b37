# SPDX-License-Identifier: Apache-2.0
"""Which files the suite has: exporter with opset, quantizer, and the families made so.

MPNet with all operators quantized is not among them: it looks positions up by a logarithm that is
infinite at first, and ONNX Runtime itself cannot run what its quantizer makes of that.
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Case:
    """One file. With quantizer `mpcc` it is a float file, for `mpcc quantize`."""

    family: str
    exporter: str
    opset: int
    quantizer: str

    @property
    def name(self) -> str:
        return f"{self.family}.{self.exporter}{self.opset}.{self.quantizer}"


# quantizer: (exporter and opset: families)
_TABLE = {
    "ort-static": {
        "torchscript11": "bert-token distilbert-relu",
        "torchscript14": "bert-sequence bert-relu distilbert-sequence",
        "torchscript17": "bert-encoder roberta-sequence xlmr-encoder electra-sequence "
                         "minilm-sentence",
        "dynamo18": "bert-question albert-sequence"},
    "ort-static-padded": {
        "torchscript14": "bert-sequence distilbert-sequence",
        "torchscript17": "bert-relu minilm-sentence"},
    "ort-static-symmetric": {"torchscript17": "bert-relu", "optimum17": "roberta-sequence"},
    "ort-static-prepared": {"torchscript17": "bert-question", "dynamo20": "bert-sequence"},
    "ort-static-channel": {
        "torchscript17": "bert-token distilbert-relu", "dynamo18": "electra-sequence",
        "optimum14": "xlmr-encoder"},
    "ort-static-uint8": {"torchscript14": "bert-relu", "torchscript17": "minilm-sentence",
                         "dynamo18": "distilbert-sequence"},
    "ort-static-uint8-int8": {"torchscript11": "roberta-sequence", "optimum14": "bert-encoder"},
    "ort-static-matmul": {
        "torchscript11": "bert-token", "torchscript14": "albert-sequence",
        "torchscript17": "bert-two-layers mpnet-encoder", "dynamo18": "distilbert-relu",
        "dynamo20": "roberta-sequence", "optimum14": "bert-question"},
    "ort-static-matmul-gemm-channel": {
        "torchscript14": "electra-sequence", "torchscript17": "bert-sequence",
        "dynamo18": "xlmr-encoder mpnet-encoder"},
    "ort-static-int4": {"torchscript17": "bert-sequence minilm-sentence"},
    "ort-static-16-bit": {"torchscript17": "bert-encoder distilbert-sequence"},
    "ort-qoperator": {
        "torchscript11": "bert-relu", "torchscript14": "distilbert-sequence",
        "torchscript17": "bert-sequence xlmr-encoder", "optimum14": "electra-sequence"},
    "ort-dynamic": {
        "torchscript11": "bert-question", "torchscript14": "bert-sequence roberta-sequence",
        "torchscript17": "distilbert-relu electra-sequence mpnet-encoder minilm-sentence",
        "dynamo18": "bert-token albert-sequence"},
    "ort-dynamic-uint8-channel": {"torchscript17": "bert-relu", "dynamo20": "xlmr-encoder"},
    "optimum-static": {"optimum14": "bert-token mpnet-encoder", "optimum17": "roberta-sequence"},
    "optimum-static-channel": {"optimum14": "bert-sequence", "optimum17": "distilbert-sequence"},
    "optimum-dynamic": {"optimum14": "bert-sequence mpnet-encoder",
                        "optimum17": "distilbert-relu electra-sequence"},
    "brevitas-qcdq": {"torchscript13": "bert-sequence distilbert-sequence",
                      "torchscript17": "roberta-sequence"},
    "brevitas-qcdq-4-bit": {"torchscript13": "bert-token"},
    "brevitas-qonnx": {"torchscript13": "bert-sequence", "torchscript17": "electra-sequence"},
    "brevitas-qonnx-4-bit": {"torchscript17": "bert-question"},
    "mpcc": {
        "torchscript11": "bert-token", "torchscript14": "distilbert-sequence",
        "torchscript17": "bert-encoder bert-relu electra-sequence mpnet-encoder minilm-sentence",
        "dynamo18": "roberta-sequence", "dynamo20": "bert-question",
        "optimum14": "bert-sequence", "optimum17": "xlmr-encoder"},
}


def cases() -> list[Case]:
    """Every file of the suite."""
    return [Case(family, export[:-2], int(export[-2:]), quantizer)
            for quantizer, exports in _TABLE.items()
            for export, families in exports.items() for family in families.split()]


# Made again by a test: an exporter and a quantizer each.
REMADE = ("bert-relu.torchscript11.ort-qoperator", "bert-sequence.dynamo20.ort-static-prepared",
          "bert-sequence.torchscript13.brevitas-qonnx")
