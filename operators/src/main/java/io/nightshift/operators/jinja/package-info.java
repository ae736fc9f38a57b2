/**
 * Jinja, the language of chat templates and of users' templates over columns, agreeing with
 * Python's Jinja2 3.1 in the environment that Hugging Face transformers gives to chat templates.
 * Start at {@link io.nightshift.operators.jinja.Template}.
 *
 * <p>The way of a template: {@link io.nightshift.operators.jinja.Lexer} cuts the source into
 * tokens, {@link io.nightshift.operators.jinja.Parser} builds statements and expressions, {@link
 * io.nightshift.operators.jinja.Scope} and {@link io.nightshift.operators.jinja.Symbols} give every
 * name its slot by Jinja's scoping rules, and compiling them yields closures over a {@link
 * io.nightshift.operators.jinja.Frame}.
 *
 * <p>Sandboxed by construction: values are the closed set that {@link
 * io.nightshift.operators.jinja.Values} lists, every attribute and method is written out here, and
 * nothing is looked up by reflection. Names with two leading underscores and methods that change a
 * list or dict are undefined. A {@link io.nightshift.operators.jinja.Budget} bounds what a
 * rendering builds and how long it computes, as {@link
 * io.nightshift.operators.jinja.TemplateOptions} say.
 *
 * <p>Texts carry along which of their characters a template wrote itself, as {@link
 * io.nightshift.operators.jinja.TemplateText}: only those may be read as control tokens.
 *
 * <p>Refused, with an error that says so: {@code import}, {@code include}, {@code extends} and
 * {@code block} (a chat template is one file), {@code autoescape} (the output is no HTML), other
 * extensions' tags, the filters {@code pprint}, {@code random}, {@code urlize} and {@code xmlattr},
 * the global {@code lipsum}, complex numbers, ranges beyond 64 bits, encodings other than UTF-8,
 * integers of more than 65,536 bits, decimals of more than 10,000 digits, and nesting deeper than a
 * thread's stack can surely hold.
 */
@NullMarked
package io.nightshift.operators.jinja;

import org.jspecify.annotations.NullMarked;
