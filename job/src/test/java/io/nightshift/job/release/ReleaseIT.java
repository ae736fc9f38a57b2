package io.nightshift.job.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.connectors.version.BuildVersion;
import io.nightshift.job.pipeline.ParquetRows;
import io.nightshift.job.release.UnpackedRelease.Ended;
import io.nightshift.runtime.model.RealModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive, unpacked and run on a machine without Maven. */
@Tag("release")
class ReleaseIT {
  private static final String PACKAGES =
      """
      message packages {
        required int64 id;
        required binary package (STRING);
        required binary description (STRING);
        required binary section (STRING);
      }
      """;

  @TempDir private static Path folder = Path.of("");

  @SuppressWarnings("NullAway.Init")
  private static UnpackedRelease release;

  @BeforeAll
  static void unpack() throws Exception {
    release = UnpackedRelease.in(folder);
  }

  @Test
  void itsFolderAndItsLauncherSayTheVersion() throws Exception {
    Ended ended = release.nightshift("--version");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out()).isEqualTo("nightshift " + BuildVersion.get() + "\n");
    assertThat(release.root()).hasFileName("nightshift-" + BuildVersion.get());
  }

  @Test
  void theExampleRunsOnTheCpuAndFootersSayTheVersion() throws Exception {
    ParquetRows.write(
        folder.resolve("packages.parquet"),
        PACKAGES,
        5,
        (id, row) ->
            row.append("id", (long) id)
                .append("package", "fonts-" + id)
                .append("description", "family of typefaces")
                .append("section", "fonts"));

    Ended ended =
        release.nightshift(
            "run",
            "examples/packages/job.yaml",
            "--set=model.path=" + RealModel.smolLm2(),
            "--set=input.path=" + folder.resolve("packages.parquet"),
            "--set=output.path=" + folder.resolve("answers"));

    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out()).startsWith("Answered 5 rows in ");
    assertThat(ParquetRows.read(folder.resolve("answers")))
        .hasSize(5)
        .allSatisfy(row -> assertThat(row.getString("completion", 0)).isEqualTo("fonts"));
    for (Path file : ParquetRows.files(folder.resolve("answers"))) {
      try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
        assertThat(reader.getFileMetaData().getKeyValueMetaData())
            .containsEntry("nightshift.version", BuildVersion.get());
      }
    }
  }

  @Test
  void aFolderThatIsNotWritableIsEnough() throws Exception {
    String root = release.root().toString();
    String readOnly =
        "mount --bind %1$s %1$s && mount -o remount,ro,bind %1$s && PATH=%2$s exec %1$s/bin/nightshift models"
            .formatted(root, release.tools());
    Ended ended =
        release.run(
            List.of(
                "/usr/bin/unshare", "--mount", "/usr/bin/bash", "-c", "PATH=/usr/bin; " + readOnly),
            "");
    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.err()).isEmpty();
    assertThat(release.home().resolve(".local/state/nightshift/nightshift.log")).isNotEmptyFile();
  }

  @Test
  void anIncompleteFolderIsTold() throws Exception {
    Path part = Files.createDirectories(folder.resolve("part/bin"));
    Files.copy(release.root().resolve("bin/nightshift"), part.resolve("nightshift"));
    Files.createFile(folder.resolve("part/nightshift.jar"));
    Ended ended = release.run(List.of(part.resolve("nightshift").toString()), "");
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err()).contains("there is no folder", "unpack the whole release archive");
  }

  /** A shell reads what is typed, tabulators as well; its function says what it was called with. */
  @Test
  void bashCompletesCommandsAndOptions() throws Exception {
    Ended ended =
        release.run(
            List.of("/usr/bin/bash", "--norc", "--noprofile", "-i"),
            """
            nightshift() { echo "called with $*"; }
            source completion/nightshift
            nightshift ru\t1
            nightshift run --fr\t2
            nightshift ini\t--outp\t3
            nightshift bench --workload doc\t4
            nightshift run conf/lab\t5
            nightshift bench --workload=doc\t6
            nightshift run job.yaml --set=input.path=a bi\t7
            """);
    assertThat(ended.out().lines())
        .containsExactly(
            "called with run 1",
            "called with run --fresh 2",
            "called with init --output 3",
            "called with bench --workload docqa 4",
            "called with run conf/labels.yaml 5",
            "called with bench --workload=docqa 6",
            "called with run job.yaml --set=input.path=a bin/7");
  }

  /** As bash; zsh completes in a terminal only, which its module zpty is. */
  @Test
  void zshCompletesValuesBehindAnEqualsSign() throws Exception {
    Ended ended =
        release.run(
            List.of("/usr/bin/zsh", "-f"),
            """
            zmodload zsh/zpty
            zpty shell /usr/bin/zsh -f -i
            zpty -w shell 'nightshift() { echo "called with $*" }'
            zpty -w shell 'autoload -Uz compinit; compinit -u -D; source completion/nightshift'
            zpty -w shell $'nightshift ru\t--fr\t1'
            zpty -w shell $'nightshift report --html=conf/lab\t2'
            zpty -w shell $'nightshift bench --workload=doc\t3'
            zpty -w shell exit
            while zpty -r shell line; do [[ $line != called* ]] || print -rn -- $line; done
            """);
    assertThat(ended.out().lines().map(String::strip))
        .containsExactly(
            "called with run --fresh 1",
            "called with report --html=conf/labels.yaml 2",
            "called with bench --workload=docqa 3");
  }

  /** Those of libraries' licences are not ours. */
  @Test
  void linksOfItsDocumentsLeadSomewhere() throws IOException {
    List<Path> documents;
    try (Stream<Path> files = Files.walk(release.root())) {
      documents =
          files
              .filter(file -> file.toString().endsWith(".md"))
              .filter(file -> !file.startsWith(release.root().resolve("licenses")))
              .toList();
    }
    assertThat(documents)
        .contains(
            release.root().resolve("README.md"),
            release.root().resolve("CONTRIBUTING.md"),
            release.root().resolve("docs/notebook/README.md"));
    for (Path document : documents) {
      assertThat(Links.of(Files.readString(document)))
          .as(document.toString())
          .allSatisfy(link -> assertThat(document.resolveSibling(link)).exists());
    }
  }
}
