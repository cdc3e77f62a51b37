# SPDX-License-Identifier: Apache-2.0
"""all-MiniLM-L6-v2 as a sentence encoder: PyTorch checkpoint to float ONNX."""

import io
import warnings

import onnx

from tools.models import texts


def _encoder(layers):
    import torch
    import transformers

    transformers.logging.set_verbosity_error()
    bert = transformers.BertModel.from_pretrained(
        texts.weights_folder(), attn_implementation="eager", add_pooling_layer=False)
    bert.encoder.layer = bert.encoder.layer[:layers]

    class SentenceEncoder(torch.nn.Module):
        """The transformer, the mean over the masked tokens, and the L2 normalisation."""

        def __init__(self):
            super().__init__()
            self.bert = bert

        def forward(self, input_ids, attention_mask, token_type_ids):
            hidden = self.bert(input_ids=input_ids, attention_mask=attention_mask,
                               token_type_ids=token_type_ids).last_hidden_state
            weight = attention_mask.unsqueeze(-1).expand(hidden.size()).float()
            mean = (hidden * weight).sum(1) / torch.clamp(weight.sum(1), min=1e-9)
            return torch.nn.functional.normalize(mean, p=2, dim=1)

    return SentenceEncoder().eval()


def export(layers: int = 6, opset: int = 17) -> onnx.ModelProto:
    """The first `layers` layers with pooling and normalisation, batch and sequence dynamic."""
    import torch

    sample = texts.feeds(texts.encode("one sentence fixes nothing but the types"))
    inputs = tuple(torch.from_numpy(sample[name]) for name in texts.INPUTS)
    axes = {name: {0: "batch", 1: "sequence"} for name in texts.INPUTS}
    file = io.BytesIO()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _encoder(layers), inputs, file, opset_version=opset, input_names=list(texts.INPUTS),
            output_names=["sentence_embedding"],
            dynamic_axes=axes | {"sentence_embedding": {0: "batch"}})
    return onnx.load_from_string(file.getvalue())
