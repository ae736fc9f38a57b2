package io.nightshift.runtime.constraint.number;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.apache.lucene.util.automaton.Automaton;

/**
 * Texts of decimal numbers without sign, by how they compare with a bound that is not negative.
 *
 * <p>The digits are compared from the left. Up to the point it is not known which number has more
 * digits, so a state before the point has the number of digits and how these compare with the first
 * ones of the bound.
 */
final class DecimalRange {
  /** How a number compares with the bound. */
  enum Order {
    LESS,
    EQUAL,
    GREATER
  }

  private final Automaton.Builder states;
  private final Set<Order> accepted;
  private final String integerDigits;
  private final String fractionDigits;

  /** State before any digit of the fraction, by the ordinal of the integer's order. */
  private final int[] afterPoint = new int[Order.values().length];

  private DecimalRange(Automaton.Builder states, String bound, Set<Order> accepted) {
    this.states = states;
    this.accepted = accepted;
    int point = bound.indexOf('.');
    this.integerDigits = point < 0 ? bound : bound.substring(0, point);
    this.fractionDigits = point < 0 ? "" : bound.substring(point + 1);
  }

  /** The numbers that compare with the bound as one of the orders; "-0" may be among them. */
  static Automaton of(BigDecimal bound, Set<Order> accepted) {
    Automaton.Builder states = new Automaton.Builder();
    int start = states.createState();
    int afterSign = states.createState();
    states.addTransition(start, afterSign, '-');
    String magnitude = DecimalTexts.shortest(bound.abs());
    Set<Order> otherSign = EnumSet.noneOf(Order.class);
    if (bound.signum() >= 0) {
      new DecimalRange(states, magnitude, accepted).addDigits(start);
      if (accepted.contains(Order.LESS)) {
        otherSign = EnumSet.allOf(Order.class);
      }
      new DecimalRange(states, "0", otherSign).addDigits(afterSign);
    } else {
      new DecimalRange(states, magnitude, reversed(accepted)).addDigits(afterSign);
      if (accepted.contains(Order.GREATER)) {
        otherSign = EnumSet.allOf(Order.class);
      }
      new DecimalRange(states, "0", otherSign).addDigits(start);
    }
    return states.finish();
  }

  private static Set<Order> reversed(Set<Order> orders) {
    Set<Order> reversed = EnumSet.noneOf(Order.class);
    for (Order order : orders) {
      reversed.add(Order.values()[Order.GREATER.ordinal() - order.ordinal()]);
    }
    return reversed;
  }

  /** Adds the states of a number whose first digit comes in the state {@code start}. */
  private void addDigits(int start) {
    addFraction();
    int longer = states.createState();
    states.addTransition(longer, longer, '0', '9');
    endInteger(longer, Order.GREATER);
    int[] next = new int[Order.values().length];
    Arrays.fill(next, longer);
    for (int length = integerDigits.length(); length > 0; length--) {
      int[] current = new int[next.length];
      for (Order order : Order.values()) {
        int state = states.createState();
        current[order.ordinal()] = state;
        addNextDigits(state, order, length, next);
        endInteger(state, length, order);
      }
      next = current;
    }
    addFirstDigits(start, next);
  }

  private void addFirstDigits(int start, int[] next) {
    for (char digit = '1'; digit <= '9'; digit++) {
      Order order = compare(digit, integerDigits.charAt(0));
      states.addTransition(start, next[order.ordinal()], digit);
    }
    int zero = states.createState();
    states.addTransition(start, zero, '0');
    endInteger(zero, 1, compare('0', integerDigits.charAt(0)));
  }

  private void addNextDigits(int state, Order order, int length, int[] next) {
    for (char digit = '0'; digit <= '9'; digit++) {
      Order nextOrder = order;
      if (order == Order.EQUAL && length < integerDigits.length()) {
        nextOrder = compare(digit, integerDigits.charAt(length));
      }
      states.addTransition(state, next[nextOrder.ordinal()], digit);
    }
  }

  /** An integer of this length, whose digits compare so with the first ones of the bound. */
  private void endInteger(int state, int length, Order order) {
    endInteger(state, length < integerDigits.length() ? Order.LESS : order);
  }

  /** The integer may end here, or have a fraction. */
  private void endInteger(int state, Order order) {
    states.addTransition(state, afterPoint[order.ordinal()], '.');
    boolean lessByFraction = order == Order.EQUAL && !fractionDigits.isEmpty();
    accept(state, lessByFraction ? Order.LESS : order);
  }

  private void addFraction() {
    int less = addUnequalFraction(Order.LESS);
    int greater = addUnequalFraction(Order.GREATER);
    int equal = states.createState();
    afterPoint[Order.EQUAL.ordinal()] = equal;
    for (int i = 0; i < fractionDigits.length(); i++) {
      char digit = fractionDigits.charAt(i);
      int next = states.createState();
      if (digit > '0') {
        states.addTransition(equal, less, '0', digit - 1);
      }
      states.addTransition(equal, next, digit);
      if (digit < '9') {
        states.addTransition(equal, greater, digit + 1, '9');
      }
      accept(next, i + 1 < fractionDigits.length() ? Order.LESS : Order.EQUAL);
      equal = next;
    }
    int zeros = states.createState();
    states.addTransition(equal, zeros, '0');
    states.addTransition(zeros, zeros, '0');
    states.addTransition(equal, greater, '1', '9');
    states.addTransition(zeros, greater, '1', '9');
    accept(zeros, Order.EQUAL);
  }

  /** Adds a fraction whose digits make no difference; returns the state after one of them. */
  private int addUnequalFraction(Order order) {
    int digits = states.createState();
    int point = states.createState();
    states.addTransition(point, digits, '0', '9');
    states.addTransition(digits, digits, '0', '9');
    accept(digits, order);
    afterPoint[order.ordinal()] = point;
    return digits;
  }

  private void accept(int state, Order order) {
    states.setAccept(state, accepted.contains(order));
  }

  private static Order compare(char digit, char other) {
    return Order.values()[Integer.signum(Character.compare(digit, other)) + 1];
  }
}
