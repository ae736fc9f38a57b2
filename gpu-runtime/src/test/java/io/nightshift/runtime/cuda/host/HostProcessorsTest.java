package io.nightshift.runtime.cuda.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostProcessorsTest {
  @TempDir private Path sys = Path.of("");

  /** Two nodes of four cores with two hardware threads each, as Linux numbers them. */
  private void twoSockets() throws IOException {
    write("devices/system/node/node0/cpulist", "0-3,8-11\n");
    write("devices/system/node/node1/cpulist", "4-7,12-15\n");
    for (int core = 0; core < 8; core++) {
      for (int thread : List.of(core, core + 8)) {
        write(
            "devices/system/cpu/cpu" + thread + "/topology/thread_siblings_list",
            core + "," + (core + 8) + "\n");
      }
    }
  }

  private void gpu(String pciBusId, int node) throws IOException {
    write("bus/pci/devices/" + pciBusId + "/numa_node", node + "\n");
  }

  private void write(String file, String text) throws IOException {
    Files.createDirectories(sys.resolve(file).getParent());
    Files.writeString(sys.resolve(file), text);
  }

  private List<String> divide(String allowed, String... gpus) {
    return new HostProcessors(sys, ProcessorList.parse(allowed))
        .divide(List.of(gpus)).stream().map(ProcessorList::format).toList();
  }

  @Test
  void enginesGetTheCoresOfTheirNode() throws IOException {
    twoSockets();
    gpu("a", 1);
    gpu("b", 0);
    gpu("c", 1);

    assertThat(divide("0-15", "a")).containsExactly("4-7,12-15");
    assertThat(divide("0-15", "a", "b")).containsExactly("4-7,12-15", "0-3,8-11");
    assertThat(divide("0-15", "a", "b", "c")).containsExactly("4-5,12-13", "0-3,8-11", "6-7,14-15");
  }

  @Test
  void ranksOfAnEngineGetTheSharesOfTheirGpus() throws IOException {
    twoSockets();
    gpu("a", 0);
    gpu("b", 0);
    gpu("c", 1);
    gpu("d", 1);

    assertThat(divide("0-15", "a", "b", "c", "d"))
        .containsExactly("0-1,8-9", "2-3,10-11", "4-5,12-13", "6-7,14-15");
    // Engines of the neighbors have 0-3,8-11 and 4-7,12-15.
    assertThat(divide("0-3,8-11", "a", "b")).containsExactly("0-1,8-9", "2-3,10-11");
    assertThat(divide("4-7,12-15", "c", "d")).containsExactly("4-5,12-13", "6-7,14-15");
    // Engines of GPUs of both nodes have 0-1,4-5,8-9,12-13 and the others.
    assertThat(divide("0-1,4-5,8-9,12-13", "a", "c")).containsExactly("0-1,8-9", "4-5,12-13");
  }

  @Test
  void aDeviceHasANodeIfTheHostSaysSo() throws IOException {
    gpu("a", 1);
    gpu("virtual", -1);
    HostProcessors host = new HostProcessors(sys, ProcessorList.parse("0"));

    assertThat(host.node("a")).hasValue(1);
    assertThat(host.node("virtual")).isEmpty();
    assertThat(host.node("missing")).isEmpty();
  }

  @Test
  void onlyAllowedProcessorsAreGiven() throws IOException {
    twoSockets();
    gpu("a", 0);
    gpu("b", 1);

    assertThat(divide("2-5", "a", "b")).containsExactly("2-3", "4-5");
  }

  @Test
  void anUnknownNodeLeavesAnEvenDivisionByCores() throws IOException {
    twoSockets();
    gpu("a", 0);
    gpu("virtual", -1);

    assertThat(divide("0-15", "a", "virtual")).containsExactly("0-3,8-11", "4-7,12-15");
    assertThat(divide("0-15", "virtual")).containsExactly("0-15");
    assertThat(divide("0-15", "a", "missing", "virtual"))
        .containsExactly("0-1,8-9", "2-4,10-12", "5-7,13-15");
  }

  @Test
  void aNodeWithAlmostNoAllowedProcessorsIsNotWaitedFor() throws IOException {
    twoSockets();
    gpu("a", 1);

    assertThat(divide("0-4,8-11", "a")).containsExactly("0-4,8-11");
  }

  @Test
  void withoutTopologyAProcessorIsACore() {
    assertThat(divide("0-5", "a", "b", "c")).containsExactly("0-1", "2-3", "4-5");
    assertThat(divide("0-1", "a", "b", "c")).containsExactly("0-1", "0-1", "0-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0-3", "0-3,8,10-11", "191"})
  void listsAreThoseOfLinux(String list) {
    assertThat(ProcessorList.format(ProcessorList.parse(list + "\n"))).isEqualTo(list);
  }
}
