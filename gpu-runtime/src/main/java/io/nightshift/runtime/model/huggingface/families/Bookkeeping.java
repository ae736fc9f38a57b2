package io.nightshift.runtime.model.huggingface.families;

import java.util.List;
import java.util.Set;

/**
 * Keys of {@code config.json} that have no effect on what a model computes for given tokens: where
 * it came from, how it was trained, how transformers runs it and how it samples by default. Ids of
 * special tokens belong to the tokenizer, and dropout is for training, whatever the key's
 * beginning.
 */
final class Bookkeeping {
  private static final List<String> SUFFIXES =
      List.of("_token_id", "_token_ids", "_token_index", "dropout", "_pdrop");

  private static final Set<String> ORIGIN =
      Set.of(
          "_commit_hash",
          "_name_or_path",
          "auto_map",
          "finetuning_task",
          "name_or_path",
          "prefix",
          "tokenizer_class",
          "transformers_version",
          "unsloth_fixed",
          "unsloth_version");

  private static final Set<String> TRAINING =
      Set.of(
          "gradient_checkpointing",
          "id2label",
          "init_method",
          "initializer_range",
          "label2id",
          "output_router_logits",
          "pretraining_tp",
          "problem_type",
          "router_aux_loss_coef",
          "router_jitter_noise",
          "task_specific_params");

  private static final Set<String> RUNNING =
      Set.of(
          "_attn_implementation",
          "_attn_implementation_autoset",
          "_experts_implementation",
          "attn_implementation",
          "cache_implementation",
          "chunk_size_feed_forward",
          "dtype",
          "is_decoder",
          "output_attentions",
          "output_hidden_states",
          "return_dict",
          "tf_legacy_loss",
          "tie_encoder_decoder",
          "torch_dtype",
          "torchscript",
          "use_bfloat16",
          "use_cache");

  /** Generation settings that transformers before version 5 wrote to {@code config.json}. */
  private static final Set<String> GENERATION =
      Set.of(
          "bad_words_ids",
          "begin_suppress_tokens",
          "diversity_penalty",
          "do_sample",
          "early_stopping",
          "encoder_no_repeat_ngram_size",
          "exponential_decay_length_penalty",
          "length_penalty",
          "max_length",
          "max_new_tokens",
          "min_length",
          "no_repeat_ngram_size",
          "num_beam_groups",
          "num_beams",
          "num_return_sequences",
          "output_scores",
          "remove_invalid_values",
          "repetition_penalty",
          "return_dict_in_generate",
          "suppress_tokens",
          "temperature",
          "top_k",
          "top_p",
          "typical_p");

  private Bookkeeping() {}

  static boolean contains(String key) {
    return ORIGIN.contains(key)
        || TRAINING.contains(key)
        || RUNNING.contains(key)
        || GENERATION.contains(key)
        || SUFFIXES.stream().anyMatch(key::endsWith);
  }
}
