package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Arguments;
import io.nightshift.operators.jinja.runtime.BoundMethod;
import io.nightshift.operators.jinja.runtime.Comparison;
import io.nightshift.operators.jinja.runtime.Dict;
import io.nightshift.operators.jinja.runtime.DictView;
import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.Iteration;
import io.nightshift.operators.jinja.runtime.MemberAccess;
import io.nightshift.operators.jinja.runtime.None;
import io.nightshift.operators.jinja.runtime.Numbers;
import io.nightshift.operators.jinja.runtime.PythonObject;
import io.nightshift.operators.jinja.runtime.Range;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.Representation;
import io.nightshift.operators.jinja.runtime.Tuple;
import io.nightshift.operators.jinja.runtime.TypeNames;
import io.nightshift.operators.jinja.runtime.Undefined;
import io.nightshift.operators.jinja.runtime.Values;
import java.math.BigInteger;
import java.time.temporal.Temporal;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The attributes and methods that objects have; there are no others. */
final class Attributes {
  private static final Set<String> LIST_CHANGES =
      Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");
  private static final Set<String> DICT_CHANGES =
      Set.of("clear", "pop", "popitem", "setdefault", "update");
  private static final Set<String> DICT_METHODS =
      Set.of("items", "keys", "values", "get", "copy", "fromkeys");

  private Attributes() {}

  /** The attribute, or null if there is none; what the sandbox refuses is undefined. */
  static @Nullable Object find(RenderContext context, Object object, String name) {
    if (object instanceof Dict dict) {
      return ofDict(context, dict, name);
    }
    if (Values.isText(object)) {
      BoundMethod.Body body = StringMethods.find(name);
      return body == null ? null : new BoundMethod(name, object, body);
    }
    if (object instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (object instanceof List<?> list) {
      return ofList(context, list, name);
    }
    return ofRare(object, name);
  }

  /** Whether {@code dict.name} finds a method, and so cannot mean an item of that name. */
  static boolean isOfDict(String name) {
    return DICT_METHODS.contains(name) || DICT_CHANGES.contains(name);
  }

  private static @Nullable Object ofDict(RenderContext context, Dict dict, String name) {
    return switch (name) {
      case "items" -> view(name, dict, DictView.Kind.ITEMS);
      case "keys" -> view(name, dict, DictView.Kind.KEYS);
      case "values" -> view(name, dict, DictView.Kind.VALUES);
      case "get" ->
          new BoundMethod(
              name,
              dict,
              (c, self, arguments) -> {
                Arguments.Bound bound = arguments.bindPositional("get", 1, "key", "default");
                Object value = dict.get(bound.get(0));
                return value == null ? bound.get(1, None.NONE) : value;
              });
      case "copy" ->
          new BoundMethod(
              name,
              dict,
              (c, self, arguments) -> {
                arguments.bindPositional("copy", 0);
                return dict.copy(c.budget());
              });
      case "fromkeys" ->
          new BoundMethod(name, dict, (c, self, arguments) -> Globals.fromKeys(c, arguments));
      default -> DICT_CHANGES.contains(name) ? MemberAccess.unsafe(context, dict, name) : null;
    };
  }

  private static BoundMethod view(String name, Dict dict, DictView.Kind kind) {
    return new BoundMethod(
        name,
        dict,
        (context, self, arguments) -> {
          arguments.bindPositional(name, 0);
          return new DictView(dict, kind);
        });
  }

  private static @Nullable Object ofList(RenderContext context, List<?> list, String name) {
    if (LIST_CHANGES.contains(name)) {
      return MemberAccess.unsafe(context, list, name);
    }
    if (name.equals("copy")) {
      return new BoundMethod(name, list, (c, self, arguments) -> Iteration.list(c, self));
    }
    return ofSequence(list, name);
  }

  private static @Nullable Object ofSequence(Object sequence, String name) {
    return switch (name) {
      case "index" -> new BoundMethod(name, sequence, Attributes::index);
      case "count" ->
          new BoundMethod(
              name,
              sequence,
              (context, self, arguments) -> {
                Object item = arguments.bindPositional(name, 1, "value").get(0);
                long count = 0;
                Iterator<Object> elements = Iteration.iterator(context, self);
                while (elements.hasNext()) {
                  count += Comparison.equal(context, elements.next(), item) ? 1 : 0;
                }
                return count;
              });
      default -> null;
    };
  }

  private static Object index(RenderContext context, Object self, Arguments arguments) {
    Arguments.Bound bound = arguments.bindPositional("index", 1, "value", "start", "stop");
    List<Object> items = Iteration.list(context, self);
    long start = fromStart(bound.position(1, 0), items.size());
    long stop = fromStart(bound.position(2, Long.MAX_VALUE), items.size());
    for (long i = start; i < stop; i++) {
      if (Comparison.equal(context, items.get((int) i), bound.get(0))) {
        return i;
      }
    }
    throw EvaluationException.value(
        Representation.repr(context, bound.get(0)) + " is not in " + TypeNames.of(self));
  }

  private static long fromStart(long position, int length) {
    return Math.max(0, Math.min(length, position < 0 ? position + length : position));
  }

  private static @Nullable Object ofRare(Object object, String name) {
    if (object instanceof Tuple.Group group) {
      if (name.equals("grouper") || name.equals("list")) {
        return group.items().get(name.equals("grouper") ? 0 : 1);
      }
    }
    if (object instanceof Tuple) {
      return ofSequence(object, name);
    }
    if (object instanceof Range range) {
      return switch (name) {
        case "start" -> range.start();
        case "stop" -> range.stop();
        case "step" -> range.step();
        default -> ofSequence(range, name);
      };
    }
    if (object == Globals.DICT && name.equals("fromkeys")) {
      return new BoundMethod(name, object, (c, self, arguments) -> Globals.fromKeys(c, arguments));
    }
    if (object instanceof PythonObject other) {
      return other.attribute(name);
    }
    if (object instanceof Temporal time) {
      return DateTimeAttributes.find(time, name);
    }
    return ofNumber(object, name);
  }

  private static @Nullable Object ofNumber(Object object, String name) {
    if (object instanceof Double real) {
      return switch (name) {
        case "is_integer" ->
            new BoundMethod(
                name,
                object,
                (c, self, arguments) -> real == Math.rint(real) && !Double.isInfinite(real));
        case "real" -> real;
        case "imag" -> 0.0;
        default -> null;
      };
    }
    if (Numbers.isInteger(object)) {
      BigInteger integer =
          BigInteger.valueOf(object instanceof BigInteger ? 0 : Numbers.index(object));
      BigInteger value = object instanceof BigInteger big ? big : integer;
      return switch (name) {
        case "real", "numerator" -> Numbers.normal(value);
        case "imag" -> 0L;
        case "denominator" -> 1L;
        case "bit_length" ->
            new BoundMethod(name, object, (c, self, arguments) -> (long) value.abs().bitLength());
        default -> null;
      };
    }
    return null;
  }
}
