package io.nightshift.job.options;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The job files in {@code conf/} and of examples say nothing that is wrong. */
class ReadyJobFilesTest {

  static Stream<Path> readyJobFiles() throws IOException {
    try (Stream<Path> conf = Files.list(Path.of("..", "conf"));
        Stream<Path> examples = Files.walk(Path.of("..", "examples"), 2)) {
      return Stream.concat(conf, examples)
          .filter(file -> file.toString().endsWith(".yaml"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("readyJobFiles")
  void areValid(Path file) {
    assertThatCode(
            () -> JobSpecification.read(new org.apache.flink.core.fs.Path(file.toUri()), List.of()))
        .doesNotThrowAnyException();
  }
}
