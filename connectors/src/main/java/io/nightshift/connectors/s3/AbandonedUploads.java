package io.nightshift.connectors.s3;

import java.util.Set;
import java.util.function.Predicate;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Multipart uploads that a process started and, because it died, neither completed nor aborted. No
 * file system shows them, but their storage is billed.
 */
public final class AbandonedUploads {
  private static final Logger LOG = LoggerFactory.getLogger(AbandonedUploads.class);
  private static final Set<String> SCHEMES = Set.of("s3", "s3a");
  private static final int NOT_FOUND = 404;

  private AbandonedUploads() {}

  /**
   * Aborts this program's uploads below a folder. Does nothing if the folder is not on S3. If
   * permission is missing, it logs a warning; a lifecycle rule of the bucket can abort them
   * instead.
   *
   * @param own whether this program has started the upload to this path below the folder
   * @param flink configuration of the access to S3
   */
  public static void abort(Path folder, Predicate<String> own, Configuration flink) {
    String scheme = folder.toUri().getScheme();
    String key = folder.getPath().replaceFirst("^/", "");
    if (scheme == null || !SCHEMES.contains(scheme)) {
      return;
    }
    String bucket = folder.toUri().getAuthority();
    String prefix = key.isEmpty() ? "" : key + "/";
    try (S3Client client = new S3Settings(flink).client()) {
      for (MultipartUpload upload :
          client
              .listMultipartUploadsPaginator(request -> request.bucket(bucket).prefix(prefix))
              .uploads()) {
        if (own.test(upload.key().substring(prefix.length()))) {
          abort(client, bucket, upload);
        }
      }
    } catch (SdkException e) {
      LOG.warn(
          "Uploads to {} that were never completed cannot be aborted; a lifecycle rule of the bucket"
              + " can do it: {}",
          folder,
          e.getMessage());
    }
  }

  private static void abort(S3Client client, String bucket, MultipartUpload upload) {
    try {
      client.abortMultipartUpload(
          request -> request.bucket(bucket).key(upload.key()).uploadId(upload.uploadId()));
      LOG.info("Aborted an upload of s3://{}/{} that was never completed", bucket, upload.key());
    } catch (S3Exception e) {
      // An earlier attempt may have succeeded although it returned an error.
      if (e.statusCode() != NOT_FOUND) {
        throw e;
      }
    }
  }
}
