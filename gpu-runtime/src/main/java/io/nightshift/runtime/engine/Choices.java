package io.nightshift.runtime.engine;

import java.io.Serializable;
import java.util.List;

/**
 * The answers that a request may have, each with its token ids: tokenized by itself, to be set
 * behind the rendered prompt. Made once a job and shared by its requests.
 *
 * @param texts the choices as the user wrote them; distinct
 * @param tokens token ids of each choice; none empty, and none the beginning of another (the maker
 *     has added the end-of-turn token where one was)
 * @param normalizeByLength whether a choice's log probability is divided by its number of tokens
 *     before normalisation
 */
public record Choices(List<String> texts, List<int[]> tokens, boolean normalizeByLength)
    implements Serializable {

  public Choices {
    texts = List.copyOf(texts);
    tokens = List.copyOf(tokens);
  }
}
