package io.nightshift.operators.jinja.runtime;

import java.time.temporal.Temporal;
import java.util.Iterator;
import java.util.List;

/** Python's comparisons. */
public final class Comparison {
  private static final int MAX_DEPTH = 400;

  private Comparison() {}

  public static boolean holds(
      RenderContext context, ComparisonOperator operator, Object left, Object right) {
    return switch (operator) {
      case EQUAL -> equal(context, left, right);
      case NOT_EQUAL -> !equal(context, left, right);
      case IN -> contains(context, right, left);
      case NOT_IN -> !contains(context, right, left);
      default -> ordered(context, operator, left, right, 0);
    };
  }

  /** Python's {@code ==}. */
  public static boolean equal(RenderContext context, Object left, Object right) {
    return equal(context, left, right, 0);
  }

  private static boolean equal(RenderContext context, Object left, Object right, int depth) {
    context.step();
    if (depth > MAX_DEPTH) {
      throw EvaluationException.limit("values compared are nested too deeply");
    }
    Number a = Numbers.number(left);
    Number b = Numbers.number(right);
    if (a != null || b != null) {
      touch(left);
      touch(right);
      return a != null
          && b != null
          && !Numbers.isNaN(a)
          && !Numbers.isNaN(b)
          && Numbers.compare(a, b) == 0;
    }
    if (Values.isText(left) && Values.isText(right)) {
      context.budget().work(Values.size(left));
      return Values.text(left).equals(Values.text(right));
    }
    if (left instanceof List<?> first && right instanceof List<?> second) {
      return equalItems(context, first, second, depth);
    }
    if (left instanceof Tuple first && right instanceof Tuple second) {
      return equalItems(context, first.items(), second.items(), depth);
    }
    if (left instanceof Dict first && right instanceof Dict second) {
      return equalDicts(context, first, second, depth);
    }
    if (left instanceof Range first && right instanceof Range second) {
      return equalRanges(first, second);
    }
    if (left instanceof DictView first && right instanceof DictView second) {
      return equalViews(context, first, second, depth);
    }
    touch(left);
    touch(right);
    return left instanceof Undefined ? right instanceof Undefined : left.equals(right);
  }

  private static void touch(Object value) {
    if (value instanceof Undefined undefined) {
      undefined.touch();
    }
  }

  /** Equality of elements, which takes an object to equal itself without asking it. */
  private static boolean same(RenderContext context, Object left, Object right, int depth) {
    return left == right || equal(context, left, right, depth);
  }

  private static boolean equalItems(
      RenderContext context, List<?> first, List<?> second, int depth) {
    if (first.size() != second.size()) {
      return false;
    }
    for (int i = 0; i < first.size(); i++) {
      if (!same(context, first.get(i), second.get(i), depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalDicts(RenderContext context, Dict first, Dict second, int depth) {
    if (first.size() != second.size()) {
      return false;
    }
    context.budget().work(first.size());
    for (Object key : first.keys()) {
      Object a = first.get(key);
      Object b = second.get(key);
      if (a == null || b == null || !same(context, a, b, depth + 1)) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalRanges(Range first, Range second) {
    int length = first.length();
    return length == second.length()
        && (length == 0 || first.start() == second.start())
        && (length <= 1 || first.step() == second.step());
  }

  private static boolean equalViews(
      RenderContext context, DictView first, DictView second, int depth) {
    if (first.kind() == DictView.Kind.VALUES || second.kind() == DictView.Kind.VALUES) {
      return first.equals(second);
    }
    if (first.kind() != second.kind()) {
      return first.dict().size() == 0 && second.dict().size() == 0;
    }
    if (first.kind() == DictView.Kind.ITEMS) {
      return equalDicts(context, first.dict(), second.dict(), depth);
    }
    return first.dict().size() == second.dict().size()
        && first.dict().keys().stream().allMatch(key -> second.dict().get(key) != null);
  }

  /** Python's {@code <}. */
  public static boolean less(RenderContext context, Object left, Object right) {
    return ordered(context, ComparisonOperator.LESS, left, right, 0);
  }

  private static boolean ordered(
      RenderContext context, ComparisonOperator operator, Object left, Object right, int depth) {
    context.step();
    if (left instanceof Undefined undefined) {
      throw undefined.error();
    }
    if (right instanceof Undefined undefined) {
      throw undefined.error();
    }
    Number a = Numbers.number(left);
    Number b = Numbers.number(right);
    if (a != null && b != null) {
      return !Numbers.isNaN(a) && !Numbers.isNaN(b) && decides(operator, Numbers.compare(a, b));
    }
    if (Values.isText(left) && Values.isText(right)) {
      context.budget().work(Values.size(left));
      return decides(operator, compareCodePoints(Values.text(left), Values.text(right)));
    }
    if (left instanceof List<?> first && right instanceof List<?> second) {
      return orderedItems(context, operator, first, second, depth);
    }
    if (left instanceof Tuple first && right instanceof Tuple second) {
      return orderedItems(context, operator, first.items(), second.items(), depth);
    }
    if (left instanceof Comparable<?>
        && left.getClass() == right.getClass()
        && left instanceof Temporal) {
      return decides(operator, compareTimes(left, right));
    }
    throw EvaluationException.type(
        "'"
            + operator.symbol()
            + "' not supported between instances of '"
            + TypeNames.of(left)
            + "' and '"
            + TypeNames.of(right)
            + "'");
  }

  @SuppressWarnings("unchecked")
  private static int compareTimes(Object left, Object right) {
    return ((Comparable<Object>) left).compareTo(right);
  }

  private static boolean orderedItems(
      RenderContext context,
      ComparisonOperator operator,
      List<?> first,
      List<?> second,
      int depth) {
    if (depth > MAX_DEPTH) {
      throw EvaluationException.limit("values compared are nested too deeply");
    }
    int common = Math.min(first.size(), second.size());
    for (int i = 0; i < common; i++) {
      if (!same(context, first.get(i), second.get(i), depth + 1)) {
        return ordered(context, operator, first.get(i), second.get(i), depth + 1);
      }
    }
    return decides(operator, Integer.compare(first.size(), second.size()));
  }

  private static boolean decides(ComparisonOperator operator, int sign) {
    return switch (operator) {
      case LESS -> sign < 0;
      case LESS_OR_EQUAL -> sign <= 0;
      case GREATER -> sign > 0;
      case GREATER_OR_EQUAL -> sign >= 0;
      default -> throw new IllegalStateException("no order: " + operator);
    };
  }

  private static int compareCodePoints(String left, String right) {
    int common = Math.min(left.length(), right.length());
    for (int i = 0; i < common; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        boolean bothPlain = !Character.isSurrogate(a) && !Character.isSurrogate(b);
        boolean bothPairs = Character.isSurrogate(a) && Character.isSurrogate(b);
        return bothPlain || bothPairs ? a - b : Character.isSurrogate(a) ? 1 : -1;
      }
    }
    return left.length() - right.length();
  }

  /** Python's {@code item in container}. */
  public static boolean contains(RenderContext context, Object container, Object item) {
    if (Values.isText(container)) {
      if (!Values.isText(item)) {
        throw EvaluationException.type(
            "'in <string>' requires string as left operand, not " + TypeNames.of(item));
      }
      context.budget().work(Values.size(container));
      return TextSearch.contains(Values.text(container), Values.text(item));
    }
    if (container instanceof Dict dict) {
      return dict.get(item) != null;
    }
    if (container instanceof DictView view && view.kind() == DictView.Kind.KEYS) {
      return view.dict().get(item) != null;
    }
    if (!Iteration.isIterable(container)) {
      throw EvaluationException.type(
          "argument of type '" + TypeNames.of(container) + "' is not iterable");
    }
    Iterator<Object> items = Iteration.iterator(context, container);
    while (items.hasNext()) {
      Object element = items.next();
      if (same(context, element, item, 0)) {
        return true;
      }
    }
    return false;
  }
}
