"""Runs the AWS CLI again and again: a command line on stdin, what came of it as a line of JSON on stdout.

In one process, since the AWS CLI takes a second to start. Each raw answer of AWS is held against AWS's own service
model: the AWS CLI itself reads leniently, and drops what it does not know.
"""

import contextlib
import importlib.util
import io
import json
import os
import shlex
import sys

# Not imported: the AWS CLI has a botocore inside, and only the models of this one are wanted.
models = os.path.join(os.path.dirname(importlib.util.find_spec("botocore").origin), "data")
os.environ["AWS_DATA_PATH"] = models

from awscli.clidriver import create_clidriver

NUMBERS = ("integer", "long", "float", "double", "timestamp")


def compare(shape, value, place):
    """What is not as in the model. AWS leaves out absent members, or answers null; so both are taken."""
    if value is None:
        return
    if shape.type_name == "structure":
        yield from compare_structure(shape, value, place)
    elif shape.type_name == "list":
        if not isinstance(value, list):
            yield f"{place} is no list: {value!r}"
            return
        for index, item in enumerate(value):
            yield from compare(shape.member, item, f"{place}[{index}]")
    elif shape.type_name == "map":
        if not isinstance(value, dict):
            yield f"{place} is no map: {value!r}"
            return
        for key, item in value.items():
            yield from compare(shape.value, item, f"{place}[{key!r}]")
    else:
        yield from compare_scalar(shape, value, place)


def compare_structure(shape, value, place):
    if not isinstance(value, dict):
        yield f"{place} is no structure: {value!r}"
        return
    names = {member.serialization.get("name", name): member for name, member in shape.members.items()}
    for name, item in value.items():
        if name in names:
            yield from compare(names[name], item, f"{place}.{name}")
        else:
            yield f"{place}.{name} is not in the service model"


def compare_scalar(shape, value, place):
    kind = shape.type_name
    if kind == "boolean":
        fits = isinstance(value, bool)
    elif kind in NUMBERS:
        fits = isinstance(value, (int, float)) and not isinstance(value, bool)
    elif kind == "string":
        fits = isinstance(value, str) and (not shape.enum or value in shape.enum)
    else:
        fits = False
    if not fits:
        yield f"{place} is no {kind} of the service model: {value!r}"


def deviations(http_response, parsed, model):
    body = json.loads(http_response.content or b"{}")
    if http_response.status_code < 300:
        return list(compare(model.output_shape, body, model.name))
    code = parsed["Error"]["Code"]
    errors = {error.name: error for error in model.error_shapes}
    if code not in errors:
        return [f"{model.name} does not answer {code} in the service model"]
    return list(compare(errors[code], body, f"{model.name} {code}"))


found = []


def check(http_response, parsed, model, **_):
    found.extend(deviations(http_response, parsed, model))


def run(driver, line):
    found.clear()
    output, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(error):
        status = driver.main(shlex.split(line))
    return {
        "succeeded": status == 0,
        "output": output.getvalue(),
        "error": error.getvalue().strip(),
        "deviations": list(found),
    }


driver = create_clidriver()
driver.session.register("after-call.eks", check)
for line in sys.stdin:
    print(json.dumps(run(driver, line)), flush=True)
