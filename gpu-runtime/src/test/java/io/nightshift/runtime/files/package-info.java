@NullMarked
package io.nightshift.runtime.files;

import org.jspecify.annotations.NullMarked;
