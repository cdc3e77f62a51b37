# SPDX-License-Identifier: Apache-2.0
"""The families: configurations of a few thousand parameters, with weights from a seed.

Runs in the makers' environment only (tools/setup --models).
"""

import numpy as np
import torch
import transformers as hf

from tools.suite import inputs

_SIZES = {"vocab_size": inputs.VOCABULARY, "hidden_size": 24, "num_hidden_layers": 1,
          "num_attention_heads": 2, "intermediate_size": 48, "max_position_embeddings": 24,
          "num_labels": 3}


class Sentence(torch.nn.Module):
    """Mean over the mask and unit length, as sentence encoders end."""

    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids, attention_mask, token_type_ids=None):
        types = {} if token_type_ids is None else {"token_type_ids": token_type_ids}
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask, **types)[0]
        mask = attention_mask.unsqueeze(-1).expand(hidden.size()).float()
        mean = torch.sum(hidden * mask, 1) / torch.clamp(mask.sum(1), min=1e-9)
        return torch.nn.functional.normalize(mean, p=2, dim=1)


_ROBERTA = {"pad_token_id": 1, "bos_token_id": 0, "eos_token_id": 2, "type_vocab_size": 1}
_BARE = {"add_pooling_layer": False}  # an option of the model, not of its configuration

# family: the library's name of its model, and what differs from _SIZES
FAMILIES: dict[str, tuple[str, dict]] = {
    "bert-encoder": ("BertModel", _BARE),
    "bert-sequence": ("BertForSequenceClassification", {}),
    "bert-token": ("BertForTokenClassification", {"hidden_act": "gelu_new"}),
    "bert-question": ("BertForQuestionAnswering",
                      {"hidden_act": "gelu_pytorch_tanh", "num_labels": 2}),
    "bert-relu": ("BertForSequenceClassification", {"hidden_act": "relu"}),
    "bert-two-layers": ("BertForSequenceClassification", {"num_hidden_layers": 2}),
    "distilbert-sequence": ("DistilBertForSequenceClassification", {}),
    "distilbert-relu": ("DistilBertForSequenceClassification", {"activation": "relu"}),
    "roberta-sequence": ("RobertaForSequenceClassification", _ROBERTA),
    "xlmr-encoder": ("XLMRobertaModel", _ROBERTA | _BARE),
    "electra-sequence": ("ElectraForSequenceClassification", {"embedding_size": 16}),
    "albert-sequence": ("AlbertForSequenceClassification",
                        {"embedding_size": 16, "num_hidden_layers": 2}),
    "mpnet-encoder": ("MPNetModel", _ROBERTA | _BARE),
    "minilm-sentence": ("BertModel",
                        {"num_hidden_layers": 2, "intermediate_size": 36} | _BARE),
}
_FUSED = ("bert", "distilbert", "roberta", "xlmr", "albert", "minilm")

# Seeds of models that are as sure of the asked inputs as trained ones: no label is between two near
# ones, and noise like that of 8-bit steps leaves the answer. 1 for the others.
_SEEDS = {
    "bert-sequence": 156, "bert-token": 53, "bert-question": 245, "bert-relu": 156,
    "bert-two-layers": 320, "distilbert-sequence": 115, "distilbert-relu": 115,
    "roberta-sequence": 277, "electra-sequence": 110, "albert-sequence": 308}


def _untrained(family, attention):
    name, options = FAMILIES[family]
    kind = getattr(hf, name)
    sizes = _SIZES | {k: v for k, v in options.items() if k not in _BARE}
    if "DistilBert" in name:
        sizes["hidden_dim"] = sizes.pop("intermediate_size")  # the others have aliases
    config = kind.config_class(**sizes, attn_implementation=attention)
    model = kind(config, **{k: v for k, v in options.items() if k in _BARE})
    return Sentence(model) if family.endswith("sentence") else model


# part of a parameter's name: standard deviation, for matrices times the root of their inputs
_EMBEDDINGS = {"word_embeddings": 1.0, "position_embeddings": 0.3, "token_type_embeddings": 0.3,
               "relative_attention_bias": 0.3}
_MATRICES = {"query": 1.6, "key": 1.6, "q_lin": 1.6, "k_lin": 1.6, ".q.": 1.6, ".k.": 1.6,
             "value": 1.5, "v_lin": 1.5, ".v.": 1.5, "pooler": 1.5, "classifier": 1.5,
             "attention.output.dense": 2.5, "output.dense": 0.7, "lin2": 0.7, "ffn_output": 0.7}
_SPECIAL_WORDS = 0.2  # the first token's answer comes from the others


def _matching(table, name):
    return next((value for part, value in table.items() if part in name), None)


def _values(name, shape, random):
    """Weights as training leaves them: words differ most, and heads tell sentences apart."""
    if len(shape) == 1:
        if "norm" in name.lower() and name.endswith("weight"):
            return random.uniform(0.7, 1.3, shape)
        return random.normal(0, 0.02 if "classifier" in name else 0.1, shape)
    spread = _matching(_EMBEDDINGS, name)
    if spread is None:
        return random.normal(0, (_matching(_MATRICES, name) or 1) / np.sqrt(shape[-1]), shape)
    values = random.normal(0, spread, shape)
    if "word" in name:
        values[: inputs.FIRST_WORD] *= _SPECIAL_WORDS
    return values


def draw(model: torch.nn.Module, seed: int) -> torch.nn.Module:
    """Gives every parameter its value from `seed`, in place; returns the model."""
    random = np.random.RandomState(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            values = _values(name, tuple(parameter.shape), random)
            parameter.copy_(torch.from_numpy(np.asarray(values, np.float32)))
    return model


def make(family: str, fused_attention: bool = False) -> torch.nn.Module:
    """The family's model in evaluation mode, with its weights.

    With `fused_attention` attention is one operator of PyTorch where the family has that.
    """
    fused = fused_attention and family.startswith(_FUSED)
    model = _untrained(family, "sdpa" if fused else "eager").eval()
    return draw(model, _SEEDS.get(family, 1))


def tokens(family: str) -> inputs.Tokens:
    """The special ids and inputs of the family's tokenizer."""
    if family.startswith(("roberta", "xlmr", "mpnet")):
        return inputs.ROBERTA
    return inputs.NO_TYPES if family.startswith("distilbert") else inputs.BERT


def outputs(family: str) -> list[str]:
    """Names of the results, as optimum gives them."""
    if family.endswith("encoder"):
        return ["last_hidden_state"]
    if family.endswith("question"):
        return ["start_logits", "end_logits"]
    return ["sentence_embedding"] if family.endswith("sentence") else ["logits"]


def feeds(family: str, padded: bool) -> list[dict[str, np.ndarray]]:
    """Calibration inputs of several lengths, or all padded to the bucket."""
    own = tokens(family)
    return [inputs.feeds(own, sequence, inputs.BUCKET if padded else None)
            for sequence in inputs.ids(own, inputs.CALIBRATION_SEED, inputs.CALIBRATION_COUNT)]
