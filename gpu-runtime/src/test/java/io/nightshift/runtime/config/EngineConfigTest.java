package io.nightshift.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class EngineConfigTest {

  @Test
  void aCopyDiffersInTheChangedValuesOnly() {
    EngineConfig config =
        EngineConfig.cuda()
            .withDtype(DataType.FP8)
            .withGpu(1)
            .withBlockSize(32)
            .withKvCacheTokens(64)
            .withFp8KvCache(true)
            .withMaxStepTokens(2)
            .withMaxStepLogits(3)
            .withMaxRunningSequences(4)
            .withLogitsRows(5)
            .withHostKvCacheMemory(8)
            .withThreads(6)
            .withMemoryLimit(7)
            .withForcedTokens(false);

    assertThat(config)
        .isEqualTo(
            new EngineConfig(
                Device.CUDA,
                DataType.FP8,
                1,
                List.of(1),
                32,
                0,
                64,
                8,
                true,
                2,
                3,
                4,
                5,
                6,
                7,
                false));
    assertThat(config.withGpu(0).withGpu(1)).isEqualTo(config);
  }

  @Test
  void ranksHaveAGpuEachAndShareTheThreads() {
    EngineConfig config = EngineConfig.cuda().withGpus(List.of(2, 3)).withThreads(5);

    assertThat(config.tensorParallel()).isEqualTo(2);
    assertThat(config.ofRank(1)).isEqualTo(EngineConfig.cuda().withGpu(3).withThreads(2));
    assertThat(config.withHostKvCacheMemory(101).ofRank(0).hostKvCacheMemory()).isEqualTo(50);
    assertThat(EngineConfig.cpu().withTensorParallel(2).withThreads(1).ofRank(0))
        .isEqualTo(EngineConfig.cpu().withThreads(1));
  }

  @Test
  void theKvCacheIsSizedInBytesOrInTokens() {
    EngineConfig tokens = EngineConfig.cpu().withKvCacheTokens(33);

    assertThat(tokens.kvCacheMemory()).isZero();
    assertThat(tokens.withKvCacheMemory(1 << 20).kvCacheTokens()).isZero();
    assertThat(EngineConfig.cuda().kvCacheMemory()).isZero();
    assertThat(EngineConfig.cuda().kvCacheTokens()).isZero();
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    EngineConfig cpu = EngineConfig.cpu();
    EngineConfig cuda = EngineConfig.cuda();

    assertRefused(() -> cpu.withThreads(0), "threads must be positive, but is 0");
    assertRefused(() -> cpu.withMaxStepTokens(0), "maxStepTokens must be positive, but is 0");
    assertRefused(() -> cpu.withMaxStepLogits(0), "maxStepLogits must be positive, but is 0");
    assertRefused(
        () -> cpu.withMaxRunningSequences(0), "maxRunningSequences must be positive, but is 0");
    assertRefused(() -> cpu.withMemoryLimit(0), "memoryLimit must be positive, but is 0");
    assertRefused(() -> cpu.withKvCacheTokens(0), "kvCacheTokens must be positive, but is 0");
    assertRefused(() -> cpu.withKvCacheMemory(0), "kvCacheMemory must be positive, but is 0");
    assertRefused(
        () -> cpu.withKvCacheTokens(1L << 31),
        "kvCacheTokens must be less than 2^31, but is 2147483648");
    assertRefused(() -> cuda.withGpu(-1), "gpu must not be negative, but is -1");
    assertRefused(
        () -> cuda.withGpus(List.of(1, 1)), "gpus must be 2 different ones, but are [1, 1]");
    assertRefused(() -> cuda.withTensorParallel(2), "gpus must be 2 different ones, but are [0]");
    assertRefused(() -> cpu.withTensorParallel(0), "tensorParallel must be positive, but is 0");
    assertRefused(() -> cuda.withLogitsRows(0), "logitsRows must be positive, but is 0");
    assertRefused(
        () -> cuda.withBlockSize(24), "blockSize must be a power of two from 4 on, but is 24");
    assertThat(cpu.withBlockSize(3).blockSize()).isEqualTo(3);
  }

  @Test
  void whatTheDeviceDoesNotSupportIsRefused() {
    assertRefused(
        () -> EngineConfig.cpu().withDtype(DataType.FP8), "dtype fp8 is not supported on cpu");
    assertRefused(
        () -> EngineConfig.cuda().withDtype(DataType.F32), "dtype f32 is not supported on cuda");
    assertRefused(
        () -> EngineConfig.cpu().withFp8KvCache(true), "fp8KvCache is not supported on cpu");
    assertRefused(
        () -> EngineConfig.cpu().requireDevice(Device.CUDA),
        "the configuration is for device cpu, but the runner is for cuda");
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }

  @Test
  void travelsToTheTasks() throws IOException, ClassNotFoundException {
    EngineConfig config = EngineConfig.cpu().withKvCacheTokens(99);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(config);
    }

    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(in.readObject()).isEqualTo(config);
    }
  }
}
