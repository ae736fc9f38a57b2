package io.nightshift.runtime.constraint;

import io.nightshift.runtime.constraint.mask.TokenMask;
import io.nightshift.runtime.constraint.mask.TokenMasks.AllowedTokens;
import io.nightshift.runtime.constraint.matcher.ByteAutomaton;
import io.nightshift.runtime.constraint.matcher.Configuration;
import io.nightshift.runtime.constraint.matcher.Enumeration;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
  // A value before which a space may stand begins twice.
  private final Set<String> constants = new LinkedHashSet<>();

  AutomatonMatcher(AutomatonConstraint constraint) {
    this.constraint = constraint;
    this.automaton = constraint.automaton();
    this.at = automaton.start();
    begin(at.enumeration());
  }

  @Override
  public TokenMask mask(int remaining) {
    AllowedTokens allowed = constraint.masks().allowed(at, remaining);
    cutShort |= allowed.pruned();
    return allowed.mask();
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
      begin(configuration.enumeration());
    }
  }

  private void begin(@Nullable Enumeration enumeration) {
    if (enumeration != null) {
      enumerated = new EnumeratedValue(position.pointer(), enumeration);
      if (constraint.fields() != null && enumeration.texts().size() == 1) {
        constants.add(position.pointer());
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
    FieldTokens fields = constraint.fields();
    if (fields == null || enumerated == null || !at.isChoice()) {
      return null;
    }
    List<int[]> rest = fields.of(enumerated.enumeration());
    return rest.isEmpty()
        ? null
        : new EnumeratedField(enumerated.pointer(), enumerated.enumeration().texts(), rest);
  }

  @Override
  public List<String> constantFields() {
    return List.copyOf(constants);
  }
}
