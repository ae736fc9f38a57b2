package io.nightshift.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.sql.NightshiftModelProviderFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.apache.flink.table.factories.Factory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the jar for {@code flink run}, and what must not be. */
class NightshiftJarIT {
  private static final Path JAR = Path.of("target", "nightshift.jar");

  @SuppressWarnings("NullAway.Init")
  private static JarFile jar;

  @BeforeAll
  static void open() throws IOException {
    jar = new JarFile(JAR.toFile());
  }

  @AfterAll
  static void close() throws IOException {
    jar.close();
  }

  @Test
  void hasTheProgramAndWhatItNeeds() throws IOException {
    Attributes manifest = jar.getManifest().getMainAttributes();
    assertThat(manifest.getValue(Attributes.Name.MAIN_CLASS)).isEqualTo(Nightshift.class.getName());
    assertThat(entries())
        .contains(
            "io/nightshift/job/Nightshift.class",
            "io/nightshift/runtime/engine/Request.class",
            "io/nightshift/connectors/arrow/ArrowBatch.class",
            "picocli/CommandLine.class",
            "org/apache/parquet/hadoop/ParquetFileReader.class",
            "org/apache/hadoop/conf/Configuration.class",
            "org/bytedeco/dnnl/linux-x86_64/libdnnl.so.3",
            "native/lib/linux-x86_64/cpu/libtokenizers.so",
            "linux/amd64/libzstd-jni-1.5.7-15.so",
            "com/sun/jna/linux-x86-64/libjnidispatch.so",
            // Where JavaCPP finds out whether its parts fit together; it would warn.
            "META-INF/maven/org.bytedeco/opencl/pom.properties");
  }

  @Test
  void hasTheProviderOfSqlModels() throws IOException {
    JarEntry services = jar.getJarEntry("META-INF/services/" + Factory.class.getName());
    String providers = new String(jar.getInputStream(services).readAllBytes(), UTF_8);
    assertThat(providers.strip()).isEqualTo(NightshiftModelProviderFactory.class.getName());
  }

  @Test
  void hasNothingThatShadowsFlinkOrItsLogging() {
    assertThat(entries())
        .noneMatch(entry -> entry.startsWith("org/apache/flink/"))
        .noneMatch(entry -> entry.startsWith("org/slf4j/"))
        .noneMatch(entry -> entry.startsWith("org/apache/logging/"))
        .noneMatch(entry -> entry.startsWith("org/apache/log4j/"))
        .noneMatch(entry -> entry.matches("log4j.*\\.(properties|xml)"));
  }

  @Test
  void hasNoClassThatFlinksJarsHaveToo() throws IOException {
    Set<String> ours = Set.copyOf(entries());
    try (Stream<Path> jars = Files.list(Path.of("target", "lib"))) {
      for (Path flinkJar : jars.toList()) {
        try (JarFile theirs = new JarFile(flinkJar.toFile())) {
          List<String> shared =
              theirs.stream()
                  .map(JarEntry::getName)
                  .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
                  .filter(ours::contains)
                  .toList();
          assertThat(shared).as(flinkJar.toString()).isEmpty();
        }
      }
    }
  }

  @Test
  void hasNativeLibrariesOfThisPlatformOnly() {
    assertThat(entries())
        .filteredOn(entry -> entry.matches(".*\\.(so|dll|dylib|jnilib|a)(\\.\\d+)*"))
        .isNotEmpty()
        .allMatch(entry -> entry.matches("(?i).*linux.(x86.64|amd64)/.*"));
  }

  @Test
  void hasWhatTheCodeNeedsOfJavaCpp() throws IOException {
    NativeReferences references = NativeReferences.of(jar, entry -> false);
    assertThat(references.missing()).isEmpty();
    assertThat(references.libraries())
        .contains(
            "org/bytedeco/cuda/linux-x86_64/libjnicudart.so",
            "org/bytedeco/cuda/linux-x86_64/libjnicublas.so",
            "org/bytedeco/dnnl/linux-x86_64/libjnidnnl.so");
    assertThat(entries())
        .filteredOn(entry -> entry.matches("org/bytedeco/cuda/.*\\.so"))
        .as("libraries of CUDA, each of which the code calls")
        .isSubsetOf(references.libraries());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org/bytedeco/cuda/linux-x86_64/libjnicublas.so",
        "org/bytedeco/cuda/cublas/cublasLtMatmulAlgo_t.class",
        "org/bytedeco/cuda/cudart/CUstream_st.class",
        "org/bytedeco/cuda/presets/cublas.class",
        "org/bytedeco/dnnl/global/dnnl.class",
        "org/bytedeco/opencl/linux-x86_64/libjniOpenCL.so"
      })
  void aPartOfJavaCppThatIsMissingIsFound(String entry) throws IOException {
    assertThat(NativeReferences.of(jar, entry::equals).missing()).containsExactly(entry);
  }

  /** That of the build file, so that two builds make the same jar. */
  @Test
  void ourClassesHaveOneTime() {
    assertThat(
            jar.stream()
                .filter(entry -> entry.getName().matches("io/nightshift/.*\\.class"))
                .map(entry -> entry.getTimeLocal().toString())
                .distinct())
        .hasSize(1);
  }

  @Test
  void hasNeitherSignaturesNorModules() {
    assertThat(entries()).noneMatch(entry -> entry.matches("META-INF/.*\\.(SF|DSA|RSA)"));
    assertThat(entries()).noneMatch(entry -> entry.endsWith("module-info.class"));
  }

  private static List<String> entries() {
    return jar.stream().map(JarEntry::getName).filter(name -> !name.endsWith("/")).toList();
  }
}
