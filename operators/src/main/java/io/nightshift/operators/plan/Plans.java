package io.nightshift.operators.plan;

import io.nightshift.connectors.units.KeyNames;
import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.connectors.units.source.WorkUnits;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.fs.Path;

/**
 * The work units of some plans in one folder, one plan after the other. Their descriptions are read
 * from the plans' manifests.
 *
 * @param folder of the plans' folders
 * @param names of the plans' folders in it, oldest first
 */
public record Plans(Path folder, List<String> names) implements WorkUnits {
  /** Cost of an answer in prompt tokens, for the shares of the readers. */
  private static final long TOKENS_OF_ANSWER = 4;

  public Plans {
    names = List.copyOf(names);
  }

  @Override
  public KeyNames keyNames() {
    return PlannedColumns.KEY;
  }

  @Override
  public long rowCost() {
    return TOKENS_OF_ANSWER;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IOException if a manifest is gone or cannot be read
   */
  @Override
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
