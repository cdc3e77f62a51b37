# SPDX-License-Identifier: Apache-2.0
"""What the module shows has words and types."""

import importlib.resources
import inspect

import mpcc
import pytest


def _public():
    """Names and things: of the module, and the methods of its classes that they define or take."""
    for name in mpcc.__all__:
        thing = getattr(mpcc, name)
        if name in ("__version__", "errors"):
            continue
        yield name, thing
        if inspect.isclass(thing) and not issubclass(thing, (Exception, Warning)):
            for member, value in inspect.getmembers(thing):
                if not member.startswith("_") and (callable(value) or isinstance(value, property)):
                    yield f"{name}.{member}", value


@pytest.mark.parametrize("name, thing", _public())
def test_each_has_a_docstring(name, thing):
    assert inspect.getdoc(thing), name


@pytest.mark.parametrize("name, thing", [(name, thing) for name, thing in _public()
                                         if not inspect.isclass(thing)])
def test_each_function_has_types(name, thing):
    signature = inspect.signature(thing.fget if isinstance(thing, property) else thing)
    assert signature.return_annotation is not inspect.Signature.empty, name
    for parameter in signature.parameters.values():
        assert parameter.name == "self" or parameter.annotation is not inspect.Parameter.empty, (
            f"{name}: {parameter.name}")


@pytest.mark.parametrize("file", ["py.typed", "_runtime.pyi"])
def test_type_checkers_are_served(file):
    assert importlib.resources.files("mpcc").joinpath(file).is_file()
