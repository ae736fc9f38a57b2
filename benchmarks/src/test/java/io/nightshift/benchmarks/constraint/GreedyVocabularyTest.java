package io.nightshift.benchmarks.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GreedyVocabularyTest {

  private static GreedyVocabulary of(String... tokens) {
    return new GreedyVocabulary(
        Stream.of(tokens)
            .map(token -> token.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new));
  }

  @Test
  void takesTheLongestTokenAtEachPlace() {
    GreedyVocabulary vocabulary = of("a", "", "ab", "abc", "b", "bcd", "d", "abc", "é");
    assertThat(vocabulary.encode("abcdabdé")).containsExactly(3, 6, 2, 6, 8);
    assertThat(vocabulary.encode("")).isEmpty();
    assertThat(vocabulary.end()).isEqualTo(9);
    assertThat(vocabulary.vocabulary().isEnd(9)).isTrue();
    assertThatThrownBy(() -> vocabulary.encode("abx"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no token begins with byte 120");
  }

  @Test
  void bytesAreTokens() {
    assertThat(VocabularyFiles.bytes().encode("é!")).containsExactly(0xC3, 0xA9, '!');
  }

  @Test
  void readsBytePairRanks(@TempDir Path folder) throws IOException {
    Path ranks = Files.writeString(folder.resolve("x.ranks"), "IQ== 0\nYWI= 1\nw6k= 2\nww== 3\n");
    GreedyVocabulary vocabulary = VocabularyFiles.read(ranks);
    assertThat(vocabulary.encode("ab!é")).containsExactly(1, 0, 2);
    assertThat(vocabulary.vocabulary().bytes(3)).containsExactly(0xC3);
    assertThat(vocabulary.end()).isEqualTo(4);
  }
}
