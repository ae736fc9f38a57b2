package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Arguments;
import io.nightshift.operators.jinja.runtime.BoundMethod;
import io.nightshift.operators.jinja.runtime.Callable;
import io.nightshift.operators.jinja.runtime.Dict;
import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.Iteration;
import io.nightshift.operators.jinja.runtime.Namespace;
import io.nightshift.operators.jinja.runtime.None;
import io.nightshift.operators.jinja.runtime.PythonObject;
import io.nightshift.operators.jinja.runtime.Range;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.Representation;
import io.nightshift.operators.jinja.runtime.Undefined;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions that every template sees. */
final class Globals {
  /** The function {@code dict}. */
  static final Callable DICT = (context, arguments) -> dict(context, arguments, "dict");

  private static final Map<String, Object> GLOBALS =
      Map.of(
          "range", function((context, arguments) -> Range.of(arguments)),
          "dict", DICT,
          "namespace",
              function(
                  (context, arguments) -> new Namespace(dict(context, arguments, "namespace"))),
          "cycler", function((context, arguments) -> new Cycler(arguments)),
          "joiner", function((context, arguments) -> new Joiner(arguments)),
          "raise_exception", function(Globals::raise),
          "strftime_now",
              function(
                  (context, arguments) ->
                      StrfTime.format(
                          context,
                          context.now(),
                          arguments.bind("strftime_now", 1, "format").text(0))));

  private Globals() {}

  static boolean contains(String name) {
    return GLOBALS.containsKey(name) || name.equals("lipsum");
  }

  static @Nullable Object find(String name) {
    return GLOBALS.get(name);
  }

  private static Object function(Callable callable) {
    return callable;
  }

  private static Object raise(RenderContext context, Arguments arguments) {
    Object message = arguments.bind("raise_exception", 1, "message").get(0);
    throw EvaluationException.raised(Representation.text(context, message));
  }

  private static Dict dict(RenderContext context, Arguments arguments, String function) {
    context.budget().list(Dict.ELEMENTS_OF_ITEM * (long) arguments.named().size());
    Dict dict = new Dict();
    if (arguments.positional().size() > 1) {
      throw EvaluationException.type(
          function + " expected at most 1 argument, got " + arguments.positional().size());
    }
    for (Object source : arguments.positional()) {
      if (source instanceof Undefined undefined) {
        throw undefined.error();
      }
      if (source instanceof Dict other) {
        context.budget().elements(Dict.ELEMENTS_OF_ITEM * (long) other.size());
        dict.putAll(other);
      } else {
        for (Object pair : Iteration.list(context, source)) {
          List<Object> parts = Iteration.list(context, pair);
          if (parts.size() != 2) {
            throw EvaluationException.value(
                "dictionary update sequence element has length "
                    + parts.size()
                    + "; 2 is required");
          }
          context.budget().elements(Dict.ELEMENTS_OF_ITEM);
          dict.put(parts.get(0), parts.get(1));
        }
      }
    }
    arguments.named().forEach(dict::put);
    return dict;
  }

  /** {@code dict.fromkeys}. */
  static Dict fromKeys(RenderContext context, Arguments arguments) {
    Arguments.Bound bound = arguments.bindPositional("fromkeys", 1, "iterable", "value");
    Dict dict = new Dict();
    for (Object key : Iteration.list(context, bound.get(0))) {
      context.budget().elements(Dict.ELEMENTS_OF_ITEM);
      dict.put(key, bound.get(1, None.NONE));
    }
    return dict;
  }

  /** Returns its items in turn, over and over. */
  static final class Cycler implements PythonObject {
    private final List<Object> items;
    private int position;

    Cycler(Arguments arguments) {
      this.items = arguments.positional();
      if (items.isEmpty()) {
        throw EvaluationException.value("at least one item has to be provided");
      }
    }

    @Override
    public String typeName() {
      return "Cycler";
    }

    @Override
    public @Nullable Object attribute(String name) {
      return switch (name) {
        case "current" -> items.get(position);
        case "next" ->
            new BoundMethod(
                name,
                this,
                (context, self, arguments) -> {
                  Object item = items.get(position);
                  position = (position + 1) % items.size();
                  return item;
                });
        case "reset" ->
            new BoundMethod(
                name,
                this,
                (context, self, arguments) -> {
                  position = 0;
                  return None.NONE;
                });
        default -> null;
      };
    }
  }

  /** Nothing the first time, then a separator. */
  private static final class Joiner implements Callable {
    private final Object separator;
    private boolean used;

    Joiner(Arguments arguments) {
      this.separator = arguments.bind("joiner", 0, "sep").get(0, ", ");
    }

    @Override
    public Object call(RenderContext context, Arguments arguments) {
      boolean first = !used;
      used = true;
      return first ? "" : separator;
    }
  }
}
