package io.nightshift.runtime.constraint.schema;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** URIs of schemas. Real schemas have many ids that are no URIs, which is harmless if unused. */
final class Uris {
  private Uris() {}

  /** The URI that a reference means, without its fragment; null if the reference is no URI. */
  static @Nullable URI resolve(URI base, String reference) {
    String resource = reference.split("#", 2)[0];
    if (resource.isEmpty()) {
      return base;
    }
    try {
      return withoutEmptyAuthority(base.resolve(new URI(resource)));
    } catch (URISyntaxException e) {
      return null;
    }
  }

  /**
   * {@link URI#resolve} may give {@code scheme:/path} where it was given {@code scheme:///path}.
   */
  private static URI withoutEmptyAuthority(URI uri) {
    return URI.create(uri.toString().replaceFirst("^([a-z]+):///", "$1:/"));
  }

  /** The decoded fragment of a reference; empty if there is none. */
  static String fragment(String reference) {
    int start = reference.indexOf('#');
    if (start < 0) {
      return "";
    }
    String fragment = reference.substring(start + 1);
    try {
      return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return fragment; // A percent sign that encodes nothing stands for itself.
    }
  }
}
