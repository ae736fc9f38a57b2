package io.nightshift.job.options;

import io.nightshift.job.hub.HubNames;
import io.nightshift.job.options.JobSpecification.Model;
import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.Device;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Reads the section {@code model} of a job file. */
final class ModelReader {
  private final JobSettings settings;
  private final Checks checks;

  ModelReader(JobSettings settings, Checks checks) {
    this.settings = settings;
    this.checks = checks;
  }

  Model model() {
    String path = settings.require(ModelOptions.PATH);
    if (HubNames.isHubPath(path) && !HubNames.isValid(path)) {
      throw settings.error(
          ModelOptions.PATH,
          "is not a hub name: "
              + path
              + "; write hf:OWNER/NAME, for instance hf:HuggingFaceTB/SmolLM2-135M-Instruct");
    }
    if (!path.startsWith("hf:")) {
      checks.path(ModelOptions.PATH, path);
    }
    return new Model(path, revision(path));
  }

  /** The device, which must support the precision. */
  Device device(DataType dtype) {
    Device device = settings.require(ModelOptions.DEVICE);
    if (!dtype.runsOn(device)) {
      throw settings.error(
          ModelOptions.DTYPE,
          "is %s, which model.device %s does not have: use %s"
              .formatted(
                  dtype,
                  device,
                  Arrays.stream(DataType.values())
                      .filter(other -> other.runsOn(device))
                      .map(DataType::toString)
                      .collect(Collectors.joining(" or "))));
    }
    return device;
  }

  private String revision(String modelPath) {
    String revision = settings.get(ModelOptions.REVISION);
    if (settings.isGiven(ModelOptions.REVISION) && !HubNames.isHubPath(modelPath)) {
      throw settings.error(
          ModelOptions.REVISION, "has no effect without a hub name in model.path; remove it");
    }
    if (!HubNames.isRevision(revision)) {
      throw settings.error(
          ModelOptions.REVISION,
          "is not a branch, tag or commit: "
              + revision
              + "; write one that the model's page lists, such as main or refs/pr/1");
    }
    return revision;
  }
}
