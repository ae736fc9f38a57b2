package io.nightshift.operators.jinja.runtime;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The arguments of a call. */
public record Arguments(List<Object> positional, Map<String, Object> named) {
  public static final Arguments NONE = new Arguments(List.of(), Map.of());

  static Arguments of(Object... positional) {
    return new Arguments(List.of(positional), Map.of());
  }

  public Arguments with(String name, Object value) {
    Map<String, Object> all = new LinkedHashMap<>(named);
    if (all.put(name, value) != null) {
      throw EvaluationException.type("got multiple values for keyword argument '" + name + "'");
    }
    return new Arguments(positional, all);
  }

  /** The arguments from the second positional one on. */
  public Arguments withoutFirst() {
    return new Arguments(positional.subList(1, positional.size()), named);
  }

  /**
   * Assigns the values to parameters.
   *
   * @param function what messages call the function
   * @param required how many of the parameters, from the first, must be given
   */
  public Bound bind(String function, int required, String... parameters) {
    if (positional.size() > parameters.length) {
      throw EvaluationException.type(
          function
              + "() takes at most "
              + parameters.length
              + " arguments ("
              + positional.size()
              + " given)");
    }
    Object[] values = new Object[parameters.length];
    Arrays.fill(values, Missing.MISSING);
    for (int i = 0; i < positional.size(); i++) {
      values[i] = positional.get(i);
    }
    named.forEach(
        (name, value) -> {
          int index = Arrays.asList(parameters).indexOf(name);
          if (index < 0 || values[index] != Missing.MISSING) {
            throw EvaluationException.type(
                function
                    + "() got "
                    + (index < 0 ? "an unexpected" : "multiple values for")
                    + " keyword argument '"
                    + name
                    + "'");
          }
          values[index] = value;
        });
    for (int i = 0; i < required; i++) {
      if (values[i] == Missing.MISSING) {
        throw EvaluationException.type(
            function + "() is missing the required argument '" + parameters[i] + "'");
      }
    }
    return new Bound(values);
  }

  /** The same for a function that takes its arguments by position only. */
  public Bound bindPositional(String function, int required, String... parameters) {
    if (!named.isEmpty()) {
      throw EvaluationException.type(function + "() takes no keyword arguments");
    }
    return bind(function, required, parameters);
  }

  /** Values in the order of the parameters. */
  public static final class Bound {
    private final Object[] values;

    private Bound(Object[] values) {
      this.values = values;
    }

    public boolean has(int index) {
      return values[index] != Missing.MISSING;
    }

    public Object get(int index) {
      return values[index];
    }

    public Object get(int index, Object fallback) {
      return has(index) ? values[index] : fallback;
    }

    public boolean isTrue(int index, boolean fallback) {
      return has(index) ? Values.isTrue(values[index]) : fallback;
    }

    public long integer(int index, long fallback) {
      return has(index) ? Numbers.count(values[index]) : fallback;
    }

    /** A position in a text or list; None is the same as not given. */
    public long position(int index, long fallback) {
      return get(index, None.NONE) == None.NONE ? fallback : Numbers.index(values[index]);
    }

    /** A text argument; anything else is an error. */
    public String text(int index) {
      return Values.requireText(values[index]);
    }
  }
}
