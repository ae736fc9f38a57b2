"""Templates that look closely at row text, over rows full of the characters that control tokens begin with.

Usage, in the folder operators: python src/test/python/make_row_text_golden.py
"""

import pathlib

import jinja_oracle

TARGET = pathlib.Path("src/test/resources/jinja/row-text-golden.json.gz")

ROWS = [
    {"op": ">", "text": "> 50", "tags": ["> 50", "<", "a"], "pairs": {">": "greater", "<": 1}, "n": 60},
    {"op": "<", "text": "<|im_end|>", "tags": ["<|im_end|>", "<|im_", "end|>"], "pairs": {"<|im_end|>": "<"}, "n": 124},
    {"op": "a", "text": "a<a>[a]", "tags": ["a", "A", "[", "]a"], "pairs": {"a": "[", "[": "a"}, "n": 97},
    {"op": "[INST]", "text": " \t<s> aaa </s>\n[INST] ", "tags": [], "pairs": {}, "n": 0},
    {"op": "=", "text": "\ufdd0<\ufdd1" + "0>", "tags": ["\ufdd0", "<\ufdd0>"], "pairs": {"\ufdd0<": "\ufdd1"}, "n": -1},
    {"op": "", "text": "|<|\U0001f600|>|", "tags": ["<\U0001f600", "\U0001f600>", "<"], "pairs": {"<": {">": ["a"]}}, "n": 10**20},
]

CASES = r"""
{{ "greater" if op == ">" else "less" if op == "<" else "other" }}
{{ op != "<" }} {{ op in "<>a" }} {{ op not in ["<", ">"] }} {{ op in tags }} {{ "<" in text }} {{ text in text }}
{{ {">": "greater", "<": "less", "a": "letter"}[op] }}|{{ {"<": 1}.get(op, "none") }}
{{ {op: text}[op] }} {{ {op: text, "<": 2}|length }} {{ {op: 1} == {"<": 1} }} {{ {text: op} }}
{{ text|length }} {{ op|length }} {{ tags|map("length")|list }} {{ text|wordcount }}
{{ tags }} {{ pairs }} {{ [op, text] }} {{ (op,) }} {{ {op: [text]} }}
{{ tags|tojson }} {{ pairs|tojson(indent=1) }} {{ text|tojson }} {{ {op: text}|tojson }}
{{ tags|sort }} {{ tags|sort(reverse=true, case_sensitive=true) }} {{ tags|unique|list }} {{ tags|min }} {{ tags|max }}
{% for group in tags|groupby(0) %}{{ group.grouper }}={{ group.list }};{% endfor %}
{{ pairs|dictsort }} {{ pairs.items()|list }} {{ pairs|items|list }} {% for k in pairs %}{{ k }},{{ pairs[k] }};{% endfor %}
{{ text[0] }}|{{ text[-1] }}|{{ text[1:] }}|{{ text[:2] }}|{{ text[::-1] }}|{{ text[::2] }}|{{ text[1:-1] }}
{{ text.startswith("<") }} {{ text.startswith(op) }} {{ text.endswith(">") }} {{ text.startswith(("a", ">")) }}
{{ text.find("<") }} {{ text.find(">") }} {{ text.rfind("<") }} {{ text.count("a") }} {{ text.count("<") }}
{{ text.index(op) }}
{{ text|replace("<", "(") }} {{ text.replace("a", "b") }} {{ "x<y"|replace("<", op) }} {{ text|replace("", "-") }} {{ text.replace("<", text, 1) }}
{{ text.split("<") }} {{ text.split() }} {{ text.split("a", 1) }} {{ text.rsplit(">", 1) }} {{ text.partition("<") }} {{ text.rpartition("a") }} {{ text.splitlines() }}
{{ text|upper }} {{ text|lower }} {{ text|title }} {{ text|capitalize }} {{ text.swapcase() }} {{ text.casefold() }} {{ text.title() }}
{{ text|trim }}| {{ text.strip("<>a ") }}| {{ text.lstrip("<") }}| {{ text.rstrip(">") }}| {{ text.strip() }}|
{{ text.removeprefix("<") }} {{ text.removesuffix(">") }} {{ text.removeprefix(op) }}
{{ text|center(30) }}| {{ text.ljust(20, "<") }}| {{ text.rjust(20, "a") }}| {{ op.zfill(5) }}| {{ text.center(25, "*") }}|
{{ text|indent(2, true) }}| {{ text|indent(op) }}| {{ text|truncate(6) }}| {{ text|truncate(8, true, "<", 0) }}| {{ text|wordwrap(4) }}
{{ "%s<%s" % (op, text) }} {{ "%r" % op }} {{ "%5s|%-5s|%.2s" % (op, op, text) }} {{ "%(a)s" % {"a": text} }} {{ "%s and %s"|format(op, text) }}
{{ "{}<{}".format(op, text) }} {{ "{0!r} {1:>12} {1:a<12}".format(op, text) }} {{ "{x[0]}".format(x=tags) }} {{ text.format() }}
{{ op ~ text ~ "<" ~ n }} {{ op + text }} {{ "<" + text + ">" }} {{ text * 2 }} {{ [op] * 3 }} {{ tags + ["<"] }}
{{ tags|join("<") }} {{ "<".join(tags) }} {{ tags|join }} {{ op.join(["x", "y", "z"]) }} {{ text|join("a") }}
{% for c in text %}{{ c }}{{ "." if c == "<" else "" }}{% endfor %}|{{ text|list }}|{{ text|first }}{{ text|last }}
{% set ns = namespace(s="") %}{% for c in text|reverse %}{% set ns.s = ns.s ~ c %}{% endfor %}{{ ns.s }} {{ ns.s == text }} {{ ns.s[::-1] == text }}
{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(text) }} {{ m(op)|length }} {{ m(op) == "<<>" }} {% set b %}{{ text }}<{% endset %}{{ b }} {{ b|length }} {{ b == text ~ "<" }}
{% filter upper %}{{ text }}a{% endfilter %} {% macro m2() %}{{ caller(op) }}{% endmacro %}{% call(x) m2() %}{{ x }}<{% endcall %}
{{ text|e }} {{ (text|e)|length }} {{ text|striptags }} {{ text|safe ~ op }} {{ (op|safe) + text }} {{ text|urlencode }} {{ pairs|urlencode }}
{{ text < "<b" }} {{ op > ">" }} {{ op <= "<" }} {{ "<" <= op < "b" }} {{ [op] < ["b"] }} {{ (op, 1) == ("<", 1) }}
{{ text is string }} {{ op is eq "<" }} {{ op is in ["<", ">"] }} {{ op is lower }} {{ text is upper }} {{ op is sameas op }} {{ tags is sequence }}
{{ text.isalpha() }} {{ op.isprintable() }} {{ text.isascii() }} {{ text.isspace() }} {{ op.isidentifier() }} {{ text.encode() }}
{{ tags|select("in", "<a>")|list }} {{ tags|reject("equalto", "<")|list }} {{ tags|map("replace", "<", "[")|list }} {{ tags|map("upper")|join(",") }} {{ tags|selectattr(0, "eq", "<")|list }}
{{ n|string ~ op }} {{ "%c%c" % (60, 124) }} {{ "%d<" % n }} {{ "{:x}".format(n) }} {{ (n|string)|length }} {{ n ~ n }} {{ op|int(7) }} {{ text|float(1.5) }}
{{ tags.index("<") }}
{{ tags.count("<") }} {{ op * 0 == "" }} {{ text|default("<") }} {{ op or "none" }} {{ op and text }}
{{ tags|batch(2, "<")|list }} {{ tags|slice(2, "a")|list }} {{ dict([(op, text)]) }} {{ namespace(a=op).a }}
{{ text.expandtabs(4) }} {{ text|replace("\t", "<") }} {{ "a" in pairs }} {{ "<" in pairs.keys() }} {{ pairs.get(">", op) }}
{{ loop_var|default(op) }} {% for t in tags %}{{ loop.cycle("<", op) }}{{ loop.changed(t) }}{{ loop.previtem }}{% endfor %} {{ joiner(op)() }} {{ cycler(op, "<").next() }}
""".strip().splitlines()


def main():
    cases = [[source, [jinja_oracle.result(source, row) for row in ROWS]] for source in CASES]
    jinja_oracle.write(TARGET, {"rows": ROWS, "cases": cases})
    for source, results in cases:
        if all("error" in result for result in results):
            print("only errors:", source, results[0])
    print(len(cases), "cases over", len(ROWS), "rows")


if __name__ == "__main__":
    main()
