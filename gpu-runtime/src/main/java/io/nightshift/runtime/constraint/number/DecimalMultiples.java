package io.nightshift.runtime.constraint.number;

import io.nightshift.runtime.constraint.automaton.CodePointLanguages;
import io.nightshift.runtime.constraint.automaton.ConstraintException;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.lucene.util.automaton.Automaton;

/**
 * Texts of the multiples of a decimal number.
 *
 * <p>With a divisor of {@code d * 10^-scale}, digits are read as an integer and its remainder is
 * kept. After {@code i} digits of the fraction, the number is a multiple if the integer times
 * {@code 10^(scale - i)} is one of {@code d}, that is, if the integer is one of {@code d / gcd(d,
 * 10^(scale - i))}: this is the modulus there. With a divisor of {@code d * 10^zeros}, the number
 * must be an integer that ends with so many zeros, and a multiple of {@code d} without them: as
 * many zeros must follow a remainder of 0.
 */
final class DecimalMultiples {
  private final Automaton.Builder states = new Automaton.Builder();

  /** By the number of digits of the fraction, up to the scale. */
  private final int[] moduli;

  private final int zeros;

  private DecimalMultiples(int[] moduli, int zeros) {
    this.moduli = moduli;
    this.zeros = zeros;
  }

  /**
   * The multiples of a positive number; "-0" is among them.
   *
   * @throws ConstraintException if they need too many states
   */
  static Automaton of(BigDecimal divisor) {
    BigDecimal stripped = divisor.stripTrailingZeros();
    DecimalTexts.shortest(stripped);
    int scale = Math.max(0, stripped.scale());
    int zeros = Math.max(0, -stripped.scale());
    BigInteger unscaled = stripped.unscaledValue();
    int[] moduli = new int[scale + 1];
    BigInteger total = BigInteger.valueOf(zeros);
    BigInteger power = BigInteger.ONE;
    for (int i = scale; i >= 0; i--) {
      BigInteger modulus = unscaled.divide(unscaled.gcd(power));
      total = total.add(modulus);
      if (total.compareTo(BigInteger.valueOf(CodePointLanguages.MAX_STATES)) > 0) {
        throw new ConstraintException(
            ("multiples of %s need an automaton of more than %s states: use a divisor of fewer"
                    + " digits")
                .formatted(divisor, CodePointLanguages.MAX_STATES));
      }
      moduli[i] = modulus.intValue();
      power = power.multiply(BigInteger.TEN);
    }
    return new DecimalMultiples(moduli, zeros).build();
  }

  private Automaton build() {
    int start = states.createState();
    int afterSign = states.createState();
    states.addTransition(start, afterSign, '-');
    int[] afterPoint = createStates(moduli[0]);
    int[] integers = createStates(moduli[0]);
    int last = addIntegers(integers);
    int zero = states.createState();
    for (int first : new int[] {start, afterSign}) {
      states.addTransition(first, zero, '0');
      for (int digit = 1; digit <= 9; digit++) {
        states.addTransition(first, integers[digit % moduli[0]], '0' + digit);
      }
    }
    states.setAccept(zero, true);
    states.setAccept(last, true);
    states.addTransition(zero, afterPoint[0], '.');
    states.addTransition(last, afterPoint[0], '.');
    if (moduli.length > 1) {
      for (int remainder = 1; remainder < moduli[0]; remainder++) {
        states.addTransition(integers[remainder], afterPoint[remainder], '.');
      }
    }
    addFractions(afterPoint);
    return states.finish();
  }

  /** Adds the digits of integers; returns the state of the multiples. */
  private int addIntegers(int[] integers) {
    for (int remainder = 1; remainder < integers.length; remainder++) {
      for (int digit = 0; digit <= 9; digit++) {
        addDigit(integers, remainder, digit, integers[remainder]);
      }
    }
    int multiple = integers[0];
    for (int i = 0; i <= zeros; i++) {
      int oneMoreZero = i < zeros ? states.createState() : multiple;
      states.addTransition(multiple, oneMoreZero, '0');
      for (int digit = 1; digit <= 9; digit++) {
        addDigit(integers, 0, digit, multiple);
      }
      multiple = oneMoreZero;
    }
    return multiple;
  }

  private void addFractions(int[] afterPoint) {
    int[] current = afterPoint;
    for (int i = 1; i < moduli.length; i++) {
      int[] next = createStates(moduli[i]);
      states.setAccept(next[0], true);
      for (int remainder = 0; remainder < current.length; remainder++) {
        for (int digit = 0; digit <= 9; digit++) {
          addDigit(next, remainder, digit, current[remainder]);
        }
      }
      current = next;
    }
    int end = states.createState();
    states.setAccept(end, true);
    states.addTransition(current[0], end, '0');
    states.addTransition(end, end, '0');
  }

  private void addDigit(int[] next, int remainder, int digit, int state) {
    states.addTransition(state, next[(10 * remainder + digit) % next.length], '0' + digit);
  }

  private int[] createStates(int number) {
    int[] created = new int[number];
    for (int i = 0; i < number; i++) {
      created[i] = states.createState();
    }
    return created;
  }
}
