package io.nightshift.job.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import org.apache.flink.core.fs.FileSystem;
import org.junit.jupiter.api.Test;

class StorageFailureTest {

  @Test
  void theCauseDecides() {
    assertThat(StorageFailure.of(new IOException("x", new ConnectException("Connection refused"))))
        .contains(StorageFailure.UNREACHABLE);
    assertThat(StorageFailure.of(new AccessDeniedException("s3://b/k", null, "Forbidden")))
        .contains(StorageFailure.ACCESS_DENIED);
    assertThat(StorageFailure.of(new IllegalStateException("Error Code: NoSuchBucket; 404")))
        .contains(StorageFailure.NO_BUCKET);
    assertThat(StorageFailure.of(new IOException("No space left on device"))).isEmpty();
  }

  @Test
  void anUnknownSchemeIsOneToo() {
    Exception failure = unknownScheme();

    assertThat(StorageFailure.of(failure)).contains(StorageFailure.NO_FILE_SYSTEM);
    assertThat(StorageFailure.NO_FILE_SYSTEM.message("input.path gopher://x"))
        .startsWith("input.path gopher://x: no file system for this scheme;");
  }

  private static Exception unknownScheme() {
    try {
      FileSystem.get(URI.create("gopher://x/y"));
    } catch (IOException e) {
      return e;
    }
    throw new AssertionError("Flink knows gopher");
  }
}
