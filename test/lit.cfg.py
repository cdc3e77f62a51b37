# SPDX-License-Identifier: Apache-2.0
"""lit configuration: tests run mpcc, mpcc-opt and FileCheck on text files."""

import os

import lit.formats

config.name = "mpcc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".onnxtxt", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = config.mpcc_test_output

path = [config.mpcc_tools_dir, config.llvm_tools_dir, os.environ.get("PATH", "")]
config.environment["PATH"] = os.pathsep.join(path)
config.environment["FILECHECK_OPTS"] = "--enable-var-scope --allow-unused-prefixes=false"
