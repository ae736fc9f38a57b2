package io.nightshift.runtime.model.weights;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.nightshift.runtime.model.TensorType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The goldens come from ggml's Python package; see {@code decoder_goldens.py}. */
class BlockDecoderTest {

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "U8")
  void decodesRandomBlocksBitByBitAsGgml(TensorType type) throws IOException {
    JsonNode golden = goldens().path(type.name());
    byte[] blocks = golden.path("blocks").binaryValue();
    float[] expected = floats(golden.path("floats").binaryValue());
    int count = blocks.length / type.blockBytes();
    assertThat(expected).hasSize(count * type.blockElements()).isNotEmpty();

    float[] decoded = new float[expected.length + 2];
    BlockDecoder.of(type).decode(blocks, count, decoded, 1);

    for (int i = 0; i < expected.length; i++) {
      assertThat(Float.floatToRawIntBits(decoded[1 + i]))
          .as("element %d: %s, expected %s", i, decoded[1 + i], expected[i])
          .isEqualTo(Float.floatToRawIntBits(expected[i]));
    }
    assertThat(decoded[0]).isZero();
    assertThat(decoded[decoded.length - 1]).isZero();
  }

  private static JsonNode goldens() throws IOException {
    try (InputStream stream =
        requireNonNull(BlockDecoderTest.class.getResourceAsStream("/goldens/decoders.json"))) {
      return new JsonMapper().readTree(stream);
    }
  }

  private static float[] floats(byte[] bytes) {
    float[] floats = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }
}
