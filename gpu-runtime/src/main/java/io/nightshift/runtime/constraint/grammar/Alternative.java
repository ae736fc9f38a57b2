package io.nightshift.runtime.constraint.grammar;

/** One form of a JSON value. */
public sealed interface Alternative
    permits LiteralAlternative,
        NumberAlternative,
        StringAlternative,
        ArrayAlternative,
        ObjectAlternative {}
