package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Arguments;
import io.nightshift.operators.jinja.runtime.BoundMethod;
import io.nightshift.operators.jinja.runtime.Budget;
import io.nightshift.operators.jinja.runtime.Callable;
import io.nightshift.operators.jinja.runtime.Comparison;
import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.Missing;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.Tuple;
import io.nightshift.operators.jinja.runtime.Values;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The variable {@code loop}, which also drives its loop. */
final class LoopContext implements Iterator<Object>, Callable {
  /** Renders the body of a recursive loop for other items. */
  @FunctionalInterface
  interface Recursion {
    Object render(Object items);
  }

  private final RenderContext context;
  private final Object source;
  private final int depth0;
  private final @Nullable Recursion recursion;
  private Iterator<Object> iterator;
  private int index0 = -1;
  private int length = -1;
  private Object before = Missing.MISSING;
  private Object current = Missing.MISSING;
  private Object after = Missing.MISSING;
  private @Nullable Object lastChanged;

  /**
   * @param source what the loop iterates over, for its length
   * @param recursion null unless the loop is recursive
   */
  LoopContext(
      RenderContext context,
      Object source,
      Iterator<Object> iterator,
      int depth0,
      @Nullable Recursion recursion) {
    this.context = context;
    this.source = source;
    this.iterator = iterator;
    this.depth0 = depth0;
    this.recursion = recursion;
  }

  @Override
  public boolean hasNext() {
    return after != Missing.MISSING || iterator.hasNext();
  }

  @Override
  public Object next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    before = current;
    current = after == Missing.MISSING ? iterator.next() : after;
    after = Missing.MISSING;
    index0++;
    return current;
  }

  /** Number of items; a lazy source is consumed to count them. */
  @Override
  public int length() {
    if (length < 0) {
      length = Values.hasLength(source) ? Values.length(source) : count();
    }
    return length;
  }

  @Override
  public boolean hasLength() {
    return true;
  }

  @Override
  public boolean isIterator() {
    return true;
  }

  /** Iterates over the rest of the loop, whose items come with the loop itself. */
  @Override
  public Iterator<Object> iterator(Budget budget) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return LoopContext.this.hasNext();
      }

      @Override
      public Object next() {
        budget.step();
        return Tuple.of(LoopContext.this.next(), LoopContext.this);
      }
    };
  }

  @Override
  public String typeName() {
    return "LoopContext";
  }

  @Override
  public String typeDescription() {
    return "jinja2.runtime.LoopContext object";
  }

  @Override
  public String unprintableReason(String name) {
    return name + " is a loop and has no text; print one of its values, as in loop.index";
  }

  private int count() {
    List<Object> rest = new ArrayList<>();
    iterator.forEachRemaining(
        item -> {
          context.budget().elements(1);
          rest.add(item);
        });
    iterator = rest.iterator();
    return rest.size() + index0 + 1 + (after == Missing.MISSING ? 0 : 1);
  }

  private Object peek() {
    if (after == Missing.MISSING && iterator.hasNext()) {
      after = iterator.next();
    }
    return after;
  }

  @Override
  public @Nullable Object attribute(String name) {
    return switch (name) {
      case "index" -> index0 + 1L;
      case "index0" -> (long) index0;
      case "revindex" -> (long) length() - index0;
      case "revindex0" -> (long) length() - index0 - 1;
      case "first" -> index0 == 0;
      case "last" -> peek() == Missing.MISSING;
      case "length" -> (long) length();
      case "depth" -> depth0 + 1L;
      case "depth0" -> (long) depth0;
      case "previtem" -> index0 == 0 ? context.undefinedHint("there is no previous item") : before;
      case "nextitem" ->
          peek() == Missing.MISSING ? context.undefinedHint("there is no next item") : after;
      case "cycle" -> new BoundMethod(name, this, (c, self, arguments) -> cycle(arguments));
      case "changed" -> new BoundMethod(name, this, (c, self, arguments) -> changed(arguments));
      default -> null;
    };
  }

  private Object cycle(Arguments arguments) {
    List<Object> items = arguments.positional();
    if (items.isEmpty()) {
      throw EvaluationException.type("no items for cycling given");
    }
    return items.get(Math.floorMod(index0, items.size()));
  }

  private boolean changed(Arguments arguments) {
    Tuple value = new Tuple(arguments.positional());
    if (lastChanged != null && Comparison.equal(context, lastChanged, value)) {
      return false;
    }
    lastChanged = value;
    return true;
  }

  @Override
  public Object call(RenderContext caller, Arguments arguments) {
    if (recursion == null) {
      throw EvaluationException.type(
          "The loop must have the 'recursive' marker to be called recursively.");
    }
    return recursion.render(arguments.bind("loop", 1, "iterable").get(0));
  }
}
