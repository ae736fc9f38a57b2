@NullMarked
package io.nightshift.runtime.cuda;

import org.jspecify.annotations.NullMarked;
