package io.nightshift.benchmarks;

import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.connectors.units.source.UnassignedRows;
import io.nightshift.connectors.units.source.WorkUnitSource;
import io.nightshift.operators.plan.PlanManifest;
import io.nightshift.operators.plan.Plans;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.core.fs.Path;
import org.apache.flink.util.FileUtils;
import org.apache.flink.util.InstantiationUtil;

/**
 * What a plan of ever more units costs besides the units: its manifest on disk, the time to write
 * and to read it, the memory of its descriptions, and what a job carries of it.
 *
 * <pre>ManifestBench UNITS [UNITS ...]</pre>
 */
public final class ManifestBench {
  private ManifestBench() {}

  /** Runs the benchmark; see the class. */
  public static void main(String[] arguments) throws Exception {
    for (String count : arguments) {
      measure(Integer.parseInt(count));
    }
  }

  private static void measure(int count) throws Exception {
    java.nio.file.Path folder = Files.createTempDirectory("manifest");
    try {
      java.nio.file.Path plan = Files.createDirectory(folder.resolve("00000"));
      long began = System.nanoTime();
      new PlanManifest(List.of(), new Schema(List.of()), units(count))
          .write(new Path(plan.toUri()));
      double writing = (System.nanoTime() - began) / 1e9;
      long bytes = Files.size(plan.resolve("manifest.json"));
      Plans plans = new Plans(new Path(folder.toUri()), List.of("00000"));
      long before = usedHeap();
      began = System.nanoTime();
      List<WorkUnit> units = plans.units();
      double reading = (System.nanoTime() - began) / 1e9;
      long heap = usedHeap() - before;
      UnassignedRows rows = UnassignedRows.of(units, Map.of());
      WorkUnitSource source = new WorkUnitSource(plans, rows);
      System.out.printf(
          "%,d units: manifest %.1f MB, written in %.1f s, read in %.1f s, descriptions %.1f MB of"
              + " heap, source in the job %,d bytes, state of the enumerator at the start %,d bytes%n",
          units.size(),
          bytes / 1e6,
          writing,
          reading,
          heap / 1e6,
          InstantiationUtil.serializeObject(source).length,
          source.getEnumeratorCheckpointSerializer().serialize(rows).length);
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
  }

  private static List<WorkUnit> units(int count) {
    List<WorkUnit> units = new ArrayList<>();
    for (int unit = 0; unit < count; unit++) {
      String file =
          String.format(
              Locale.ROOT, "unit-%05d-%06d-%s.arrow", unit / 1000, unit % 1000, UUID.randomUUID());
      units.add(new WorkUnit(file, 4000, 400_000, 80_000, 12, 40));
    }
    return units;
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
