package io.nightshift.runtime.constraint.matcher;

/**
 * The names in open objects and the strings in open arrays, as in the text, with their quotation
 * marks. Objects and arrays are told apart by the number of those around them.
 */
public interface LastTexts {

  /** The last one, which may be incomplete. */
  byte[] last(int depth);

  /** The one before the last. */
  byte[] beforeLast(int depth);
}
