package io.nightshift.runtime.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The tokenizer of a GGUF file: the values of its {@code tokenizer.ggml.*} metadata, unchanged. Ids
 * are indices of {@code tokens}; opening the file has checked that they exist.
 *
 * @param model kind of tokenizer: {@code gpt2} is byte-level BPE, {@code llama} is SentencePiece
 * @param pre name of the pre-tokenizer of a {@code gpt2} tokenizer; empty where the file names none
 * @param tokens token texts, in the encoding of {@code model}
 * @param scores log probability (or negative merge rank) of each token; empty where absent
 * @param tokenTypes kind of each token: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6
 *     byte; empty where absent
 * @param merges merges of a {@code gpt2} tokenizer in order of rank, {@code "left right"}; empty
 *     where absent
 * @param bos token that begins a sequence
 * @param eos token that ends a sequence
 * @param eot token that ends a turn, where the file names it apart from {@code eos}
 * @param unknown token for text that the vocabulary cannot express
 * @param padding token that fills up batches
 * @param addBos whether the tokenizer sets {@code bos} before a text; empty where absent
 * @param addSpacePrefix whether a SentencePiece tokenizer sets a space before the text
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">The GGUF
 *     specification</a>
 */
@SuppressWarnings("ArrayRecordComponent") // primitive, as there is one for each of 10^5 tokens
public record GgufVocabulary(
    String model,
    String pre,
    List<String> tokens,
    float[] scores,
    int[] tokenTypes,
    List<String> merges,
    OptionalInt bos,
    OptionalInt eos,
    OptionalInt eot,
    OptionalInt unknown,
    OptionalInt padding,
    Optional<Boolean> addBos,
    boolean addSpacePrefix)
    implements TokenizerSource {

  public GgufVocabulary {
    tokens = List.copyOf(tokens);
    merges = List.copyOf(merges);
  }

  @Override
  public Map<String, String> specialTokens() {
    Map<String, String> contents = new HashMap<>();
    bos.ifPresent(id -> contents.put("bos_token", tokens.get(id)));
    eos.ifPresent(id -> contents.put("eos_token", tokens.get(id)));
    padding.ifPresent(id -> contents.put("pad_token", tokens.get(id)));
    unknown.ifPresent(id -> contents.put("unk_token", tokens.get(id)));
    return contents;
  }

  @Override
  public Optional<String> endOfTurn() {
    OptionalInt end = eot.isPresent() ? eot : eos;
    return end.isPresent() ? Optional.of(tokens.get(end.getAsInt())) : Optional.empty();
  }
}
