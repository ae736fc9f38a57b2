package io.nightshift.job.run;

import io.nightshift.connectors.files.Location;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.run.JobPaths.NamedPath;
import io.nightshift.job.storage.RecordFolder;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Checks of folders that a job writes to and that contain each other. One may be inside another if
 * readers of Parquet skip it, as they do the plan's by default, and nothing else is written there.
 */
final class FolderOverlaps {
  private FolderOverlaps() {}

  /**
   * A folder that is written to.
   *
   * @param reserved names below the folder that something else is written to
   * @param isRows whether readers of Parquet read it
   */
  private record Folder(
      NamedPath path, Location location, List<List<String>> reserved, boolean isRows) {

    private static Folder ofRows(NamedPath path) throws IOException {
      return new Folder(
          path,
          Location.of(path.path()),
          List.of(
              List.of("_unordered"),
              List.of(RecordFolder.NAME, RecordFolder.LEASE),
              List.of(RecordFolder.NAME, RecordFolder.RUNS),
              List.of(RecordFolder.NAME, RecordFolder.PAGE)),
          true);
    }

    private static Folder ofPlan(NamedPath path) throws IOException {
      return new Folder(
          path,
          Location.of(path.path()),
          List.of(
              List.of("plan"),
              List.of("ordered"),
              List.of("lease"),
              List.of("job.json"),
              List.of("output.json")),
          false);
    }

    /** Whether another folder may be where it is. */
    private boolean allows(Folder other) {
      Optional<List<String>> below = other.location.from(location);
      if (below.isEmpty()) {
        return true;
      }
      if (below.get().isEmpty()) {
        return false;
      }
      String name = below.get().get(0);
      boolean isSkipped = (name.startsWith("_") && !name.contains("=")) || name.startsWith(".");
      // The folder of our records holds those of the plan, and no rows.
      boolean isFree = !(other.isRows && isRows && name.equals(RecordFolder.NAME));
      return (!isRows || isSkipped)
          && isFree
          && reserved.stream().noneMatch(taken -> startsWith(below.get(), taken));
    }

    private static boolean startsWith(List<String> names, List<String> first) {
      return names.size() >= first.size() && names.subList(0, first.size()).equals(first);
    }

    @Override
    public String toString() {
      return path.toString();
    }
  }

  /**
   * @throws InvalidJobException naming two options, their folders and what to do
   */
  static void refuse(JobPaths paths) throws IOException {
    Folder output = Folder.ofRows(paths.output());
    Folder plan = Folder.ofPlan(paths.plan());
    refuse(plan, output);
    if (paths.errors().isPresent()) {
      Folder errors = Folder.ofRows(paths.errors().get());
      refuse(errors, output);
      refuse(plan, errors);
    }
  }

  private static void refuse(Folder one, Folder other) {
    if (!other.allows(one) || !one.allows(other)) {
      throw new InvalidJobException(
          "%s and %s are in each other's way: use a folder beside the other, or below it with a name that begins with _"
              .formatted(one, other));
    }
  }
}
