package io.nightshift.runtime.engine;

import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** Random streams of requests over a small vocabulary, many of which share prefixes. */
final class RandomRequests {

  private final Random random;
  private final int vocabularySize;
  private final int longestPrompt;
  private final Set<Integer> endTokens;

  /** Requests without constraints. */
  RandomRequests(Random random, int vocabularySize, int longestPrompt) {
    this(random, vocabularySize, longestPrompt, Set.of());
  }

  /**
   * Requests of which some are constrained.
   *
   * @param endTokens end-of-sequence tokens of the model, which constraints allow where an answer
   *     may end; without any, no request is constrained
   */
  RandomRequests(Random random, int vocabularySize, int longestPrompt, Set<Integer> endTokens) {
    this.random = random;
    this.vocabularySize = vocabularySize;
    this.longestPrompt = longestPrompt;
    this.endTokens = endTokens;
  }

  /** Requests with ids 0 to {@code count - 1}, in no order. */
  List<Request> requests(int count) {
    List<int[]> prompts = prompts(count);
    List<Choices> choices = List.of(choices(), choices());
    List<Constraint> constraints = List.of(sequences(), sequences(), periodic(), periodic());
    return IntStream.range(0, count)
        .mapToObj(
            id ->
                switch (random.nextInt(endTokens.isEmpty() ? 2 : 3)) {
                  case 0 -> {
                    Choices some = choices.get(random.nextInt(choices.size()));
                    yield new Request(id, prompts.get(id), parameters(), Optional.of(some));
                  }
                  case 1 ->
                      new Request(
                          id,
                          prompts.get(id),
                          parameters(),
                          Optional.empty(),
                          Optional.empty(),
                          anyReasoning(prompts.get(id)));
                  default ->
                      constrained(
                          id,
                          prompts.get(id),
                          parameters(),
                          constraints.get(random.nextInt(constraints.size())),
                          reasoning(prompts.get(id)).filter(this::isUsable).map(marks -> marks));
                })
        .toList();
  }

  /** A constrained request, whose constraint alone ends the answer. */
  private static Request constrained(
      long id,
      int[] prompt,
      SamplingParameters parameters,
      Constraint constraint,
      Optional<Reasoning> reasoning) {
    return new Request(
        id,
        prompt,
        new SamplingParameters(
            parameters.temperature(),
            parameters.topK(),
            parameters.topP(),
            parameters.minP(),
            parameters.repetitionPenalty(),
            parameters.seed(),
            parameters.maxTokens(),
            List.of(),
            false,
            parameters.logprobs(),
            parameters.topLogprobs()),
        Optional.empty(),
        Optional.of(constraint),
        reasoning);
  }

  /** One to six sequences of up to a dozen tokens, long parts of which are the only way on. */
  private Constraint sequences() {
    List<int[]> sequences = new ArrayList<>();
    int count = 1 + random.nextInt(6);
    int[] common = random.ints(random.nextInt(6), 0, 3).toArray();
    for (int i = 0; i < count; i++) {
      int[] sequence = Arrays.copyOf(common, common.length + 1 + random.nextInt(6));
      for (int t = common.length; t < sequence.length; t++) {
        sequence[t] = random.nextInt(3);
      }
      sequences.add(sequence);
    }
    return new TokenSequences(vocabularySize, endTokens, sequences);
  }

  private Constraint periodic() {
    return new PeriodicAnswers(vocabularySize, endTokens, 1 + random.nextInt(4), random.nextLong());
  }

  /** The same requests in depth-first order of their prompts' prefix tree. */
  static List<Request> sorted(List<Request> requests) {
    return requests.stream()
        .sorted(Comparator.comparing(Request::promptTokens, Arrays::compare))
        .toList();
  }

  /** Each prompt is the beginning of an earlier one, maybe all of it, with new tokens behind. */
  private List<int[]> prompts(int count) {
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] earlier = prompts.isEmpty() ? new int[0] : prompts.get(random.nextInt(prompts.size()));
      int shared = random.nextInt(4) == 0 ? 0 : random.nextInt(earlier.length + 1);
      int length = Math.max(1, shared + random.nextInt(longestPrompt));
      length = Math.min(length, longestPrompt);
      int[] prompt = Arrays.copyOf(earlier, length);
      for (int t = Math.min(shared, length); t < length; t++) {
        prompt[t] = token();
      }
      prompts.add(prompt);
    }
    return prompts;
  }

  /**
   * In half of the cases, reasoning that the prompt has mostly begun, and that ends with one token
   * or two.
   */
  private Optional<MarkedReasoning> reasoning(int[] prompt) {
    if (random.nextBoolean()) {
      return Optional.empty();
    }
    int start = random.nextInt(4) == 0 ? token() : prompt[prompt.length - 1];
    int[] end = random.ints(1 + random.nextInt(2), 0, vocabularySize).toArray();
    return Optional.of(new MarkedReasoning(mark(start), mark(end), random.nextInt(7)));
  }

  /** The same, or in channels. */
  private Optional<Reasoning> anyReasoning(int[] prompt) {
    if (random.nextInt(3) > 0) {
      return reasoning(prompt).map(marks -> marks);
    }
    int[] format = random.ints(6, 0, vocabularySize).toArray();
    return Optional.of(
        new HarmonyReasoning(
            prompt[prompt.length - 1],
            format[0],
            format[1],
            format[2],
            new int[] {format[3]},
            new int[] {format[4], format[5]},
            random.nextInt(7)));
  }

  /** Whether the marks do not end the output themselves. */
  private boolean isUsable(MarkedReasoning reasoning) {
    return !endTokens.contains(reasoning.start().tokens()[0])
        && !endTokens.contains(reasoning.end().tokens()[0]);
  }

  private static ReasoningMark mark(int... tokens) {
    return new ReasoningMark(letters(tokens), tokens);
  }

  private int token() {
    return random.nextInt(vocabularySize);
  }

  private SamplingParameters parameters() {
    boolean greedy = random.nextBoolean();
    boolean logprobs = random.nextBoolean();
    return new SamplingParameters(
        greedy ? 0 : 0.5 + random.nextDouble(),
        random.nextBoolean() ? 0 : 1 + random.nextInt(vocabularySize),
        random.nextBoolean() ? 1 : 0.3 + 0.7 * random.nextDouble(),
        random.nextBoolean() ? 0 : 0.1 * random.nextDouble(),
        random.nextBoolean() ? 1 : 0.8 + random.nextDouble(),
        random.nextLong(),
        1 + random.nextInt(random.nextInt(3) == 0 ? 50 : 12),
        random.nextInt(3) == 0 ? List.of("ab", "q") : List.of(),
        random.nextBoolean(),
        logprobs,
        logprobs ? random.nextInt(4) : 0);
  }

  /** Two to five choices of one to four tokens, none the beginning of another. */
  private Choices choices() {
    List<int[]> tokens = new ArrayList<>();
    int count = 2 + random.nextInt(4);
    int[] common = random.ints(random.nextInt(3), 0, vocabularySize).toArray();
    for (int attempt = 0; attempt < 100 && tokens.size() < count; attempt++) {
      int[] choice = Arrays.copyOf(common, common.length + 1 + random.nextInt(3));
      for (int i = common.length; i < choice.length; i++) {
        choice[i] = random.nextInt(4);
      }
      if (tokens.stream().noneMatch(other -> isPrefix(choice, other) || isPrefix(other, choice))) {
        tokens.add(choice);
      }
    }
    return new Choices(
        tokens.stream().map(Arrays::toString).toList(), tokens, random.nextBoolean());
  }

  private static boolean isPrefix(int[] a, int[] b) {
    int mismatch = Arrays.mismatch(a, b);
    return mismatch < 0 || mismatch == a.length;
  }

  /** Detokenizer: a letter a token. */
  static String letters(int[] tokens) {
    StringBuilder text = new StringBuilder();
    for (int token : tokens) {
      text.append((char) ('a' + token));
    }
    return text.toString();
  }
}
