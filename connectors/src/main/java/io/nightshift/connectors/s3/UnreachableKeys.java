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
 * Objects that an input means and that no file system shows, as their keys are no paths: with an
 * empty name between two slashes, or with content under a name that ends in a slash. Flink's Hadoop
 * plugin leaves them out, and the native one recurses without end.
 */
public final class UnreachableKeys {
  private static final Logger LOG = LoggerFactory.getLogger(UnreachableKeys.class);
  private static final Set<String> SCHEMES = Set.of("s3", "s3a");

  /**
   * What readers of Parquet folders skip; a folder may be a partition by a column of such a name.
   */
  private static final Pattern HIDDEN = Pattern.compile("(.*/)?(\\.[^/]*|_[^/=]*)(/.*)?");

  private final S3Client client;
  private final String bucket;

  private UnreachableKeys(S3Client client, String bucket) {
    this.client = client;
    this.bucket = bucket;
  }

  /**
   * Looks for such an object, with a call for each thousand objects of a folder, and one for each
   * folder that a glob passes through. Where that is not allowed, the log says so.
   *
   * @param input file, folder or glob; anything that is not on S3 has none
   * @param flink configuration that says how S3 is reached
   * @return the address of one
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
      return Optional.empty(); // Whoever lists the input says what is wrong with it.
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
    // Without content it marks a folder.
    boolean folderWithContent = object.key().endsWith("/") && object.size() > 0;
    return (emptyName || folderWithContent) && !HIDDEN.matcher(path).matches();
  }
}
