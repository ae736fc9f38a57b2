"""Renders some thousands of random small templates over random values.

Usage, in the folder operators: python src/test/python/make_random_golden.py
"""

import pathlib
import random

import jinja_oracle

TARGET = pathlib.Path("src/test/resources/jinja/random-golden.json.gz")
COUNT = 6000
SEED = 20260704

TEXTS = [
    "", " ", "a", "abc", "Hello World", "  padded\t\n", "ÄÖß straße", "日本語 😀 text", "42", "-7", "3.5", "1_000", "0x1f",
    "it's", 'say "x"', "<b>bold</b> & co", "a,b,,c", "line one\nline two\r\nline three\n", "x" * 12, "éa\u0301", "%s and %d",
    "{} {0}", "{name}", "ABC def-ghi (jkl)", "foo bar baz qux quux corge", "True", "None", "\\ back", "tab\there",
]
WORDS = ["a", "b", "abc", "l", "o", " ", ",", "", "e", "x", "日", "😀", "\\n", "Hello", "xx"]
TRUNCATE_SHORT = '10, false, "…", 0'
KEYS = ["name", "age", "a", "b", "items", "keys", "tags", "0", "role", "content", "nested"]

# Without the names of methods, which Python prints with their address.
FIELDS = [key for key in KEYS if key not in ("items", "keys")]


class Values:
    """Random contexts."""

    def __init__(self, rng):
        self.rng = rng

    def scalar(self):
        rng = self.rng
        return rng.choice(
            [
                lambda: rng.choice(TEXTS),
                lambda: rng.choice(TEXTS),
                lambda: rng.randint(-20, 20),
                lambda: rng.choice([0, 1, 2, 10**6, 2**31, 2**53 + 1, 2**63 - 1, -(2**63), 10**20]),
                lambda: rng.choice([0.0, 1.0, -0.5, 2.5, 3.14159, 1e16, 1e-5, 1.1e22, 123456.789, 0.1, 1 / 3, -2.0]),
                lambda: rng.choice([True, False]),
                lambda: None,
            ]
        )()

    def any(self, depth=0):
        rng = self.rng
        roll = rng.random()
        if depth > 2 or roll < 0.5:
            return self.scalar()
        if roll < 0.75:
            return [self.any(depth + 1) for _ in range(rng.randint(0, 4))]
        return {rng.choice(KEYS): self.any(depth + 1) for _ in range(rng.randint(0, 4))}

    def context(self):
        rng = self.rng
        person = lambda: {"name": rng.choice(TEXTS), "age": rng.randint(0, 40), "tags": rng.sample(WORDS, 2)}
        return {
            "s": rng.choice(TEXTS),
            "t": rng.choice(TEXTS),
            "n": rng.randint(-9, 9),
            "m": rng.choice([0, 1, 3, 7, 2**62, 12345678901234567890]),
            "f": rng.choice([0.5, -1.5, 2.0, 1e17, 3.75, 0.1]),
            "yes": True,
            "no": False,
            "none_value": None,
            "numbers": [rng.randint(-5, 9) for _ in range(rng.randint(0, 6))],
            "mixed": [self.scalar() for _ in range(rng.randint(0, 5))],
            "words": [rng.choice(TEXTS) for _ in range(rng.randint(0, 5))],
            "people": [person() for _ in range(rng.randint(0, 4))],
            "d": {rng.choice(KEYS): self.any(1) for _ in range(rng.randint(0, 5))},
            "deep": self.any(),
            "messages": [
                {"role": rng.choice(["user", "assistant", "system"]), "content": rng.choice(TEXTS)}
                for _ in range(rng.randint(0, 4))
            ],
        }


class Templates:
    """Random templates, of values whose type mostly fits."""

    def __init__(self, rng):
        self.rng = rng
        self.locals = []

    def pick(self, *options):
        return self.rng.choice(options)

    # expressions by type ---------------------------------------------------------------------

    def text_literal(self):
        text = self.rng.choice(TEXTS + WORDS)
        quote = self.pick("'", '"')
        escaped = text.replace("\\", "\\\\").replace(quote, "\\" + quote).replace("\n", "\\n").replace("\r", "\\r")
        return quote + escaped + quote

    def text(self, depth=0):
        if depth > 2:
            return self.pick("s", "t", self.text_literal())
        e = lambda: self.text(depth + 1)
        n = lambda: self.number(depth + 1)
        w = lambda: repr(self.rng.choice(WORDS)) if self.rng.random() < 0.8 else e()
        return self.pick(
            lambda: "s",
            lambda: "t",
            lambda: self.text_literal(),
            lambda: f"{e()} ~ {self.any(depth + 1)}",
            lambda: f"({e()} + {e()})",
            lambda: f"{self.postfix(e())}[{self.slice()}]",
            lambda: f"{self.postfix(e())}[{n()}]",
            lambda: f"({e()} * {self.pick('0', '1', '2', '3', n())})",
            lambda: f"{e()}|{self.pick('upper', 'lower', 'title', 'capitalize', 'trim', 'string', 'reverse', 'e', 'safe', 'striptags', 'urlencode', 'forceescape')}",
            lambda: f"{self.postfix(e())}.{self.pick('upper', 'lower', 'title', 'capitalize', 'swapcase', 'strip', 'lstrip', 'rstrip', 'casefold')}()",
            lambda: f"{self.postfix(e())}.{self.pick('strip', 'lstrip', 'rstrip', 'removeprefix', 'removesuffix')}({w()})",
            lambda: f"{e()}|trim({w()})",
            lambda: f"{self.postfix(e())}.replace({w()}, {w()}{self.pick('', ', 1', ', 2', ', -1')})",
            lambda: f"{e()}|replace({w()}, {w()}{self.pick('', ', 1', ', count=2')})",
            lambda: f"{e()}|indent({self.pick('', '2', 'width=3', repr('> '), '1, true', '2, first=false, blank=true')})",
            lambda: f"{e()}|truncate({self.pick('3', '9', '11', '5, true', '7, false', TRUNCATE_SHORT, '12, leeway=0')})",
            lambda: f"{e()}|center({self.pick('5', '10', '11')})",
            lambda: f"""{self.postfix(e())}.{self.pick('center', 'ljust', 'rjust')}({self.pick('4', '7, "*"', n())})""",
            lambda: f"{self.postfix(e())}.{self.pick('zfill', 'expandtabs')}({self.pick('3', '8', n())})",
            lambda: f"{w()}.join({self.pick('words', 'd', e(), 'mixed')})",
            lambda: f"{self.list(depth + 1)}|join({self.pick('', w(), w())})",
            lambda: f"people|join({w()}, attribute='name')",
            lambda: f"""{self.pick('numbers', 'words', 'mixed', 'd', 'people', 'deep', 'messages', 'f', 'm')}|tojson{self.pick('', '(indent=2)', '(sort_keys=true)', '(ensure_ascii=true)', '(separators=(",", ":"))')}""",
            lambda: f"{self.text_format()}",
            lambda: f"""{e()}|wordwrap({self.pick('5', '9', '12, false', '7, wrapstring="|"')})""",
            lambda: f"({e()} if {self.test(depth + 1)} else {e()})",
            lambda: f"{self.any(depth + 1)}|string",
            lambda: f"{self.any(depth + 1)}|default({e()}{self.pick('', ', true')})",
            lambda: f"{self.postfix(e())}.{self.pick('partition', 'rpartition')}({w()})[{self.pick('0', '1', '2', '-1')}]",
            lambda: f"people[{n()}].name",
            lambda: f"messages[{self.pick('0', '-1', '1')}]['{self.pick('content', 'role', 'nothing')}']",
        )()

    def text_format(self):
        e = lambda: self.any(2)
        return self.pick(
            lambda: f"'%s-%s'|format({e()}, {e()})",
            lambda: f"'%{self.pick('', '5', '-5', '05', '+', ' ', '.2', '8.3')}{self.pick('d', 'f', 'e', 'g', 's', 'x', 'r', 'i', 'X', 'o')}' % ({self.number(2)},)",
            lambda: f"'%{self.pick('', '10', '-10', '.2')}{self.pick('s', 'r')}|%%' % {self.pick('s', 't', 'n', 'f', 'numbers', '(s,)')}",
            lambda: f"""'%(name)s %(age)03d' % {self.pick('people[0]', 'd', '{"name": s, "age": n}')}""",
            lambda: f"'{{}}/{{}}'.format({e()}, {e()})",
            lambda: f"'{{0}}{{1}}{{0!r}}'.format({e()}, {e()})",
            lambda: f"'{{a:{self.pick('', '>', '<', '^', '*^', '0')}{self.pick('', '6', '10')}}}'.format(a={e()})",
            lambda: f"'{{:{self.pick('', '+', ' ', ',', '08', '010,', '_', '#')}{self.pick('.2f', 'd', '.3e', 'g', '.4g', '%', '.1%', 'x', 'b', 'n', '')}}}'.format({self.number(2)})",
            lambda: f"'{{0[name]}} {{0.age}}'.format({self.pick('people[0]', 'd')})",
        )()

    def number(self, depth=0):
        if depth > 2:
            return self.pick("n", "m", "f", "0", "1", "2", "-1", "3", "7", "2.5", "10")
        e = lambda: self.number(depth + 1)
        return self.pick(
            lambda: self.pick("n", "m", "f", "0", "1", "2", "-3", "7", "1.5", "1e3", "0x1F", "1_000", "100000000000000000000"),
            lambda: f"({e()} {self.pick('+', '-', '*', '/', '//', '%')} {e()})",
            lambda: f"{e()} {self.pick('+', '-', '*', '//', '%')} {e()}",
            lambda: f"({e()} ** {self.pick('0', '1', '2', '3', '-1')})",
            lambda: f"{self.pick('-', '+', '')}{e()}",
            lambda: f"{self.any(depth + 1)}|{self.pick('length', 'count', 'int', 'float', 'wordcount')}",
            lambda: f"""{e()}|round{self.pick('', '(1)', '(2)', '(0, "floor")', '(1, "ceil")', '(-1)')}""",
            lambda: f"{e()}|abs",
            lambda: f"{self.text(depth + 1)}|int{self.pick('', '(5)', '(default=-1)', '(0, 16)', '(base=2)', '(base=0)')}",
            lambda: f"{self.text(depth + 1)}|float{self.pick('', '(1.5)')}",
            lambda: f"{self.list(depth + 1)}|{self.pick('sum', 'first', 'last', 'min', 'max')}",
            lambda: f"people|{self.pick('sum', 'max', 'min')}(attribute='age'){self.pick('', '.age')}",
            lambda: f"{self.postfix(self.text(depth + 1))}.{self.pick('find', 'rfind', 'count', 'index', 'rindex')}({repr(self.rng.choice(WORDS))}{self.pick('', ', 1', ', 1, -1')})",
            lambda: f"numbers[{e()}]",
            lambda: f"({e()} {self.pick('and', 'or')} {e()})",
            lambda: f"({e()} if {self.test(depth + 1)} else {e()})",
        )()

    def list(self, depth=0):
        if depth > 2:
            return self.pick("numbers", "words", "mixed", "[1, 2, 3]", "range(4)", "[]", "['b', 'A', 'c']", "(1, 'x')")
        e = lambda: self.list(depth + 1)
        return self.pick(
            lambda: self.pick("numbers", "words", "mixed", "people", "messages"),
            lambda: self.pick("range(3)", "range(1, 8, 3)", "range(5, 0, -2)", "range(n)", "range(2)|list"),
            lambda: "[" + ", ".join(self.any(depth + 1) for _ in range(self.rng.randint(0, 3))) + "]",
            lambda: "(" + ", ".join(self.any(depth + 1) for _ in range(self.rng.randint(2, 3))) + ")",
            lambda: f"({e()} + {e()})",
            lambda: f"({e()} * {self.pick('0', '2', '-1')})",
            lambda: f"{self.postfix(e())}[{self.slice()}]",
            lambda: f"{e()}|{self.pick('list', 'sort', 'reverse|list', 'unique|list', 'sort(reverse=true)', 'sort(case_sensitive=true)', 'reverse')}",
            lambda: f"{e()}|map('{self.pick('upper', 'string', 'length', 'trim', 'int', 'title', 'nothing', 'abs')}')|list",
            lambda: f"people|map(attribute='{self.pick('name', 'age', 'tags', 'tags.0', 'x', '0')}'{self.pick('', ', default=0')})|list",
            lambda: f"{e()}|{self.pick('select', 'reject')}({self.pick('', repr('odd'), repr('string'), repr('number'), repr('gt') + ', 2', repr('equalto') + ', 1', repr('in') + ', [1, 2]', repr('none'), repr('defined'), repr('even'))})|list",
            lambda: f"""people|{self.pick('selectattr', 'rejectattr')}('{self.pick('age', 'name', 'x')}'{self.pick('', ', "gt", 10', ', "string"', ', "eq", "abc"', ', "defined"')})|list""",
            lambda: f"{e()}|batch({self.pick('2', '3', '2, 0')})|list",
            lambda: f"{e()}|slice({self.pick('2', '3', '3, none')})|list",
            lambda: f"people|sort(attribute='{self.pick('age', 'name', 'age,name', 'x')}')",
            lambda: f"people|groupby('{self.pick('age', 'name')}')",
            lambda: f"""{self.postfix(self.text(depth + 1))}.{self.pick('split()', 'split(",")', 'split(" ", 1)', 'rsplit(" ", 1)', 'splitlines()', 'splitlines(true)', 'split(none, 1)', 'rsplit(none, 1)', 'split(sep="a", maxsplit=2)', 'partition("a")')}""",
            lambda: f"""d{self.pick('.items()', '.keys()', '.values()', '|items', '|dictsort', '|dictsort(by="value")', '|dictsort(reverse=true)', '|list')}|list""",
            lambda: f"{self.text(depth + 1)}|list",
            lambda: f"({e()} if {self.test(depth + 1)} else {e()})",
        )()

    def slice(self):
        bound = lambda: self.pick("", "", "0", "1", "2", "-1", "-2", "5", "n", "none")
        return self.pick(f"{bound()}:{bound()}", f"{bound()}:{bound()}:{self.pick('', '1', '2', '-1', '-2', '0')}")

    def postfix(self, expression):
        simple = expression.isidentifier() or (expression.startswith("(") and expression.count("(") == 1)
        return expression if simple else f"({expression})"

    def test(self, depth=0):
        if depth > 2:
            return self.pick("yes", "no", "n", "s", "none_value", "missing", "numbers")
        e = lambda: self.any(depth + 1)
        n = lambda: self.number(depth + 1)
        return self.pick(
            lambda: self.pick("yes", "no", "n", "s", "none_value", "missing", "loop is defined", "words"),
            lambda: f"{e()} is {self.pick('', 'not ')}{self.pick('defined', 'undefined', 'none', 'string', 'number', 'integer', 'float', 'boolean', 'true', 'false', 'mapping', 'iterable', 'sequence', 'lower', 'upper', 'escaped')}",
            lambda: f"{n()} is {self.pick('', 'not ')}{self.pick('odd', 'even', 'divisibleby 3', 'divisibleby(2)')}",
            lambda: f"{e()} is {self.pick('eq', 'ne', 'equalto', 'sameas')}({e()})",
            lambda: f"{n()} is {self.pick('gt', 'ge', 'lt', 'le', 'greaterthan')} {self.pick('0', '2', 'n', 'f')}",
            lambda: f"{e()} {self.pick('==', '!=')} {e()}",
            lambda: f"{n()} {self.pick('<', '<=', '>', '>=')} {n()}",
            lambda: f"{n()} {self.pick('<', '<=', '>')} {n()} {self.pick('<', '!=', '==')} {n()}",
            lambda: f"{self.text(depth + 1)} {self.pick('<', '>', '==', 'in', 'not in')} {self.text(depth + 1)}",
            lambda: f"{e()} {self.pick('in', 'not in')} {self.list(depth + 1)}",
            lambda: f"'{self.rng.choice(KEYS)}' {self.pick('in', 'not in')} {self.pick('d', 'people[0]', 'd.keys()')}",
            lambda: f"""{self.postfix(self.text(depth + 1))}.{self.pick('startswith', 'endswith')}({self.pick(repr(self.rng.choice(WORDS)), '("a", "H")', 's')})""",
            lambda: f"{self.postfix(self.text(depth + 1))}.{self.pick('isdigit', 'isalpha', 'isspace', 'isupper', 'islower', 'isalnum', 'istitle', 'isnumeric', 'isdecimal', 'isidentifier')}()",
            lambda: f"{e()} is in {self.list(depth + 1)}",
            lambda: f"not {self.test(depth + 1)}",
            lambda: f"({self.test(depth + 1)} {self.pick('and', 'or')} {self.test(depth + 1)})",
            lambda: f"{self.test(depth + 1)} {self.pick('and', 'or')} {self.test(depth + 1)}",
        )()

    def any(self, depth=0):
        if self.locals and self.rng.random() < 0.25:
            return self.rng.choice(self.locals)
        if depth > 2:
            return self.pick("s", "n", "f", "d", "mixed", "none_value", "yes", "missing", "deep", "'x'", "1", "d.name", "deep.a")
        return self.pick(
            lambda: self.text(depth),
            lambda: self.text(depth),
            lambda: self.number(depth),
            lambda: self.list(depth),
            lambda: self.test(depth),
            lambda: self.pick("none", "True", "false", "missing", "none_value", "d", "deep"),
            lambda: f"d.{self.rng.choice(FIELDS)}",
            lambda: f"d['{self.rng.choice(FIELDS)}']",
            lambda: f"d.get('{self.rng.choice(KEYS)}'{self.pick('', ', 1', ', s')})",
            lambda: f"deep.{self.rng.choice(FIELDS)}.{self.rng.choice(FIELDS)}",
            lambda: f"deep[{self.pick('0', '-1', '1')}]",
            lambda: "{" + f"'{self.rng.choice(KEYS)}': {self.any(depth + 1)}, {self.pick('1', 'true', '1.0', 'none', '(1, 2)', 'n', 's')}: {self.any(depth + 1)}" + "}",
            lambda: f"dict({self.rng.choice(['a', 'name'])}={self.any(depth + 1)})",
            lambda: f"{self.any(depth + 1)} if {self.test(depth + 1)}",
            lambda: f"{self.any(depth + 1)}|default({self.any(depth + 1)})",
        )()

    # statements -----------------------------------------------------------------------------

    def gap(self):
        return self.pick("", "", " ", "\n", "  \n  ", "x", " text ", "\n\n", "\t", "é\n")

    def tag(self, content):
        left = self.pick("{%", "{%", "{%", "{%-", "{%+")
        right = self.pick("%}", "%}", "%}", "-%}", "+%}")
        return f"{left} {content} {right}"

    def out(self, expression):
        return self.pick("{{", "{{", "{{-") + f" {expression} " + self.pick("}}", "}}", "-}}")

    def body(self, depth, in_loop=False):
        kept = list(self.locals)
        parts = []
        for _ in range(self.rng.randint(1, 3)):
            parts.append(self.gap())
            parts.append(self.statement(depth, in_loop))
        self.locals = kept
        return "".join(parts) + self.gap()

    def statement(self, depth=0, in_loop=False):
        roll = self.rng.random()
        if depth > 2 or roll < 0.4:
            return self.out(self.any())
        if in_loop and roll < 0.5:
            return self.pick(
                lambda: self.out(f"loop.{self.pick('index', 'index0', 'first', 'last', 'length', 'revindex', 'revindex0', 'depth', 'previtem', 'nextitem')}"),
                lambda: self.out(f"loop.cycle('a', {self.any(2)})"),
                lambda: self.out(f"loop.changed({self.pick('x', 'n', 'x.role')})"),
                lambda: self.tag(f"if {self.test(1)}") + self.tag(self.pick("break", "continue")) + self.tag("endif"),
            )()
        return self.pick(
            self.conditional, self.loop, self.loop, self.assign, self.assign, self.block_set, self.macro, self.with_block,
            self.filter_block, self.namespace, self.comment, self.raw, self.call, self.generation,
        )(depth, in_loop)

    def conditional(self, depth, in_loop):
        text = self.tag(f"if {self.test()}") + self.body(depth + 1, in_loop)
        if self.rng.random() < 0.3:
            text += self.tag(f"elif {self.test()}") + self.body(depth + 1, in_loop)
        if self.rng.random() < 0.5:
            text += self.tag("else") + self.body(depth + 1, in_loop)
        return text + self.tag("endif")

    def loop(self, depth, in_loop):
        target, iterable = self.pick(
            ("x", self.list()),
            ("x", self.list()),
            ("x", "messages"),
            ("k, v", self.pick("d.items()", "d|items", "d|dictsort", "people", "[(1, 2), ('a', s)]")),
            ("x", self.any()),
            ("(x, y)", "[[1, 2], (3, 4)]"),
        )
        condition = f" if {self.pick('x', 'x is string', 'x != n', self.test(1))}" if self.rng.random() < 0.25 and target == "x" else ""
        kept = list(self.locals)
        text = self.tag(f"for {target} in {iterable}{condition}")
        self.locals += [name.strip("() ") for name in target.split(",")]
        text += self.body(depth + 1, True)
        self.locals = kept
        if self.rng.random() < 0.25:
            text += self.tag("else") + self.body(depth + 1, in_loop)
        return text + self.tag("endfor")

    def assign(self, depth, in_loop):
        name = self.pick("v", "w", "s", "n", "x", "v, w")
        value = f"{self.any()}, {self.any(2)}" if "," in name else self.any()
        self.locals += [part.strip() for part in name.split(",") if part.strip() not in ("s", "n")]
        return self.tag(f"set {name} = {value}")

    def block_set(self, depth, in_loop):
        chain = self.pick("", "", " | upper", " | trim | length", " | replace('a', 'b')")
        text = self.tag(f"set v{chain}") + self.body(depth + 1, in_loop) + self.tag("endset")
        self.locals.append("v")
        return text + self.out("v")

    def macro(self, depth, in_loop):
        arguments = self.pick("a", "a, b=1", "a=n, b=s", "", "a, b='x', c=missing")
        kept = list(self.locals)
        self.locals += [name for name in "abc" if f"{name}" in arguments.replace("missing", "")]
        text = self.tag(f"macro mac({arguments})") + self.body(depth + 1)
        if self.rng.random() < 0.3:
            text += self.out(self.pick("varargs", "kwargs", "caller is defined", "varargs|length"))
        self.locals = kept
        text += self.tag("endmacro")
        return text + self.out(f"""mac({self.pick('', self.any(2), self.any(2) + ', 2', 'b=3', 'a=1, b=2', '1, 2, 3', 'q=1', '*numbers', '**{"a": 1}')})""")

    def with_block(self, depth, in_loop):
        kept = list(self.locals)
        text = self.tag(f"with v = {self.any()}, w = {self.any(2)}")
        self.locals += ["v", "w"]
        text += self.body(depth + 1, in_loop)
        self.locals = kept
        return text + self.tag("endwith") + self.out("v")

    def filter_block(self, depth, in_loop):
        name = self.pick("upper", "trim", "replace('a', 'bb')", "indent(2)", "title", "upper | lower", "escape")
        return self.tag(f"filter {name}") + self.body(depth + 1, in_loop) + self.tag("endfilter")

    def namespace(self, depth, in_loop):
        text = self.tag(f"""set ns = namespace({self.pick('', 'a=1', 'a=n, b=s', 'd', '{"a": s}')})""")
        self.locals += ["ns.a"]
        text += self.tag(f"for x in {self.list(1)}") + self.tag(f"set ns.a = {self.pick('x', 'ns.a', 'loop.index', 'ns.a ~ x', 'n')}")
        return text + self.tag("endfor") + self.out(self.pick("ns.a", "ns.b", "ns", "ns['a']"))

    def comment(self, depth, in_loop):
        return self.pick("{#", "{#-", "{#+") + " note {{ x }} " + self.pick("#}", "-#}", "+#}")

    def raw(self, depth, in_loop):
        return self.tag("raw") .replace("+%}", "%}") + self.pick(" {{ x }} ", "{% if %}\n", "\n  {#") + self.tag("endraw")

    def call(self, depth, in_loop):
        text = self.tag("macro outer(p)") + "[" + self.out("caller(p)" if self.rng.random() < 0.7 else "caller()") + self.gap() + "]" + self.tag("endmacro")
        kept = list(self.locals)
        self.locals.append("q")
        text += self.tag(f"call{self.pick('(q)', '(q)', '', '(q=1)')} outer({self.any(2)})") + self.body(depth + 1)
        self.locals = kept
        return text + self.tag("endcall")

    def generation(self, depth, in_loop):
        return self.tag("generation") + self.body(depth + 1) + self.tag("endgeneration")

    def template(self):
        self.locals = []
        if self.rng.random() < 0.45:
            return "{{ " + self.any() + " }}"
        return self.body(0)

    def mutilated(self):
        """A template with a piece cut out or doubled: mostly a syntax error."""
        text = self.template()
        at = self.rng.randrange(len(text))
        length = self.rng.randint(1, 4)
        return text[:at] + self.pick("", text[at : at + length] * 2, self.pick("{", "}", "%}", "-", "(", ")", "'", "|", " is ", "in")) + text[at + length :]


def deterministic(outcome):
    text = outcome.get("text", "").lower()
    return not any(part in text for part in (" at 0x", "<generator", "<built-in", "reverseiterator"))


def main():
    rng = random.Random(SEED)
    contexts = [Values(rng).context() for _ in range(60)]
    templates = Templates(rng)
    cases = []
    seen = set()
    while len(cases) < COUNT:
        source = templates.mutilated() if rng.random() < 0.06 else templates.template()
        context = rng.randrange(len(contexts))
        if source in seen or len(source) > 600:
            continue
        seen.add(source)
        outcome = jinja_oracle.result(source, contexts[context])
        if deterministic(outcome) and len(outcome.get("text", "")) < 2000:
            cases.append([source, context, outcome])
    jinja_oracle.write(TARGET, {"contexts": contexts, "cases": cases})
    errors = [outcome for _, _, outcome in cases if "error" in outcome]
    print(len(cases), "cases,", len(errors), "errors,", TARGET.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
