# SPDX-License-Identifier: Apache-2.0
"""Distils a trained BERT into a quantized ONNX model that mpcc compiles.

No labels are needed: the student learns to answer as the teacher does on the given text.
"""

import argparse
import pathlib
import sys
import time
from collections.abc import Sequence

import onnx
import torch
from rich.console import Console
from rich.progress import (BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn,
                           TimeRemainingColumn)
from rich.table import Table

from tools.quantize import (config, distill, evaluate, export, glue, picture, student, teacher,
                            text, verify)

_COMPILES = (2, 4)  # the first PyTorch with a fused optimizer on processors
_HELD_OUT = 1000  # lines, at most
_VERIFIED_LINES = 16


def _positive(text_of_number):
    number = int(text_of_number)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not positive")
    return number


def _parser(program):
    parser = argparse.ArgumentParser(
        prog=program, description=__doc__,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    add = parser.add_argument
    add("--teacher", required=True, help="folder of a BERT in the layout of transformers, or "
        + teacher.PACKAGED[0])
    add("--layers", type=_positive, help="keep only the first layers of the teacher")
    add("--text", required=True, type=pathlib.Path,
        help="English text, a sentence or paragraph a line, empty lines between documents")
    add("--task", choices=glue.TASKS, help="--text is this GLUE task's TSV file; its labels are "
        "not used")
    add("--dev", type=pathlib.Path, help="a TSV file of the task, to measure teacher and student")
    add("--out", required=True, type=pathlib.Path, help="the ONNX file to write")
    add("--weights", type=int, default=1, help="bits of weights, 1 to 8")
    add("--activations", type=int, default=4, help="bits of activations, 2 to 8")
    add("--layer-activations", default="", metavar="0:8,5:8", help="bits of single layers")
    add("--embeddings", type=int, default=8, help="bits of embeddings, 4 or 8")
    add("--function", choices=("gelu", "relu"), help="of the student; the teacher's if not given")
    add("--dense", action="store_true", help="give a sentence encoder's student a linear layer "
        "with real weights after the mean over the tokens")
    add("--steps", type=int, default=4000)
    add("--batch", type=int, default=64, help="lines a step")
    add("--longest", type=int, default=128, help="tokens; longer lines are cut")
    add("--window", type=int, help="tokens of a line that a step sees, at random in longer lines; "
        "all if not given")
    add("--rate", type=config.positive, default=5e-4, help="learning rate of weights")
    add("--seed", type=int, default=1)
    add("--device", help="cpu or cuda; what there is if not given")
    add("--start", type=pathlib.Path, metavar="STUDENT.pt", help="go on from a student of another "
        "run's folder, at the last stage")
    add("--compile", action="store_true", help="let PyTorch compile the layers and fuse the "
        "optimizer")
    add("--work", type=pathlib.Path, help="folder of checkpoints and of the picture of the "
        "losses; beside the result if not given")
    return parser


def _widths(args):
    return config.Widths(args.weights, args.activations, args.embeddings,
                         config.parse_layers(args.layer_activations))


def _version(module):
    """(major, minor)."""
    return tuple(int(n) for n in module.__version__.split(".")[:2])


def _options(args):
    if args.batch < 2:
        raise ValueError(f"batches of {args.batch} lines: at least 2 are needed, whose "
                         "similarities are compared")
    if args.compile and _version(torch) < _COMPILES:
        raise ValueError(f"--compile needs PyTorch {'.'.join(map(str, _COMPILES))} or later, and "
                         f"this is {torch.__version__}")
    if args.window is not None and args.window < 3:
        raise ValueError(f"windows of {args.window} tokens: at least 3 are needed")
    device, dtype = distill.device_and_type(args.device)
    return distill.Options(steps=args.steps, batch=args.batch, window=args.window, rate=args.rate,
                           seed=args.seed, device=device, dtype=dtype, compiled=args.compile)


def _train_with_lines(run, console):
    """Trains, and tells the loss once a minute, for logs."""
    told = time.monotonic()

    def progress(step, loss):
        nonlocal told
        if time.monotonic() - told > 60:
            told = time.monotonic()
            console.print(f"step {step} of {run.options.steps}, loss {loss:.3f}", soft_wrap=True)

    run.progress = progress
    return run.train()


def _train(run, console):
    """Trains with a progress bar that tells the loss."""
    if not console.is_terminal:
        return _train_with_lines(run, console)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeElapsedColumn(), TimeRemainingColumn(), TextColumn("loss {task.fields[loss]}"))
    with Progress(*columns, console=console, refresh_per_second=1) as bar:
        task = bar.add_task("distilling", total=run.options.steps, loss="")
        run.progress = lambda step, loss: bar.update(task, completed=step, loss=f"{loss:.3f}")
        return run.train()


def _report(console, measures):
    table = Table("on lines not learnt from", "")
    for name, value in measures.items():
        table.add_row(name, f"{value:.4f}")
    console.print(table)


def _save(model, path):
    """Writes beside and renames: the file is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    onnx.save(model, str(partial))
    partial.replace(path)


def _export(trained, rows, held_out, path, console):
    """The file, once ONNX Runtime has computed the student's integers from it."""
    model = export.model_of(trained, rows)
    comparison = verify.compare(trained, model, held_out[:_VERIFIED_LINES])
    comparison.check()
    console.print(str(comparison))
    _save(model, path)
    console.print(f"{path}  {path.stat().st_size / 1e6:.1f} MB")


def _lines(args):
    """(lines to learn from, held-out lines)."""
    if args.dev and not args.task:
        raise ValueError("--dev needs --task, which says what its columns mean")
    if not args.task:
        return text.read(args.text)
    lines, _ = glue.read(args.text, args.task)
    cut = max(1, len(lines) // 20)
    return lines[:-cut], lines[-cut:]


def _examples(args, labels):
    """What --dev holds, read before hours of training; None without it."""
    if not args.dev:
        return None
    classes = max(1, len(glue.TASKS[args.task].classes))
    if labels != classes:
        raise ValueError(f"the teacher has {labels} labels, and {args.task} takes {classes}")
    return glue.read(args.dev, args.task)


def _measure_task(args, examples, models, tokenizer, dtype):
    """The task's measures of each model, by name."""
    lines, labels = examples
    columns = glue.columns_of_classes(args.task, teacher.labels_of(args.teacher))
    longest = text.longest(args.longest, models["teacher"].shape.positions)
    rows = text.tokenize(tokenizer, lines, longest)
    found = {name: glue.measures(args.task, evaluate.outputs(model, rows, dtype)[:, columns],
                                 labels) for name, model in models.items()}
    return {f"{what}, {name}": value for name, measures in found.items()
            for what, value in measures.items()}


def _quantize(args, console):
    widths, options = _widths(args), _options(args)
    lines, held_out = _lines(args)
    model = teacher.load(args.teacher, args.layers)
    shape = model.shape.of_student(args.function, args.dense)
    examples = _examples(args, model.shape.labels)
    tokenizer = teacher.tokenizer_of(args.teacher)
    longest = text.longest(args.longest, model.shape.positions)
    rows = text.tokenize(tokenizer, lines, longest)
    held_out = text.tokenize(tokenizer, text.sample(held_out, _HELD_OUT), longest)
    console.print(f"{len(rows)} lines to learn from, {len(held_out)} held out; {options.device}, "
                  f"{str(options.dtype).removeprefix('torch.')}")
    work = args.work or args.out.with_suffix(".work")
    start = args.start and student.load(args.start)
    run = distill.Run(model, rows, widths, shape, options, work, start=start)
    trained = _train(run, console)
    picture.losses_picture(run.history, run.ends, work / "losses.png")
    measures = evaluate.agreement(trained, model, held_out, options.dtype)
    if args.dev:
        measures |= _measure_task(args, examples, {"teacher": model, "student": trained}, tokenizer,
                                  options.dtype)
    _report(console, measures)
    _export(trained, rows, held_out, args.out, console)


def main(argv: Sequence[str] | None = None, program: str = "tools/quantize/quantize") -> None:
    args = _parser(program).parse_args(argv)
    console = Console(stderr=True)
    try:
        _quantize(args, console)
    except (ValueError, OSError, distill.Diverged) as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit("stopped; the same command goes on from the last checkpoint")


if __name__ == "__main__":
    main()
