package io.nightshift.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OutputTextTest {

  /** Byte-level: every token is one byte of UTF-8, the hardest case of split characters. */
  private static String bytes(int[] tokens) {
    byte[] bytes = new byte[tokens.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) tokens[i];
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String answer(String generated, List<String> stops) {
    OutputText text = new OutputText(OutputTextTest::bytes, stops);
    for (byte token : generated.getBytes(StandardCharsets.UTF_8)) {
      if (text.append(token)) {
        break;
      }
    }
    return text.finish();
  }

  @Test
  void withoutStopStringsTheTextIsThatOfAllTokens() {
    assertThat(answer("straße 日本 🙂!", List.of())).isEqualTo("straße 日本 🙂!");
    assertThat(answer("straße 日本 🙂!", List.of("none"))).isEqualTo("straße 日本 🙂!");
  }

  @Test
  void theTextEndsBeforeTheFirstStopString() {
    assertThat(answer("one.two.three", List.of("."))).isEqualTo("one");
    assertThat(answer("one\n\ntwo", List.of("two", "\n\n"))).isEqualTo("one");
    assertThat(answer("abcabd", List.of("abd"))).isEqualTo("abc");
    assertThat(answer("日本語🙂end", List.of("語🙂"))).isEqualTo("日本");
    assertThat(answer("stop", List.of("stop"))).isEmpty();
  }

  @Test
  void stopStringsAreFoundWhereTheyFirstAppearInRandomText() {
    Random random = new Random(1);
    String[] alphabet = {"a", "b", "é", "日", "🙂"};
    for (int round = 0; round < 3000; round++) {
      String generated = randomText(random, alphabet, 30);
      List<String> stops =
          List.of(randomText(random, alphabet, 3) + "a", randomText(random, alphabet, 2) + "🙂");
      int end = generated.length();
      for (String stop : stops) {
        int at = generated.indexOf(stop);
        // The one that is complete first ends the text; both in this text end at a character.
        if (at >= 0) {
          end = Math.min(end, at + stop.length());
        }
      }
      String seen = generated.substring(0, end);
      String expected = seen;
      for (String stop : stops) {
        if (seen.endsWith(stop) && seen.length() - stop.length() < expected.length()) {
          expected = seen.substring(0, seen.length() - stop.length());
        }
      }
      assertThat(answer(generated, stops)).as("%s in %s", stops, generated).isEqualTo(expected);
    }
  }

  private static String randomText(Random random, String[] alphabet, int longest) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(longest + 1); i > 0; i--) {
      text.append(alphabet[random.nextInt(alphabet.length)]);
    }
    return text.toString();
  }

  @Test
  void bytesThatNeverBecomeACharacterDoNotHoldTheTextBack() {
    OutputText text = new OutputText(OutputTextTest::bytes, List.of("stop"));
    for (int i = 0; i < 20; i++) {
      assertThat(text.append(0x80)).isFalse();
    }
    boolean stopped = false;
    for (byte token : "stop".getBytes(StandardCharsets.UTF_8)) {
      stopped = text.append(token);
    }
    assertThat(stopped).isTrue();
    assertThat(text.finish()).isEqualTo("\uFFFD".repeat(20));
  }

  @Test
  void decodesANumberOfTokensLinearInTheLength() {
    AtomicLong decoded = new AtomicLong();
    OutputText text =
        new OutputText(
            tokens -> {
              decoded.addAndGet(tokens.length);
              return bytes(tokens);
            },
            List.of("stop"));
    for (int i = 0; i < 10_000; i++) {
      text.append(i % 7 == 0 ? 0x80 : 'x');
    }
    assertThat(decoded.get()).isLessThan(10 * 10_000);
  }
}
