package io.nightshift.operators.jinja.runtime;

import java.util.Iterator;
import java.util.stream.LongStream;

/** Python's range of integers, of at most {@link #MAX_LENGTH} elements as in Jinja's sandbox. */
public record Range(long start, long stop, long step) implements PythonObject {
  static final int MAX_LENGTH = 100_000;

  /** The range that {@code range(arguments)} makes. */
  public static Range of(Arguments arguments) {
    if (!arguments.named().isEmpty()) {
      throw EvaluationException.type("range() takes no keyword arguments");
    }
    int count = arguments.positional().size();
    if (count < 1 || count > 3) {
      throw EvaluationException.type("range expected 1 to 3 arguments, got " + count);
    }
    long first = Numbers.count(arguments.positional().get(0));
    if (count == 1) {
      return checked(new Range(0, first, 1));
    }
    long stop = Numbers.count(arguments.positional().get(1));
    long step = count == 3 ? Numbers.count(arguments.positional().get(2)) : 1;
    if (step == 0) {
      throw EvaluationException.value("range() arg 3 must not be zero");
    }
    return checked(new Range(first, stop, step));
  }

  private static Range checked(Range range) {
    if (range.exactLength() > MAX_LENGTH) {
      throw EvaluationException.limit(
          "Range too big. The sandbox blocks ranges larger than MAX_RANGE (" + MAX_LENGTH + ").");
    }
    return range;
  }

  private double exactLength() {
    double span = step > 0 ? (double) stop - start : (double) start - stop;
    return Math.max(0, Math.ceil(span / Math.abs((double) step)));
  }

  @Override
  public int length() {
    return (int) exactLength();
  }

  @Override
  public String typeName() {
    return "range";
  }

  @Override
  public boolean hasLength() {
    return true;
  }

  @Override
  public Iterator<Object> iterator(Budget budget) {
    return LongStream.range(0, length()).<Object>mapToObj(i -> get((int) i)).iterator();
  }

  long get(int index) {
    return start + index * step;
  }

  boolean contains(long value) {
    boolean inside = step > 0 ? value >= start && value < stop : value <= start && value > stop;
    return inside && (value - start) % step == 0;
  }
}
