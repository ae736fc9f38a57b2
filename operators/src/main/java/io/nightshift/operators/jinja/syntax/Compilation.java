package io.nightshift.operators.jinja.syntax;

import io.nightshift.operators.jinja.runtime.Builtins;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What all scopes of one template share while it is compiled. */
final class Compilation {
  private final Builtins builtins;
  private final Set<String> freeVariables = new HashSet<>();
  private final Set<String> globals = new HashSet<>();
  private final Set<String> usedWhole = new HashSet<>();
  private final Map<String, Set<String>> itemsUsed = new HashMap<>();

  Compilation(Builtins builtins) {
    this.builtins = builtins;
  }

  Builtins builtins() {
    return builtins;
  }

  /** Notes that a scope looks {@code name} up in the variables of the rendering. */
  void lookedUp(String name) {
    (builtins.isGlobal(name) ? globals : freeVariables).add(name);
  }

  /**
   * Notes a use of {@code name}: of an item, or of the variable as a whole if {@code key} is null.
   */
  void used(String name, @Nullable String key) {
    Set<String> keys = itemsUsed.computeIfAbsent(name, n -> new HashSet<>());
    if (key == null) {
      usedWhole.add(name);
    } else {
      keys.add(key);
    }
  }

  Set<String> freeVariables() {
    return freeVariables;
  }

  Set<String> globals() {
    return globals;
  }

  /** Keys of the items of a variable that are used, or empty if all of it may be. */
  Optional<Set<String>> itemsUsed(String name) {
    return usedWhole.contains(name)
        ? Optional.empty()
        : Optional.of(Set.copyOf(itemsUsed.getOrDefault(name, Set.of())));
  }
}
