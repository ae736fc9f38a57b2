package io.nightshift.runtime.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.huggingface.families.SupportedFamily;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GgufArchitectureTest {

  @Test
  void theListOfFamiliesNamesEveryArchitecture() {
    assertThat(Arrays.stream(SupportedFamily.values()).map(SupportedFamily::ggufArchitecture))
        .filteredOn(Optional::isPresent)
        .extracting(Optional::get)
        .containsOnlyElementsOf(GgufArchitecture.names());
  }
}
