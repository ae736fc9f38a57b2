package io.nightshift.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.huggingface.families.SupportedFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Writes the page anew when called with {@code -Dmodels.page.write=true}. */
class ModelsPageTest {
  private static final Path PAGE = Path.of("..", "docs", "models.md");

  @Test
  void theCommittedPageIsUpToDate() throws IOException {
    if (Boolean.getBoolean("models.page.write")) {
      Files.writeString(PAGE, ModelsPage.markdown());
    }

    assertThat(PAGE)
        .as("mvn -pl job -am test -Dtest=ModelsPageTest -Dmodels.page.write=true writes it anew")
        .content()
        .isEqualTo(ModelsPage.markdown());
  }

  /** The page and the command say the same. */
  @ParameterizedTest
  @EnumSource
  void bothHaveEveryFamilyWithItsKeys(SupportedFamily family) {
    assertThat(ModelsPage.markdown()).contains("### " + family.title() + "\n");
    assertThat(ModelsPage.terminal()).contains("  " + family.title() + "\n");
    for (String key : family.ownKeys()) {
      assertThat(ModelsPage.markdown()).contains("`" + key + "`");
      assertThat(ModelsPage.terminal()).contains(key);
    }
    assertThat(family.note()).endsWith(".");
  }
}
