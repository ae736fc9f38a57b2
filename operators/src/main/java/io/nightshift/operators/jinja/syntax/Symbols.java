package io.nightshift.operators.jinja.syntax;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The names of one scope, found before it is compiled. A scope sees outer variables, but what it
 * assigns is its own: it starts as a copy of the outer variable and ends with the scope. This is
 * Jinja's own analysis (jinja2/idtracking.py), since templates depend on its corners.
 */
final class Symbols {
  /** How a variable gets its value when its scope is entered. */
  enum Source {
    PARAMETER,
    LOOK_UP,
    ALIAS,
    UNDEFINED
  }

  /**
   * @param name to look up, or identifier of the outer variable to copy; otherwise empty
   */
  record Load(Source source, String name) {}

  private final @Nullable Symbols parent;
  private final int level;
  private final Map<String, String> identifiers = new HashMap<>();
  private final Map<String, Load> loads = new LinkedHashMap<>();
  private final Set<String> stores = new HashSet<>();

  Symbols(@Nullable Symbols parent) {
    this.parent = parent;
    this.level = parent == null ? 0 : parent.level + 1;
  }

  /** A copy of the same scope, for one branch of a condition. */
  private Symbols branch() {
    Symbols copy = new Symbols(parent);
    copy.identifiers.putAll(identifiers);
    copy.loads.putAll(loads);
    copy.stores.addAll(stores);
    return copy;
  }

  /** The first values of this scope's own variables, by identifier. */
  Map<String, Load> loads() {
    return loads;
  }

  /** The identifier of a name that was declared here or further outside. */
  String identifier(String name) {
    String identifier = find(name);
    if (identifier == null) {
      throw new IllegalStateException("name " + name + " was not declared");
    }
    return identifier;
  }

  /** Whether a declared name may stand for a variable of the rendering. */
  boolean mayBeLookedUp(String name) {
    String identifier = identifier(name);
    for (Symbols symbols = this; symbols != null; symbols = symbols.parent) {
      Load load = symbols.loads.get(identifier);
      if (load != null) {
        return load.source() == Source.LOOK_UP || load.source() == Source.ALIAS;
      }
    }
    return false;
  }

  void load(String name) {
    if (find(name) == null) {
      define(name, new Load(Source.LOOK_UP, name));
    }
  }

  void store(String name) {
    stores.add(name);
    if (!identifiers.containsKey(name)) {
      String outer = parent == null ? null : parent.find(name);
      define(name, outer == null ? new Load(Source.UNDEFINED, "") : new Load(Source.ALIAS, outer));
    }
  }

  void parameter(String name) {
    stores.add(name);
    define(name, new Load(Source.PARAMETER, ""));
  }

  /**
   * Declares the branches of a condition, each by what declares its names. What only some of them
   * store has its outer value if another branch was taken.
   */
  void branches(List<Consumer<Symbols>> branches) {
    List<Symbols> outcomes =
        branches.stream()
            .map(
                declaration -> {
                  Symbols symbols = branch();
                  declaration.accept(symbols);
                  return symbols;
                })
            .toList();
    Set<String> stored = new HashSet<>();
    outcomes.forEach(outcome -> stored.addAll(outcome.stores));
    stored.removeAll(stores);
    for (Symbols outcome : outcomes) {
      identifiers.putAll(outcome.identifiers);
      loads.putAll(outcome.loads);
      stores.addAll(outcome.stores);
    }
    for (String name : stored) {
      String outer = parent == null ? null : parent.find(name);
      loads.put(
          identifier(name),
          outer == null ? new Load(Source.LOOK_UP, name) : new Load(Source.ALIAS, outer));
    }
  }

  private @Nullable String find(String name) {
    for (Symbols symbols = this; symbols != null; symbols = symbols.parent) {
      String identifier = symbols.identifiers.get(name);
      if (identifier != null) {
        return identifier;
      }
    }
    return null;
  }

  private void define(String name, Load load) {
    String identifier = level + " " + name;
    identifiers.put(name, identifier);
    loads.put(identifier, load);
  }
}
