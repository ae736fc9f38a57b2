"""Python's Jinja2, configured as Hugging Face transformers configures it for chat templates."""

import copy
import datetime
import functools
import gzip
import json

import jinja2
import jinja2.meta
from transformers.utils import chat_template_utils

NOW = datetime.datetime(2026, 7, 4, 9, 5, 3)


class FrozenTime(datetime.datetime):
    """The time that strftime_now sees; the Java side uses the same."""

    @classmethod
    def now(cls, tz=None):
        return NOW


chat_template_utils.datetime = FrozenTime


@functools.lru_cache(maxsize=None)
def compile_template(source):
    """The template object, from transformers' own environment."""
    return chat_template_utils._compile_jinja_template(source)


def result(source, variables):
    """{"text": ...}, or {"error": message, "kind": exception class}.

    The variables are copied, since the filter indent changes a list that it is given by mistake.
    """
    try:
        return {"text": compile_template(source).render(**copy.deepcopy(variables))}
    except Exception as error:  # every kind of failure is part of the golden data
        return {"error": message(error), "kind": type(error).__name__}


def message(error):
    """The message, in which the namespace class has the name that Jinja gives it."""
    return str(error).replace("transformers.utils.chat_template_utils.TemplateNamespace", "Namespace")


def free_variables(source):
    environment = compile_template("").environment
    return sorted(jinja2.meta.find_undeclared_variables(environment.parse(source)))


def write(path, data):
    """Compact and without a time stamp, so that the same data gives the same file."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    with open(path, "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as out:
        out.write(text.encode())
