package io.nightshift.runtime.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The tokenizer of a GGUF file: the unchanged values of its {@code tokenizer.ggml.*} metadata. Ids
 * are indices into {@code tokens}, validated when the file was opened.
 *
 * @param model type of tokenizer: {@code gpt2} is byte-level BPE, {@code llama} SentencePiece BPE,
 *     {@code t5} Unigram
 * @param pre name of the pre-tokenizer of a {@code gpt2} tokenizer; empty if absent
 * @param tokens token texts, in the encoding of {@code model}
 * @param scores log probability (or negative merge rank) of each token; empty if absent
 * @param tokenTypes type of each token: 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6
 *     byte; empty if absent
 * @param merges merges of a {@code gpt2} tokenizer in order of rank, {@code "left right"}; empty if
 *     absent
 * @param bos beginning-of-sequence token
 * @param eos end-of-sequence token
 * @param eot end-of-turn token, if the file defines one besides {@code eos}
 * @param unknown token for text that the vocabulary cannot represent
 * @param padding padding token
 * @param addBos whether the tokenizer adds {@code bos} before a text; empty if absent
 * @param addSpacePrefix whether a SentencePiece tokenizer adds a space before the text
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">The GGUF
 *     specification</a>
 */
@SuppressWarnings("ArrayRecordComponent") // primitive, because there are 10^5 tokens
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
