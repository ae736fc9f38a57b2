package io.nightshift.operators.jinja.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Attributes and items of values, as Jinja's sandbox looks them up. */
public final class MemberAccess {
  private MemberAccess() {}

  /** {@code object.name}: a method or attribute first, then an item of that key. */
  public static Object attribute(RenderContext context, Object object, String name) {
    Object attribute = context.attribute(object, name);
    if (attribute != null) {
      return attribute;
    }
    if (object instanceof Dict dict) {
      Object item = dict.get(name);
      if (item != null) {
        return item;
      }
    }
    return absent(context, object, name);
  }

  /** {@code object[key]}: an item first, then, for a text key, an attribute. */
  public static Object item(RenderContext context, Object object, Object key) {
    if (object instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (object instanceof Dict dict) {
      Object item = isHashable(key) ? dict.get(key) : null;
      if (item != null) {
        return item;
      }
    } else if (Numbers.isInteger(key)) {
      if (Values.isText(object)) {
        // The characters in front are counted, since some take two places.
        context.budget().work(Values.size(object));
      }
      Object item = element(object, Numbers.index(key));
      return item == null ? missing(context, object, key) : item;
    }
    if (Values.isText(key)) {
      String name = Values.text(key);
      Object attribute = context.attribute(object, name);
      return attribute == null ? absent(context, object, name) : attribute;
    }
    return missing(context, object, key);
  }

  private static Undefined absent(RenderContext context, Object object, String name) {
    return name.startsWith("__") ? unsafe(context, object, name) : missing(context, object, name);
  }

  private static boolean isHashable(Object key) {
    return !(key instanceof List || key instanceof Dict);
  }

  /** The element at a position that may count from the end, or null. */
  private static @Nullable Object element(Object object, long position) {
    if (!(Values.isText(object)
        || object instanceof List
        || object instanceof Tuple
        || object instanceof Range
        || object instanceof Bytes)) {
      return null;
    }
    int length = Values.length(object);
    long index = position < 0 ? position + length : position;
    if (index < 0 || index >= length) {
      return null;
    }
    return elementAt(object, (int) index);
  }

  private static Object elementAt(Object object, int index) {
    if (object instanceof List<?> list) {
      return list.get(index);
    }
    if (object instanceof Tuple tuple) {
      return tuple.items().get(index);
    }
    if (object instanceof Range range) {
      return range.get(index);
    }
    if (object instanceof Bytes bytes) {
      return (long) (bytes.content()[index] & 0xff);
    }
    String text = Values.text(object);
    int offset = text.offsetByCodePoints(0, index);
    int end = offset + Character.charCount(text.codePointAt(offset));
    return Markup.like(object, TrackedText.substring(Values.content(object), offset, end));
  }

  /** The undefined value for an attribute that the sandbox refuses. */
  public static Undefined unsafe(RenderContext context, Object object, String name) {
    return context.undefinedHint(
        "access to attribute "
            + Quoting.quote(name)
            + " of '"
            + TypeNames.of(object)
            + "' object is unsafe."
            + (object instanceof Dict
                ? " For the field of that name, write [\"" + name + "\"]."
                : ""));
  }

  /** The undefined value for a missing item or attribute of {@code object}. */
  public static Undefined missing(RenderContext context, Object object, Object key) {
    return context.undefinedHint(
        () -> {
          String type = TypeNames.description(object);
          String name = Representation.repr(context, key);
          return Values.isText(key)
              ? "'" + type + "' has no attribute " + name
              : type + " has no element " + name;
        });
  }
}
