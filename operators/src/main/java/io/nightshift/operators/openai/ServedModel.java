package io.nightshift.operators.openai;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The names that bodies may call the model by.
 *
 * @param names at least one; the first is that of responses to bodies that name none
 */
public record ServedModel(List<String> names) implements Serializable {
  public ServedModel {
    names = List.copyOf(names);
  }

  /** The name that the response has. */
  String nameFor(@Nullable String asked) throws BodyException {
    if (asked == null) {
      return names.get(0);
    }
    if (!names.contains(asked)) {
      throw BodyException.unknownModel(
          "The model '%s' does not exist; this run answers as %s (--served-model-name)"
              .formatted(asked, String.join(", ", names)));
    }
    return asked;
  }
}
