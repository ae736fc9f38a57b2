package io.nightshift.connectors.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.core.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseTest {
  private static final LeaseHolder FIRST = new LeaseHolder("1", "process 1@here");
  private static final LeaseHolder SECOND = new LeaseHolder("2", "process 2@there");

  @TempDir private java.nio.file.Path folder = java.nio.file.Path.of("");

  @Test
  void isKeptByARunThatShowsLife() throws Exception {
    Lease lease = Lease.take(path(), FIRST, Optional.empty());

    try (LeaseRenewal renewal = new LeaseRenewal(lease)) {
      assertThat(renewal).isNotNull();
      assertThat(Lease.awaitEnd(path(), FIRST)).isFalse();
    }

    lease.requireHeld();
    assertThat(Lease.holder(path())).contains(FIRST);
  }

  @Test
  void isFreeOnceItIsGivenBack() throws Exception {
    Lease lease = Lease.take(path(), FIRST, Optional.empty());
    CompletableFuture<Void> released =
        CompletableFuture.runAsync(
            () -> release(lease), CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS));

    assertThat(Lease.awaitEnd(path(), FIRST)).isTrue();

    released.get();
    assertThat(Lease.holder(path())).isEmpty();
    assertThatThrownBy(lease::renew).isInstanceOf(LeaseLostException.class);
    assertThat(folder.resolve("lease")).isEmptyDirectory();
  }

  private static void release(Lease lease) {
    try {
      lease.release();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRunThatWasTooSlowFindsOut() throws Exception {
    Lease slow = Lease.take(path(), FIRST, Optional.empty());
    assertThatThrownBy(() -> Lease.take(path(), SECOND, Optional.empty()))
        .isInstanceOf(LeaseLostException.class);
    Lease taken = Lease.take(path(), SECOND, Optional.of(FIRST));

    assertThatThrownBy(slow::requireHeld)
        .isInstanceOf(LeaseLostException.class)
        .hasMessageContaining("process 2@there");
    assertThatThrownBy(slow::renew).isInstanceOf(LeaseLostException.class);
    slow.release();

    taken.renew();
    assertThat(files()).containsExactly("alive-2", "holder.json");
  }

  @Test
  void isTakenByOneOfManyAtOnce() throws Exception {
    for (int round = 0; round < 20; round++) {
      Path lease = new Path(path(), String.valueOf(round));
      CountDownLatch ready = new CountDownLatch(4);
      List<CompletableFuture<Optional<Lease>>> runs = new ArrayList<>();
      for (int run = 0; run < 4; run++) {
        LeaseHolder holder = new LeaseHolder("run " + run, "process " + run);
        runs.add(
            CompletableFuture.supplyAsync(
                () -> takeTogether(lease, holder, ready), task -> new Thread(task).start()));
      }
      List<Lease> taken = runs.stream().flatMap(run -> run.join().stream()).toList();

      assertThat(taken).hasSize(1);
      taken.get(0).requireHeld();
    }
  }

  private static Optional<Lease> takeTogether(
      Path folder, LeaseHolder holder, CountDownLatch ready) {
    ready.countDown();
    try {
      ready.await();
      return Optional.of(Lease.take(folder, holder, Optional.empty()));
    } catch (LeaseLostException lost) {
      return Optional.empty();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatOthersHavePutBesideItStays() throws Exception {
    Files.createDirectories(folder.resolve("lease"));
    Files.writeString(folder.resolve("lease/alive-and-well.txt"), "mine");

    Lease.take(path(), FIRST, Optional.empty()).release();

    assertThat(files()).containsExactly("alive-and-well.txt");
  }

  @Test
  void isTheSameRunsAgain() throws Exception {
    Lease lease = Lease.take(path(), FIRST, Optional.empty());

    assertThat(Lease.take(path(), FIRST, Optional.empty())).isEqualTo(lease);

    lease.renew();
    assertThat(Files.getPosixFilePermissions(folder.resolve("lease/holder.json")))
        .as("who may read it: tasks may run as another user")
        .isEqualTo(Files.getPosixFilePermissions(folder.resolve("lease/alive-1")));
  }

  private Path path() {
    return new Path(new Path(folder.toUri()), "lease");
  }

  private List<String> files() throws IOException {
    try (Stream<java.nio.file.Path> files = Files.list(folder.resolve("lease"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".crc"))
          .sorted()
          .toList();
    }
  }
}
