package io.nightshift.runtime.model.huggingface.families;

import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.model;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.read;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.refuses;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.rope;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.nightshift.runtime.model.RopeConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RopeParametersTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"rope_theta\": 5000'                                                  | 5000  | 1",
        "'\"rope_parameters\": {\"rope_theta\": 5000}'                           | 5000  | 1",
        "'\"rope_scaling\": null'                                                | 10000 | 1",
        "'\"rope_theta\": 5000, \"rope_scaling\": {\"type\": \"linear\", \"factor\": 2}' | 5000 | 2",
        "'\"rope_parameters\": {\"rope_type\": \"linear\", \"factor\": 2.0, \"rope_theta\": 5000}' | 5000 | 2",
        "'\"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 4}'            | 10000 | 1",
        "'\"rope_theta\": 5000, \"rope_parameters\": {\"rope_theta\": 5000.0}'     | 5000  | 1",
        "'\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2}, \"rope_parameters\": {\"rope_type\": \"linear\", \"factor\": 2.0, \"rope_theta\": 5000}' | 5000 | 2",
      })
  void readsBothLayouts(String json, float theta, float factor) {
    RopeConfig rope = rope(read(model("llama", json)));
    assertThat(rope.theta()).isEqualTo(theta);
    assertThat(rope.frequencyFactors()).hasSize(8).allMatch(value -> value == factor);
  }

  /** Frequencies and factor as transformers 5.24 computes them from the same parameters. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"truncate\": false' | 1 0.301406473 0.0703986362 0.0143833589 0.00249999994 0.000790569466 0.000250000012 7.90569466e-05 | 1.13862944",
        "'\"beta_fast\": 8, \"beta_slow\": 0.5' | 1 0.316227764 0.100000001 0.023717083 0.00499999989 0.000790569466 0.000250000012 7.90569466e-05 | 1.13862944",
        "'\"mscale\": 1.0, \"mscale_all_dim\": 0.5' | 1 0.25693506 0.0625 0.0138349654 0.00249999994 0.000790569466 0.000250000012 7.90569466e-05 | 1.06482163",
        "'\"attention_factor\": 1.25' | 1 0.25693506 0.0625 0.0138349654 0.00249999994 0.000790569466 0.000250000012 7.90569466e-05 | 1.25",
      })
  void scalesWithYarnAsTheReference(String json, String frequencies, float attentionFactor) {
    RopeConfig rope =
        rope(
            read(
                model(
                    "llama",
                    """
                    "rope_theta": 10000.0, "rope_scaling": {"rope_type": "yarn", "factor": 4.0,
                      "original_max_position_embeddings": 512, %s}
                    """
                        .formatted(json))));
    String[] expected = frequencies.split(" ");
    float[] actual = rope.inverseFrequencies();
    assertThat(actual).hasSameSizeAs(expected);
    for (int pair = 0; pair < expected.length; pair++) {
      assertThat(actual[pair]).isCloseTo(Float.parseFloat(expected[pair]), withinPercentage(1e-4));
    }
    assertThat(rope.attentionFactor()).isCloseTo(attentionFactor, withinPercentage(1e-4));
  }

  @Test
  void yarnExtendsTheContextThatTheFileSays() {
    String json =
        """
        "rope_scaling": {"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 2048}
        """;
    assertThat(read(model("qwen2", json)).maxPositions()).isEqualTo(8192);
  }

  /** Transformers lets one of them win, which one depends on its version. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"rope_theta\": 10000, \"rope_parameters\": {\"rope_theta\": 5000}' | rope_parameters.rope_theta: is 5000, but rope_theta is 10000; remove the key that is wrong",
        "'\"rope_theta\": 10000, \"rope_scaling\": {\"rope_theta\": 5000}' | rope_scaling.rope_theta: is 5000, but rope_theta is 10000",
        "'\"rope_scaling\": {\"rope_theta\": 10000}, \"rope_parameters\": {\"rope_theta\": 5000}' | rope_parameters.rope_theta: is 5000, but rope_scaling.rope_theta is 10000",
        "'\"rope_scaling\": {\"rope_theta\": 10000}, \"rope_parameters\": {}' | rope_parameters.rope_theta: is missing, but rope_scaling.rope_theta is 10000",
        "'\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2}, \"rope_parameters\": {\"rope_theta\": 5000}' | rope_parameters.rope_type: is missing, but rope_scaling.type is \"linear\"",
        "'\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2}, \"rope_parameters\": {\"rope_type\": \"linear\", \"factor\": 4}' | rope_parameters.factor: is 4, but rope_scaling.factor is 2",
        "'\"rope_scaling\": {\"type\": \"linear\", \"rope_type\": \"dynamic\", \"factor\": 2}' | rope_scaling.rope_type: is \"dynamic\", but rope_scaling.type is \"linear\"",
      })
  void refusesContradictions(String json, String problem) {
    refuses(model("llama", json), problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"rope_scaling\": {\"type\": \"linear\"}' | rope_scaling.factor: is missing",
        "'\"rope_scaling\": {\"type\": \"dynamic\"}' | rope_scaling.factor: is missing",
        "'\"rope_scaling\": {\"type\": \"linear\", \"factor\": -1}' | rope_scaling.factor: -1.0, expected a positive number",
        "'\"rope_scaling\": {\"factor\": 2}' | rope_scaling.factor: is not known for rope_type \"default\"",
        "'\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2, \"attention_factor\": 1.5}' | rope_scaling.attention_factor: is not known for rope_type \"linear\"",
        "'\"rope_scaling\": {\"rope_type\": \"mrope\"}' | rope_scaling.rope_type: \"mrope\" is not supported, expected default, linear, dynamic, llama3, yarn or longrope",
        "'\"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\": 2, \"low_freq_factor\": 4, \"high_freq_factor\": 1}' | rope_scaling.high_freq_factor: 1.0, expected more than low_freq_factor, 4.0",
        "'\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 2, \"original_max_position_embeddings\": 0}' | rope_scaling.original_max_position_embeddings: 0, expected a positive number",
        "'\"rope_parameters\": {\"full_attention\": {\"rope_theta\": 5000}}' | rope_parameters.full_attention: is not known",
        "'\"rope_scaling\": {\"partial_rotary_factor\": 0.5}' | rope_scaling.partial_rotary_factor: 0.5 is not supported",
        "'\"partial_rotary_factor\": 0.5' | partial_rotary_factor: 0.5 is not supported",
        "'\"rope_theta\": 1e300' | rope theta is Infinity",
      })
  void refusesWhatItCannotExpress(String json, String problem) {
    refuses(model("llama", json), problem);
  }
}
