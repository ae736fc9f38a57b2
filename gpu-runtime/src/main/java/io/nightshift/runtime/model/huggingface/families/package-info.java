/**
 * What the families of models say in {@code config.json}, and under which names and in which layout
 * they store their tensors. {@link
 * io.nightshift.runtime.model.huggingface.families.SupportedFamily} lists them, each with its
 * {@code FamilyReader}; {@link io.nightshift.runtime.model.huggingface.families.ConfigJson} is the
 * entry class.
 */
@NullMarked
package io.nightshift.runtime.model.huggingface.families;

import org.jspecify.annotations.NullMarked;
