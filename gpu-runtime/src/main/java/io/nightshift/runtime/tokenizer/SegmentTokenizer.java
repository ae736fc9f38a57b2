package io.nightshift.runtime.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.runtime.tokenizer.ControlTokens.Piece;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * The tokenizer of all models. It finds control tokens itself and encodes the text between them
 * with Hugging Face's library, which it gives a vocabulary without control tokens.
 */
final class SegmentTokenizer implements Tokenizer {

  private static final int CACHED_CHARACTERS = 1 << 20;

  private final Map<String, Integer> vocabulary;
  private final int vocabularySize;
  private final int textVocabularySize;
  private final int longestToken;
  private final ControlTokens controlTokens;
  private final TokenBytes tokenBytes;
  private final Map<Integer, String> controlTexts;
  private final NativeEncoder beginning;
  private final NativeEncoder continuation;
  private final PromptBatches batches;
  private final BeginningOfText beginningOfText;
  private final SegmentCache cache = new SegmentCache(CACHED_CHARACTERS);

  SegmentTokenizer(TokenizerDefinition definition, BeginningOfText beginningOfText, int threads) {
    this.beginningOfText = beginningOfText;
    vocabulary = definition.vocabulary();
    vocabularySize = definition.vocabularySize();
    controlTokens = new ControlTokens(definition.addedTokens());
    tokenBytes = new TokenBytes(definition);
    controlTexts =
        definition.addedTokens().stream()
            .filter(AddedToken::special)
            .collect(Collectors.toMap(AddedToken::id, AddedToken::content, (a, b) -> a));
    textVocabularySize =
        vocabulary.values().stream()
            .filter(id -> !controlTexts.containsKey(id))
            .mapToInt(id -> id + 1)
            .max()
            .orElse(0);
    longestToken =
        definition.addedTokens().stream()
            .mapToInt(token -> token.content().length())
            .reduce(tokenBytes.longest(), Math::max);
    beginning = new NativeEncoder(PlainTextJson.forBeginning(definition));
    continuation =
        PlainTextJson.forContinuation(definition).map(NativeEncoder::new).orElse(beginning);
    batches = new PromptBatches(threads);
  }

  @Override
  public int[] encode(String text) {
    return beginning.encode(text);
  }

  @Override
  public int[] encodePrompt(RenderedPrompt rendered) {
    int[] tokens = new int[16 + rendered.text().length() / 2];
    int count = 0;
    for (Piece piece : controlTokens.split(rendered)) {
      int[] added = encodePiece(rendered.text(), piece);
      if (count + added.length > tokens.length) {
        tokens = Arrays.copyOf(tokens, Math.max(tokens.length * 2, count + added.length));
      }
      System.arraycopy(added, 0, tokens, count, added.length);
      count += added.length;
    }
    return Arrays.copyOf(tokens, count);
  }

  @Override
  public int[] withBeginning(int[] tokens) {
    return beginningOfText.prepend(tokens);
  }

  @Override
  public List<int[]> encodePrompts(List<RenderedPrompt> rendered) {
    return batches.encode(rendered, this::encodePrompt);
  }

  @Override
  public String decode(int[] tokens) {
    IncrementalDecoder decoder = incrementalDecoder();
    for (int token : tokens) {
      decoder.append(token);
    }
    return decoder.text();
  }

  @Override
  public String tokenText(int token) {
    String content = controlTexts.get(token);
    return content != null ? content : new String(tokenBytes.of(token), UTF_8);
  }

  @Override
  public IncrementalDecoder incrementalDecoder() {
    return new IncrementalDecoder(tokenBytes);
  }

  @Override
  public byte[] tokenBytes(int token) {
    return tokenBytes.of(token).clone();
  }

  @Override
  public int leadingSpaces() {
    return tokenBytes.leadingSpaces();
  }

  @Override
  public OptionalInt tokenId(String token) {
    Integer id = vocabulary.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @Override
  public int vocabularySize() {
    return vocabularySize;
  }

  @Override
  public int textVocabularySize() {
    return textVocabularySize;
  }

  @Override
  public int longestToken() {
    return longestToken;
  }

  @Override
  public void close() {
    batches.close();
    beginning.close();
    continuation.close();
  }

  private int[] encodePiece(String prompt, Piece piece) {
    if (piece.token() != null) {
      return new int[] {piece.token().id()};
    }
    String segment = prompt.substring(piece.start(), piece.end());
    if (piece.start() == 0 && beginning != continuation) {
      return beginning.encode(segment);
    }
    return cache.get(segment, continuation::encode);
  }
}
