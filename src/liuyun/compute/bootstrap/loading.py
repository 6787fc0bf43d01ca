"""From a handler's name to the callable behind it (fc contract 3.1)."""

import importlib
import os
import sys
from collections.abc import Callable
from typing import Any

from liuyun.compute.bootstrap.failures import LoadFailure

Handler = Callable[..., Any]


def load(name: str, code_dir: str) -> Handler:
    """`folder/package.module.function`: split at the last dot. Raises LoadFailure."""
    module_name, dot, function_name = name.rpartition(".")
    if not dot or not module_name or not function_name:
        raise LoadFailure("InvalidHandleName", f"Invalid handler '{name}'")
    module = load_module(module_name, code_dir)
    handler = getattr(module, function_name, None)
    if not callable(handler):
        raise LoadFailure("HandlerNotFound", f"Handler '{function_name}' is missing on module '{module_name}'")
    return handler


def load_module(name: str, code_dir: str) -> Any:
    path = name.replace("/", ".").strip(".")
    uncover(path.partition(".")[0], code_dir)
    try:
        return importlib.import_module(path)
    except ImportError as error:
        raise LoadFailure("ImportModuleError", f"Unable to import module '{name}'") from error
    except SyntaxError as error:
        raise LoadFailure("UserCodeSyntaxError", f"Syntax error in module '{name}'") from error
    except SystemExit:
        raise
    except BaseException as error:
        raise LoadFailure("UserCodeError", f"Module initialization error: '{error}'") from error


def uncover(top: str, code_dir: str) -> None:
    """A package may call its module `queue` or `code`: its own comes first, even if the standard one is loaded."""
    own = any(os.path.exists(f"{code_dir}/{top}{ending}") for ending in (".py", "/__init__.py"))  # noqa: PTH110
    loaded = sys.modules.get(top)
    if own and loaded and not str(getattr(loaded, "__file__", None) or "").startswith(f"{code_dir.rstrip('/')}/"):
        del sys.modules[top]
