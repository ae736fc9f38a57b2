package io.nightshift.job.run;

import io.nightshift.connectors.files.ModificationTime;
import io.nightshift.connectors.input.InputFile;
import io.nightshift.connectors.input.InputFiles;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.progress.NumberText;
import io.nightshift.operators.plan.PlannedFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is new in an input since the earlier plans. */
public final class InputChanges {
  private static final Logger LOG = LoggerFactory.getLogger(InputChanges.class);

  /** Maximum number of files that a message names. */
  private static final int MAX_NAMED = 5;

  private InputChanges() {}

  /**
   * The files that no plan has.
   *
   * @throws InvalidJobException naming the files that have changed since they were planned
   */
  public static InputFiles newFiles(InputFiles inputs, List<CompletePlan> plans) {
    Map<String, PlannedFile> planned = new HashMap<>();
    plans.forEach(plan -> plan.manifest().inputs().forEach(file -> planned.put(file.path(), file)));
    List<String> changes = new ArrayList<>();
    Set<String> present = new HashSet<>();
    for (InputFile file : inputs.files()) {
      present.add(file.path());
      PlannedFile before = planned.get(file.path());
      if (before != null
          && (before.length() != file.length()
              || !ModificationTime.same(before.modificationTime(), file.modificationTime()))) {
        changes.add(
            String.format(
                Locale.ROOT,
                "%s (was %,d bytes of %s, is %,d bytes of %s)",
                file.path(),
                before.length(),
                Instant.ofEpochMilli(before.modificationTime()),
                file.length(),
                Instant.ofEpochMilli(file.modificationTime())));
      }
    }
    if (!changes.isEmpty()) {
      throw new InvalidJobException(
          "%s %s changed since the plan was made; run with --fresh to answer all rows again, in a new folder"
              .formatted(
                  NumberText.count(changes.size(), "input file"),
                  changes.size() == 1 ? "has" : "have"),
          changes.subList(0, Math.min(MAX_NAMED, changes.size())),
          changes.size());
    }
    planned.keySet().stream()
        .filter(path -> !present.contains(path))
        .sorted()
        .forEach(
            path ->
                LOG.warn(
                    "{} is no longer part of the input; its rows are planned already, and their answers kept",
                    path));
    return inputs.only(file -> !planned.containsKey(file.path()));
  }
}
