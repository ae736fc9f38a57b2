package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads rotary embedding parameters from {@code config.json}: {@code rope_theta} and {@code
 * rope_scaling} of Hugging Face transformers before version 5, or {@code rope_parameters} of
 * version 5, which contains both.
 *
 * <p>{@code dynamic} scaling changes nothing up to {@code max_position_embeddings}, which is all
 * that is accepted.
 */
final class RopeParameters {
  static final String TYPE = "rope_type";

  /** The name of the type of scaling in older files. */
  static final String OLDER_TYPE = "type";

  static final String PARTIAL = "partial_rotary_factor";
  private static final double DEFAULT_THETA = 10_000;
  static final String ORIGINAL = "original_max_position_embeddings";

  /** Keys of all types of scaling. The last two have no effect on some of them. */
  private static final Set<String> COMMON_KEYS =
      Set.of(OLDER_TYPE, TYPE, "rope_theta", PARTIAL, ORIGINAL, "finetuned");

  /** Further keys by type of scaling. */
  private static final Map<String, Set<String>> KEYS =
      Map.of(
          "default", Set.of(),
          "linear", Set.of("factor"),
          "dynamic", Set.of("factor"),
          "llama3", Set.of("factor", "low_freq_factor", "high_freq_factor"),
          "yarn",
              Set.of(
                  "factor",
                  "attention_factor",
                  "beta_fast",
                  "beta_slow",
                  "mscale",
                  "mscale_all_dim",
                  "truncate"),
          "longrope", Set.of("factor", "attention_factor", "short_factor", "long_factor"));

  private final JsonFile config;
  private final Optional<JsonFile> parameters;
  private final float theta;

  /**
   * @param config where {@code max_position_embeddings} is
   * @param parameters the parameters; if there are none, the embedding is not scaled
   * @param theta base of the wavelengths if the parameters do not say one
   */
  RopeParameters(JsonFile config, Optional<JsonFile> parameters, double theta) {
    this.config = config;
    this.parameters = parameters;
    this.theta =
        parameters.flatMap(object -> object.number("rope_theta")).orElse(theta).floatValue();
    if (!(this.theta > 0)) {
      throw config.problem("rope_theta", this.theta + ", expected a positive number");
    }
  }

  /** The parameters that a file has for all layers. */
  static RopeParameters of(JsonFile config) {
    return new RopeParameters(
        config,
        config.child("rope_parameters").or(() -> config.child("rope_scaling")),
        config.number("rope_theta").orElse(DEFAULT_THETA));
  }

  /**
   * The embedding of heads all of whose elements rotate.
   *
   * @throws ModelFormatException if parameters are invalid, not supported, or say something else
   */
  RopeConfig read(int headSize) {
    double factor = partialFactor();
    if (factor != 1) {
      throw (parameters.isPresent() ? parameters.get() : config)
          .problem(PARTIAL, factor + " is not supported, expected 1: whole heads rotate");
    }
    return scaled(headSize);
  }

  /** The embedding of heads of which the share {@code partial_rotary_factor} rotates. */
  RopeConfig readPartial(int headSize) {
    double factor = partialFactor();
    if (!(factor > 0 && factor <= 1)) {
      throw (parameters.isPresent() ? parameters.get() : config)
          .problem(PARTIAL, factor + ", expected more than 0, at most 1");
    }
    return scaled((int) (headSize * factor));
  }

  /**
   * The longest context: that of the file, or with YaRN the one that it is scaled to if that is
   * more, since such files are told to keep {@code max_position_embeddings}.
   */
  int maxPositions(int ofFile) {
    if (parameters.isEmpty() || !type(parameters.get()).equals("yarn")) {
      return ofFile;
    }
    return YarnParameters.of(parameters.get(), originalContext(parameters.get()))
        .maxPositions(ofFile);
  }

  private double partialFactor() {
    return parameters
        .flatMap(object -> object.number(PARTIAL))
        .or(() -> config.number(PARTIAL))
        .orElse(1.);
  }

  private RopeConfig scaled(int dimensions) {
    RopeConfig unscaled = RopeConfig.unscaled(theta, dimensions);
    if (parameters.isEmpty()) {
      return unscaled;
    }
    JsonFile object = parameters.get();
    String type = type(object);
    requireOnly(object, type, KEYS.getOrDefault(type, Set.of()));
    return switch (type) {
      case "linear" ->
          RopeConfig.scaled(
              theta,
              dimensions,
              Collections.nCopies(dimensions / 2, (float) positive(object, "factor")));
      case "dynamic" -> {
        positive(object, "factor");
        yield unscaled;
      }
      case "llama3" -> new Llama3Scaling(object, originalContext(object)).apply(unscaled);
      case "yarn" -> YarnParameters.of(object, originalContext(object)).apply(unscaled);
      case "longrope" ->
          new LongRopeScaling(object, originalContext(object))
              .apply(unscaled, config.requiredInteger("max_position_embeddings"));
      default -> unscaled;
    };
  }

  /** The key that says the type of scaling. */
  static String typeKey(JsonFile object) {
    return object.value(TYPE).isEmpty() && object.value(OLDER_TYPE).isPresent() ? OLDER_TYPE : TYPE;
  }

  /** The name of a type of scaling today: {@code su} has become {@code longrope}. */
  static String current(String type) {
    return type.equals("su") ? "longrope" : type;
  }

  /** The type of scaling. */
  static String type(JsonFile object) {
    String key = typeKey(object);
    String type = current(object.string(key).orElse("default"));
    if (!KEYS.containsKey(type)) {
      throw object.problem(
          key,
          "\"%s\" is not supported, expected default, linear, dynamic, llama3, yarn or longrope"
              .formatted(type));
    }
    return type;
  }

  /** Rejects other keys: they belong to another type of scaling or apply to some layers only. */
  private static void requireOnly(JsonFile object, String type, Set<String> read) {
    for (String key : object.keys()) {
      if (object.value(key).isPresent() && !COMMON_KEYS.contains(key) && !read.contains(key)) {
        throw object.problem(
            key, "is not known for rope_type \"%s\"; it may change the model".formatted(type));
      }
    }
  }

  /**
   * The context before it was extended. Phi says it outside of the parameters, which has priority
   * in transformers.
   */
  private int originalContext(JsonFile object) {
    JsonFile place = config.value(ORIGINAL).isPresent() ? config : object;
    int positions =
        place.integer(ORIGINAL).orElseGet(() -> config.requiredInteger("max_position_embeddings"));
    if (positions <= 0) {
      throw place.problem(ORIGINAL, positions + ", expected a positive number");
    }
    return positions;
  }

  static double positive(JsonFile parameters, String key) {
    double value = parameters.requiredNumber(key);
    if (!(value > 0)) {
      throw parameters.problem(key, value + ", expected a positive number");
    }
    return value;
  }
}
