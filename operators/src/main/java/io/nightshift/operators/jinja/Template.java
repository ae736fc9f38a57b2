package io.nightshift.operators.jinja;

import io.nightshift.operators.jinja.builtins.StandardBuiltins;
import io.nightshift.operators.jinja.runtime.Budget;
import io.nightshift.operators.jinja.runtime.Builtins;
import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.TrackedText;
import io.nightshift.operators.jinja.syntax.CompiledTemplate;
import io.nightshift.operators.jinja.syntax.InvalidTemplateException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A parsed Jinja template: parse once, render for every row. Renders as Python's Jinja2 does in the
 * environment that Hugging Face transformers gives to chat templates: {@code trim_blocks}, {@code
 * lstrip_blocks}, an immutable sandbox, loop controls, {@code generation} blocks, and the globals
 * {@code raise_exception} and {@code strftime_now}. Immutable and safe for use by many threads.
 */
public final class Template {
  private static final Builtins BUILTINS = new StandardBuiltins();

  private final String name;
  private final TemplateOptions options;
  private final CompiledTemplate compiled;

  private Template(String name, TemplateOptions options, String source) {
    this.name = name;
    this.options = options;
    try {
      this.compiled = CompiledTemplate.compile(source, BUILTINS);
    } catch (InvalidTemplateException e) {
      throw new TemplateSyntaxException(name, e.line(), e.reason());
    }
  }

  /**
   * Parses a chat template.
   *
   * @param name what messages call the template: the model's name or the option's key
   * @throws TemplateSyntaxException naming template, line and what was expected
   */
  public static Template parse(String name, String source) {
    return parse(name, source, TemplateOptions.CHAT);
  }

  /**
   * Parses a template that is to be rendered under {@code options}.
   *
   * @throws TemplateSyntaxException naming template, line and what was expected
   */
  public static Template parse(String name, String source, TemplateOptions options) {
    return new Template(name, options, source);
  }

  /** Name of the template, as messages give it. */
  public String name() {
    return name;
  }

  /**
   * The variables that a rendering may look up in its arguments, whatever path it takes; Jinja's
   * own globals ({@code range}, {@code namespace}, ...) are not among them.
   */
  public Set<String> freeVariables() {
    return compiled.freeVariables();
  }

  /**
   * Jinja's own globals that a rendering may look up. A variable of the same name takes the
   * global's place.
   */
  public Set<String> globals() {
    return compiled.globals();
  }

  /**
   * The keys with which the template takes items from a variable, as in {@code variable["key"]} and
   * {@code variable.key}; empty if it also uses the variable in another way, and so may need all of
   * it.
   */
  public Optional<Set<String>> itemsUsed(String variable) {
    return compiled.itemsUsed(variable);
  }

  /**
   * Renders the template.
   *
   * @param variables values by name: null, String, Boolean, any Number of the JDK, Character, List
   *     and other collections, arrays, Map, {@code byte[]} and java.time's dates and times, nested
   *     as deep as 500 levels; a {@link TemplateText} keeps its literal ranges, all other values
   *     have none
   * @return the text, and which of its characters the template or a {@link TemplateText} among the
   *     variables wrote
   * @throws TemplateException naming template and line: use of an undefined value, a Python error,
   *     {@code raise_exception}, or a bound of the options that was crossed; {@link
   *     NonePrintedException} if None would become text and the options refuse that
   */
  public TemplateText render(Map<String, ?> variables) {
    Budget budget = new Budget(options.maxCharacters(), options.maxSteps(), options.timeLimit());
    RenderContext context =
        new RenderContext(
            BUILTINS, budget, options.strictUndefined(), options.refuseNone(), options.clock());
    try {
      TrackedText text = compiled.render(context, variables);
      return new TemplateText(text.text(), text.literals());
    } catch (EvaluationException e) {
      throw e.isNone()
          ? new NonePrintedException(name, e.line(), e.reason())
          : new TemplateException(name, e.line(), e.reason());
    }
  }
}
