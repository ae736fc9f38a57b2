package io.nightshift.runtime.engine;

import io.nightshift.runtime.tokenizer.Tokenizer;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * The possible answers to a request, with their token ids. Each is tokenized by itself and follows
 * the rendered prompt. Created once per job and shared by its requests.
 *
 * @param texts the choices as the user wrote them; distinct
 * @param tokens token ids of each choice; none is empty, and none is a prefix of another
 * @param normalizeByLength whether a choice's log probability is divided by its number of tokens
 *     before the probabilities are normalized
 */
public record Choices(List<String> texts, List<int[]> tokens, boolean normalizeByLength)
    implements Serializable {

  public Choices {
    texts = List.copyOf(texts);
    tokens = List.copyOf(tokens);
  }

  /**
   * Tokenizes choices. Appends the end-of-turn token to each choice that is a prefix of another.
   *
   * @param endOfTurnToken supplies the end-of-turn token; called only if a choice is a prefix of
   *     another
   * @throws IllegalArgumentException if there is no choice, one is empty, or two have the same text
   *     or the same tokens
   */
  public static Choices of(
      List<String> texts,
      Tokenizer tokenizer,
      IntSupplier endOfTurnToken,
      boolean normalizeByLength) {
    if (texts.isEmpty()) {
      throw new IllegalArgumentException("there are no choices; expected at least one");
    }
    List<int[]> encoded = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      int[] tokens = tokenizer.encode(texts.get(i));
      if (tokens.length == 0) {
        throw new IllegalArgumentException("choice " + (i + 1) + " is empty");
      }
      for (int other = 0; other < i; other++) {
        if (Arrays.equals(tokens, encoded.get(other))) {
          throw new IllegalArgumentException(
              describe(texts, other)
                  + " and "
                  + describe(texts, i)
                  + (texts.get(i).equals(texts.get(other))
                      ? " are equal"
                      : " have the same tokens, so the model cannot tell them apart"));
        }
      }
      encoded.add(tokens);
    }
    List<int[]> distinct =
        encoded.stream()
            .map(
                tokens ->
                    isPrefixOfAnother(tokens, encoded)
                        ? append(tokens, endOfTurnToken.getAsInt())
                        : tokens)
            .toList();
    return new Choices(texts, distinct, normalizeByLength);
  }

  private static boolean isPrefixOfAnother(int[] tokens, List<int[]> all) {
    return all.stream()
        .anyMatch(
            other ->
                other.length > tokens.length
                    && Arrays.equals(tokens, 0, tokens.length, other, 0, tokens.length));
  }

  private static int[] append(int[] tokens, int token) {
    int[] longer = Arrays.copyOf(tokens, tokens.length + 1);
    longer[tokens.length] = token;
    return longer;
  }

  private static String describe(List<String> texts, int index) {
    return "choice " + (index + 1) + " (\"" + texts.get(index) + "\")";
  }
}
