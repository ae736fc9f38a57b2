package io.nightshift.job.release;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.connectors.version.BuildVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What is in the archive, and that nothing in it depends on when, where and by whom it was built.
 */
@Tag("release")
class ArchiveIT {
  private static final Map<String, TarArchiveEntry> ENTRIES = new LinkedHashMap<>();
  private static final Map<String, byte[]> SMALL = new LinkedHashMap<>();
  private static final int SMALL_BYTES = 1 << 20;

  @BeforeAll
  static void read() throws IOException {
    String root = "nightshift-" + BuildVersion.get() + "/";
    try (TarArchiveInputStream archive =
        new TarArchiveInputStream(
            new GZIPInputStream(Files.newInputStream(UnpackedRelease.archive())))) {
      for (TarArchiveEntry entry = archive.getNextEntry();
          entry != null;
          entry = archive.getNextEntry()) {
        assertThat(entry.getName()).startsWith(root);
        String name = entry.getName().substring(root.length());
        assertThat(ENTRIES.put(name, entry)).as(name).isNull();
        if (entry.getSize() < SMALL_BYTES) {
          SMALL.put(name, archive.readAllBytes());
        }
      }
    }
  }

  @Test
  void hasWhatARunNeeds() {
    assertThat(ENTRIES.keySet())
        .contains(
            "LICENSE",
            "NOTICE",
            "README.md",
            "bin/nightshift",
            "completion/nightshift",
            "conf/flink/config.yaml",
            "conf/labels.yaml",
            "conf/log4j2.properties",
            "conf/kubernetes/application.yaml",
            "docs/options.md",
            "examples/packages/job.yaml",
            "examples/packages/packages.parquet",
            "nightshift.cdx.json",
            "nightshift.jar",
            "licenses/GPL-3.0.txt")
        .noneMatch(name -> name.matches(".*(\\.java|pom\\.xml|/run)"));
  }

  @Test
  void libIsWhatTheLauncherOfTheSourceTreeHas() throws IOException {
    try (var files = Files.list(Path.of("target", "lib"))) {
      assertThat(ENTRIES.keySet().stream().filter(name -> name.matches("lib/.+")))
          .containsExactlyInAnyOrderElementsOf(
              files.map(file -> "lib/" + file.getFileName()).toList());
    }
  }

  @Test
  void nothingDependsOnTheBuild() {
    Set<Long> times = new HashSet<>();
    ENTRIES.forEach(
        (name, entry) -> {
          times.add(entry.getLastModifiedTime().toMillis());
          assertThat(entry.getLongUserId() + entry.getLongGroupId()).as(name).isZero();
          assertThat(entry.getUserName() + entry.getGroupName()).as(name).isEqualTo("rootroot");
          boolean executable = entry.isDirectory() || name.equals("bin/nightshift");
          assertThat(Integer.toOctalString(entry.getMode() & 0777))
              .as(name)
              .isEqualTo(executable ? "755" : "644");
        });
    assertThat(times).hasSize(1);
    SMALL.forEach(
        (name, content) ->
            assertThat(new String(content, java.nio.charset.StandardCharsets.ISO_8859_1))
                .as(name)
                .doesNotContain(Path.of("..").toAbsolutePath().normalize().toString()));
  }

  @Test
  void theBillOfMaterialsHasEveryLibraryWithALicence() throws IOException {
    List<String> libraries = new ArrayList<>();
    for (JsonNode component : billOfMaterials().path("components")) {
      String library = component.path("name").asText() + "-" + component.path("version").asText();
      libraries.add(library);
      assertThat(component.path("licenses")).as(library).isNotEmpty();
    }
    assertThat(ENTRIES.keySet().stream().filter(name -> name.matches("lib/.+\\.jar")))
        .isNotEmpty()
        .allSatisfy(
            jar -> assertThat(libraries).contains(jar.replaceFirst("lib/(.*)\\.jar", "$1")));
    assertThat(libraries)
        .contains("picocli-4.7.7")
        .noneMatch(library -> library.matches("(junit|assertj|archunit).*"));
  }

  /** Those under the Apache License are covered by LICENSE. */
  @Test
  void otherLicencesAreThere() throws IOException {
    for (JsonNode component : billOfMaterials().path("components")) {
      List<String> licences =
          StreamSupport.stream(component.path("licenses").spliterator(), false)
              .map(JsonNode::toString)
              .toList();
      String name = component.path("name").asText();
      if (licences.stream().noneMatch(licence -> licence.contains("Apache"))) {
        assertThat(ENTRIES.keySet())
            .as(name + " " + licences)
            .anyMatch(
                entry ->
                    entry.matches("licenses/(.*-)?\\Q" + name + "\\E[-.].*")
                        && !entry.endsWith("/"));
      }
    }
  }

  private static JsonNode billOfMaterials() throws IOException {
    return new ObjectMapper().readTree(SMALL.get("nightshift.cdx.json"));
  }
}
