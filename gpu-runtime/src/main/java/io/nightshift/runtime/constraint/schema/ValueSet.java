package io.nightshift.runtime.constraint.schema;

import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import io.nightshift.runtime.constraint.automaton.ConstraintException;
import io.nightshift.runtime.constraint.number.NumberSet;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A set of JSON values: the union of simple sets of each type. Closed under union, intersection and
 * complement.
 *
 * @param literals which of null, true and false
 * @param narrowed whether the set lacks values that cannot be expressed. Such a set has no
 *     complement
 */
record ValueSet(
    Set<Literal> literals,
    NumberSet numbers,
    List<StringSet> strings,
    List<ArraySet> arrays,
    List<ObjectSet> objects,
    boolean narrowed) {

  /** Maximum number of simple sets of a type. */
  static final int MAX_ALTERNATIVES = 400;

  /** A value that is a type of its own, or half of one. */
  enum Literal {
    NULL,
    TRUE,
    FALSE
  }

  static final ValueSet ALL =
      new ValueSet(
          EnumSet.allOf(Literal.class),
          NumberSet.all(),
          List.of(StringSet.ALL),
          List.of(ArraySet.ALL),
          List.of(ObjectSet.ALL),
          false);

  static final ValueSet NONE =
      new ValueSet(
          EnumSet.noneOf(Literal.class),
          NumberSet.of(List.of()),
          List.of(),
          List.of(),
          List.of(),
          false);

  ValueSet withLiterals(Set<Literal> changed) {
    return new ValueSet(changed, numbers, strings, arrays, objects, narrowed);
  }

  ValueSet withNumbers(NumberSet changed) {
    return new ValueSet(literals, changed, strings, arrays, objects, narrowed);
  }

  ValueSet withStrings(List<StringSet> changed) {
    return new ValueSet(literals, numbers, changed, arrays, objects, narrowed);
  }

  ValueSet withArrays(List<ArraySet> changed) {
    return new ValueSet(literals, numbers, strings, changed, objects, narrowed);
  }

  ValueSet withObjects(List<ObjectSet> changed) {
    return new ValueSet(literals, numbers, strings, arrays, changed, narrowed);
  }

  /** This set, marked as one that lacks values. */
  ValueSet narrow() {
    return new ValueSet(literals, numbers, strings, arrays, objects, true);
  }

  ValueSet intersect(ValueSet other, Conditions conditions) {
    if (this == ALL) {
      return other;
    }
    if (other == ALL) {
      return this;
    }
    Set<Literal> both = EnumSet.copyOf(literals);
    both.retainAll(other.literals);
    return new ValueSet(
        both,
        numbers.intersect(other.numbers),
        merged(product(strings, other.strings, (a, b) -> nonEmpty(a.intersect(b)))),
        product(arrays, other.arrays, (a, b) -> a.intersect(b, conditions)),
        product(objects, other.objects, (a, b) -> a.intersect(b, conditions)),
        narrowed || other.narrowed);
  }

  ValueSet union(ValueSet other) {
    Set<Literal> either = EnumSet.copyOf(literals);
    either.addAll(other.literals);
    return new ValueSet(
        either,
        numbers.union(other.numbers),
        merged(join(strings, other.strings)),
        join(arrays, other.arrays),
        join(objects, other.objects),
        narrowed || other.narrowed);
  }

  /** The other values. The result may be {@link #narrowed}; this set must not be. */
  ValueSet complement(Conditions conditions) {
    boolean complete = true;
    List<StringSet> otherStrings = ALL.strings;
    for (StringSet set : strings) {
      otherStrings = product(otherStrings, set.complement(), (a, b) -> nonEmpty(a.intersect(b)));
    }
    List<ArraySet> otherArrays = ALL.arrays;
    for (ArraySet set : arrays) {
      List<ArraySet> violations = new ArrayList<>();
      complete &= set.addViolations(violations, conditions);
      otherArrays = product(otherArrays, violations, (a, b) -> a.intersect(b, conditions));
    }
    List<ObjectSet> otherObjects = ALL.objects;
    for (ObjectSet set : objects) {
      otherObjects =
          product(otherObjects, set.violations(conditions), (a, b) -> a.intersect(b, conditions));
    }
    return new ValueSet(
        EnumSet.complementOf(EnumSet.copyOf(literals)),
        numbers.complement(),
        merged(otherStrings),
        otherArrays,
        otherObjects,
        !complete);
  }

  private static @Nullable StringSet nonEmpty(StringSet set) {
    return set.isEmpty() ? null : set;
  }

  /** Strings without bounds on their length are one set. */
  private static List<StringSet> merged(List<StringSet> sets) {
    if (sets.size() < 2) {
      return sets;
    }
    List<StringSet> result = new ArrayList<>();
    StringSet unbounded = null;
    for (StringSet set : sets) {
      if (set.isBounded()) {
        result.add(set);
      } else {
        unbounded =
            unbounded == null
                ? set
                : new StringSet(
                    CodePointLanguages.union(unbounded.content(), set.content()),
                    0,
                    StringSet.UNBOUNDED);
      }
    }
    if (unbounded != null) {
      result.add(0, unbounded);
    }
    return result;
  }

  private static <T> List<T> join(List<T> a, List<T> b) {
    return bounded(new LinkedHashSet<>(Stream.concat(a.stream(), b.stream()).toList()));
  }

  private static <T> List<T> product(
      List<T> a, List<T> b, BiFunction<T, T, @Nullable T> intersection) {
    Set<T> result = new LinkedHashSet<>();
    for (T left : a) {
      for (T right : b) {
        T both = intersection.apply(left, right);
        if (both != null) {
          result.add(both);
          bounded(result);
        }
      }
    }
    return List.copyOf(result);
  }

  private static <T> List<T> bounded(Set<T> sets) {
    if (sets.size() > MAX_ALTERNATIVES) {
      throw new ConstraintException(
          "has more than %s alternatives of a type when its conditions are combined: use fewer"
              .formatted(MAX_ALTERNATIVES));
    }
    return List.copyOf(sets);
  }
}
