package io.nightshift.job.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.UnsupportedFileSystemSchemeException;

/**
 * Classifies why a file system refused a call. The exceptions of Flink's plugins are classes that
 * are not visible outside of them, so this goes by their messages; S3's error codes are fixed.
 */
public enum StorageFailure {
  NO_FILE_SYSTEM(
      "(?!)", "no file system for this scheme; put its plugin into Flink's plugins folder"),
  BUCKET_ROOT(
      "Key cannot be empty",
      "Flink's native S3 plugin cannot use the root of a bucket; name a folder in it, or use the plugin"
          + " s3-fs-hadoop"),
  NO_BUCKET(
      "NoSuchBucket|specified bucket does not exist",
      "there is no such bucket; correct the path, or create the bucket"),
  ACCESS_DENIED(
      "\\b403\\b|AccessDenied|SignatureDoesNotMatch|InvalidAccessKeyId|AccessControlException",
      "the storage denies access; check the credentials in Flink's configuration (s3.access-key and"
          + " s3.secret-key for S3), and that they may read and write there"),
  NO_CREDENTIALS(
      "Unable to load (AWS )?credentials|NoAuthWithAWSException|NoAwsCredentialsException",
      "there are no credentials for the storage; set s3.access-key and s3.secret-key in Flink's"
          + " configuration, or give the machine a role"),
  UNREACHABLE(
      "Connection refused|ConnectException|UnknownHostException|UnresolvedAddress|connect timed out",
      "the storage cannot be reached; check its address in Flink's configuration (s3.endpoint for"
          + " S3), and that it is up");

  private final Pattern signs;
  private final String remedy;

  StorageFailure(String signs, String remedy) {
    this.signs = Pattern.compile(signs);
    this.remedy = remedy;
  }

  /** The kind of a failure; empty if it is none of these. */
  public static Optional<StorageFailure> of(Throwable failure) {
    List<Throwable> causes = causes(failure);
    if (causes.stream().anyMatch(UnsupportedFileSystemSchemeException.class::isInstance)) {
      return Optional.of(NO_FILE_SYSTEM);
    }
    for (StorageFailure kind : values()) {
      if (causes.stream().anyMatch(cause -> kind.signs.matcher(cause.toString()).find())) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /**
   * What is wrong, and what to do.
   *
   * @param place that was to be read or written
   */
  public String message(Object place) {
    return place + ": " + remedy;
  }

  private static List<Throwable> causes(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable next = failure; next != null && !causes.contains(next); next = next.getCause()) {
      causes.add(next);
    }
    return causes;
  }
}
