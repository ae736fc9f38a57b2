package io.nightshift.runtime.model.huggingface.families;

import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.model;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.read;
import static io.nightshift.runtime.model.huggingface.families.FamilyConfigs.refuses;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What all families have in common. */
class ConfigJsonTest {

  @Test
  void joinsEndOfSequenceTokensOfBothFiles() {
    JsonFile generation =
        JsonFile.parse(
            Path.of("generation_config.json"), "{\"eos_token_id\": [907, 8]}".getBytes(UTF_8));
    ModelConfig config =
        new ConfigJson(
                FamilyConfigs.parse(model("llama", "\"eos_token_id\": 200")),
                Optional.of(generation))
            .config();
    assertThat(config.endOfSequenceTokens()).containsExactly(200, 907, 8);
  }

  @Test
  void refusesFamiliesThatItDoesNotKnow() {
    refuses(
        model("gemma", ""),
        "model_type: \"gemma\" is not supported, expected one of [gemma2, gemma3, gemma3_text,"
            + " gpt_oss, granite, granitemoehybrid, llama, mistral, mixtral, olmo2, phi3, qwen2,"
            + " qwen3, qwen3_moe, smollm3]");
  }

  @ParameterizedTest
  @CsvSource({
    "llama, MistralForCausalLM",
    "llama, LlamaForSequenceClassification",
    "qwen2, Qwen2ForRewardModel",
    "mistral, LlamaModel",
    "qwen3, Qwen3ForSequenceClassification",
    "mistral, MistralForTokenClassification",
    "gemma3_text, Gemma3ForConditionalGeneration",
    "qwen3_moe, Qwen3ForCausalLM"
  })
  void refusesArchitecturesThatOnlyLookLikeAKnownOne(String type, String architecture) {
    refuses(
        model(type, "\"architectures\": [\"%s\"]".formatted(architecture)),
        "architectures: \"%s\" is not supported for model_type \"%s\", expected \""
            .formatted(architecture, type));
  }

  /** Whoever supports such a key says so in its family's reader. */
  @ParameterizedTest
  @EnumSource
  void refusesKeysThatItDoesNotKnow(SupportedFamily family) {
    String type = family.modelTypes().get(family.modelTypes().size() - 1);
    refuses(
        model(type, "\"use_new_norm\": false"),
        "use_new_norm: is not known for %s; it may change what the model computes"
            .formatted(family.title()));
  }

  @ParameterizedTest
  @EnumSource
  void refusesWeightsThatAreQuantizedInAnotherWay(SupportedFamily family) {
    String type = family.modelTypes().get(family.modelTypes().size() - 1);
    refuses(
        model(type, "\"quantization_config\": {\"quant_method\": \"hqq\", \"bits\": 4}"),
        "quantization_config.quant_method: \"hqq\" is not supported");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"use_new_norm\": null",
        "\"torch_dtype\": \"float16\", \"use_cache\": false, \"initializer_range\": 0.1",
        "\"image_token_id\": 7, \"hidden_dropout\": 0.1, \"resid_pdrop\": 0.5",
        "\"temperature\": 0.7, \"do_sample\": true",
        "\"logits_scaling\": 1, \"num_experts\": 0, \"is_causal\": true"
      })
  void acceptsKeysThatChangeNothing(String json) {
    assertThat(read(model("llama", json))).isEqualTo(read(model("llama", "")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"logits_scaling\": 8'             | logits_scaling: 8 is not supported for Llama",
        "'\"final_logit_softcapping\": 30.0' | final_logit_softcapping: 30.0 is not supported",
        "'\"num_local_experts\": 8'          | num_local_experts: 8 is not supported",
        "'\"embedding_multiplier\": 12'      | embedding_multiplier: 12 is not supported",
        "'\"is_encoder_decoder\": true'      | is_encoder_decoder: true is not supported",
        "'\"alibi\": \"yes\"'                | alibi: \"yes\" is not supported",
        "'\"quantization_config\": {\"bits\": 4}' | quantization_config.quant_method: is missing",
        "'\"tie_word_embeddings\": \"yes\"'  | tie_word_embeddings: is \"yes\", expected true or false",
        "'\"eos_token_id\": 1000'            | eos_token_id: 1000 is not in the vocabulary of 1000",
        "'\"eos_token_id\": [1, \"x\"]'      | eos_token_id: is \"x\", expected a 32-bit integer",
        "'\"rms_norm_eps\": -1'              | rms_norm_eps: -1.0",
      })
  void refusesWhatItCannotExpress(String json, String problem) {
    refuses(model("llama", json), problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"head_dim\": 16 | \"head_dim\": 0          | head_dim: 0, expected an even number from 2 to 65536",
        "\"head_dim\": 16 | \"head_dim\": 2147483646 | head_dim: 2147483646, expected an even number from 2 to 65536",
        "\"head_dim\": 16 | \"head_dim\": 15         | 15 ",
        "\"num_attention_heads\": 4 | \"num_attention_heads\": 0 | num_attention_heads: 0, expected a positive number",
        "\"num_hidden_layers\": 4 | \"num_hidden_layers\": 1000000000 | num_hidden_layers: 1000000000, expected at most 4096",
        "hidden_size             | x_token_id | hidden_size: is missing",
        "num_hidden_layers       | x_token_id | num_hidden_layers: is missing",
        "vocab_size              | x_token_id | vocab_size: is missing",
        "max_position_embeddings | x_token_id | max_position_embeddings: is missing",
        "model_type              | x_token_id | model_type: is missing",
      })
  void refusesImpossibleSizes(String text, String replacement, String problem) {
    refuses(model("llama", "").replace(text, replacement), problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":          | line 1, column 6: is not valid JSON",
        "[1]              | expected a JSON object",
        "''               | expected a JSON object",
        "{\"a\":1,\"a\":2} | is not valid JSON: Duplicate field 'a'",
      })
  void namesThePlaceOfASyntaxError(String json, String problem) {
    refuses(json, problem);
  }
}
