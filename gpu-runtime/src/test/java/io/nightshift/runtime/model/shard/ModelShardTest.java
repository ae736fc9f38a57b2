package io.nightshift.runtime.model.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.model.FeedForwardConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.PlainLlama;
import io.nightshift.runtime.runner.TinyModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelShardTest {
  private static final ModelConfig LLAMA = PlainLlama.config(2, 64, 8, 2, 16, 96, 333, 128, 7);

  @Test
  void aRankHasItsPartOfHeadsIntermediateSizeAndLogits() {
    ModelConfig shard = new ModelShard(LLAMA, 1, 2).config();

    assertThat(shard.attention().heads()).isEqualTo(4);
    assertThat(shard.attention().keyValueHeads()).isEqualTo(1);
    assertThat(shard.attention().headSize()).isEqualTo(16);
    assertThat(shard.layers())
        .hasSize(2)
        .allSatisfy(layer -> assertThat(layer.feedForward().intermediateSize()).isEqualTo(48));
    assertThat(shard.logitsColumns()).isEqualTo(167);
    assertThat(shard.vocabularySize()).isEqualTo(333);
    assertThat(shard.hiddenSize()).isEqualTo(64);
    assertThat(shard.endOfSequenceTokens()).containsExactly(7);
  }

  @Test
  void ranksShareAKeyAndValueHeadIfThereAreMoreRanks() {
    for (int rank = 0; rank < 8; rank++) {
      ModelShard shard = new ModelShard(LLAMA, rank, 8);
      assertThat(shard.config().attention().heads()).isEqualTo(1);
      assertThat(shard.config().attention().keyValueHeads()).isEqualTo(1);
      assertThat(shard.keyValueHeads()).isEqualTo(new Slice(rank < 4 ? 0 : 1, 1));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "LLAMA, 3, 'key and value heads', '1 or 2'",
    "LLAMA, 4, '6 attention heads', '1 or 2'",
    "QWEN2, 2, '7 attention heads', '1'",
    "GEMMA3, 3, 'intermediate size of 40', '1'",
    "QWEN3_MOE, 5, 'intermediate size of 16', '1'",
    "OLMO2, 2, 'norms the queries of all attention heads together', '1'",
    "SMOLLM3, 3, '4 attention heads', '1, 2 or 4'",
  })
  void refusesWhatCannotBeDividedAndNamesTheRemedy(
      TinyModel model, int degree, String what, String possible) {
    try (ModelFiles files = model.open()) {
      assertThat(ModelShard.refusal(files.config(), degree))
          .hasValueSatisfying(
              message ->
                  assertThat(message)
                      .contains(what)
                      .endsWith("use a tensor-parallel degree of " + possible));
      assertThatThrownBy(() -> new ModelShard(files.config(), 0, degree))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(what);
    }
  }

  @Test
  void everyModelIsItsOnlyRank() {
    for (TinyModel model : TinyModel.values()) {
      try (ModelFiles files = model.open()) {
        ModelConfig config = files.config();
        assertThat(ModelShard.refusal(config, 1)).isEmpty();
        ModelConfig shard = new ModelShard(config, 0, 1).config();
        assertThat(shard.attention()).isEqualTo(config.attention());
        assertThat(shard.layers()).isEqualTo(config.layers());
        assertThat(shard.logitsColumns()).isEqualTo(config.vocabularySize());
      }
    }
  }

  @Test
  void eachExpertIsDivided() {
    try (ModelFiles files = TinyModel.GPT_OSS.open()) {
      FeedForwardConfig whole = files.config().layers().get(0).feedForward();
      FeedForwardConfig shard =
          new ModelShard(files.config(), 1, 2).config().layers().get(0).feedForward();
      assertThat(shard)
          .usingRecursiveComparison()
          .ignoringFields("intermediateSize")
          .isEqualTo(whole);
      assertThat(shard.intermediateSize()).isEqualTo(whole.intermediateSize() / 2);
    }
  }

  @Test
  void refusesARankThatDoesNotExist() {
    assertThatThrownBy(() -> new ModelShard(LLAMA, 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rank 2 of 2");
  }
}
