package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.TrackedText;
import io.nightshift.operators.jinja.runtime.Values;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The filter {@code striptags}: HTML without its tags. */
final class TagStripping {
  private static final Pattern REFERENCE =
      Pattern.compile("&(?:#(\\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos|nbsp));?");
  private static final Map<String, String> NAMED =
      Map.of("amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'", "nbsp", "\u00a0");

  private TagStripping() {}

  /** Removes tags and comments, joins spaces, and resolves the common character references. */
  static Object stripTags(RenderContext context, Object source) {
    String html = Values.text(source);
    context.budget().characters(3L * html.length());
    StringBuilder text = new StringBuilder();
    int position = 0;
    int open = html.indexOf('<');
    while (open >= 0) {
      boolean comment = html.startsWith("<!--", open);
      String closing = comment ? "-->" : ">";
      int close = html.indexOf(closing, comment ? open + 4 : open);
      if (close < 0) {
        break;
      }
      text.append(html, position, open);
      position = close + closing.length();
      open = html.indexOf('<', position);
    }
    text.append(html, position, html.length());
    StringBuilder joined = new StringBuilder();
    for (Object word : Splitting.atSpaces(context, text.toString(), Integer.MAX_VALUE, false)) {
      joined.append(joined.isEmpty() ? "" : " ").append(Values.text(word));
    }
    return TrackedText.computed(
        source, REFERENCE.matcher(joined).replaceAll(TagStripping::resolve));
  }

  private static String resolve(MatchResult reference) {
    String name = reference.group(3);
    if (name != null) {
      return Matcher.quoteReplacement(String.valueOf(NAMED.get(name)));
    }
    String decimal = reference.group(1);
    int code =
        decimal != null ? Integer.parseInt(decimal) : Integer.parseInt(reference.group(2), 16);
    return Matcher.quoteReplacement(
        Character.isValidCodePoint(code) ? Character.toString(code) : "\ufffd");
  }
}
