package io.nightshift.runtime.cuda.gemm;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bytedeco.cuda.cublas.cublasLtMatmulAlgo_t;

/**
 * One of cuBLASLt's algorithms with its settings: eight words that are valid for one version of the
 * library on one kind of device.
 */
record Algorithm(List<Long> words) {
  private static final int WORDS = 8;

  Algorithm {
    words = List.copyOf(words);
    if (words.size() != WORDS) {
      throw new IllegalArgumentException(words.size() + " words, expected " + WORDS);
    }
  }

  static Algorithm of(cublasLtMatmulAlgo_t opaque) {
    Long[] words = new Long[WORDS];
    Arrays.setAll(words, opaque::data);
    return new Algorithm(List.of(words));
  }

  cublasLtMatmulAlgo_t toOpaque() {
    cublasLtMatmulAlgo_t opaque = new cublasLtMatmulAlgo_t();
    for (int i = 0; i < WORDS; i++) {
      opaque.data(i, words.get(i));
    }
    return opaque;
  }

  /**
   * @throws IllegalArgumentException if {@code hex} is not what {@link #toString} gives
   */
  static Algorithm parse(String hex) {
    ByteBuffer bytes = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    Long[] words = new Long[bytes.capacity() / Long.BYTES];
    Arrays.setAll(words, i -> bytes.getLong());
    return new Algorithm(List.of(words));
  }

  @Override
  public String toString() {
    ByteBuffer bytes = ByteBuffer.allocate(WORDS * Long.BYTES);
    words.forEach(bytes::putLong);
    return HexFormat.of().formatHex(bytes.array());
  }
}
