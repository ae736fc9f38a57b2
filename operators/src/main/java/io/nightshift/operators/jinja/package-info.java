/**
 * Jinja, the language of chat templates and of users' templates over columns, compatible with
 * Python's Jinja2 3.1 in the environment that Hugging Face transformers gives to chat templates.
 * Start at {@link io.nightshift.operators.jinja.Template}. Only the classes of this package are for
 * use outside of it, not those of its sub-packages.
 *
 * <p>{@link io.nightshift.operators.jinja.syntax} parses a template and compiles it to closures,
 * {@link io.nightshift.operators.jinja.builtins} has Jinja's filters, tests, globals and methods,
 * and both use the values and operators of {@link io.nightshift.operators.jinja.runtime}. {@code
 * Template} puts them together.
 *
 * <p>Sandboxed by construction: values belong to a closed set of types, every attribute and method
 * is written out here, and nothing is looked up by reflection. Names with two leading underscores
 * and methods that change a list or dict are undefined. {@link
 * io.nightshift.operators.jinja.TemplateOptions} bound what a rendering builds and how long it
 * computes.
 *
 * <p>A {@link io.nightshift.operators.jinja.TemplateText} knows which of its characters a template
 * wrote itself: only those may be read as control tokens.
 *
 * <p>Not supported, with an error that says so: {@code import}, {@code include}, {@code extends}
 * and {@code block} (a chat template is one file), {@code autoescape} (the output is not HTML),
 * tags of other extensions, the filters {@code pprint}, {@code random}, {@code urlize} and {@code
 * xmlattr}, the global {@code lipsum}, complex numbers, ranges beyond 64 bits, encodings other than
 * UTF-8, integers of more than 65,536 bits, decimals of more than 10,000 digits, and nesting so
 * deep that it could overflow a thread's stack.
 */
@NullMarked
package io.nightshift.operators.jinja;

import org.jspecify.annotations.NullMarked;
