package io.nightshift.runtime.constraint.mask;

import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.UNBOUNDED;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.anyString;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.array;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.language;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.number;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.rule;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.string;
import static io.nightshift.runtime.constraint.matcher.GrammarFixtures.uniqueArray;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.constraint.grammar.ValueRule;
import io.nightshift.runtime.constraint.mask.TokenMasks.AllowedTokens;
import io.nightshift.runtime.constraint.matcher.ByteAutomaton;
import io.nightshift.runtime.constraint.matcher.Configuration;
import io.nightshift.runtime.constraint.matcher.LastTexts;
import io.nightshift.runtime.constraint.matcher.Schemas;
import io.nightshift.runtime.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Masks against every token, fed to the automaton byte by byte. */
class TokenMasksTest {
  private static final int PLENTY = 1_000_000;

  @Test
  void equalTheTokensThatTheAutomatonAllowsInARealVocabulary() {
    try (Tokenizer tokenizer = Vocabularies.smolLm2()) {
      Vocabulary vocabulary = Vocabularies.of(tokenizer);
      for (ValueRule schema : schemas()) {
        check(ByteAutomaton.json(schema, true, 0), vocabulary, new Random(7), 4);
      }
    }
  }

  @Test
  void equalTheTokensThatTheAutomatonAllowsInOddVocabularies() {
    List<Vocabulary> vocabularies =
        List.of(
            Vocabularies.bytesAnd(),
            Vocabularies.bytesAnd(
                "\",\"", "\":\"", "\"}", "a\",\"b", "\"a\":1,\"b\"", "\\", "\\\"", "é"),
            partialCharacters());
    Random random = new Random(3);
    for (Vocabulary vocabulary : vocabularies) {
      for (ValueRule schema : schemas()) {
        check(ByteAutomaton.json(schema, false, 0), vocabulary, random, 12);
      }
      check(ByteAutomaton.plain(language(".{2,5}(é|\uD83D\uDE00)?"), 0), vocabulary, random, 10);
    }
  }

  private static List<ValueRule> schemas() {
    return List.of(
        Schemas.extraction(),
        Schemas.anything(),
        Schemas.open(),
        rule(anyString(3, 6)),
        rule(array(rule(anyString(0, 3), number("[0-9]+")), 1, UNBOUNDED)),
        rule(string("a.*|\\\"b[^c]*")),
        rule(uniqueArray(rule(anyString(), number("[0-9]+")), 1, UNBOUNDED)));
  }

  /** Tokens that split characters, and several with the same bytes. */
  private static Vocabulary partialCharacters() {
    byte[][] bytes = new byte[256 + 7][];
    for (int value = 0; value < 256; value++) {
      bytes[value] = new byte[] {(byte) value};
    }
    bytes[256] = new byte[] {'a', (byte) 0xF0, (byte) 0x9F};
    bytes[257] = new byte[] {(byte) 0x98, (byte) 0x80, 'b'};
    bytes[258] = new byte[] {(byte) 0xA9, '"', ','};
    bytes[259] = new byte[] {(byte) 0xA9, '"', ','};
    bytes[260] = new byte[] {'"', (byte) 0xC3};
    bytes[261] = new byte[] {(byte) 0xFF, 'a'};
    bytes[262] = new byte[0];
    return Vocabularies.of(bytes);
  }

  private static void check(
      ByteAutomaton automaton, Vocabulary vocabulary, Random random, int steps) {
    TokenMasks masks = new TokenMasks(automaton, vocabulary, false);
    Completions completions = new Completions(automaton, vocabulary.trie());
    Configuration at = automaton.start();
    for (int step = 0; step < steps; step++) {
      BitSet expected = new BitSet();
      List<Configuration> next = new ArrayList<>();
      int shortest = completions.tokens(at);
      int few = Math.max(1, shortest) + random.nextInt(3);
      BitSet tight = new BitSet();
      for (int token = 0; token < vocabulary.size(); token++) {
        Configuration after = vocabulary.bytes(token).length == 0 ? automaton.dead() : at;
        for (byte value : vocabulary.bytes(token)) {
          after = automaton.next(after, value & 0xFF);
        }
        if (!after.isDead() || (vocabulary.isEnd(token) && at.mayEnd())) {
          expected.set(token);
          tight.set(token, after.isDead() || completions.tokens(after) < few);
        }
        if (!after.isDead()) {
          next.add(after);
        }
      }
      AllowedTokens all = masks.allowed(at, PLENTY);
      AllowedTokens some = masks.allowed(at, few);
      assertThat(BitSet.valueOf(all.mask().words())).isEqualTo(expected);
      assertThat(all.pruned()).isFalse();
      assertThat(BitSet.valueOf(some.mask().words())).isEqualTo(tight);
      assertThat(some.pruned()).isEqualTo(!tight.equals(expected));
      assertThat(tight.isEmpty()).isFalse();
      if (next.isEmpty()) {
        return;
      }
      at = next.get(random.nextInt(next.size()));
      if (at.isUnresolved()) {
        String name = "\"" + random.nextInt(3) + "\"";
        at = automaton.resolve(at, new Names(name.getBytes(StandardCharsets.UTF_8)));
      }
    }
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Names(byte[] name) implements LastTexts {
    @Override
    public byte[] last(int depth) {
      return name;
    }

    @Override
    public byte[] beforeLast(int depth) {
      return name;
    }
  }
}
