package io.nightshift.operators.jinja.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The compiled parameters of a macro.
 *
 * @param names of the declared parameters
 * @param slots one for each parameter
 * @param defaults one for each parameter; null if there is none
 * @param callerSlot slot of the caller if the body uses one that is not a parameter; likewise the
 *     other two for arguments beyond the parameters
 */
record MacroParameters(
    List<String> names,
    List<Slot> slots,
    List<@Nullable Evaluator> defaults,
    @Nullable Slot callerSlot,
    @Nullable Slot keywordsSlot,
    @Nullable Slot restSlot) {}
