package io.nightshift.operators.jinja;

/**
 * A text that counts as HTML already, as the filters {@code safe} and {@code escape} make it: what
 * is joined to it with {@code +} or {@code %} gets escaped.
 */
record Markup(String text) {

  /** Escapes HTML's special characters, unless {@code value} is markup itself. */
  static Markup escape(RenderContext context, Object value) {
    if (value instanceof Markup markup) {
      return markup;
    }
    String text = Representation.text(context, value);
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '\'' -> out.append("&#39;");
        case '"' -> out.append("&#34;");
        default -> out.append(c);
      }
    }
    context.checkSize(out.length());
    return new Markup(out.toString());
  }

  /** The same kind of text as {@code original}: markup if that is, a plain text otherwise. */
  static Object like(Object original, String text) {
    return original instanceof Markup ? new Markup(text) : text;
  }
}
