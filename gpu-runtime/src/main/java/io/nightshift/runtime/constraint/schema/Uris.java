package io.nightshift.runtime.constraint.schema;

import java.net.URI;
import java.net.URISyntaxException;

/** URIs of schemas. Ids that are no URIs are common in practice, and harmless where unused. */
final class Uris {
  private Uris() {}

  /** The URI that a reference means; {@code base} if the reference is no URI. */
  static URI resolve(URI base, String reference) {
    try {
      // An opaque base, such as urn:uuid:..., resolves nothing but fragments.
      if (base.isOpaque() && reference.startsWith("#")) {
        return new URI(withoutFragment(base) + reference);
      }
      return base.resolve(new URI(reference));
    } catch (URISyntaxException e) {
      return base;
    }
  }

  static URI withoutFragment(URI uri) {
    String text = uri.toString();
    int fragment = text.indexOf('#');
    return fragment < 0 ? uri : URI.create(text.substring(0, fragment));
  }

  /** The decoded fragment; empty if there is none. */
  static String fragment(URI uri) {
    String fragment = uri.getFragment();
    return fragment == null ? "" : fragment;
  }
}
