@NullMarked
package io.nightshift.runtime.cuda.host;

import org.jspecify.annotations.NullMarked;
