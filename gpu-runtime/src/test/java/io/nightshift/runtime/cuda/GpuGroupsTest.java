package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.config.GpuSelection;
import io.nightshift.runtime.cuda.device.Gpu;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GpuGroupsTest {

  private static List<Gpu> gpus(int... indexes) {
    return IntStream.of(indexes)
        .mapToObj(index -> new Gpu(index, "H200", "uuid " + index, "bus " + index, 90, 1L << 37))
        .toList();
  }

  private static List<List<Integer>> indexes(GpuGroups groups) {
    return groups.groups().stream().map(GpuGroup::indexes).toList();
  }

  @Test
  void aListIsDividedAsItIsWritten() {
    GpuSelection selection = GpuSelection.parse("[5, 0, 1, 4, 2]");

    GpuGroups groups = GpuGroups.of(selection, gpus(5, 0, 1, 4, 2), 2);

    assertThat(indexes(groups)).containsExactly(List.of(5, 0), List.of(1, 4));
    assertThat(groups.left()).extracting(Gpu::index).containsExactly(2);
    assertThat(indexes(groups.first(1))).containsExactly(List.of(5, 0));
  }

  @Test
  void anEngineOfOneGpuHasAnyOfThem() {
    assertThat(indexes(GpuGroups.of(gpus(0, 1, 2), 1)))
        .containsExactly(List.of(0), List.of(1), List.of(2));
    assertThat(GpuGroups.of(gpus(0, 1), 4).groups()).isEmpty();
    assertThat(GpuGroups.of(gpus(0, 1), 4).left()).hasSize(2);
  }

  @Test
  void gpusOfANodeComeTogether() {
    GpuGroups alternating =
        GpuGroups.byNode(gpus(0, 1, 2, 3), 2, gpu -> OptionalInt.of(gpu.index() % 2));
    GpuGroups uneven =
        GpuGroups.byNode(gpus(0, 1, 2, 3, 4, 5, 6), 2, gpu -> OptionalInt.of(gpu.index() / 3));
    GpuGroups unknown = GpuGroups.byNode(gpus(0, 1, 2, 3), 2, gpu -> OptionalInt.empty());

    assertThat(indexes(alternating)).containsExactly(List.of(0, 2), List.of(1, 3));
    assertThat(indexes(uneven)).containsExactly(List.of(0, 1), List.of(3, 4), List.of(2, 5));
    assertThat(uneven.left()).extracting(Gpu::index).containsExactly(6);
    assertThat(indexes(unknown)).containsExactly(List.of(0, 1), List.of(2, 3));
  }
}
