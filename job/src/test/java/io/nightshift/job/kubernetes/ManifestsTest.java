package io.nightshift.job.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.nightshift.connectors.version.BuildVersion;
import io.nightshift.job.Nightshift;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests fit the operator's schemas, and each other, the image and the release. */
class ManifestsTest {
  private static final Path FOLDER = Path.of("..", "conf", "kubernetes");
  private static final String JAR = "/opt/flink/usrlib/nightshift.jar";

  @ParameterizedTest
  @ValueSource(strings = {"application.yaml", "session-cluster.yaml"})
  void deploymentsFitTheOperatorsSchema(String file) throws IOException {
    JsonNode deployment = read(file);
    assertThat(deployment.path("apiVersion").asText()).isEqualTo("flink.apache.org/v1beta1");
    assertThat(deployment.path("kind").asText()).isEqualTo("FlinkDeployment");
    assertThat(ResourceSchema.flinkDeployment().errors(withoutHead(deployment))).isEmpty();
  }

  @Test
  void thePodOfARunFitsTheSchemaOfPods() throws IOException {
    JsonNode job = read("session-run.yaml");
    assertThat(job.path("apiVersion").asText()).isEqualTo("batch/v1");
    assertThat(
            ResourceSchema.flinkDeployment()
                .of("spec.podTemplate")
                .errors(job.at("/spec/template")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/spec, taskManagers, 1",
    "/spec/job, jarUri, x",
    "/spec/job, parallelism, two",
    "/spec/job, upgradeMode, never",
    "/spec/taskManager/resource, gpu, 1",
    "/spec/taskManager/podTemplate/spec/containers/0, envfrom, x",
    "/spec/podTemplate/spec, runtimeClass, nvidia"
  })
  void whatTheSchemaDoesNotHaveIsAnError(String place, String field, String value)
      throws IOException {
    ObjectNode deployment = withoutHead(read("application.yaml"));
    ((ObjectNode) deployment.at(place)).put(field, value);
    assertThat(ResourceSchema.flinkDeployment().errors(deployment))
        .hasSize(1)
        .first()
        .asString()
        .contains(field);
  }

  @Test
  void runsCallTheProgramInTheImage() throws IOException {
    JsonNode job = read("application.yaml").at("/spec/job");
    assertThat(job.path("jarURI").asText()).isEqualTo("local://" + JAR);
    assertThat(job.path("entryClass").asText()).isEqualTo(Nightshift.class.getName());
    assertThat(texts(job.path("args"))).startsWith("run").hasSize(2);
    List<String> client =
        texts(read("session-run.yaml").at("/spec/template/spec/containers/0/args"));
    assertThat(client.subList(client.indexOf(JAR) + 1, client.size()))
        .isEqualTo(texts(job.path("args")));
    assertThat(client)
        .contains(
            "-Drest.address="
                + read("session-cluster.yaml").at("/metadata/name").asText()
                + "-rest");
    assertThat(dockerfile()).contains("COPY nightshift.jar " + JAR + "\n");
  }

  @Test
  void imagesAndVersionsAreThoseOfTheBuild() throws IOException {
    String flink = EnvironmentInformation.getVersion();
    String image = "registry.example.com/nightshift:" + BuildVersion.get().replace("-SNAPSHOT", "");
    for (String file : List.of("application.yaml", "session-cluster.yaml")) {
      JsonNode spec = read(file).path("spec");
      assertThat(spec.path("image").asText()).isEqualTo(image);
      assertThat(spec.path("flinkVersion").asText())
          .isEqualTo("v" + flink.replaceFirst("\\.\\d+$", "").replace('.', '_'));
    }
    assertThat(read("session-run.yaml").at("/spec/template/spec/containers/0/image").asText())
        .isEqualTo(image);
    assertThat(dockerfile())
        .contains("FROM flink:" + flink + "-java17\n")
        .contains("/flink-s3-fs-hadoop-" + flink + ".jar")
        .contains("-t " + image + " ")
        .contains("/usr/local/cuda-" + cudaVersion() + "/");
    assertThat(Files.readString(FOLDER.resolve("README.md"))).contains("-t " + image + " ");
  }

  /** Of the build, such as 13.1. */
  private static String cudaVersion() throws IOException {
    String pom = Files.readString(Path.of("..", "pom.xml"));
    return pom.replaceFirst("(?s).*<cuda.version>(\\d+\\.\\d+)-.*", "$1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application.yaml", "session-cluster.yaml"})
  void settingsAreThoseOfFlink(String file) throws IOException {
    JsonNode spec = read(file).path("spec");
    Configuration flink =
        Configuration.fromMap(
            new YAMLMapper()
                .convertValue(
                    spec.path("flinkConfiguration"), new TypeReference<Map<String, String>>() {}));
    MemorySize process = MemorySize.parse(spec.at("/taskManager/resource/memory").asText());
    assertThat(
            flink
                .get(TaskManagerOptions.TASK_OFF_HEAP_MEMORY)
                .add(flink.get(TaskManagerOptions.MANAGED_MEMORY_SIZE)))
        .isLessThan(process);
    assertThat(flink.get(TaskManagerOptions.NUM_TASK_SLOTS)).isEqualTo(1);
    assertThat(flink.get(HighAvailabilityOptions.HA_MODE)).isEqualTo("kubernetes");
    assertThat(flink.getString("external-resource.gpu.kubernetes.config-key", ""))
        .isEqualTo("nvidia.com/gpu");
    String launcher = Files.readString(Path.of("..", "conf", "flink", "config.yaml"));
    assertThat(flink.getString("env.java.opts.all", "").split(" "))
        .hasSize(3)
        .allSatisfy(option -> assertThat(launcher).contains(option));
  }

  @Test
  void keysAreThoseOfTheSecret() throws IOException {
    String secret = read("storage-secret.yaml").at("/metadata/name").asText();
    for (String file : List.of("application.yaml", "session-cluster.yaml")) {
      assertThat(
              read(file)
                  .at("/spec/podTemplate/spec/containers/0/envFrom/0/secretRef/name")
                  .asText())
          .isEqualTo(secret);
    }
    assertThat(
            read("session-run.yaml")
                .at("/spec/template/spec/containers/0/envFrom/0/secretRef/name")
                .asText())
        .isEqualTo(secret);
  }

  private static ObjectNode withoutHead(JsonNode resource) {
    return ((ObjectNode) resource).without(List.of("apiVersion", "kind", "metadata"));
  }

  private static String dockerfile() throws IOException {
    return Files.readString(FOLDER.resolve("Dockerfile"));
  }

  private static JsonNode read(String file) throws IOException {
    return new YAMLMapper().readTree(FOLDER.resolve(file).toFile());
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
  }
}
