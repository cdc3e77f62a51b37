# SPDX-License-Identifier: Apache-2.0
"""tools/tokenize: texts to the lines that compiler tools read."""

import io
import json
import sys

import pytest
import tokenizers
from tokenizers import models, pre_tokenizers, processors

from tools.lib import tokenize

WORDS = ["[CLS]", "[SEP]", "[UNK]", "good", "morning", "world"]


@pytest.fixture(name="folder")
def _folder(tmp_path):
    tokenizer = tokenizers.Tokenizer(
        models.WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 1), ("[CLS]", 0))
    tokenizer.enable_padding(length=16)  # as saved tokenizers often do
    tokenizer.enable_truncation(8)
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    return tmp_path


def _run(monkeypatch, capsys, text, *args):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    status = tokenize.main([str(a) for a in args])
    out, err = capsys.readouterr()
    return status, [json.loads(line) for line in out.splitlines()], err


def test_adds_special_tokens_and_neither_pads_nor_truncates(folder, monkeypatch, capsys):
    text = "good morning\n\n" + "world " * 10 + "\n"
    status, samples, _ = _run(monkeypatch, capsys, text, folder)
    assert status == 0
    assert samples[0] == {"input_ids": [0, 3, 4, 1], "attention_mask": [1] * 4,
                          "token_type_ids": [0] * 4}
    assert len(samples[1]["input_ids"]) == 12


def test_long_texts_are_named_and_nothing_is_written(folder, monkeypatch, capsys):
    text = "good\ngood morning world\nworld\nworld good morning\n"
    status, samples, err = _run(monkeypatch, capsys, text, folder, "--max-length", 4)
    assert (status, samples) == (1, [])
    assert "line 2: 5 tokens\nline 4: 5 tokens" in err


def test_truncates_when_asked(folder, monkeypatch, capsys):
    status, samples, _ = _run(monkeypatch, capsys, "good morning world\n",
                              folder / "tokenizer.json", "--max-length", 4, "--truncate")
    assert status == 0
    assert samples[0]["input_ids"] == [0, 3, 4, 1]


def test_texts_are_lowered_where_the_folder_says_so(folder, monkeypatch, capsys):
    def ids(named):
        status, [sample], err = _run(monkeypatch, capsys, "GOOD Morning\n", named)
        assert status == 0, err
        return sample["input_ids"]

    assert ids(folder) == [0, 2, 2, 1]
    (folder / "sentence_bert_config.json").write_text('{"do_lower_case": true}', encoding="utf-8")
    assert ids(folder) == [0, 3, 4, 1]
    assert ids(folder / "tokenizer.json") == [0, 2, 2, 1]


def test_a_folder_that_cannot_be_read_is_named(folder, monkeypatch, capsys):
    (folder / "sentence_bert_config.json").write_text("{", encoding="utf-8")
    status, _, err = _run(monkeypatch, capsys, "good\n", folder)
    assert status == 1
    assert err.startswith(f"error: {folder}/sentence_bert_config.json: no JSON")


def test_says_what_a_tokenizer_is(tmp_path, monkeypatch, capsys):
    status, _, err = _run(monkeypatch, capsys, "good\n", tmp_path)
    assert status == 1
    assert "name a tokenizer.json, or a folder that has one" in err
