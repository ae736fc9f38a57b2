/**
 * Which build this is: {@link io.nightshift.connectors.version.BuildVersion}. Depends on no other
 * package of the project; any package above may use it.
 */
@NullMarked
package io.nightshift.connectors.version;

import org.jspecify.annotations.NullMarked;
