@NullMarked
package io.nightshift.runtime.cuda.device;

import org.jspecify.annotations.NullMarked;
