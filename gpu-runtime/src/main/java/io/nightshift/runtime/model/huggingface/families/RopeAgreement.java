package io.nightshift.runtime.model.huggingface.families;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a {@code config.json} that says the same about rotary embeddings twice, but differently.
 * Files have keys of transformers before version 5 ({@code rope_theta}, {@code rope_scaling}),
 * those of version 5 ({@code rope_parameters}), or both.
 */
final class RopeAgreement {
  private static final String SCALING = "rope_scaling";
  private static final String PARAMETERS = "rope_parameters";
  private static final String THETA = "rope_theta";

  /** Keys that may be beside the parameters or among them. */
  private static final Set<String> BESIDE =
      Set.of(THETA, RopeParameters.PARTIAL, RopeParameters.ORIGINAL);

  private final JsonFile config;
  private final Optional<JsonFile> scaling;
  private final Optional<JsonFile> parameters;

  /** Those of layers with a sliding window, where these have their own. */
  private final Optional<JsonFile> local;

  private RopeAgreement(JsonFile config) {
    this.config = config;
    scaling = config.child(SCALING);
    Optional<JsonFile> all = config.child(PARAMETERS);
    local = all.flatMap(object -> object.child(LayerTypes.SLIDING));
    parameters = all.flatMap(object -> object.child(LayerTypes.FULL)).or(() -> all);
  }

  /**
   * @param config the description of the model as the file has it, without defaults
   * @throws ModelFormatException if two keys contradict each other
   */
  static void require(JsonFile config) {
    new RopeAgreement(config).require();
  }

  private void require() {
    for (Optional<JsonFile> object : List.of(scaling, parameters, local)) {
      object.ifPresent(RopeAgreement::requireOneType);
    }
    for (String key : BESIDE) {
      parameters.ifPresent(object -> requireEqual(object, key, config, key));
      scaling.ifPresent(object -> requireEqual(object, key, config, key));
    }
    local.ifPresent(object -> requireEqual(object, THETA, config, Gemma3Reader.LOCAL_THETA));
    if (parameters.isPresent() && scaling.isPresent()) {
      requireSame(parameters.get(), scaling.get());
    }
  }

  /** {@code type} is the older name of {@code rope_type}. */
  private static void requireOneType(JsonFile object) {
    Optional<String> type = object.string(RopeParameters.TYPE);
    Optional<String> older = object.string(RopeParameters.OLDER_TYPE);
    if (type.isPresent()
        && older.isPresent()
        && !RopeParameters.type(object).equals(RopeParameters.current(older.get()))) {
      throw contradiction(object, RopeParameters.TYPE, object, RopeParameters.OLDER_TYPE);
    }
  }

  /** If both objects have their key, with one value. */
  private static void requireEqual(JsonFile object, String key, JsonFile other, String keyOfOther) {
    if (object.value(key).isPresent()
        && other.value(keyOfOther).isPresent()
        && !same(value(object, key), value(other, keyOfOther))) {
      throw contradiction(object, key, other, keyOfOther);
    }
  }

  /** Both objects, each of which may be all that a reader looks at. */
  private static void requireSame(JsonFile newer, JsonFile older) {
    if (!RopeParameters.type(newer).equals(RopeParameters.type(older))) {
      throw contradiction(newer, RopeParameters.TYPE, older, RopeParameters.typeKey(older));
    }
    Set<String> keys = new TreeSet<>();
    newer.keys().forEach(keys::add);
    older.keys().forEach(keys::add);
    keys.removeAll(Set.of(RopeParameters.TYPE, RopeParameters.OLDER_TYPE));
    for (String key : keys) {
      boolean mayBeBeside = BESIDE.contains(key) && older.value(key).isEmpty();
      if (!mayBeBeside && !same(value(newer, key), value(older, key))) {
        throw contradiction(newer, key, older, key);
      }
    }
  }

  private static @Nullable JsonNode value(JsonFile object, String key) {
    return object.value(key).orElse(null);
  }

  /** 10000 and 10000.0 are the same. */
  private static boolean same(@Nullable JsonNode value, @Nullable JsonNode other) {
    if (value == null || other == null) {
      return value == other;
    }
    return value.equals(RopeAgreement::compare, other);
  }

  private static int compare(JsonNode value, JsonNode other) {
    return value.isNumber() && other.isNumber()
        ? Double.compare(value.doubleValue(), other.doubleValue())
        : Objects.equals(value, other) ? 0 : 1;
  }

  private static ModelFormatException contradiction(
      JsonFile object, String key, JsonFile other, String keyOfOther) {
    return object.problem(
        key,
        "is %s, but %s is %s; remove the key that is wrong"
            .formatted(text(object, key), other.place(keyOfOther), text(other, keyOfOther)));
  }

  private static String text(JsonFile object, String key) {
    return object.value(key).map(JsonFile::abbreviated).orElse("missing");
  }
}
