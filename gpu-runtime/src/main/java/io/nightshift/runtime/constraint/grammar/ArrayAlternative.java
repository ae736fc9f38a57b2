package io.nightshift.runtime.constraint.grammar;

import java.util.List;

/**
 * An array.
 *
 * @param prefix the first items; {@code minItems} or more of them may be left out
 * @param rest every item after the prefix; its rules are empty if there is none
 * @param minItems minimum number of items
 * @param maxItems maximum number of items; {@link Integer#MAX_VALUE} for no maximum. At most the
 *     length of the prefix if {@code rest} is empty
 * @param minContains minimum number of items that are written by {@link Item#matching}
 * @param maxContains maximum number of such items; {@link Integer#MAX_VALUE} for no maximum
 * @param uniqueItems whether no two items may be equal; only where every item is a string, number
 *     or literal
 */
public record ArrayAlternative(
    List<Item> prefix,
    Item rest,
    int minItems,
    int maxItems,
    int minContains,
    int maxContains,
    boolean uniqueItems)
    implements Alternative {

  /**
   * An item: one that counts for {@code contains}, or one that does not. Without {@code contains},
   * {@code other} is empty, {@code minContains} is 0 and {@code maxContains} has no limit.
   */
  public record Item(ValueRule matching, ValueRule other) {}
}
