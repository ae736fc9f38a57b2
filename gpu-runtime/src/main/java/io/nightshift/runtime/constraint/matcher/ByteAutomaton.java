package io.nightshift.runtime.constraint.matcher;

import io.nightshift.runtime.constraint.grammar.ValueRule;
import io.nightshift.runtime.constraint.matcher.Frame.FreePlace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.lucene.util.automaton.Automaton;
import org.jspecify.annotations.Nullable;

/**
 * Which bytes may follow which, for a JSON grammar or a regular expression. From every
 * configuration that is not dead, some text can be completed. Thread-safe.
 */
public final class ByteAutomaton {
  private static final int MAX_CONFIGURATIONS = 30_000;
  private static final int AFTER_SPACE = ' ' + 1;

  private final Frame start;
  private final Configuration dead = new Configuration(List.of());
  private volatile Memory memory = new Memory();

  /** What was computed so far. It is thrown away as a whole when it becomes too large. */
  private static final class Memory {
    final Frames frames = new Frames();
    final ConcurrentMap<List<Frame>, Configuration> configurations = new ConcurrentHashMap<>();
  }

  private ByteAutomaton(Frame start) {
    this.start = start;
  }

  /**
   * The texts of a JSON value.
   *
   * @param spaces whether one space may follow each colon and comma of the structure
   */
  public static ByteAutomaton json(ValueRule root, boolean spaces, int leadingSpaces) {
    return of(new ValueFrame(Machines.of(root, spaces)), leadingSpaces);
  }

  /**
   * The strings of an automaton over code points.
   *
   * @param texts deterministic, without dead states, not empty
   */
  public static ByteAutomaton plain(Automaton texts, int leadingSpaces) {
    TextMachine machine = TextMachine.of(ByteDfas.plain(texts));
    return of(new TextFrame(machine, 0, 0, EndFrame.END), leadingSpaces);
  }

  private static ByteAutomaton of(Frame first, int leadingSpaces) {
    return new ByteAutomaton(
        leadingSpaces == 0 ? first : new LeadingSpacesFrame(first, leadingSpaces));
  }

  /** The beginning of all texts. */
  public Configuration start() {
    return configuration(memory, List.of(memory.frames.unique(start)));
  }

  /** Where no text is. */
  public Configuration dead() {
    return dead;
  }

  /** What follows after a byte, possibly nothing. */
  public Configuration next(Configuration from, int value) {
    Configuration known = from.known(value);
    return known != null ? known : compute(from, value);
  }

  private Configuration compute(Configuration from, int value) {
    Memory current = memory();
    Threads threads = new Threads(current.frames);
    for (Frame thread : from.threads()) {
      thread.step(value, threads);
    }
    Configuration next = configuration(current, threads.found());
    next.continueValue(from);
    from.remember(value, next);
    return next;
  }

  /**
   * A byte that leads to a configuration with a shorter completion; the same one every time.
   *
   * @throws IllegalStateException if there is none: the text may end here, or the configuration is
   *     open
   */
  public int completingByte(Configuration from) {
    // Control characters and spaces last: where there is a choice, they are an odd way to end.
    for (int i = 0; i < Configuration.BYTES; i++) {
      int value = AFTER_SPACE + i & 0xFF;
      if (next(from, value).completionBytes() < from.completionBytes()) {
        return value;
      }
    }
    throw new IllegalStateException(
        "no byte shortens a completion of %s bytes".formatted(from.completionBytes()));
  }

  /** The only byte that may follow; -1 if the text may end here, or there is a choice. */
  public int onlyByte(Configuration from) {
    if (from.mayEnd()) {
      return -1;
    }
    int only = -1;
    for (int value = 0; value < Configuration.BYTES; value++) {
      if (!next(from, value).isDead()) {
        if (only >= 0) {
          return -1;
        }
        only = value;
      }
    }
    return only;
  }

  /** Whether the text may end here, and nothing may follow. */
  public boolean isComplete(Configuration configuration) {
    return configuration.threads().equals(List.of(EndFrame.END));
  }

  /**
   * The configuration with the names of additional properties and the items of arrays without
   * duplicates that were read in the last token. Only afterwards may others end in the same objects
   * and arrays.
   *
   * @param texts the texts after the last token
   */
  public Configuration resolve(Configuration from, LastTexts texts) {
    Memory current = memory();
    Threads resolved = new Threads(current.frames);
    for (Frame thread : from.threads()) {
      resolved.add(thread.isUnresolved() ? thread.resolve(texts, current.frames) : thread);
    }
    return configuration(current, resolved.found());
  }

  /** The place in a string that all characters may follow; null if it is not one. */
  public @Nullable FreeString freeString(Configuration at) {
    Threads after = new Threads(memory().frames);
    FreePlace place = null;
    for (Frame thread : at.threads()) {
      FreePlace other = thread.freePlace();
      if (other == null
          || (place != null
              && (place.fewest() != other.fewest() || place.most() != other.most()))) {
        return null;
      }
      place = other;
      after.add(other.after());
    }
    return place == null
        ? null
        : new FreeString(configuration(after), place.fewest(), place.most());
  }

  /**
   * Where most characters lead in a string after which all characters may follow. Null if there is
   * no such place in the string, or its length matters, or if this is not between two characters.
   */
  public @Nullable Configuration freed(Configuration at) {
    Threads freed = new Threads(memory().frames);
    for (Frame thread : at.threads()) {
      Frame free = thread.freed();
      if (free != null) {
        freed.add(free);
      }
    }
    return freed.found().isEmpty() ? null : configuration(freed);
  }

  private Configuration configuration(Threads threads) {
    return configuration(memory(), threads.found());
  }

  private Memory memory() {
    Memory current = memory;
    if (current.configurations.size() > MAX_CONFIGURATIONS) {
      current = new Memory();
      memory = current;
    }
    return current;
  }

  private Configuration configuration(Memory current, List<Frame> threads) {
    if (threads.isEmpty()) {
      return dead;
    }
    List<Frame> key = threads;
    if (threads.size() > 1) {
      key = new ArrayList<>(threads);
      key.sort(Comparator.comparingInt(Frame::hashCode));
    }
    return current.configurations.computeIfAbsent(key, Configuration::new);
  }
}
