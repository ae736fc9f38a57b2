/**
 * Engine configuration, from the job to the model runner. The record to start at is {@link
 * io.nightshift.runtime.config.EngineConfig}.
 *
 * <p>Depends on no other package. The engine and the model runners of all devices read it; whatever
 * creates engines writes it.
 */
@NullMarked
package io.nightshift.runtime.config;

import org.jspecify.annotations.NullMarked;
