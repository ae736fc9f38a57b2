"""Corners of the language, one small template each, under lenient and strict undefined values.

Usage, in the folder operators: python src/test/python/make_language_golden.py
"""

import pathlib

import jinja2
import jinja_oracle

TARGET = pathlib.Path("src/test/resources/jinja/language-golden.json.gz")

CONTEXT = {
    "s": "Hello World",
    "emoji": "a😀b👩‍👧c",
    "n": 7,
    "f": 2.5,
    "items": [3, 1, 2],
    "d": {"b": 1, "A": 2, "items": "shadowed", "_private": "p", "1": "one"},
    "people": [{"name": "Bo", "age": 3}, {"name": "al", "age": 3}, {"name": "Cy", "age": None}],
    "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yo"}, {"role": "user", "content": "?"}],
    "html": "<b>\"x\" & 'y'</b>",
    "text": "one two  three\nfour\tfive",
    "nested": [[1, [2, [3]]], {"k": [None, True, 1.0]}],
}

CASES = r"""
{{ not x is defined }}|{{ not s is string }}|{{ not n is odd and true }}
{{ 1 < 2 < 3 }}{{ 3 > 2 > 2 }}{{ 1 < 3 > 2 != 5 }}{{ 1 == 1.0 == true }}
{{ 2 ** 3 ** 2 }} {{ -2 ** 2 }} {{ 2 ** -1 }} {{ 10 // 3 }} {{ -10 // 3 }} {{ -10 % 3 }} {{ 10 % -3 }} {{ 7.5 // 2 }} {{ -7.5 % 2 }}
{{ 2.5 ** 0.5 }} {{ 1e308 * 10 }} {{ 2 ** 100 }} {{ 2 ** 64 - 1 }} {{ (2 ** 64) // 3 }} {{ 9223372036854775807 + 1 }} {{ -9223372036854775808 - 1 }}
{{ 1 / 3 }} {{ 4 / 2 }} {{ 1e16 }} {{ 1e15 }} {{ 123456789012345680.0 }} {{ 0.0001 }} {{ 0.00001 }} {{ -0.0 }} {{ 2e-3 }} {{ 5e-324 }} {{ 1.7976931348623157e308 }} {{ 2.0e22 }} {{ 9007199254740993.0 }}
{{ 1 / 0 }}
{{ 1 // 0 }}
{{ 1 % 0 }}
{{ 1.0 / 0 }}
{{ 0 ** -1 }}
{{ 'a' + 1 }}
{{ 1 + 'a' }}
{{ [1] + (2,) }}
{{ 'a' * 3 }}{{ 3 * 'ab' }}{{ 'a' * -1 }}{{ [1, 2] * 2 }}{{ (1,) * 2 }}{{ 'a' * true }}
{{ true + true }} {{ true * 3 }} {{ -true }} {{ +false }} {{ true / 2 }} {{ true == 1 }} {{ false is eq 0 }} {{ true is sameas 1 }}
{{ 'a' ~ 1 ~ none ~ true ~ [1, 'x'] ~ missing }}
{{ 1 ~ 2 + 3 }} {{ 1 + 2 ~ 3 }} {{ 2 * 3 ~ 4 }}
{{ none }} {{ None }} {{ true }} {{ True }} {{ [none, true, 1.0, 'x', "it's", 'say "x"', 'b\\n', "both ' and \""] }}
{{ {} }} {{ {'a': 1, 2: [3], none: (1,), (1, 2): {}} }} {{ () }} {{ (1,) }} {{ [] }}
{{ {1: 'a', 1.0: 'b', true: 'c'} }} {{ {1: 'x'}[true] }} {{ {1: 'x'}[1.0] }} {{ {'a': 1}['b'] is defined }}
{{ {[1]: 2} }}
{{ emoji|length }} {{ emoji[1] }} {{ emoji[-1] }} {{ emoji[1:4] }} {{ emoji[::-1] }} {{ emoji[::2] }} {{ emoji|reverse }} {{ emoji|list }}
{{ s[2:5] }} {{ s[-3:] }} {{ s[:-3] }} {{ s[::2] }} {{ s[::-1] }} {{ s[10:2:-2] }} {{ s[100:] }} {{ s[5:2] }} {{ s[none:3] }} {{ s[true:] }}
{{ s[::0] }}
{{ s[1.0] is defined }} {{ s[99] is defined }} {{ s['upper']() }} {{ items['0'] is defined }} {{ items[-1] }} {{ items.0 }} {{ people.0.name }}
{{ s[1.5:] }}
{{ items[1:][0] }} {{ items[::-1] }} {{ (1, 2, 3)[1:] }} {{ range(10)[2:8:3] }} {{ range(10)[::-1]|list }} {{ range(5)[-1] }} {{ d[1:] }}
{{ d.items }}
{{ d['items'] }} {{ d.b }} {{ d._private }} {{ d['_private'] }} {{ d.__class__ }}| {{ d['__class__'] }}| {{ s.__class__.__mro__ }}
{{ d.update({'x': 1}) }}
{{ items.append(4) }}
{{ items.pop() }} 
{{ items.append }}|{{ items.sort is defined }}|{{ d.pop is defined }}|{{ d.clear is callable }}
{{ items.index(1) }} {{ items.count(3) }} {{ items.copy() }} {{ d.copy() }} {{ (1, 2, 1).count(1) }} {{ (1, 2).index(2) }}
{{ items.index(9) }}
{{ d.get('b') }} {{ d.get('x') }} {{ d.get('x', 5) }} {{ d.keys()|list }} {{ d.values()|list }} {{ d.items() }} {{ 'b' in d.keys() }} {{ ('b', 1) in d.items() }} {{ d.keys() == {'b': 0}.keys() }}
{{ d.get(key='b') }}
{{ dict(a=1, b=2) }} {{ dict([('x', 1)]) }} {{ dict({'a': 1}, b=2) }} {{ dict.fromkeys('ab', 0) }} {{ dict() }}
{{ missing }}|{{ missing is defined }}|{{ missing or 'x' }}|{{ missing == missing2 }}|{{ missing|length }}|{{ missing|list }}|{{ missing in [1] }}
{{ missing.attribute }}
{{ missing['a'] }}
{{ missing() }}
{{ missing + 1 }}
{{ 1 + missing }}
{{ 'a' + missing }}
{{ -missing }}
{{ missing < 1 }}
{{ 1 < missing }}
{{ missing in 'abc' }}
{{ missing ** 2 }}
{{ missing[1:] }}
{{ d.missing.more }}
{{ d['missing'] }}|{{ d[5] }}|{{ d.b.c }}|{{ people[9] }}|{{ none.x }}|{{ s.nothing }}|{{ n.x }}
{{ none.x.y }}
{{ people[9].name }}
{{ s.nothing.x }}
{{ s.nothing() }}
{{ n.x() }}
{{ s() }}
{{ none() }}
{{ 5.upper() }}
{% for x in missing %}{{ x }}{% else %}empty{% endfor %}
{% for x in none %}{% endfor %}
{% for x in 5 %}{% endfor %}
{% for x in items %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.depth }}{{ loop.depth0 }}|{% endfor %}
{% for x in items %}{{ loop.previtem }}-{{ loop.nextitem }}-{{ loop.cycle('a', 'b') }}-{{ loop.changed(x > 1) }};{% endfor %}
{% for x in items %}{{ loop.previtem + 1 }}{% endfor %}
{% for x in items %}{{ loop.nothing }}{{ loop }}{% endfor %}
{% for x in items if x > 1 %}{{ loop.index }}/{{ loop.length }}:{{ x }},{{ loop.last }} {% endfor %}
{% for x in items if x > 5 %}{{ x }}{% else %}none{% endfor %}
{% for x in items %}{% continue %}{% else %}never came to an end{% endfor %}
{% for x in items %}{% if x == 1 %}{% break %}{% endif %}{{ x }}{% else %}no{% endfor %}
{% for x in items %}{% break %}{% else %}broken at once{% endfor %}
{% for x in items %}{% for y in items %}{% if y == 1 %}{% break %}{% endif %}{{ x }}{{ y }}{{ loop.index }} {% endfor %}{{ loop.index }};{% endfor %}
{% break %}
{% for x in items %}{% macro m() %}{% break %}{% endmacro %}{% endfor %}
{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}{% for a, (b, c) in [(1, (2, 3))] %}{{ a }}{{ b }}{{ c }}{% endfor %}
{% for a, b in [(1, 2, 3)] %}{% endfor %}
{% for a, b in [(1,)] %}{% endfor %}
{% for a, b in [1] %}{% endfor %}
{% for a, b in ['xy'] %}{{ a }}{{ b }}{% endfor %}
{% for x in items %}{% set x = 9 %}{{ x }}{% endfor %}{{ x }}
{% set y = 1 %}{% for x in items %}{{ y }}{% set y = x %}{{ y }} {% endfor %}{{ y }}
{% set y = 1 %}{% if true %}{% set y = 2 %}{% endif %}{{ y }}{% if false %}{% set z = 1 %}{% endif %}{{ z }}
{% set ns = namespace(x=0) %}{% for i in items %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }} {{ ns }} {{ ns.y }} {{ ns['x'] }}
{% set ns = namespace({'a': 1}, b=2) %}{% set ns.c, ns.d = 3, 4 %}{{ ns.a }}{{ ns.b }}{{ ns.c }}{{ ns.d }}
{% set ns = namespace() %}{% set ns._x = 1 %}
{% set ns = namespace(_x=1) %}
{% set d.x = 1 %}
{% set missing.x = 1 %}
{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set (a, b) = (b, a) %}{{ a }}{{ b }}{% set a = 1, 2 %}{{ a }}
{% set a, b = [1, 2, 3] %}
{% set a %}  x {{ n }} {% endset %}[{{ a }}]{% set b | upper | trim %}  x {% endset %}[{{ b }}]{% set c | replace('a', 'b') %}aa{% endset %}{{ c }}
{% set ns = namespace() %}{% set ns.t %}block{% endset %}{{ ns.t }}
{% with a = 1, b = n %}{{ a }}{{ b }}{% endwith %}{{ a }}|{% with %}{% set q = 1 %}{{ q }}{% endwith %}{{ q }}
{% with a = 1 %}{% with a = 2, b = a %}{{ a }}{{ b }}{% endwith %}{{ a }}{% endwith %}
{% macro m(a, b=2, *c) %}{% endmacro %}
{% macro m(a, b=2) %}{{ a }}{{ b }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1) }} {{ m(1, 3) }} {{ m(b=1) }} {{ m(1, 2, 3, 4, x=5) }} {{ m.name }} {{ m.arguments }} {{ m.catch_kwargs }} {{ m.catch_varargs }} {{ m.caller }} {{ m }}
{% macro m(a, b=a) %}{{ a }}-{{ b }}{% endmacro %}{{ m(1) }} {{ m() }}
{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}
{% macro m(a) %}{{ a }}{% endmacro %}{{ m(b=2) }}
{% macro m(a) %}{{ a.x }}{% endmacro %}{{ m() }}
{% macro m(a) %}{{ a.x.y }}{% endmacro %}{{ m() }}
{% macro m(a, a) %}{% endmacro %}
{% macro m(a=1, b) %}{% endmacro %}
{% macro outer() %}<{{ caller() }}>{% endmacro %}{% call outer() %}in {{ n }}{% endcall %}
{% macro outer(x) %}<{{ caller(x, 'y') }}>{% endmacro %}{% call(a, b='z') outer(5) %}{{ a }}{{ b }}{% endcall %}
{% macro outer() %}{{ caller }}{{ caller is defined }}{% endmacro %}{{ outer() }}
{% macro outer(caller) %}{{ caller() }}{% endmacro %}
{% macro outer(caller=none) %}{{ caller is none }}{% endmacro %}{{ outer() }}{% call outer() %}x{% endcall %}
{% macro no_caller() %}x{% endmacro %}{% call no_caller() %}y{% endcall %}
{% call s %}x{% endcall %}
{% call dict() %}x{% endcall %}
{% macro fact(k) %}{{ 1 if k < 2 else k * (fact(k - 1)|int) }}{% endmacro %}{{ fact(10) }}
{% macro forever() %}{{ forever() }}{% endmacro %}{{ forever() }}
{% macro m() %}{{ late }}{% endmacro %}{% set late = 'set later' %}{{ m() }}
{% set x = 1 %}{% macro m() %}{% set x = 2 %}{{ x }}{% endmacro %}{{ m() }}{{ x }}
{% for i in items %}{% macro m() %}{{ i }}{{ loop.index }}{% endmacro %}{{ m() }}{% endfor %}
{% for a in [[1, [2]], [3]] recursive %}{{ loop.depth }}{% for b in a if b is sequence %}({{ loop.index }}){% endfor %};{% endfor %}
{% for x in nested recursive %}{% if x is sequence and x is not mapping %}[{{ loop(x) }}]{% else %}{{ x }}{% endif %}{% endfor %}
{% for x in items %}{{ loop(x) }}{% endfor %}
{% for loop in items %}{% endfor %}
{% for x in items %}{% set loop = 1 %}{% endfor %}
{% set loop = 5 %}{{ loop }}
{% filter upper %}a{{ n }}{% set q = 1 %}{% endfilter %}{{ q }}{% filter replace('a', 'b') | indent(2) %}a
a{% endfilter %}
{% filter length %}abc{% endfilter %}
{% filter unknown_filter %}{% endfilter %}
{{ n|unknown_filter }}
{{ n is unknown_test }}
{% if false %}{{ n|unknown_filter }}{% endif %}ok
{% if true %}{{ n|unknown_filter }}{% endif %}
{{ 1 if true else n|unknown_filter }}
{% if false %}{% for x in items %}{{ x|unknown_filter }}{% endfor %}{% endif %}
{% if n is unknown_test %}{% endif %}
{{ items|map('unknown_filter')|list }}
{{ 'x' if false }}|{{ ('x' if false) is defined }}
{{ ('x' if false) + 'y' }}
{{ 'a' if true else 'b' if true else 'c' }} {{ 'a' if false else 'b' if false else 'c' }} {{ ('a' if n) if s else 'z' }}
{% raw %}{{ x }}{% if %}{# #}{% endraw %}|{%- raw -%}  a  {%- endraw -%}  |
{# comment #}a{#- x -#}  b  {#- y #}c
a   {{- ' b ' -}}   c
a   {%- if true -%}   b   {%- endif -%}   c
  {% if true %}
  x
  {% endif %}
  y
a
    {%+ if true %}
b
    {%- endif +%}

c
<div>   {% if true %}  x{% endif %}
</div>
{{ "a" "b" 'c' }} {{ 'a\nb\tc\\d\'e' }} {{ "\x41\u00e9\U0001F600\101\N{BULLET}" }} {{ '\q\é\😀' }}
{{ '\x4' }}
{{ '\u12' }}
{{ '\N{NO SUCH NAME}' }}
{{ 'unclosed }}
{{ 1_000 }} {{ 0x1F }} {{ 0b101 }} {{ 0o17 }} {{ 1e3 }} {{ 1.5e-3 }} {{ 1E5 }} {{ 00 }} {{ 1_0.5_0 }}
{{ 012 }}
{{ 1abc }}
{{ a..b }}
{{ .5 }}
{{ 5. }}
{{ items.0.1 is defined }} {{ nested.0.1.0 }} {{ nested.1.k }}
{{ $ }}
{{ a & b }}
{{ a ; b }}
{{ (1 }}
{{ 1) }}
{{ [1, 2 }}
{{ {1} }}
{{ {'a' 1} }}
{{ }}
{{ 1 2 }}
{{ a b }}
{% %}
{% unknown %}
{% endif %}
{% if %}{% endif %}
{% if true %}
{% if true %}{% endfor %}
{% for x in items %}{% endif %}
{% for %}{% endfor %}
{% for x %}{% endfor %}
{% for 1 in items %}{% endfor %}
{% for x.y in items %}{% endfor %}
{% set 1 = 2 %}
{% set x %}
{% set true = 1 %}
{% set none.x = 1 %}
{% set 'a' = 1 %}
{% set [a] = 1 %}
{% macro %}{% endmacro %}
{% macro 1() %}{% endmacro %}
{% else %}
{% elif x %}
{% if a %}{% else %}{% else %}{% endif %}
{{ n is }}
{{ n is not }}
{{ n is odd is even }}
{{ n is odd|string }}
{{ n| }}
{{ n|upper( }}
{{ f(a=1, 2) }}
{{ dict(a=1, a=2) }}
{{ f(*a, *b) }}
{{ f(**a, *b) }}
{# unclosed
{% raw %}unclosed
{{ n
{% if n
{%if n%}tight{%endif%}{{n}}{%-if n-%} t {%-endif-%}
{% if n: %}colon{% endif %}{% for x in items: %}{{ x }}{% endfor %}
{% print n, s %}{% print 1 %}
{% generation %}a{% set z = 1 %}{{ z }}{% endgeneration %}{{ z }}
{% for x in items %}{% generation %}{{ x }}{{ loop.index }}{% endgeneration %}{% endfor %}
{{ raise_exception('boom: ' ~ n) }}
{{ raise_exception() }}
{{ strftime_now('%d %b %Y %H:%M:%S %A %B %j %p %I %y %m %%') }} {{ strftime_now('%-d') }} {{ strftime_now('%e %a') }}
{{ range(3)|list }} {{ range(1, 4) }} {{ range(0, 10, 3)|list }} {{ range(3, 0, -1)|list }} {{ range(5)|length }} {{ 3 in range(5) }} {{ 5 in range(5) }} {{ range(0, 6, 2) == range(0, 5, 2) }} {{ range(3)|reverse|list }} {{ range(0)|first }} {{ range(1, 9, 2).index(3) }} {{ range(2).start }}
{{ range(100001)|length }}
{{ range(100000)|length }}
{{ range(1, 2, 0) }}
{{ range('a') }}
{{ range() }}
{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.current }}{{ c.next() }}{{ c.reset() }}{{ c.next() }}
{% set j = joiner('; ') %}{% for x in items %}{{ j() }}{{ x }}{% endfor %}{% set k = joiner() %}{{ k() }}{{ k() }}
{{ cycler() }}
{{ html|e }} {{ html|escape }} {{ html|safe }} {{ html|e|e }} {{ html|forceescape }} {{ (html|e) ~ '<' }} {{ (html|safe) + '<' }} {{ '<' + ('&amp;'|safe) }} {{ ('<i>'|safe) * 2 }} {{ ('%s<'|safe) % '<' }} {{ ('{}<'|safe).format('<') }}
{{ [html|safe] }} {{ (html|safe)|upper }} {{ ('<a>'|safe).join(['<', '>']) }} {{ ('<a>'|safe).replace('a', '<') }} {{ ('<a>'|safe)|replace('a', '<') }} {{ (html|safe) is escaped }} {{ (html|safe).split('x') }} {{ ('a<'|safe)[1] }}
{{ html|striptags }} {{ '<p>a <!-- c --> b</p>&amp;&lt;&#39;&#x41;  c'|striptags }} {{ '<unclosed'|striptags }}
{{ s|upper }} {{ s|lower }} {{ s|title }} {{ s|capitalize }} {{ 'hello-world (foo) [bar] {baz} <qux> a_b'|title }} {{ 'ǆ ß ﬁ'|upper }} {{ 'ǆ ß ﬁ'|title }} {{ 'ß'.title() }} {{ 'ﬁx'.capitalize() }} {{ 'ΑΣ ΑΣ.'|lower }} {{ 'İ'|lower|length }}
{{ "it's o'neil 3rd".title() }} {{ 'aB cD'.swapcase() }} {{ 'ß'.casefold() }} {{ 'Straße'.upper() }}
{{ '  x '|trim }}| {{ 'xxaxx'|trim('x') }} {{ ' x '.strip() }}| {{ 'abcba'.strip('ab') }} {{ 'aab'.lstrip('a') }} {{ 'baa'.rstrip('a') }} {{ '\u00a0x\u2003'.strip() }}| {{ 'x'.strip(none) }} {{ '😀a😀'.strip('😀') }}
{{ 'a b  c '.split() }} {{ 'a b  c '.split(' ') }} {{ 'a,b,c'.split(',', 1) }} {{ 'a,b,c'.rsplit(',', 1) }} {{ ' a b c '.split(none, 1) }} {{ ' a b c '.rsplit(none, 1) }} {{ 'a'.split('b') }} {{ ''.split() }} {{ ''.split(',') }} {{ 'a--b--c'.split('--') }} {{ 'abc'.rsplit('', 1) }}
{{ 'a\nb\r\nc\rd\x0be\x0cf\x1cg\u2028h\n'.splitlines() }} {{ 'a\nb\n'.splitlines(true) }} {{ ''.splitlines() }} {{ '\n'.splitlines() }}
{{ 'abc'.startswith('a') }} {{ 'abc'.startswith(('x', 'a')) }} {{ 'abc'.startswith('b', 1) }} {{ 'abc'.endswith('b', 0, 2) }} {{ 'abc'.endswith(('c',)) }} {{ 'abc'.startswith('') }} {{ 'abc'.startswith('', 4) }} {{ 'abc'.startswith('c', -1) }}
{{ 'abc'.startswith(1) }}
{{ 'abc'.startswith(['a']) }}
{{ 'aXbXc'.replace('X', '-') }} {{ 'aXbXc'.replace('X', '-', 1) }} {{ 'ab'.replace('', '-') }} {{ 'ab'.replace('', '-', 2) }} {{ ''.replace('', 'x') }} {{ 'aaa'|replace('a', 'b', 2) }} {{ 123|replace(2, 'x') }} {{ 'a😀'.replace('', '.') }}
{{ 'abcabc'.find('c') }} {{ 'abcabc'.rfind('c') }} {{ 'abc'.find('x') }} {{ emoji.find('b') }} {{ emoji.rfind('c') }} {{ 'abc'.find('c', 1, 2) }} {{ 'abc'.find('', 3) }} {{ 'abc'.find('', 4) }} {{ 'abab'.count('ab') }} {{ 'aaa'.count('aa') }} {{ 'abc'.count('') }} {{ 'abc'.index('b') }} {{ 'abcb'.rindex('b') }}
{{ 'abc'.index('x') }}
{{ '-'.join(['a', 'b']) }} {{ '-'.join('abc') }} {{ '-'.join({'x': 1, 'y': 2}) }} {{ ''.join([]) }}
{{ '-'.join([1]) }}
{{ 'a'.center(4, '*') }} {{ 'ab'.center(5, '*') }} {{ 'abc'.center(6, '*') }} {{ 'a'.ljust(3, '.') }} {{ 'a'.rjust(3, '.') }} {{ '-5'.zfill(4) }} {{ '+5'.zfill(4) }} {{ 'abc'.zfill(2) }} {{ 'a\tb'.expandtabs(4) }} {{ 'ab'|center(7) }}|
{{ 'abc'.removeprefix('a') }} {{ 'abc'.removesuffix('c') }} {{ 'abc'.removeprefix('x') }} {{ 'a-b-c'.partition('-') }} {{ 'a-b-c'.rpartition('-') }} {{ 'abc'.partition('-') }} {{ 'abc'.rpartition('-') }}
{{ '12'.isdigit() }} {{ '²'.isdigit() }} {{ '²'.isdecimal() }} {{ '½'.isnumeric() }} {{ '½'.isdigit() }} {{ '一'.isnumeric() }} {{ '一'.isalpha() }} {{ 'ab1'.isalnum() }} {{ ' \t'.isspace() }} {{ ''.isspace() }} {{ 'Ab Cd'.istitle() }} {{ 'AB'.isupper() }} {{ 'a1'.islower() }} {{ '1'.islower() }} {{ 'é'.isascii() }} {{ 'a_1'.isidentifier() }} {{ '1a'.isidentifier() }} {{ 'a\n'.isprintable() }} {{ 'ª'.islower() }} {{ 'ⅷ'.islower() }}
{{ s.nothing is defined }} {{ s.encode is defined }} {{ s.format is callable }} {{ s.upper is callable }} {{ s is callable }} {{ range is callable }} {{ missing is callable }}
{{ '%s %d %5.2f %x %X %o %e %g %c %r %% %i' % ('a', 42, 3.14159, 255, 255, 8, 12345.678, 0.0001, 'z', 'q', 7.9) }}
{{ '%5s|%-5s|%05d|%+d|% d|%.3s|%5.1f|%-8.2e|%#x|%#o|%08.3f' % ('a', 'b', 42, 5, 5, 'abcdef', 2.25, 12345.6, 255, 8, -3.14159) }}
{{ '%(a)s %(b)05d' % {'a': 1, 'b': 2} }} {{ '%s' % [1, 2] }} {{ '%s' % {'a': 1} }} {{ 'x' % {} }} {{ 'x' % [] }} {{ '%*d' % (5, 42) }} {{ '%.*f' % (2, 3.14159) }} {{ '%%' % () }} {{ '%s' % (('a',),) }} {{ '%c' % 65 }} {{ '%ld' % 5 }}
{{ '%s %s' % ('a',) }}
{{ '%s' % ('a', 'b') }}
{{ 'x' % 5 }}
{{ '%d' % 'x' }}
{{ '%x' % 1.5 }}
{{ '%q' % 1 }}
{{ '%' % 1 }}
{{ '%(a)s' % 5 }}
{{ '%(a)s' % {} }}
{{ '%s-%s'|format('a', 1) }} {{ '%(x)s'|format(x=2) }} {{ 'a'|format }}
{{ '%s'|format('a', x=1) }}
{{ '{} {} {1}'.format(1, 2) }}
{{ '{} {}'.format(1, 'x') }} {{ '{1}{0}'.format('a', 'b') }} {{ '{a}{b}'.format(a=1, b=2) }} {{ '{0[a]} {0.b}'.format({'a': 1, 'b': 2}) }} {{ '{0[0]}'.format([5]) }} {{ '{{}}'.format() }} {{ '{!r} {!s}'.format('a', 'b') }} {{ '{:{}}'.format('x', 5) }}| {{ '{a.nothing}'.format(a=1) }} {{ '{}'.format(none) }} {{ '{}'.format(missing) }}
{{ '{:>5}|{:<5}|{:^5}|{:*^7}|{:05d}|{:+d}|{:,}|{:_}|{:.2f}|{:e}|{:g}|{:%}|{:x}|{:#x}|{:b}|{:o}|{:c}|{:010.3f}|{:,.2f}'.format('a', 'b', 'c', 'd', 42, 5, 1234567, 1234567, 3.14159, 12345.678, 0.00001234, 0.256, 255, 255, 5, 8, 65, -3.14159, 1234567.891) }}
{{ '{:.3}|{:10.3}|{:>8}|{:<8}|{:=+8d}|{:08.2f}|{: d}|{:.0f}|{:.1%}|{:5}|{:5}|{:08,d}|{:#b}|{:X}|{:n}'.format('abcdef', 'abcdef', 3.5, 3, 42, -1.5, 7, 2.5, 0.1234, true, none|string, 1234, 5, 255, 1234) }}
{{ '{:.3}|{:.3}|{:.1}|{:g}|{:g}|{:g}|{:.10g}|{}|{:.3}'.format(1234.5678, 0.00012345, 5.0, 1e20, 100000.0, 1000000.0, 1/3, 1e100, 1e10) }}
{{ '{:d}'.format('a') }}
{{ '{:d}'.format(1.5) }}
{{ '{:s}'.format(1) }}
{{ '{:5}'.format([1]) }}
{{ '{'.format() }}
{{ '}'.format() }}
{{ '{0}'.format() }}
{{ '{a}'.format() }}
{{ '{a.__class__}'.format(a=1) }}|
{{ '{x}'.format_map({'x': 5}) }}
{{ 42.55|round }} {{ 42.55|round(1) }} {{ 42.55|round(1, 'floor') }} {{ 42.55|round(1, 'ceil') }} {{ 2.5|round }} {{ 3.5|round }} {{ 42|round }} {{ 1234|round(-2) }} {{ 1250|round(-2) }} {{ 1.005|round(2) }} {{ -1.5|round }} {{ 42.7|round|int }} {{ 1e300|round(2) }} {{ 15|round(-1) }} {{ 42|round(0, 'ceil') }} {{ true|round }} {{ 0.5|round }}
{{ 'x'|round }}
{{ 1|round(1, 'up') }}
{{ '42'|int }} {{ '42.9'|int }} {{ 'x'|int }} {{ 'x'|int(7) }} {{ '0x1A'|int(0, 16) }} {{ '1A'|int(base=16) }} {{ '0b11'|int(0, 2) }} {{ '0o17'|int(0, 0) }} {{ '017'|int(5, 0) }} {{ 3.99|int }} {{ -3.99|int }} {{ none|int }} {{ true|int }} {{ ' 12 '|int }} {{ '1_000'|int }} {{ '1e3'|int }} {{ ''|int }} {{ [1]|int }} {{ 'inf'|int }} {{ '٣'|int }} {{ '+5'|int }} {{ '- 5'|int }}
{{ '1.5'|float }} {{ 'x'|float }} {{ 'x'|float(2) }} {{ 5|float }} {{ none|float }} {{ 'inf'|float }} {{ '-inf'|float }} {{ 'nan'|float }} {{ '1e5'|float }} {{ ' 2.5 '|float }} {{ '1_0.5'|float }} {{ true|float }} {{ '.5'|float }} {{ '5.'|float }}
{{ -5|abs }} {{ (-5)|abs }} {{ -5.5|abs }} {{ true|abs }}
{{ 'x'|abs }}
{{ [1, 2, 3]|sum }} {{ []|sum }} {{ [1.5, 2]|sum }} {{ people|map(attribute='age')|select|sum }} {{ [[1], [2]]|sum(start=[]) }} {{ [1]|sum(start=5) }} {{ messages|sum(attribute='content', start='') }}
{{ items|sort }} {{ items|sort(reverse=true) }} {{ ['b', 'A', 'c']|sort }} {{ ['b', 'A', 'c']|sort(case_sensitive=true) }} {{ people[:2]|sort(attribute='name') }} {{ people[:2]|sort(attribute='age,name', reverse=true) }} {{ d|sort }} {{ 'hello'|sort }} {{ [[2, 1], [1, 2]]|sort }} {{ [[2, 1], [1, 2]]|sort(attribute=1) }} {{ [true, 0, 2]|sort }}
{{ [1, 'a']|sort }}
{{ [none, 1]|sort }}
{{ people|sort(attribute='age') }}
{{ items|min }} {{ items|max }} {{ ['b', 'A']|min }} {{ ['b', 'A']|max(case_sensitive=true) }} {{ []|min }} {{ people[:2]|max(attribute='name') }} {{ 'hello'|max }}
{{ [1, 'a']|max }}
{{ items|first }} {{ items|last }} {{ []|first }} {{ []|last }} {{ 'abc'|first }} {{ 'abc'|last }} {{ d|first }} {{ d|last }} {{ range(3)|last }} {{ d.values()|last }}
{{ items|map('string')|last }}
{{ 5|first }}
{{ items|reverse|list }} {{ 'abc'|reverse }} {{ d|reverse|list }} {{ range(3)|reverse|first }} {{ items|select('odd')|reverse }}
{{ 5|reverse }}
{{ [1, '1', 1.0, true, 'a', 'A', none]|unique|list }} {{ ['a', 'A']|unique(case_sensitive=true)|list }} {{ people|unique(attribute='age')|list|length }}
{{ [[1]]|unique|list }}
{{ items|join }} {{ items|join(', ') }} {{ people|join('|', 'name') }} {{ people|join('|', attribute='age') }} {{ 'abc'|join('-') }} {{ [none, true]|join }} {{ d|join(',') }} {{ items|join(1) }} {{ [missing, 1]|join('-') }}
{{ 5|join }}
{{ items|batch(2)|list }} {{ items|batch(2, 'x')|list }} {{ items|slice(2)|list }} {{ items|slice(2, 'x')|list }} {{ range(10)|slice(3)|list }} {{ range(10)|batch(4, 0)|list }} {{ []|batch(2)|list }} {{ items|slice(5)|list }}
{{ items|slice(0)|list }}
{{ d|dictsort }} {{ d|dictsort(true) }} {{ {'a': 2, 'b': 1}|dictsort(by='value') }} {{ {'a': 2, 'b': 1}|dictsort(reverse=true) }} {{ d|items|list }} {{ missing|items|list }} {{ d|list }}
{{ d|dictsort(by='x') }}
{{ items|items|list }}
{{ items|items|length }}
{{ 5|dictsort }}
{% for g in people|groupby('age') %}{{ g.grouper }}:{{ g.list|length }}{{ g }};{% endfor %}
{% for g, l in people[:2]|groupby('name') %}{{ g }}{{ l|length }}{% endfor %}{{ [{'c': 'x'}, {'c': 'X'}, {}]|groupby('c', default='y')|map('first')|list }} {{ [{'c': 'x'}, {'c': 'X'}]|groupby('c', case_sensitive=true)|map('first')|list }}
{{ items|map('string')|list }} {{ people|map(attribute='name')|list }} {{ people|map(attribute='x', default='?')|list }} {{ ['a', 'b']|map('replace', 'a', 'z')|list }} {{ items|map('round', method='floor')|list }} {{ [[1, 2]]|map(attribute=0)|list }} {{ [{'a': {'b': 1}}]|map(attribute='a.b')|list }} {{ []|map('nothing')|list }}
{{ items|map|list }}
{{ items|map(attribute='x', foo=1)|list }}
{{ items|select('odd')|list }} {{ items|reject('odd')|list }} {{ [0, 1, '']|select|list }} {{ [0, 1, '']|reject|list }} {{ items|select('gt', 1)|list }} {{ items|select('in', [1, 2])|list }} {{ items|select('divisibleby', 3)|list }} {{ items|select('>', 1)|list }} {{ items|select('==', 1)|list }}
{{ people|selectattr('age')|map(attribute='name')|list }} {{ people|rejectattr('age')|list }} {{ people|selectattr('name', 'eq', 'Bo')|list }} {{ messages|selectattr('role', 'equalto', 'user')|map(attribute='content')|list }} {{ people|selectattr('x', 'undefined')|list|length }} {{ people|selectattr('age', 'none')|list|length }}
{{ items|select('nothing')|list }}
{{ items|selectattr|list }}
{{ people|selectattr('age', 'gt', 1)|list }}
{% set g = items|map('string') %}{{ g|list }}{{ g|list }}{{ g is iterable }}{{ g is sequence }}{{ 1 if g }}{{ '3' in (items|map('string')) }}
{{ (items|map('string'))|length }}
{{ (items|map('string'))[0] is defined }}
{{ (items|map('string'))[1:] }}
{{ text|wordcount }} {{ text|wordwrap(7) }} {{ 'a-very-long-hyphenated-word and more'|wordwrap(10) }} {{ 'abcdefghijkl mno'|wordwrap(5, false) }} {{ 'a b'|wordwrap(1, wrapstring='|') }} {{ 'x--y and -- z'|wordwrap(4, wrapstring='|') }}
{{ text|indent }} {{ text|indent(2, true) }} {{ 'a\n\nb'|indent(2) }} {{ 'a\n\nb'|indent(2, blank=true) }} {{ 'a\nb'|indent('> ', true) }} {{ ''|indent }}|{{ 'a\n'|indent }}|
{{ 5|indent }}
{{ 'foo bar baz qux'|truncate(9) }} {{ 'foo bar baz qux'|truncate(9, true) }} {{ 'foo bar baz qux'|truncate(11) }} {{ 'foo bar baz qux'|truncate(11, false, '...', 0) }} {{ 'foobarbazqux'|truncate(5) }} {{ 'short'|truncate }} {{ 'foo bar baz'|truncate(5, end='', leeway=0) }} {{ emoji|truncate(5, true, '…', 0) }}
{{ 'abcdefghij'|truncate(2) }}
{{ 'a b/c?d=é&f'|urlencode }} {{ {'a': 'x y', 'b': 'ü'}|urlencode }} {{ [('k', 'v/w')]|urlencode }} {{ 5|urlencode }}
{{ 1|filesizeformat }} {{ 999|filesizeformat }} {{ 1000|filesizeformat }} {{ 1500000|filesizeformat }} {{ 1024|filesizeformat(true) }} {{ 1e27|filesizeformat }} {{ '2048'|filesizeformat(binary=true) }}
{{ missing|default('x') }} {{ none|default('x') }} {{ ''|default('x') }} {{ ''|default('x', true) }} {{ none|d('x', boolean=true) }} {{ missing|d }}| {{ d.x|default(d.b) }} {{ missing.x|default('a') }}
{{ d|tojson }} {{ nested|tojson }} {{ [1.0, 1e20, 0.1, -0.0, 100000000000000000000]|tojson }} {{ 'é😀"\\\n\x01\x7f/<>&\u2028'|tojson }} {{ 'é😀\x7f'|tojson(ensure_ascii=true) }} {{ {1: 2, none: 3, true: 4, 1.5: 5}|tojson }} {{ {}|tojson }} {{ []|tojson(indent=2) }} {{ (1, 2)|tojson }}
{{ nested|tojson(indent=2) }} {{ d|tojson(sort_keys=true) }} {{ d|tojson(separators=(',', ':')) }} {{ d|tojson(indent='\t') }} {{ d|tojson(indent=0) }} {{ {'a': []}|tojson(indent=1) }} {{ d|tojson(indent=none) }} {{ d|tojson(indent=2, separators=(', ', ' : ')) }}
{{ missing|tojson }}
{{ range(3)|tojson }}
{{ d.items()|tojson }}
{{ {(1, 2): 3}|tojson }}
{{ 'inf'|float|tojson }} {{ 'nan'|float|tojson }} {{ (html|safe)|tojson }}
{{ s|attr('upper') is callable }} {{ d|attr('b') is defined }} {{ d|attr('keys') is defined }} {{ s|attr('__class__') }}|
{{ s|string }} {{ 5|string }} {{ none|string }} {{ [1]|string|length }} {{ 5|list }}
{{ 'abc'|list }} {{ d|list }} {{ 'a' in 'abc' }} {{ '' in 'abc' }} {{ 1 in [1.0] }} {{ true in [1] }} {{ 'x' not in d }} {{ none in [none] }} {{ [1] in [[1]] }} {{ 'A' in d }}
{{ 1 in 'abc' }}
{{ 1 in 5 }}
{{ [1] in d }}
{{ 'a' < 'b' }} {{ 'B' < 'a' }} {{ [1, 2] < [1, 3] }} {{ (1,) < (1, 2) }} {{ 1 < 1.5 }} {{ '😀' > '\uffff' }} {{ 9007199254740993 == 9007199254740992.0 }} {{ 9007199254740993 > 9007199254740992.0 }} {{ 10 ** 400 > 1e308 }} {{ 'nan'|float == 'nan'|float }} {{ 10 ** 400 > 'inf'|float }}
{{ 1 < 'a' }}
{{ none < 1 }}
{{ {} < {} }}
{{ [1, 'a'] < [1, 2] }}
{{ [1, 2] == [1, 2.0] }} {{ (1, 2) == [1, 2] }} {{ {'a': 1} == {'a': 1.0} }} {{ none == false }} {{ '1' == 1 }} {{ [] == false }} {{ {'a': 1, 'b': 2} == {'b': 2, 'a': 1} }}
{{ none is none }} {{ none is defined }} {{ n is number }} {{ f is float }} {{ n is integer }} {{ true is integer }} {{ true is number }} {{ true is boolean }} {{ 1 is true }} {{ true is true }} {{ false is false }} {{ 'a' is string }} {{ [] is sequence }} {{ {} is mapping }} {{ {} is sequence }} {{ 'a' is iterable }} {{ 5 is iterable }} {{ 5 is sequence }} {{ (1,) is sequence }} {{ range(3) is sequence }} {{ d.items() is sequence }} {{ missing is iterable }} {{ missing is sequence }} {{ missing is mapping }}
{{ 3 is odd }} {{ 2 is even }} {{ -3 is odd }} {{ 2.0 is even }} {{ 9 is divisibleby 3 }} {{ 9 is divisibleby(4) }} {{ 3 is eq 3 }} {{ 3 is ne(4) }} {{ 3 is in [3] }} {{ 3 is not in [3] }} {{ 'a' is lower }} {{ 'A' is upper }} {{ 5 is lower }} {{ 3 is sameas 3 }} {{ 'upper' is filter }} {{ 'odd' is test }} {{ 'x' is filter }} {{ 3 is ge 3 }} {{ 3 is lessthan 4 }}
{{ 'a' is odd }}
{{ n is divisibleby 0 }}
{{ n is odd(1) }}
{{ n|upper(1) }}
{{ n|default(1, 2, 3) }}
{{ n|round(precision=1, x=2) }}
{{ n|replace('a') }}
{{ [1, 2, 3,] }} {{ (1, 2,) }} {{ {'a': 1,} }} {{ dict(a=1,) }}
{{ items[0]|string ~ 'x' }} {{ -items[0] }} {{ -5|string }} {{ (-5)|string }} {{ not n|odd_missing is defined }}
{{ n|string|length > 0 and s }} {{ n and 0 or s }} {{ not not n }} {{ not (n and s) }}
{{ s.upper().lower()|title|replace('o', '0') }} {{ (s|upper).lower() }} {{ s|upper.lower() }}
{{ items|length * 2 }} {{ 2 * items|length }} {{ s|length + n|int }} {{ -n|abs }}
{{ [1, 2]|first if items else 3 }} {{ 1 if n is odd else 2 }} {{ 1 if n is odd and s is string else 2 }}
{{ d.b + n * 2 - 1 }} {{ (n, s) }} {{ n, s }} {{ [n, s][1] }}
{{ messages[0].role == 'user' and messages[-1]['role'] != 'system' }} {{ messages[1:]|length }} {{ messages|map(attribute='role')|unique|join(',') }}
{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}bad{% endif %}{{ '[' + m['role'] + ']' + m.content|trim }}{% endfor %}
{% set ns = namespace(found=false) %}{% for m in messages[::-1] %}{% if not ns.found and m.role == 'assistant' %}{% set ns.found = true %}{{ loop.index0 }}{% endif %}{% endfor %}{{ ns.found }}
{% set x = [] %}{% for i in items %}{% set x = x + [i] %}{% endfor %}{{ x }}{% set y = namespace(l=[]) %}{% for i in items %}{% set y.l = y.l + [i] %}{% endfor %}{{ y.l }}
{% set a = 'x' %}{% set b %}{{ a }}{% set a = 'y' %}{{ a }}{% endset %}{{ a }}{{ b }}
{% if true %}{% macro m() %}in{% endmacro %}{% endif %}{{ m() }}{% for x in [1] %}{% macro q() %}{% endmacro %}{% endfor %}{{ q is defined }}
{% include 'a' %}
{% import 'a' as b %}
{% extends 'a' %}
{% do x %}
{{ loop }}
{{ caller }}{{ varargs }}{{ kwargs }}
{{ 1.real }} {{ n.bit_length() }} {{ f.is_integer() }} {{ 2.0.is_integer() }}
{{ 'a'.__len__() }}
{{ ''.__class__.__base__ }}
{{ [].__class__.__name__ }}
{{ range.__init__ }}|
{{ x.__foo__ }}
{{ (10 ** 4299)|string|length }}
{{ (10 ** 4300)|string|length }}
{{ '%d' % (10 ** 4300) }}
{{ 10 ** 20 / 3 }} {{ (10 ** 30) // 7 }} {{ (10 ** 30) % 7 }} {{ -(10 ** 20) % 7 }} {{ 10 ** 20 * 1.5 }} {{ 10 ** 400 * 1.0 }}
{{ 0.1 + 0.2 }} {{ 1.1 * 3 }} {{ 1e-7 }} {{ 123456.789e3 }} {{ 1.0 }} {{ 100.0 }} {{ 1e22 }} {{ 1e23 }} {{ 4.35 }} {{ 0.3 }} {{ 2.675|round(2) }} {{ 1e21|int }}
{{ 5 // 0.3 }} {{ -5 // 0.3 }} {{ 5.5 % -2 }} {{ -5.5 % 2 }} {{ 0.0 // 5 }} {{ -0.0 % 5 }} {{ 1e300 * 1e10 }} {{ (1e300 * 1e10) - (1e300 * 1e10) }}
{{ 1e200 ** 2 }}
{{ d.keys()|first }} {{ d.items()|first }} {{ d.values()|sum if false }} {{ (d.items()|list)[0][0] }} {{ d.keys()|length }} {{ d.keys() }} {{ d.values() }}
{{ '\t\n\r\x00\x1f\x7f\x80\xa0\xad\u200b\u2028\ufeff\U000e0001é😀'|list }}
{{ 'é' is string }} {{ 'Ünï'|upper }} {{ 'ΣΑΣ'|lower }} {{ 'ŉ'|upper }} {{ 'ﬀ'.title() }}
"""


def cases():
    """One case a line; a line that begins with blanks or holds no tag continues the one before."""
    block = []
    for line in CASES.strip("\n").split("\n"):
        starts = line.startswith("{") and not line.startswith(("{%- endif",))
        if starts and block:
            yield "\n".join(block)
            block = []
        block.append(line)
    yield "\n".join(block)


def strict_result(source):
    environment = jinja_oracle.compile_template("").environment.overlay(undefined=jinja2.StrictUndefined)
    try:
        return {"text": environment.from_string(source).render(**CONTEXT)}
    except Exception as error:  # every kind of failure is part of the golden data
        return {"error": jinja_oracle.message(error), "kind": type(error).__name__}


def deterministic(outcome):
    text = outcome.get("text", "")
    return not any(part in text for part in (" at 0x", "<generator", "<built-in", "iterator"))


def main():
    golden = []
    for source in cases():
        lenient = jinja_oracle.result(source, CONTEXT)
        strict = strict_result(source)
        if deterministic(lenient) and deterministic(strict):
            golden.append([source, lenient, strict])
        else:
            print("left out, not deterministic:", source)
    jinja_oracle.write(TARGET, {"context": CONTEXT, "cases": golden})
    print(len(golden), "cases,", sum("error" in lenient for _, lenient, _ in golden), "errors")


if __name__ == "__main__":
    main()
