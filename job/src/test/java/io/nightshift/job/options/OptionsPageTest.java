package io.nightshift.job.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Writes the page anew when called with {@code -Doptions.page.write=true}. */
class OptionsPageTest {
  private static final Path PAGE = Path.of("..", "docs", "options.md");

  @Test
  void theCommittedPageIsUpToDate() throws IOException {
    if (Boolean.getBoolean("options.page.write")) {
      Files.createDirectories(PAGE.resolveSibling("."));
      Files.writeString(PAGE, OptionsPage.markdown());
    }

    assertThat(PAGE)
        .as("mvn -pl job -am test -Dtest=OptionsPageTest -Doptions.page.write=true writes it anew")
        .content()
        .isEqualTo(OptionsPage.markdown());
  }

  @Test
  void everyOptionLiesInItsSectionAndSaysWhatItMeans() {
    for (OptionGroup group : NightshiftOptions.groups()) {
      assertThat(group.options()).isNotEmpty();
      for (OptionDescription option : group.options()) {
        assertThat(option.key()).matches(group.section() + "(\\.[a-z][a-z0-9]*(-[a-z]+)*)+");
        assertThat(option.text()).endsWith(".");
      }
    }
  }
}
