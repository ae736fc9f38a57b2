package io.nightshift.runtime.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostMemoryTest {
  private static final long GIB = 1L << 30;

  @TempDir private Path root;

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private void machineHas(long gibibytes) throws IOException {
    write(
        "proc/meminfo",
        "MemTotal:       99999999 kB\nMemFree:  1 kB\nMemAvailable:   %s kB\n"
            .formatted(gibibytes << 20));
  }

  @Test
  void theMachineAndTheContainerBothBound() throws IOException {
    HostMemory memory = new HostMemory(root);
    assertThat(memory.available()).isEmpty();

    machineHas(10);
    assertThat(memory.available()).hasValue(10 * GIB);

    write("sys/fs/cgroup/memory.max", "max\n");
    write("sys/fs/cgroup/memory.current", GIB + "\n");
    assertThat(memory.available()).hasValue(10 * GIB);

    write("sys/fs/cgroup/memory.max", 6 * GIB + "\n");
    assertThat(memory.available()).hasValue(5 * GIB);

    write(
        "sys/fs/cgroup/memory.stat",
        "anon 5\ninactive_file %s\nactive_file 7\n".formatted(GIB / 2));
    assertThat(memory.available()).hasValue(5 * GIB + GIB / 2);
  }

  @Test
  void theFirstVersionOfControlGroupsBoundsToo() throws IOException {
    machineHas(10);
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    write("sys/fs/cgroup/memory/memory.usage_in_bytes", GIB + "\n");
    assertThat(new HostMemory(root).available()).hasValue(10 * GIB);

    write("sys/fs/cgroup/memory/memory.limit_in_bytes", 3 * GIB + "\n");
    assertThat(new HostMemory(root).available()).hasValue(2 * GIB);
  }

  @Test
  void moreThanThereIsIsRefused() throws IOException {
    machineHas(10);
    HostMemory memory = new HostMemory(root);

    assertThatCode(() -> memory.require(10 * GIB, 1)).doesNotThrowAnyException();
    assertThatCode(() -> memory.require(0, 8)).doesNotThrowAnyException();
    assertThatThrownBy(() -> memory.require(11 * GIB, 1))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "engine.host-kv-cache-memory is 11.0 GiB, but this host has 10.0 GiB available; use 10240mb at most, or leave it out");
    assertThatThrownBy(() -> memory.require(6 * GIB, 2))
        .hasMessage(
            "engine.host-kv-cache-memory is 6.0 GiB for each of 2 engines, but this host has 10.0 GiB available; use 5120mb at most, or leave it out");
  }

  @Test
  void lessThanABlockIsRefused() {
    ModelConfig model = FakeModelRunner.config(10, 10);
    EngineConfig options = EngineConfig.cpu();

    assertThat(HostBlocks.of(model, options, 100)).isEqualTo(HostBlocks.NONE);
    assertThat(HostBlocks.of(model, options.withHostKvCacheMemory(350), 100).count()).isEqualTo(3);
    assertThatThrownBy(() -> HostBlocks.of(model, options.withHostKvCacheMemory(99), 100))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "engine.host-kv-cache-memory gives 99 bytes, which is less than a block of 16 tokens takes: 100 bytes; raise it, or leave it out");
  }
}
