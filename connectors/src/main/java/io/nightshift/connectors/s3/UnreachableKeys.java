package io.nightshift.connectors.s3;

import io.nightshift.connectors.files.Glob;
import java.nio.file.PathMatcher;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects of an input that no file system shows, because their keys are not paths: they have an
 * empty name between two slashes, or content under a name that ends in a slash. Flink's Hadoop
 * plugin omits them, and the native one recurses endlessly.
 */
public final class UnreachableKeys {
  private static final Logger LOG = LoggerFactory.getLogger(UnreachableKeys.class);
  private static final Set<String> SCHEMES = Set.of("s3", "s3a");

  /** Names that readers of Parquet folders skip, unless they are those of partition folders. */
  private static final Pattern HIDDEN = Pattern.compile("(.*/)?(\\.[^/]*|_[^/=]*)(/.*)?");

  private final S3Client client;
  private final String bucket;

  private UnreachableKeys(S3Client client, String bucket) {
    this.client = client;
    this.bucket = bucket;
  }

  /**
   * Looks for such an object, with one call per thousand objects of a folder, and one per folder
   * that a glob matches. If permission is missing, it logs a warning.
   *
   * @param input file, folder or glob; inputs that are not on S3 have no such objects
   * @param flink configuration of the access to S3
   * @return the URI of one
   */
  public static Optional<String> find(Path input, Configuration flink) {
    String scheme = input.toUri().getScheme();
    if (scheme == null || !SCHEMES.contains(scheme)) {
      return Optional.empty();
    }
    List<String> names =
        Arrays.stream(input.getPath().split("/")).filter(name -> !name.isEmpty()).toList();
    String bucket = input.toUri().getAuthority();
    try (S3Client client = new S3Settings(flink).client()) {
      return new UnreachableKeys(client, bucket)
          .walk("", names)
          .map(key -> scheme + "://" + bucket + "/" + key);
    } catch (PatternSyntaxException e) {
      return Optional.empty(); // Listing the input reports the invalid pattern.
    } catch (SdkException e) {
      LOG.warn("Cannot look for objects of {} whose keys are no paths: {}", input, e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<String> walk(String prefix, List<String> names) {
    if (names.isEmpty() || names.get(0).equals(Glob.ANY_DEPTH)) {
      return below(prefix);
    }
    String name = names.get(0);
    List<String> rest = names.subList(1, names.size());
    return Glob.isGlob(name) ? matching(prefix, name, rest) : walk(prefix + name + "/", rest);
  }

  private Optional<String> matching(String prefix, String glob, List<String> rest) {
    PathMatcher matcher = Glob.matcher(glob);
    for (CommonPrefix folder :
        client
            .listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix).delimiter("/"))
            .commonPrefixes()) {
      String name = folder.prefix().substring(prefix.length(), folder.prefix().length() - 1);
      Optional<String> found = Optional.empty();
      if (name.isEmpty()) {
        found = Optional.of(folder.prefix());
      } else if (!HIDDEN.matcher(name).matches() && matcher.matches(java.nio.file.Path.of(name))) {
        found = walk(folder.prefix(), rest);
      }
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<String> below(String prefix) {
    return client
        .listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix))
        .contents()
        .stream()
        .filter(object -> isUnreachable(object, prefix))
        .map(S3Object::key)
        .findFirst();
  }

  private static boolean isUnreachable(S3Object object, String prefix) {
    String path = object.key().substring(prefix.length());
    boolean emptyName = path.startsWith("/") || path.contains("//");
    // An empty object marks a folder.
    boolean folderWithContent = object.key().endsWith("/") && object.size() > 0;
    return (emptyName || folderWithContent) && !HIDDEN.matcher(path).matches();
  }
}
