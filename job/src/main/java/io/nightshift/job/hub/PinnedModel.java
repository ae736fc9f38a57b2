package io.nightshift.job.hub;

import io.nightshift.operators.model.ModelSource;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model as a job was submitted with it.
 *
 * @param modelPath as the job names it
 * @param version commit of a hub's model, {@link RemoteFiles#version} of one on another file
 *     system; empty for a local one
 */
record PinnedModel(String modelPath, String version) implements ModelSource {
  private static final Logger LOG = LoggerFactory.getLogger(PinnedModel.class);

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
}
