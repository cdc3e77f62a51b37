# SPDX-License-Identifier: Apache-2.0
"""Private inference of quantized BERT encoders by three parties.

    plans = mpcc.compile("model.onnx", seq_len=[16, 32], tokenizer="tokenizer.json")
    with mpcc.local(plans) as private:
        vectors = private.encode(["a sentence"])
"""

from . import errors
from ._answers import Answer, Asker
from ._costs import Costs
from ._local import local
from ._parties import Assistant, DataOwner, ModelOwner
from ._plans import Plans, Verification, compile, keygen, load
from ._runtime import VERSION as __version__
from ._simulation import Simulation, simulate
from ._text import Tokenizer
from .errors import CompileError, CompilerWarning, Error

__all__ = [
    "Answer",
    "Asker",
    "Assistant",
    "CompileError",
    "CompilerWarning",
    "Costs",
    "DataOwner",
    "Error",
    "ModelOwner",
    "Plans",
    "Simulation",
    "Tokenizer",
    "Verification",
    "__version__",
    "compile",
    "errors",
    "keygen",
    "load",
    "local",
    "simulate",
]
