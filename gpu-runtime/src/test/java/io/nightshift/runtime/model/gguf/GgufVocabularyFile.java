package io.nightshift.runtime.model.gguf;

import io.nightshift.runtime.model.GgufVocabulary;
import io.nightshift.runtime.model.weights.MappedFile;
import java.nio.file.Path;
import java.util.Set;

/** Reads GGUF files that have a vocabulary and nothing else. */
public final class GgufVocabularyFile {
  private GgufVocabularyFile() {}

  public static GgufVocabulary read(Path path) {
    try (MappedFile file = MappedFile.open(path)) {
      return new GgufVocabularyReader(GgufHeader.read(file).metadata()).vocabulary();
    }
  }

  public static Set<Integer> endOfSequenceTokens(Path path) {
    try (MappedFile file = MappedFile.open(path)) {
      return new GgufVocabularyReader(GgufHeader.read(file).metadata()).endOfSequenceTokens();
    }
  }
}
