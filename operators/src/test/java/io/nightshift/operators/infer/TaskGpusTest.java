package io.nightshift.operators.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.runner.DeviceBusyException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TaskGpusTest {
  private static final List<List<Integer>> PAIRS = List.of(List.of(0, 1), List.of(2, 3));

  private final Set<Integer> held = new HashSet<>();

  private TaskEngine on(List<Integer> gpus) {
    if (gpus.stream().anyMatch(held::contains)) {
      throw new DeviceBusyException("one of them is held");
    }
    held.addAll(gpus);
    return new FakeEngines().create();
  }

  private void create() throws Exception {
    TaskGpus.onFreeOne(PAIRS, this::on, "use fewer tasks").close();
  }

  @Test
  void anEngineTakesTheFirstGpusThatAreAllFree() throws Exception {
    held.add(1);

    create();

    assertThat(held).containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void tooManyEnginesAreToldWhatToDo() throws Exception {
    create();
    create();

    assertThatThrownBy(this::create)
        .isInstanceOf(DeviceBusyException.class)
        .hasMessage(
            "all GPUs of this process ([0, 1], [2, 3]) are held by other engines: use fewer tasks");
  }

  @Test
  void otherFailuresAreNotForAnotherGroup() {
    assertThatThrownBy(
            () ->
                TaskGpus.onFreeOne(
                    PAIRS,
                    gpus -> {
                      held.addAll(gpus);
                      throw new IllegalStateException("no model");
                    },
                    "use fewer tasks"))
        .hasMessage("no model");
    assertThat(held).containsExactlyInAnyOrder(0, 1);
  }
}
