package io.nightshift.runtime.constraint;

import io.nightshift.runtime.constraint.mask.TokenMask;
import io.nightshift.runtime.constraint.matcher.ByteAutomaton;
import io.nightshift.runtime.constraint.matcher.Configuration;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Walks the automaton of a constraint. */
final class AutomatonMatcher implements TokenMatcher {
  private final AutomatonConstraint constraint;
  private final ByteAutomaton automaton;
  private final JsonPosition position = new JsonPosition();
  private Configuration at;
  private int[] tokens = new int[16];
  private int length;
  private boolean ended;
  private boolean cutShort;
  private @Nullable EnumeratedValue enumerated;

  AutomatonMatcher(AutomatonConstraint constraint) {
    this.constraint = constraint;
    this.automaton = constraint.automaton();
    this.at = automaton.start();
    if (at.enumeration() != null) {
      enumerated = new EnumeratedValue(position.pointer(), at.enumeration());
    }
  }

  @Override
  public TokenMask mask(int remaining) {
    TokenMask mask = constraint.masks().mask(at, remaining);
    cutShort |= mask != constraint.masks().mask(at);
    return mask;
  }

  @Override
  public int[] forced(int remaining) {
    return ended
        ? new int[0]
        : constraint.forced().after(at, Arrays.copyOf(tokens, length), remaining);
  }

  @Override
  public void accept(int token) {
    if (constraint.vocabulary().isEnd(token) && at.mayEnd() && !ended) {
      ended = true;
      return;
    }
    byte[] bytes = constraint.vocabulary().bytes(token);
    Configuration next = at;
    for (byte value : bytes) {
      next = automaton.next(next, value & 0xFF);
    }
    if (ended || bytes.length == 0 || next.isDead()) {
      throw new IllegalArgumentException(
          "the constraint does not allow token %s (\"%s\") here"
              .formatted(token, new String(bytes, StandardCharsets.UTF_8)));
    }
    if (constraint.json()) {
      follow(bytes);
    }
    at = next.isUnresolved() ? automaton.resolve(next, position) : next;
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * length);
    }
    tokens[length++] = token;
  }

  private void follow(byte[] bytes) {
    Configuration configuration = at;
    for (byte value : bytes) {
      if (enumerated != null && !enumerated.append()) {
        enumerated = null;
      }
      position.append(value);
      configuration = automaton.next(configuration, value & 0xFF);
      if (configuration.enumeration() != null) {
        enumerated = new EnumeratedValue(position.pointer(), configuration.enumeration());
      }
    }
  }

  @Override
  public boolean isComplete() {
    return ended || automaton.isComplete(at);
  }

  @Override
  public int shortestEnd() {
    return ended ? 0 : constraint.masks().shortestEnd(at);
  }

  @Override
  public boolean isCutShort() {
    return cutShort;
  }

  @Override
  public @Nullable EnumeratedField enumeratedField() {
    return enumerated == null ? null : enumerated.field();
  }
}
