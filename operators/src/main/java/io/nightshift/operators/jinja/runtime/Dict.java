package io.nightshift.operators.jinja.runtime;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Python's dict: in order of insertion, with keys that are equal across number types. */
public final class Dict implements PythonObject {
  private static final int MAX_KEY_DEPTH = 16;

  /** Number of values in all tuples of a key together. */
  private static final int MAX_KEY_SIZE = 1_000;

  /** Cost of an item in the budget, in elements of a list. */
  public static final int ELEMENTS_OF_ITEM = 16;

  private final Map<Object, Object> values = new LinkedHashMap<>();

  /** The key as it was first put, if it differs from its normal form. */
  private final Map<Object, Object> originals = new HashMap<>();

  /** Puts an item; a key that is already there keeps its first form, as in Python. */
  public void put(Object key, Object value) {
    Object normal = normal(key);
    if (values.put(normal, value) == null && normal != key) {
      originals.put(normal, key);
    }
  }

  /** The value of a key, or null. */
  public @Nullable Object get(Object key) {
    return values.get(normal(key));
  }

  public List<Object> keys() {
    if (originals.isEmpty()) {
      return new ArrayList<>(values.keySet());
    }
    List<Object> keys = new ArrayList<>(values.size());
    values.keySet().forEach(key -> keys.add(originals.getOrDefault(key, key)));
    return keys;
  }

  List<Object> values() {
    return new ArrayList<>(values.values());
  }

  /** Keys and values as tuples. */
  public List<Object> items(Budget budget) {
    budget.list(ELEMENTS_OF_ITEM * (long) size());
    List<Object> items = new ArrayList<>(values.size());
    values.forEach((key, value) -> items.add(Tuple.of(originals.getOrDefault(key, key), value)));
    return items;
  }

  @Override
  public int size() {
    return values.size();
  }

  @Override
  public String typeName() {
    return "dict";
  }

  @Override
  public boolean hasLength() {
    return true;
  }

  @Override
  public int length() {
    return values.size();
  }

  @Override
  public Iterator<Object> iterator(Budget budget) {
    budget.work(values.size());
    return keys().iterator();
  }

  /** A new dict of the same items. */
  public Dict copy(Budget budget) {
    budget.list(ELEMENTS_OF_ITEM * (long) size());
    Dict copy = new Dict();
    copy.putAll(this);
    return copy;
  }

  public void putAll(Dict other) {
    other.values.forEach((key, value) -> put(other.originals.getOrDefault(key, key), value));
  }

  /**
   * One object for all keys that are equal to Python.
   *
   * @throws EvaluationException if Python's value is not hashable
   */
  public static Object normal(Object key) {
    if (key instanceof String || key instanceof Long) {
      return key;
    }
    return Values.isText(key) ? Values.text(key) : new KeyNormalizer().normal(key, 0);
  }

  /** Normalizes one key, whose tuples may not hold too much together. */
  private static final class KeyNormalizer {
    private int size;

    Object normal(Object key, int depth) {
      if (++size > MAX_KEY_SIZE) {
        throw EvaluationException.limit("a key has more than " + MAX_KEY_SIZE + " elements");
      }
      if (Values.isText(key)) {
        return Values.text(key);
      }
      if (key instanceof Boolean bool) {
        return bool ? 1L : 0L;
      }
      if (key instanceof Double number) {
        return normalNumber(number);
      }
      if (key instanceof BigDecimal number) {
        return number.stripTrailingZeros().scale() <= 0
            ? Numbers.normal(number.toBigInteger())
            : number.stripTrailingZeros();
      }
      if (key instanceof Undefined undefined) {
        return undefined.hashable();
      }
      if (key instanceof Tuple tuple) {
        if (depth >= MAX_KEY_DEPTH) {
          throw EvaluationException.limit(
              "a key has tuples nested more than " + MAX_KEY_DEPTH + " levels deep");
        }
        return tuple.items().stream().map(item -> normal(item, depth + 1)).toList();
      }
      if (key instanceof List || key instanceof Dict) {
        throw EvaluationException.type("unhashable type: '" + TypeNames.of(key) + "'");
      }
      return key;
    }
  }

  private static Object normalNumber(double number) {
    if (number == Math.rint(number) && !Double.isInfinite(number)) {
      BigInteger integer = new BigDecimal(number).toBigInteger();
      return Numbers.normal(integer);
    }
    return number;
  }
}
