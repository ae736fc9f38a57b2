@NullMarked
package io.nightshift.runtime.cuda.weights;

import org.jspecify.annotations.NullMarked;
