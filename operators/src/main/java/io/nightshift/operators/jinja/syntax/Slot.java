package io.nightshift.operators.jinja.syntax;

/**
 * The place of a variable.
 *
 * @param depth number of frames outwards
 * @param index in that frame
 */
record Slot(int depth, int index) {}
