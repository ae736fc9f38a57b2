package io.nightshift.runtime.cuda;

/** Provisional: one height, no splits. */
record DeviceAttention(int pieces, long pieceList, long rows, long treeMasks, long blockTables) {}
