package io.nightshift.operators.jinja.runtime;

import org.jspecify.annotations.Nullable;

/** What {@code namespace()} makes: an object whose attributes a template may change. */
public final class Namespace implements PythonObject {
  private final Dict attributes;

  public Namespace(Dict attributes) {
    this.attributes = attributes;
    attributes.keys().forEach(Namespace::check);
  }

  @Override
  public String typeName() {
    return "Namespace";
  }

  @Override
  public @Nullable Object attribute(String name) {
    return attributes.get(name);
  }

  public void set(String name, Object value) {
    check(name);
    attributes.put(name, value);
  }

  Dict attributes() {
    return attributes;
  }

  private static void check(Object name) {
    if (Values.isText(name) && Values.text(name).startsWith("_")) {
      throw EvaluationException.security(
          "a namespace cannot have an attribute that begins with an underscore: "
              + Quoting.quote(Values.text(name)));
    }
  }
}
