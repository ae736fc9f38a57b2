package io.nightshift.operators.jinja.syntax;

/**
 * Where a variable lives.
 *
 * @param depth how many frames outwards
 * @param index in that frame
 */
record Slot(int depth, int index) {}
