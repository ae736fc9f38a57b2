package io.nightshift.operators.jinja;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A parsed Jinja template: parse once, render for every row. Renders as Python's Jinja2 does in the
 * environment that Hugging Face transformers gives to chat templates: {@code trim_blocks}, {@code
 * lstrip_blocks}, an immutable sandbox, loop controls, {@code generation} blocks, and the globals
 * {@code raise_exception} and {@code strftime_now}. Immutable and safe for use by many threads.
 */
public final class Template {
  private final String name;
  private final TemplateOptions options;
  private final Executor body;
  private final int slots;
  private final Set<String> freeVariables;

  private Template(String name, TemplateOptions options, String source) {
    this.name = name;
    this.options = options;
    List<Statement> statements = new Parser(name, source).parse();
    Compilation compilation = new Compilation(name);
    Scope root = Scope.root(compilation);
    this.body = root.compileRoot(statements);
    this.slots = root.function().size();
    this.freeVariables = Set.copyOf(compilation.freeVariables());
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
    return freeVariables;
  }

  /**
   * Renders the template.
   *
   * @param variables values by name: null, String, Boolean, any Number of the JDK, Character, List
   *     and other collections, arrays, Map, {@code byte[]} and java.time's dates and times, nested
   *     as deep as 500 levels
   * @throws TemplateException naming template and line: an undefined value where one is needed, a
   *     Python error, {@code raise_exception}, or a bound of the options that was crossed
   */
  public String render(Map<String, ?> variables) {
    RenderContext context = new RenderContext(options, variables);
    Frame frame = new Frame(slots, null, context);
    try {
      body.execute(frame);
    } catch (EvaluationException e) {
      throw new TemplateException(name, e.line(), e.reason());
    }
    return context.output();
  }
}
