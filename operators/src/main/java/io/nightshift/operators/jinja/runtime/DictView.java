package io.nightshift.operators.jinja.runtime;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** What {@code keys()}, {@code values()} and {@code items()} of a dict return. */
public record DictView(Dict dict, Kind kind) implements PythonObject {
  public enum Kind {
    KEYS,
    VALUES,
    ITEMS;

    String typeName() {
      return "dict_" + name().toLowerCase(Locale.ROOT);
    }
  }

  List<Object> elements(Budget budget) {
    budget.work(dict.size());
    return switch (kind) {
      case KEYS -> dict.keys();
      case VALUES -> dict.values();
      case ITEMS -> dict.items(budget);
    };
  }

  @Override
  public String typeName() {
    return kind.typeName();
  }

  @Override
  public boolean hasLength() {
    return true;
  }

  @Override
  public int length() {
    return dict.size();
  }

  @Override
  public int size() {
    return dict.size();
  }

  @Override
  public Iterator<Object> iterator(Budget budget) {
    return elements(budget).iterator();
  }
}
