package io.nightshift.operators.jinja.runtime;

/**
 * A text that counts as HTML already, as the filters {@code safe} and {@code escape} make it: what
 * is joined to it with {@code +} or {@code %} gets escaped.
 *
 * @param content a String or {@link TrackedText}
 */
public record Markup(Object content) implements PythonObject {
  @Override
  public String typeName() {
    return "Markup";
  }

  @Override
  public String typeDescription() {
    return "markupsafe.Markup object";
  }

  /** The same kind of text as {@code original}: markup if that is, a plain text otherwise. */
  public static Object like(Object original, Object text) {
    return original instanceof Markup ? new Markup(text) : text;
  }
}
