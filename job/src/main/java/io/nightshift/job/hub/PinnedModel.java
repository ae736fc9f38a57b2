package io.nightshift.job.hub;

import io.nightshift.operators.model.ModelSource;
import io.nightshift.operators.report.HostName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model as a job was submitted with it.
 *
 * @param modelPath as the job names it
 * @param version commit of a hub's model, {@link RemoteFiles#version} of one on another file
 *     system; empty for a local one
 * @param content what {@link LocalModel#identity} says of a local one; empty for others
 * @param client machine that the job was submitted from
 */
record PinnedModel(String modelPath, String version, Map<String, String> content, String client)
    implements ModelSource {
  private static final Logger LOG = LoggerFactory.getLogger(PinnedModel.class);

  PinnedModel {
    content = Map.copyOf(content);
  }

  /** A model that is the same wherever it is fetched. */
  static PinnedModel ofVersion(String modelPath, String version) {
    return new PinnedModel(modelPath, version, Map.of(), HostName.get());
  }

  static PinnedModel ofContent(String modelPath, Map<String, String> content) {
    return new PinnedModel(modelPath, "", content, HostName.get());
  }

  @Override
  public Path withoutWeights() throws IOException, InterruptedException {
    return locate(ModelParts.WITHOUT_WEIGHTS);
  }

  @Override
  public Path complete() throws IOException, InterruptedException {
    return locate(ModelParts.ALL);
  }

  private Path locate(ModelParts parts) throws IOException, InterruptedException {
    return ModelLocator.ofThisProcess(LOG::info).locate(this, parts);
  }

  /**
   * Checks that a local model is the one that the job was submitted with.
   *
   * @throws ModelMismatchException naming both machines and what is different
   */
  void requireSame(Path local, Map<String, String> found) throws IOException {
    for (Map.Entry<String, String> part : found.entrySet()) {
      String expected = content.getOrDefault(part.getKey(), "nothing");
      if (!expected.equals(part.getValue())) {
        throw new ModelMismatchException(
            "%s: %s on %s is another model than the one on %s, where the job was submitted (%s here, %s there): copy the same model to every machine, or run the job again if the model was replaced"
                .formatted(
                    part.getKey(),
                    local.toRealPath(),
                    HostName.get(),
                    client,
                    part.getValue(),
                    expected));
      }
    }
  }
}
