package io.nightshift.job.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.files.OtherUser;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelLocatorTest {
  private static final String NAME = "owner/tiny";

  private static final String LOCK = "models--owner--tiny.lock";

  private final List<String> notices = new ArrayList<>();
  private final LocalHub hub = new LocalHub(NAME);

  @TempDir private Path folder = Path.of("");
  private CacheFolders folders = new CacheFolders(folder, folder);

  @BeforeEach
  void startHub() throws IOException {
    folders = new CacheFolders(folder.resolve("nightshift"), folder.resolve("huggingface"));
    hub.addSmall("config.json", "{}");
    hub.addSmall("tokenizer.json", "{\"model\": {}}");
    hub.addSmall("README.md", "not needed");
    hub.addLarge("model.safetensors", "weights of the model");
    hub.addLarge("consolidated.safetensors", "the same in another layout");
    hub.start();
  }

  @AfterEach
  void stopHub() {
    hub.stop();
  }

  @Test
  void downloadsAModelOnce() throws Exception {
    Path first = locator().locate("hf:" + NAME, "main", ModelParts.ALL).path();
    List<String> requests = List.copyOf(hub.requests());
    Path second = locator().locate("hf:" + NAME, "main", ModelParts.ALL).path();

    assertThat(first)
        .isEqualTo(second)
        .isEqualTo(folders.hub().resolve("models--owner--tiny/snapshots/" + LocalHub.COMMIT));
    assertThat(first)
        .isDirectoryContaining("glob:**/config.json")
        .isDirectoryContaining("glob:**/tokenizer.json")
        .isDirectoryNotContaining("glob:**/{README.md,consolidated.safetensors,*.partial}");
    assertThat(first.resolve("model.safetensors")).hasContent("weights of the model");
    assertThat(hub.requests()).isEqualTo(requests);
    assertThat(notices).hasSize(3).allMatch(notice -> notice.startsWith("Downloading http"));
  }

  @Test
  void downloadsTheWeightsOnlyWhenTheyAreNeeded() throws Exception {
    LocatedModel planned = locator().locate("hf:" + NAME, "main", ModelParts.WITHOUT_WEIGHTS);

    assertThat(planned.path().resolve("model.safetensors")).doesNotExist();
    assertThat(locator().locate("hf:" + NAME, "main", ModelParts.ALL)).isEqualTo(planned);
    assertThat(planned.path().resolve("model.safetensors")).exists();
    assertThat(notices).hasSize(3);
  }

  @Test
  void sendsTheTokenToTheHubAndToNobodyElse() throws Exception {
    hub.requireToken("secret");

    locator("HF_TOKEN", "secret").locate("hf:" + NAME, "main", ModelParts.ALL);

    assertThat(hub.requests())
        .anyMatch(request -> request.startsWith("storage") && request.endsWith("no token"))
        .noneMatch(request -> request.startsWith("storage") && request.endsWith("Bearer secret"));
  }

  @Test
  void aRedirectFromHttpsToHttpGetsNeitherTheTokenNorARequest() throws Exception {
    try (TlsOrPlainServer server = TlsOrPlainServer.start(folder)) {
      HubClient client =
          new HubClient(
              URI.create("https://localhost:" + server.port()),
              Optional.of("secret"),
              server.trusting());

      assertThatThrownBy(() -> client.model(NAME, "main"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("redirects to http://localhost:" + server.port())
          .hasMessageContaining("not followed");
      assertThat(server.requests()).containsExactly("https Bearer secret");
    }
  }

  @Test
  void aHubWithoutAnHttpAddressIsRefused() {
    for (String endpoint : List.of("huggingface.co", "file:///etc", "https:// x", "https://")) {
      assertThatThrownBy(
              () -> locator("HF_ENDPOINT", endpoint).locate("hf:" + NAME, "main", ModelParts.ALL))
          .isInstanceOf(ModelNotFoundException.class)
          .hasMessageContaining("HF_ENDPOINT is " + endpoint + ", which is not an http address");
    }
  }

  @Test
  void namesAndRevisionsThatLeadOutOfTheCacheAreRefused() throws IOException {
    for (String name : List.of("../..", "..", "a/..", "/etc", "a//b", "a/b/c", "a--b/c", ".git")) {
      assertThatThrownBy(() -> locator().locate("hf:" + name, "main", ModelParts.ALL))
          .isInstanceOf(ModelNotFoundException.class)
          .hasMessage("hf:" + name + " is not the name of a model on the hub; write hf:OWNER/NAME");
    }
    for (String revision : List.of("../../../x", "/tmp/x", "a/../b", "..", ".", "", "a//b", "a/")) {
      assertThatThrownBy(() -> locator().locate("hf:" + NAME, revision, ModelParts.ALL))
          .isInstanceOf(ModelNotFoundException.class)
          .hasMessage(
              "model.revision " + revision + " is not a branch, tag or commit of hf:" + NAME);
    }
    assertThat(hub.requests()).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aRevisionMayHaveFolders() throws Exception {
    Path path = locator().locate("hf:" + NAME, "refs/pr/1", ModelParts.ALL).path();

    assertThat(path).hasFileName(LocalHub.COMMIT);
    assertThat(folders.hub().resolve("models--owner--tiny/refs/refs/pr/1"))
        .hasContent(LocalHub.COMMIT);
  }

  @Test
  void filesThatAHubListsOutsideOfTheModelAreNotFetched() throws Exception {
    hub.list("../../../../model-00002-of-00002.safetensors");
    hub.list("/model-00001-of-00002.safetensors");
    hub.list("..");

    locator().locate("hf:" + NAME, "main", ModelParts.ALL);

    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "config.json", "tokenizer.json", "model.safetensors", "main", LOCK);
    }
  }

  @Test
  void aReferenceInACacheThatLeadsOutOfItIsNotFollowed() throws Exception {
    Path model = folders.huggingFace().resolve("models--owner--tiny");
    Files.createDirectories(model.resolve("refs"));
    Files.createDirectories(model.resolve("snapshots"));
    Files.writeString(model.resolve("refs/main"), "../../elsewhere");
    Path elsewhere = Files.createDirectories(folders.huggingFace().resolve("elsewhere"));
    for (String file : List.of("config.json", "tokenizer.json", "model.safetensors")) {
      Files.writeString(elsewhere.resolve(file), "{}");
    }

    assertThat(locator().locate("hf:" + NAME, "main", ModelParts.ALL).path())
        .isEqualTo(folders.hub().resolve("models--owner--tiny/snapshots/" + LocalHub.COMMIT));
  }

  @Test
  void downloadedFilesAreForEverybodyWhomTheUmaskLetsReadThem() throws Exception {
    Path path = locator().locate("hf:" + NAME, "main", ModelParts.ALL).path();

    OtherUser.letInto(folder);
    Path usual = Files.writeString(folder.resolve("usual"), "written by any program");
    assertThat(Files.getPosixFilePermissions(path.resolve("model.safetensors")))
        .isEqualTo(Files.getPosixFilePermissions(usual));
    if (OtherUser.isThere()) {
      assertThat(OtherUser.run("cat", path.resolve("model.safetensors").toString()))
          .isEqualTo("weights of the model");
    }
  }

  @Test
  void asksForATokenWhereTheHubWantsOne() {
    hub.requireToken("secret");

    assertThatThrownBy(() -> locator().locate("hf:" + NAME, "main", ModelParts.ALL))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessageContaining("hf:owner/tiny is neither in " + folders.huggingFace())
        .hasMessageEndingWith("status 401; set HF_TOKEN to a token with access to this model");
    assertThatThrownBy(
            () -> locator("HF_TOKEN", "wrong").locate("hf:" + NAME, "main", ModelParts.ALL))
        .hasMessageEndingWith(
            "the token in HF_TOKEN has no access; ask for it on the model's page");
  }

  @Test
  void refusesAFileWithAnotherChecksum() {
    hub.corrupt("model.safetensors");

    assertThatThrownBy(() -> locator().locate("hf:" + NAME, "main", ModelParts.ALL))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/model.safetensors: the checksum is ")
        .hasMessageEndingWith("; try again");
    assertThat(folders.hub().resolve("models--owner--tiny/snapshots/" + LocalHub.COMMIT))
        .isDirectoryNotContaining("glob:**/model.safetensors*");
  }

  @Test
  void refusesAFileThatIsCutShort() {
    hub.truncate("config.json");

    assertThatThrownBy(() -> locator().locate("hf:" + NAME, "main", ModelParts.ALL))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/config.json: 1 bytes came, but the hub has 2; try again");
  }

  @Test
  void saysThatTheHubDoesNotKnowAModel() {
    assertThatThrownBy(() -> locator().locate("hf:owner/none", "main", ModelParts.ALL))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessageEndingWith("status 404; check the model's name and revision");
  }

  @Test
  void refusesAModelWithoutSafetensors() {
    hub.remove("model.safetensors");

    assertThatThrownBy(() -> locator().locate("hf:" + NAME, "main", ModelParts.ALL))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessageContaining("has no weights as model*.safetensors");
  }

  @Test
  void saysThatTheHubCannotBeReached() {
    hub.stop();

    assertThatThrownBy(() -> locator().locate("hf:" + NAME, "main", ModelParts.ALL))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessageContaining("cannot reach the hub at http://localhost:");
  }

  @Test
  void downloadsNothingOffline() {
    assertThatThrownBy(
            () -> locator("HF_HUB_OFFLINE", "1").locate("hf:" + NAME, "main", ModelParts.ALL))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessageEndingWith("it cannot be downloaded: HF_HUB_OFFLINE forbids downloading it");
    assertThat(hub.requests()).isEmpty();
  }

  @Test
  void takesAModelFromHuggingFacesOwnCache() throws Exception {
    Path model = folders.huggingFace().resolve("models--owner--tiny");
    Path snapshot = Files.createDirectories(model.resolve("snapshots/0123"));
    Files.createDirectories(model.resolve("refs"));
    Files.writeString(model.resolve("refs/main"), "0123");
    Files.writeString(snapshot.resolve("config.json"), "{}");
    Files.writeString(snapshot.resolve("tokenizer.json"), "{}");
    Files.writeString(
        snapshot.resolve("model.safetensors.index.json"),
        "{\"weight_map\": {\"a\": \"model-1.safetensors\", \"b\": \"model-2.safetensors\"}}");
    Files.writeString(snapshot.resolve("model-1.safetensors"), "1");

    assertThat(locator().cached()).isEmpty();
    Files.writeString(snapshot.resolve("model-2.safetensors"), "2");

    assertThat(locator().locate("hf:" + NAME, "main", ModelParts.ALL).path()).isEqualTo(snapshot);
    assertThat(locator().locate("hf:" + NAME, "0123", ModelParts.ALL).path()).isEqualTo(snapshot);
    assertThat(locator().cached())
        .singleElement()
        .isEqualTo(new CachedModel("hf:" + NAME, snapshot, 78));
    assertThat(hub.requests()).isEmpty();
  }

  @Test
  void takesALocalFileAsItIs() throws Exception {
    Path file = Files.writeString(folder.resolve("tiny.gguf"), "GGUF");

    assertThat(locator().locate(file.toString(), "main", ModelParts.ALL).path()).isEqualTo(file);
    assertThat(locator().locate(file.toUri().toString(), "main", ModelParts.ALL).path())
        .isEqualTo(file);
    assertThatThrownBy(() -> locator().locate(file + "x", "main", ModelParts.ALL))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessage(
            file
                + "x: there is no such file or folder; give the path of a model, or a name on the"
                + " hub as hf:OWNER/NAME");
  }

  @Test
  void tasksFindTheCommitThatTheJobWasSubmittedWith() throws Exception {
    LocatedModel located = locator().locate("hf:" + NAME, "main", ModelParts.WITHOUT_WEIGHTS);

    Path ofTask = locator().locate((PinnedModel) located.source(), ModelParts.ALL);

    assertThat(located.identity())
        .containsOnly(
            Map.entry("model.path", "hf:owner/tiny"), Map.entry("model.revision", LocalHub.COMMIT));
    assertThat(ofTask).isEqualTo(located.path());
    assertThat(ofTask.resolve("model.safetensors")).hasContent("weights of the model");
  }

  @Test
  void aCacheThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    CacheFolders below = new CacheFolders(file.resolve("cache"), file.resolve("other"));
    ModelLocator locator =
        new ModelLocator(below, Map.of("HF_ENDPOINT", hub.endpoint()), notices::add);

    assertThatThrownBy(() -> locator.locate("hf:owner/tiny", "main", ModelParts.ALL))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessageContaining("hf:owner/tiny has to be copied to this machine")
        .hasMessageContaining(file + " is a file")
        .hasMessageContaining("NIGHTSHIFT_CACHE");
  }

  private ModelLocator locator() {
    return new ModelLocator(folders, Map.of("HF_ENDPOINT", hub.endpoint()), notices::add);
  }

  private ModelLocator locator(String variable, String value) {
    Map<String, String> environment = new HashMap<>(Map.of("HF_ENDPOINT", hub.endpoint()));
    environment.put(variable, value);
    return new ModelLocator(folders, environment, notices::add);
  }
}
