package io.nightshift.operators.jinja.runtime;

/** Python's binary arithmetic operators. */
public enum ArithmeticOperator {
  ADD("+"),
  SUBTRACT("-"),
  MULTIPLY("*"),
  DIVIDE("/"),
  FLOOR_DIVIDE("//"),
  REMAINDER("%"),
  POWER("** or pow()");

  private final String symbol;

  ArithmeticOperator(String symbol) {
    this.symbol = symbol;
  }

  /** The operator as Python's messages write it. */
  String symbol() {
    return symbol;
  }
}
