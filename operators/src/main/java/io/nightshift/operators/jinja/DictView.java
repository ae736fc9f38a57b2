package io.nightshift.operators.jinja;

import java.util.List;
import java.util.Locale;

/** What {@code keys()}, {@code values()} and {@code items()} of a dict return. */
record DictView(Dict dict, Kind kind) {
  enum Kind {
    KEYS,
    VALUES,
    ITEMS;

    String typeName() {
      return "dict_" + name().toLowerCase(Locale.ROOT);
    }
  }

  List<Object> elements(RenderContext context) {
    context.budget().work(dict.size());
    return switch (kind) {
      case KEYS -> dict.keys();
      case VALUES -> dict.values();
      case ITEMS -> dict.items(context);
    };
  }
}
