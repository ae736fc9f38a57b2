package io.nightshift.runtime.model;

import java.util.List;
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
 * @param unknown token for text that the vocabulary cannot express
 * @param padding token that fills up batches
 * @param addBos whether the model expects {@code bos} before every prompt
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
    OptionalInt unknown,
    OptionalInt padding,
    boolean addBos,
    boolean addSpacePrefix)
    implements TokenizerSource {

  public GgufVocabulary {
    tokens = List.copyOf(tokens);
    merges = List.copyOf(merges);
  }
}
