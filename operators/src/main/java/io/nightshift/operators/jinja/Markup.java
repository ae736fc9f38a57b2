package io.nightshift.operators.jinja;

/**
 * A text that counts as HTML already, as the filters {@code safe} and {@code escape} make it: what
 * is joined to it with {@code +} or {@code %} gets escaped.
 *
 * @param content a String or {@link TemplateText}
 */
record Markup(Object content) {

  /** The characters, without their origin. */
  String text() {
    return Values.text(content);
  }

  /** Escapes HTML's special characters, unless {@code value} is markup itself. */
  static Markup escape(RenderContext context, Object value) {
    if (value instanceof Markup markup) {
      return markup;
    }
    Object source = Representation.string(context, value);
    String text = Values.text(source);
    TextBuilder out = new TextBuilder(context);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '\'' -> out.append("&#39;");
        case '"' -> out.append("&#34;");
        default -> out.appendText(source, i, i + 1);
      }
    }
    return new Markup(out.build());
  }

  /** The same kind of text as {@code original}: markup if that is, a plain text otherwise. */
  static Object like(Object original, Object text) {
    return original instanceof Markup ? new Markup(text) : text;
  }
}
