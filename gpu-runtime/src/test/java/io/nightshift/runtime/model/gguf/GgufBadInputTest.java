package io.nightshift.runtime.model.gguf;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.nightshift.runtime.model.DamagedFile;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.ModelResources;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of damage to a real file is an error that names the file, the place and the cause. */
class GgufBadInputTest {
  private static final int VERSION = 4;
  private static final int TENSOR_COUNT = 8;
  private static final int METADATA_COUNT = 16;
  private static final long HUGE = Long.MAX_VALUE / 2;

  @TempDir private Path folder;

  static Stream<Arguments> damages() {
    return Stream.of(
        damage("no GGUF at all", f -> f.putInt(0, 0x04034B50), "header", "is no GGUF file"),
        damage("version 1", f -> f.putInt(VERSION, 1), "header", "version 1, expected"),
        damage("big-endian", f -> f.putInt(VERSION, 3 << 24), "header", "big-endian"),
        damage("empty file", f -> f.resize(0), "header", "4 bytes needed at byte 0, but 0"),
        damage("ends in the counts", f -> f.resize(10), "header", "truncated?"),
        damage(
            "ends in the metadata",
            f -> f.resize(f.after("llama.block_count") + 6),
            "\"llama.block_count\"",
            "truncated?"),
        damage(
            "ends in the tensor infos",
            f -> f.resize(f.after("blk.1.attn_k.weight") + 9),
            "\"blk.1.attn_k.weight\"",
            "truncated?"),
        damage("ends in the data", f -> f.resize(190_000), "tensor \"", "truncated?"),
        damage("negative tensor count", f -> f.putLong(TENSOR_COUNT, -1), "header", "claims"),
        damage("lying tensor count", f -> f.putLong(TENSOR_COUNT, HUGE), "tensor", ""),
        damage("lying metadata count", f -> f.putLong(METADATA_COUNT, HUGE), "metadata", ""),
        damage(
            "lying key length",
            f -> f.putLong(f.find("llama.block_count") - 8, HUGE),
            "metadata pair",
            "bytes needed"),
        damage(
            "lying string length",
            f -> f.putLong(f.after("general.architecture") + 4, HUGE),
            "\"general.architecture\"",
            "bytes needed"),
        damage(
            "lying array length",
            f -> f.putLong(f.after("tokenizer.ggml.token_type") + 8, HUGE),
            "\"tokenizer.ggml.token_type\"",
            ""),
        damage(
            "lying array of strings",
            f -> f.putLong(f.after("tokenizer.ggml.tokens") + 8, HUGE / 8),
            "\"tokenizer.ggml.tokens\"",
            ""),
        damage(
            "unknown value type",
            f -> f.putInt(f.after("llama.block_count"), 99),
            "\"llama.block_count\"",
            "value type 99 at byte"),
        damage(
            "array of arrays",
            f -> f.putInt(f.after("tokenizer.ggml.merges") + 4, 9),
            "\"tokenizer.ggml.merges\"",
            "array of arrays"),
        damage(
            "text that is not UTF-8",
            f -> f.putInt(f.after("general.architecture") + 12, 0xFFFFFFFF),
            "\"general.architecture\"",
            "not UTF-8"),
        damage(
            "key that occurs twice",
            f -> f.replace("tokenizer.ggml.bos_token_id", "tokenizer.ggml.eos_token_id"),
            "\"tokenizer.ggml.eos_token_id\"",
            "twice"),
        damage(
            "unknown architecture",
            f -> f.putInt(f.after("general.architecture") + 12, 0x616D6167),
            "\"general.architecture\"",
            "\"gamaa\" is not supported, expected one of [gemma2, gemma3, gpt-oss, granite, llama, olmo2,"),
        damage(
            "no vocabulary",
            f -> f.replace("tokenizer.ggml.tokens", "tokenizer.ggml.tokenz"),
            "\"tokenizer.ggml.tokens\"",
            "missing"),
        damage(
            "missing key",
            f -> f.replace("llama.block_count", "other.block_count"),
            "\"llama.block_count\"",
            "is missing"),
        damage(
            "value of another type",
            f -> f.putInt(f.after("llama.block_count"), 6),
            "\"llama.block_count\"",
            "is FLOAT32, expected an integer"),
        damage(
            "no layers",
            f -> f.putInt(f.after("llama.block_count") + 4, 0),
            "\"llama.*\"",
            "layers is 0"),
        damage(
            "more layers than tensors",
            f -> f.putInt(f.after("llama.block_count") + 4, 4000),
            "tensor \"blk.3.attn_norm.weight\"",
            "is missing"),
        damage(
            "fewer layers than tensors",
            f -> f.putInt(f.after("llama.block_count") + 4, 2),
            "tensor \"blk.2.attn_k.weight\"",
            "has no place in the model that the metadata (general.architecture \"llama\") describes"),
        damage(
            "other head size",
            f -> f.putInt(f.after("llama.attention.key_length") + 4, 1 << 30),
            "\"llama.attention.key_length\"",
            "expected 1 to"),
        damage(
            "no heads",
            f -> f.putInt(f.find("llama.attention.head_count") + 30, 0),
            "\"llama.attention.head_count\"",
            "expected a positive number"),
        damage(
            "end of sequence out of the vocabulary",
            f -> f.putInt(f.after("tokenizer.ggml.eos_token_id") + 4, 331),
            "\"tokenizer.ggml.eos_token_id\"",
            "331, but the vocabulary has 331 tokens"),
        damage(
            "missing tensor",
            f -> f.replace("output_norm.weight", "output_morn.weight"),
            "tensor \"output_norm.weight\"",
            "is missing"),
        damage(
            "tensor that occurs twice",
            f -> f.replace("blk.1.attn_k.weight", "blk.1.attn_q.weight"),
            "tensor \"blk.1.attn_q.weight\"",
            "occurs twice"),
        damage(
            "too many dimensions",
            f -> f.putInt(f.after("blk.0.attn_q.weight"), 5),
            "tensor \"blk.0.attn_q.weight\"",
            "5 dimensions, expected 1 to 4"),
        damage(
            "empty dimension",
            f -> f.putLong(f.after("blk.0.attn_q.weight") + 4, 0),
            "tensor \"blk.0.attn_q.weight\"",
            "a dimension of 0"),
        damage(
            "dimensions that overflow",
            f -> f.putLong(f.after("blk.0.attn_q.weight") + 12, HUGE),
            "tensor \"blk.0.attn_q.weight\"",
            "impossible shape"),
        damage(
            "other shape",
            f -> f.putLong(f.after("blk.0.attn_q.weight") + 12, 47),
            "tensor \"blk.0.attn_q.weight\"",
            "has shape [47, 48], the model's configuration implies [48, 48]"),
        damage(
            "unsupported type",
            f -> f.putInt(f.after("blk.0.attn_q.weight") + 20, 19),
            "tensor \"blk.0.attn_q.weight\"",
            "ggml type number 19; supported are F32, F16, BF16, Q4_0"),
        damage(
            "rows that are no whole blocks",
            f -> f.putInt(f.after("blk.0.attn_q.weight") + 20, 14),
            "tensor \"blk.0.attn_q.weight\"",
            "no multiple of the 256 elements in a block of Q6_K"),
        damage(
            "crooked offset",
            f -> f.putLong(f.after("blk.0.attn_q.weight") + 24, 33),
            "tensor \"blk.0.attn_q.weight\"",
            "expected a multiple of 32"),
        damage(
            "offset behind the file",
            f -> f.putLong(f.after("blk.0.attn_q.weight") + 24, HUGE / 32 * 32),
            "tensor \"blk.0.attn_q.weight\"",
            "truncated?"),
        damage(
            "overlapping data",
            f -> f.putLong(f.after("blk.0.attn_q.weight") + 24, 64),
            "tensor \"",
            "inside another's"));
  }

  private static Arguments damage(
      String name, Consumer<DamagedFile> damage, String place, String problem) {
    return arguments(name, damage, place, problem);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void namesFilePlaceAndProblem(
      String name, Consumer<DamagedFile> damage, String place, String problem) {
    DamagedFile file = DamagedFile.copyOf(ModelResources.tiny("tiny-llama.gguf"));
    damage.accept(file);
    Path path = file.write(folder.resolve("damaged.gguf"));
    assertThatExceptionOfType(ModelFormatException.class)
        .as(name)
        .isThrownBy(() -> GgufModelFiles.open(path))
        .withMessageStartingWith(path.toString())
        .withMessageContaining(place)
        .withMessageContaining(problem);
  }

  @ParameterizedTest
  @MethodSource
  void refusesWhatItCannotCompute(String model, Consumer<DamagedFile> change, String problem) {
    DamagedFile file = DamagedFile.copyOf(ModelResources.tiny(model));
    change.accept(file);
    Path path = file.write(folder.resolve(model));
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> GgufModelFiles.open(path))
        .withMessageContaining(problem);
  }

  static Stream<Arguments> refusesWhatItCannotCompute() {
    Consumer<DamagedFile> yarn = file -> file.replace("linear", "yarnly");
    Consumer<DamagedFile> factorsOfAnotherType =
        file -> file.putInt(file.after("rope_freqs.weight") + 12, 1);
    Consumer<DamagedFile> negativeFactor =
        file -> file.putInt(file.after("llama.rope.freq_base") + 4, 0xC0000000);
    Consumer<DamagedFile> split = file -> file.addGgufPair("split.count", 3);
    return Stream.of(
        arguments("tiny-llama.gguf", split, "\"split.count\": this file is one of 3 parts; join"),
        arguments("tiny-llama-bias.gguf", yarn, "\"yarnly\" is not supported, expected none"),
        arguments("tiny-llama-rope-scaling.gguf", factorsOfAnotherType, "expected F32 and [8]"),
        arguments("tiny-llama.gguf", negativeFactor, "rope theta is -2.0"));
  }
}
