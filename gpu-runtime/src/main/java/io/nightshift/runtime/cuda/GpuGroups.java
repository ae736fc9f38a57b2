package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.GpuSelection;
import io.nightshift.runtime.cuda.device.Gpu;
import io.nightshift.runtime.cuda.host.HostProcessors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * GPUs divided among engines. The same GPUs are always divided in the same way, so that all tasks
 * of a host agree on the groups.
 *
 * @param groups one for each engine
 * @param left GPUs that are too few for one more engine
 */
public record GpuGroups(List<GpuGroup> groups, List<Gpu> left) {
  public GpuGroups {
    groups = List.copyOf(groups);
    left = List.copyOf(left);
  }

  /** Groups of neighbors in the list. */
  public static GpuGroups of(List<Gpu> gpus, int degree) {
    List<GpuGroup> groups = new ArrayList<>();
    int begin = 0;
    for (; begin + degree <= gpus.size(); begin += degree) {
      groups.add(new GpuGroup(gpus.subList(begin, begin + degree)));
    }
    return new GpuGroups(groups, gpus.subList(begin, gpus.size()));
  }

  /**
   * Groups of a selection's GPUs: of neighbors if it lists them, and else of GPUs that are attached
   * to the same NUMA node of this host, as far as there are enough on a node.
   *
   * @param gpus that the selection names
   */
  public static GpuGroups of(GpuSelection selection, List<Gpu> gpus, int degree) {
    return selection instanceof GpuSelection.Indexes
        ? of(gpus, degree)
        : byNode(gpus, degree, gpu -> HostProcessors.ofThisProcess().node(gpu.pciBusId()));
  }

  /** The first groups; what is left over stays the same. */
  public GpuGroups first(int number) {
    return new GpuGroups(groups.subList(0, number), left);
  }

  static GpuGroups byNode(List<Gpu> gpus, int degree, Function<Gpu, OptionalInt> node) {
    Map<OptionalInt, List<Gpu>> nodes = new LinkedHashMap<>();
    for (Gpu gpu : gpus) {
      nodes.computeIfAbsent(node.apply(gpu), number -> new ArrayList<>()).add(gpu);
    }
    List<GpuGroup> groups = new ArrayList<>();
    List<Gpu> rest = new ArrayList<>();
    for (List<Gpu> ofNode : nodes.values()) {
      GpuGroups whole = of(ofNode, degree);
      groups.addAll(whole.groups());
      rest.addAll(whole.left());
    }
    GpuGroups mixed = of(rest, degree);
    groups.addAll(mixed.groups());
    return new GpuGroups(groups, mixed.left());
  }
}
