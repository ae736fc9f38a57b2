package io.nightshift.runtime.constraint;

import io.nightshift.runtime.constraint.mask.TokenMask;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where one answer stands in its constraint. Not thread-safe. */
public interface TokenMatcher {

  /**
   * The tokens that may come next, end-of-turn tokens where the answer may end. Never empty: after
   * any of these tokens, the answer can be completed within the remaining ones.
   *
   * @param remaining maximum number of tokens from here to the end, this one included and
   *     end-of-turn excluded; at least {@link #shortestEnd}
   */
  TokenMask mask(int remaining);

  /**
   * The tokens that come next whatever the model says, as the model's tokenizer would write them;
   * empty if there is a choice. Does not advance.
   *
   * @param remaining as in {@link #mask}
   */
  int[] forced(int remaining);

  /**
   * Advances by a token of the mask.
   *
   * @throws IllegalArgumentException if the constraint does not allow the token here
   */
  void accept(int token);

  /** Whether nothing but the end of the answer may follow. */
  boolean isComplete();

  /** Number of tokens of the shortest way to a complete answer; 0 if it may end here. */
  int shortestEnd();

  /**
   * Whether a mask left out a token only because too few tokens remained: the answer is valid, but
   * was cut short.
   */
  boolean isCutShort();

  /**
   * The enumerated value of a schema whose texts differ from here on: what is written of it is
   * common to all of them. Null if there is none here, or if the constraint was compiled without
   * enumerated fields. If it was compiled with them, no token crosses such a place.
   */
  @Nullable EnumeratedField enumeratedField();

  /**
   * A JSON value that the schema enumerates: an enum or a boolean.
   *
   * @param pointer JSON pointer of the value in the answer
   * @param values texts of the allowed values, in JSON
   * @param tokens token ids of what is not written yet of each value, tokenized by itself; none is
   *     a prefix of another. The same object for the same values
   */
  record EnumeratedField(String pointer, List<String> values, List<int[]> tokens) {}

  /**
   * JSON pointers of the values so far for which the schema allows one text only; empty if the
   * constraint was compiled without enumerated fields.
   */
  default List<String> constantFields() {
    return List.of();
  }
}
