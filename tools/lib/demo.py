# SPDX-License-Identifier: Apache-2.0
"""One sentence through the private run and through ONNX Runtime, side by side."""

import argparse
import json
import pathlib
import sys

import numpy as np
from rich import box, console, table

from tools.lib import private_run
from tools.models import oracle, texts

_SCREEN = console.Console(highlight=False, width=None if sys.stdout.isatty() else 100)
_SHOWN = 6  # values of the answer


def _parser():
    parser = argparse.ArgumentParser(prog="tools/demo", description=__doc__)
    parser.add_argument("--model", required=True, help="the quantized ONNX file")
    parser.add_argument("--folder", required=True, help="where plans and inputs go")
    parser.add_argument("--text", required=True, help="the sentence, 126 tokens at most")
    return parser


def _compiled(model, folder, bucket):
    """The plans, made again only if the model or the compiler is newer."""
    plans = folder / f"plans-{bucket}"
    files = [plans / f"party{party}.plan" for party in range(3)]
    sources = (pathlib.Path(model), private_run.BIN / "mpcc")
    newest = max(path.stat().st_mtime for path in sources)
    if all(path.exists() and path.stat().st_mtime > newest for path in files):
        return private_run.Compilation(plans, 0.0, 0)
    return private_run.compile_model(model, plans, bucket)


def _cosine(a, b):
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def _values_table(private, reference):
    result = table.Table(box=box.SIMPLE_HEAD, title="The answer", title_justify="left")
    result.add_column("")
    for i in range(min(_SHOWN, private.size)):
        result.add_column(f"[{i}]", justify="right")
    rows = (("three parties", private), ("ONNX Runtime", reference),
            ("difference", private - reference))
    for name, values in rows:
        result.add_row(name, *(f"{v:+.5f}" for v in values[:_SHOWN]))
    return result


def _cost_table(compilation, answer):
    stats = answer["stats"]
    made = f"{compilation.seconds:.1f} s" if compilation.seconds else "kept from the last run"
    exchange, online = stats["exchange_seconds"], stats["online_seconds"]
    rows = (
        ("compile", "once for a model", made),
        ("set-up", "once for three parties", f"{answer['setup_seconds']:.2f} s"),
        ("deal", "for each inference, before the input is known",
         f"{stats['deal_seconds']:.2f} s, {stats['material_bytes'] / 1e6:.2f} MB of material"),
        ("online", "from the sentence to the answer", f"{1e3 * online:.1f} ms"),
        ("  computing", "", f"{1e3 * (online - exchange):.1f} ms"),
        ("  exchanging", f"{stats['rounds']} rounds", f"{1e3 * exchange:.1f} ms"),
        ("  P1 to P2", f"{stats['messages_p1_to_p2']} messages",
         f"{stats['bytes_p1_to_p2']:,} bytes"),
        ("  P2 to P1", f"{stats['messages_p2_to_p1']} messages",
         f"{stats['bytes_p2_to_p1']:,} bytes"),
        ("  P0", "takes no part", "0 bytes"),
    )
    result = table.Table(box=box.SIMPLE_HEAD, title="What it took", title_justify="left")
    for column in ("phase", "", "cost"):
        result.add_column(column)
    for row in rows:
        result.add_row(*row)
    return result


def _say(text):
    _SCREEN.print(f"  {text}")


def _run(args):
    folder = pathlib.Path(args.folder)
    folder.mkdir(parents=True, exist_ok=True)
    tokens = len(texts.encode(args.text)["input_ids"])
    bucket = texts.bucket_of(tokens)
    encoded = texts.encode(args.text, bucket)
    ids = folder / "ids.json"
    ids.write_text(json.dumps(encoded), encoding="utf-8")
    _say(f"“{args.text}”: {tokens} tokens, padded to {bucket}, seen by P1 only")
    with _SCREEN.status("compiling the model into three plans"):
        compilation = _compiled(args.model, folder, bucket)
    _say(f"plans for the three parties in {compilation.plans}")
    with _SCREEN.status("three processes on the loopback, mutual TLS"):
        answer = private_run.run_parties(compilation.plans, [ids])[0]
    _say("three processes, mutual TLS: the private answer is here")
    with _SCREEN.status("asking ONNX Runtime in the clear"):
        reference = oracle.Oracle(args.model).run(encoded)
    _say("ONNX Runtime answered in the clear, from the same file\n")
    for name, output in answer["outputs"].items():
        private = np.array(output["values"], np.float64)
        expected = np.asarray(reference[name], np.float64).ravel()
        _SCREEN.print(_values_table(private, expected))
        _say(f"{name}: {private.size} values, cosine [bold]{_cosine(private, expected):.5f}[/]\n")
    with _SCREEN.status("comparing the private program with the model, place by place"):
        report = private_run.verify(args.model, [encoded], bucket)
    wrapped = sum(site["wrapped"] > 0 for site in report["sites"])
    _say(f"mpcc verify: {len(report['sites'])} places compared, {wrapped} with values that wrap, "
         f"cosine to the model {report['least_cosine']:.5f}\n")
    _SCREEN.print(_cost_table(compilation, answer))


def main() -> int:
    args = _parser().parse_args()
    try:
        _run(args)
    except (OSError, RuntimeError, ValueError, KeyError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
