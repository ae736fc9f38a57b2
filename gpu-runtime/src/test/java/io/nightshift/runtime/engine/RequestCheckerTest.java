package io.nightshift.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestCheckerTest {
  private static final Choices CHOICES =
      new Choices(
          List.of("a", "b", "c"),
          List.of(new int[] {1, 2, 3}, new int[] {1, 2, 4, 5}, new int[] {6}),
          false);

  @ParameterizedTest
  @CsvSource({"100, 1000, false", "100, 64, true", "100, 101, false", "100, 99, true"})
  void saysBeforehandWhatItWillRefuse(int maxPositions, int cacheTokens, boolean boundByCache) {
    RequestChecker checker = new RequestChecker(10, maxPositions, cacheTokens, 30);
    for (Optional<Choices> choices : List.of(Optional.of(CHOICES), Optional.<Choices>empty())) {
      int longest = checker.maxPromptTokens(choices);
      assertThat(checker.check(request(longest, choices), plan(choices))).isEmpty();
      assertThat(checker.check(request(longest + 1, choices), plan(choices)))
          .get()
          .extracting(Completion::error)
          .isEqualTo(RequestError.PROMPT_TOO_LONG);
    }
    assertThat(checker.isBoundByCache(Optional.empty())).isEqualTo(boundByCache);
  }

  @ParameterizedTest
  @CsvSource({"2, false", "3, true", "30, true"})
  void saysBeforehandWhichChoicesDoNotFitAStep(int maxTreeNodes, boolean scorable) {
    RequestChecker checker = new RequestChecker(10, 100, 1000, maxTreeNodes);
    if (scorable) {
      assertThatCode(() -> checker.requireScorable(CHOICES)).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> checker.requireScorable(CHOICES))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a choice has 4 tokens, at most 3 fit one step");
    }
  }

  private static Request request(int promptTokens, Optional<Choices> choices) {
    return new Request(0, new int[promptTokens], SamplingParameters.greedy(1), choices);
  }

  private static @Nullable ChoicePlan plan(Optional<Choices> choices) {
    return choices.map(some -> ChoicePlan.of(some, 30)).orElse(null);
  }
}
