package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Builtins;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.TrackedText;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A template compiled to closures. Immutable and safe for use by many threads. */
public final class CompiledTemplate {
  private final Builtins builtins;
  private final Compilation compilation;
  private final Executor body;
  private final int frameSize;

  private CompiledTemplate(String source, Builtins builtins) {
    this.builtins = builtins;
    this.compilation = new Compilation(builtins);
    Scope root = Scope.root(compilation);
    this.body = Statements.compileRoot(new Parser(source).parse(), root);
    this.frameSize = root.function().size();
  }

  /**
   * Parses and compiles a template.
   *
   * @throws InvalidTemplateException naming line and what was expected
   */
  public static CompiledTemplate compile(String source, Builtins builtins) {
    return new CompiledTemplate(source, builtins);
  }

  /** The variables that a rendering may look up; globals are not among them. */
  public Set<String> freeVariables() {
    return Set.copyOf(compilation.freeVariables());
  }

  /** Jinja's own globals that a rendering may look up. */
  public Set<String> globals() {
    return Set.copyOf(compilation.globals());
  }

  /** Keys of the items of a variable that are used, or nothing if all of it may be. */
  public Optional<Set<String>> itemsUsed(String variable) {
    return compilation.itemsUsed(variable);
  }

  /**
   * Renders the template.
   *
   * @param variables Java objects by name
   * @throws EvaluationException with the line of the statement that failed
   */
  public TrackedText render(RenderContext context, Map<String, ?> variables) {
    Rendering rendering = new Rendering(context, builtins, variables);
    body.execute(new Frame(frameSize, rendering));
    return rendering.output();
  }
}
