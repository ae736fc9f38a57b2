package io.nightshift.connectors.units;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.fs.Path;

/**
 * Some plans in one folder, whose units are numbered through. This is what a job carries; the
 * descriptions of the units, which may be millions, stay in the manifests.
 *
 * @param folder from which the units' files are told
 * @param names of the plans' folders in it, oldest first
 */
public record Plans(Path folder, List<String> names) implements Serializable {
  public Plans {
    names = List.copyOf(names);
  }

  /**
   * Reads the descriptions of all units, in planned order, with their files as told from {@link
   * #folder}.
   *
   * @throws IOException if a manifest is gone or cannot be read
   */
  public List<WorkUnit> units() throws IOException {
    List<WorkUnit> units = new ArrayList<>();
    for (String name : names) {
      Path plan = new Path(folder, name);
      PlanManifest manifest =
          PlanManifest.read(plan)
              .orElseThrow(
                  () ->
                      new FileNotFoundException(
                          "The manifest of the plan %s is gone: was it deleted while its rows were being answered? Run the job again"
                              .formatted(plan)));
      units.addAll(manifest.inFolder(name).units());
    }
    return units;
  }
}
