package io.nightshift.runtime.model.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.CodeType;
import io.nightshift.runtime.model.LayerEncodings;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.Quantization.ColumnGroups;
import io.nightshift.runtime.model.TensorEncodings;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.random.ModelShape;
import io.nightshift.runtime.model.random.RandomModelFiles;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The description of a shard's encodings says what its files have. */
class ShardedEncodingsTest {

  @ParameterizedTest
  @EnumSource(names = {"LLAMA_8B", "QWEN3_30B_A3B", "PHI4"})
  void areThoseOfTheShardsFiles(ModelShape shape) {
    ModelConfig model = shape.config();
    for (Quantization encoding :
        new Quantization[] {
          new Quantization(CodeType.UINT4, 128, true),
          new Quantization(CodeType.UINT4, 112, true),
          new Quantization(CodeType.INT8, 1 << 16, false),
          new Quantization(CodeType.UINT4, 128, true, new ColumnGroups.Listed(new int[1 << 16]))
        }) {
      TensorEncodings whole = new LayerEncodings(encoding);
      RandomModelFiles files = new RandomModelFiles("random", model, whole);
      for (int rank = 0; rank < 2; rank++) {
        ModelShard shard = new ModelShard(model, rank, 2);
        TensorEncodings ofFiles = TensorEncodings.of(new ShardedModelFiles(files, shard));
        TensorEncodings described = new ShardedEncodings(shard, whole);
        firstLayer(model)
            .forEach(name -> assertThat(described.of(name)).isEqualTo(ofFiles.of(name)));
      }
    }
  }

  private static Stream<String> firstLayer(ModelConfig model) {
    return TensorShape.impliedBy(model)
        .map(TensorShape::name)
        .filter(name -> !name.startsWith("model.layers.") || name.contains("layers.0."));
  }
}
