package io.nightshift.operators.jinja.runtime;

/** The escaping of HTML's special characters, as MarkupSafe does it. */
public final class HtmlEscaping {
  private HtmlEscaping() {}

  /** Escapes HTML's special characters in the text of a value, unless it is markup itself. */
  public static Markup escape(RenderContext context, Object value) {
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
}
