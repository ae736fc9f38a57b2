package io.nightshift.operators.jinja;

import java.util.HashSet;
import java.util.Set;

/** What all scopes of one template share while it is compiled. */
final class Compilation {
  private final String template;
  private final Set<String> freeVariables = new HashSet<>();

  Compilation(String template) {
    this.template = template;
  }

  /** Notes that a scope looks {@code name} up in the variables of the rendering. */
  void lookedUp(String name) {
    if (!Globals.contains(name)) {
      freeVariables.add(name);
    }
  }

  Set<String> freeVariables() {
    return freeVariables;
  }

  TemplateSyntaxException error(int line, String reason) {
    return new TemplateSyntaxException(template, line, reason);
  }
}
