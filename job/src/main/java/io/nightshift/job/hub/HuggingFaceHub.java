package io.nightshift.job.hub;

import io.nightshift.runtime.files.AtomicWrite;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Downloads models from the Hugging Face hub. A file appears in the cache once it is complete and
 * its checksum is right; files that an interrupted download has finished are not fetched again.
 */
final class HuggingFaceHub {
  private final HubClient client;
  private final HubCache cache;
  private final Consumer<String> notices;

  /**
   * @param cache where the files go
   * @param notices is told what is being downloaded, since that may take a while
   */
  HuggingFaceHub(HubClient client, HubCache cache, Consumer<String> notices) {
    this.client = client;
    this.cache = cache;
    this.notices = notices;
  }

  /**
   * Downloads what the cache does not have yet of a model.
   *
   * @return the model's folder in the cache
   * @throws ModelNotFoundException if the hub has no such model, does not give it to this user, or
   *     has it only in a format that cannot be read
   */
  Path download(String name, String revision, ModelParts parts)
      throws IOException, InterruptedException {
    HubModel model = client.model(name, revision);
    Path folder = cache.snapshot(name, model.commit());
    AtomicWrite.createFolder(folder);
    return FetchLock.holding(
        cache.lock(name),
        () -> {
          for (HubFile file : needed(model, name, parts)) {
            Path target = folder.resolve(file.name());
            if (!Files.exists(target)) {
              download(name, model.commit(), file, target);
            }
          }
          cache.setCommit(name, revision, model.commit());
          return folder;
        });
  }

  private List<HubFile> needed(HubModel model, String name, ModelParts parts)
      throws ModelNotFoundException {
    for (String required : List.of("config.json", "tokenizer.json")) {
      if (model.files().stream().noneMatch(file -> file.name().equals(required))) {
        throw new ModelNotFoundException(
            "hf:" + name + " has no " + required + "; name a model in Hugging Face's format");
      }
    }
    List<HubFile> description =
        model.files().stream().filter(file -> HuggingFaceFiles.isDescription(file.name())).toList();
    if (parts == ModelParts.WITHOUT_WEIGHTS) {
      return description;
    }
    List<HubFile> weights =
        model.files().stream().filter(file -> HuggingFaceFiles.isWeights(file.name())).toList();
    if (weights.isEmpty()) {
      throw new ModelNotFoundException(
          "hf:"
              + name
              + " has no weights as "
              + HuggingFaceFiles.WEIGHTS
              + ", the format that can be read;"
              + " convert the model, or give the path of a .gguf file");
    }
    return Stream.concat(description.stream(), weights.stream()).toList();
  }

  private void download(String name, String commit, HubFile file, Path target)
      throws IOException, InterruptedException {
    URI address = client.address(name, commit, file.name());
    notices.accept(
        String.format(Locale.ROOT, "Downloading %s (%.1f MB)", address, file.size() / 1_000_000.0));
    AtomicWrite.create(
        target,
        unfinished -> {
          try (InputStream content = client.open(address)) {
            Files.copy(content, unfinished);
          }
          file.verify(unfinished, address.toString());
        });
  }
}
