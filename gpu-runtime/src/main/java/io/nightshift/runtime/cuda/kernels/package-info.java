/**
 * The CUDA kernels' host side that needs no device: what a launch looks like ({@link
 * io.nightshift.runtime.cuda.device.KernelLaunch}), the attention work list ({@link
 * io.nightshift.runtime.cuda.kernels.AttentionPlanner}), and references on the CPU. The sources lie
 * beside it as resources, one file a family.
 *
 * <h2>Conventions of the sources</h2>
 *
 * <p>Each {@code NAME.cu} is one NVRTC program. The headers it includes lie beside it, and must be
 * handed to the compiler under their names. They need {@code --std=c++17}, the include path of
 * CUDA's headers and of libcu++'s below it, and {@code -D} definitions for sizes. Kernels are
 * {@code extern "C"}: plain pointers and ints. <i>May be null</i> says where a pointer may be 0.
 * All matrices are row-major and dense; all pointers are 16-byte aligned. {@code bf16} is bfloat16,
 * {@code e4m3} is 8-bit float (FN: no infinity, largest 448), {@code e8m0} is a power of two in 8
 * bits (its exponent plus 127).
 *
 * <p>Quantised activations have an f32 scale for each row (token), quantised weights an e8m0 scale
 * for each output channel: value = scale * e4m3. Products multiply e4m3 and leave <i>sums</i> in
 * bf16; whoever reads them makes values of them: rowScales[row] * channelScales[column] * sum.
 * Where {@code channelScales} is null, sums are values and {@code rowScales} is not read.
 *
 * <p>Launches overlap (programmatic dependent launch), so every kernel begins with {@code
 * awaitStream()}, which waits for all that the stream has before it.
 *
 * <p>Kernels of rows have a block for each row. Its threads are {@code rowThreads(columns)} of
 * {@code common.cuh}: with the row's vectors of 8, 4, 2 or 1 elements (the most that divide it)
 * dealt out evenly to at most 256 threads, a whole number of warps. {@code lanesPerHead} is the
 * number of such vectors in half a head, rounded up to a power of two.
 *
 * <p>The <i>head stride</i> is {@code HEAD_SIZE} rounded up to a multiple of 16; what lies between
 * is zero. The KV cache is {@code [layer][2: keys, values][block][keyValueHead][slot][headStride]}
 * of bf16 or e4m3; with e4m3, scales lie in a second array {@code
 * [layer][2][block][keyValueHead][slot]} of f32. So the keys of a layer, of all blocks, are one
 * plane of {@code blocks * keyValueHeads * BLOCK_SIZE * headStride} elements. {@code BLOCK_SIZE} is
 * a power of two, at least 4. A slot number is {@code block * BLOCK_SIZE + slotInBlock}.
 *
 * <h2>norm.cu: {@code -DHIDDEN_SIZE} (a multiple of 8)</h2>
 *
 * <pre>{@code
 * add_rms_norm(bf16 delta[rows][HIDDEN],     // sums to add to the residual stream; may be null
 *     f32 rowScales[rows], e8m0 channelScales[HIDDEN],   // of delta; may be null
 *     f32 bias[HIDDEN],                      // of the projection that made delta; may be null
 *     i32 sources[rows],                     // row of residualIn for each row; null: the same row
 *     bf16 residualIn[][HIDDEN],
 *     bf16 residualOut[rows][HIDDEN],        // may be residualIn where sources is null; may be null
 *     f32 weight[HIDDEN], f32 epsilon,
 *     bf16 output[rows][HIDDEN])
 * add_rms_norm_fp8(... the same ..., e4m3 output[rows][HIDDEN], f32 scales[rows])
 *     grid rows, block rowThreads(HIDDEN)
 * }</pre>
 *
 * <p>One kernel is also the embedding gather (residualIn: the embedding table, sources: token ids,
 * delta: null) and the compaction to the rows that the last layer keeps. The residual stream is
 * bf16; sums and the norm are f32, the norm is of the sum before it is rounded. Products of bf16
 * weights add to the residual stream themselves; then neither delta nor residualOut is given, and
 * the norm is of the rounded sum.
 *
 * <h2>rotary.cu: {@code -DHEAD_SIZE -DBLOCK_SIZE -DKV_FP8=0|1}</h2>
 *
 * <pre>{@code
 * rotary_table(f32 inverseFrequencies[HEAD_SIZE/2], f32 table[positions][HEAD_SIZE/2][2: cos, sin], i32 positions)
 *     grid ceil(positions * HEAD_SIZE/2 / 256), block 256
 * rotate_and_store(bf16 projection[tokens][(queryHeads + 2 * keyValueHeads) * HEAD_SIZE],   // sums
 *     f32 rowScales[tokens], e8m0 channelScales[(queryHeads + 2 * keyValueHeads) * HEAD_SIZE],  // may be null
 *     f32 bias[(queryHeads + 2 * keyValueHeads) * HEAD_SIZE],          // may be null
 *     f32 queryNorm[HEAD_SIZE], f32 keyNorm[HEAD_SIZE], f32 epsilon,   // may be null (both)
 *     f32 table[][HEAD_SIZE/2][2], i32 positions[tokens],
 *     i32 slots[tokens],                     // where keys and values go; negative: nowhere
 *     bf16 queries[tokens][queryHeads][headStride],
 *     keys (layer's plane), values (layer's plane), f32 keyScales, f32 valueScales,  // scales: null for bf16
 *     i32 tokens, i32 queryHeads, i32 keyValueHeads)
 *     grid ceil(tokens * (queryHeads + 2 * keyValueHeads) * lanesPerHead / 256), block 256
 * }</pre>
 *
 * <p>A value that is not finite is stored as zeros, and its key as NaN, so that attention's
 * products with masked values stay finite.
 *
 * <p>{@code queryHeads} 0 stores keys and values only, {@code keyValueHeads} 0 rotates queries only
 * (the last layer needs queries of few tokens); the projection's rows are then only that part.
 *
 * <h2>activation.cu: {@code -DINTERMEDIATE_SIZE -DGELU=0|1}</h2>
 *
 * <pre>{@code
 * gated_activation(bf16 gateUp[rows][2 * INTERMEDIATE]: gate first, bf16 output[rows][INTERMEDIATE])
 * gated_activation_fp8(gateUp (sums), f32 rowScales[rows], e8m0 channelScales[2 * INTERMEDIATE],
 *     e4m3 output[rows][INTERMEDIATE], f32 scales[rows])
 *     grid rows, block rowThreads(INTERMEDIATE)
 * }</pre>
 *
 * <h2>fused_gate_up.cu: {@code -DINPUTS} (a multiple of 64) {@code -DINTERMEDIATE_SIZE} (a multiple
 * of 128) {@code -DGELU=0|1}</h2>
 *
 * <pre>{@code
 * fused_gate_up(TensorMap source,            // bf16 [at least rows][INPUTS]
 *     TensorMap weights,                     // bf16 [2 * INTERMEDIATE][INPUTS]: gate first
 *     bf16 output[rows][INTERMEDIATE], i32 rows)
 *     grid, block and dynamic shared memory: FusedGateUpShape.launch
 * }</pre>
 *
 * <p>The product with {@code weights} and {@code gated_activation} of it, without rounding in
 * between. A {@code TensorMap} is the driver's description of a matrix (128 bytes, by value), whose
 * boxes here are 128 rows of 64 elements. Compiles for Hopper (sm_90a) alone. {@link
 * io.nightshift.runtime.cuda.kernels.FusedGateUpShape} says what it can do.
 *
 * <h2>quantize.cu: {@code -DCOLUMNS} (a multiple of 8)</h2>
 *
 * <pre>{@code
 * quantize_rows(bf16 source[rows][COLUMNS], e4m3 target[rows][COLUMNS], f32 scales[rows])
 *     attention's output: a row is a token
 * quantize_channels(bf16 source[rows][COLUMNS], e4m3 target[rows][COLUMNS], e8m0 scales[rows])
 *     weights: a row is an output channel
 *     grid rows, block rowThreads(COLUMNS)
 * }</pre>
 *
 * <h2>attention.cu: {@code -DHEAD_SIZE -DQUERY_GROUP -DBLOCK_SIZE -DKV_FP8=0|1}</h2>
 *
 * <pre>{@code
 * attention_16 | attention_64 | attention_128(
 *     bf16 queries[tokens][heads][headStride], keys (plane), values (plane), f32 keyScales, f32 valueScales,
 *     i32 pieces[][8], i32 rows[][4], i32 treeMasks[], i32 blockTables[],      // AttentionPlan
 *     bf16 output[tokens][heads * HEAD_SIZE],
 *     f32 partials[][heads][HEAD_SIZE], f32 partialLogSums[][heads],
 *     i32 keyValueHeads, f32 scale)                                            // scale: 1 / sqrt(HEAD_SIZE)
 *     grid pieces * keyValueHeads; block and dynamic shared memory: AttentionShape.launch
 * attention_warpgroup(... the same ..., i32 pieceCount), in attention_warpgroup.cu
 *     grid: as many blocks as multiprocessors, or a block for each piece and KV head where they are fewer
 * merge_attention(f32 partials, f32 partialLogSums, i32 merges[][4], i32 mergeSources[],
 *     bf16 output[tokens][heads * HEAD_SIZE], i32 heads)
 *     grid (merges, ceil(heads / 8)), block 256
 * }</pre>
 *
 * <pre>{@code
 * pieces: first row, row count (query tokens), block table (index in blockTables of context block 0),
 *     first and end context token, first and end context token that all rows of the piece see unmasked,
 *     first partial (-1: the piece is all there is, and writes output; else row i writes partial first + i)
 * rows: token (row of queries and output), first and end visible context token, treeMask (-1: none; else index in
 *     treeMasks of a bit set: context token end + i is visible where bit i is set)
 * merges: token, first of its sources in mergeSources, number of sources, 0
 * mergeSources: partials
 * }</pre>
 *
 * <p>{@code attention_warpgroup.cu} takes the same definitions and pieces as {@code attention_128}
 * and replaces it on Hopper (sm_90a) for heads of 64 and 128 elements, and for 256 where keys and
 * values are bf16. It compiles for no other architecture. {@link
 * io.nightshift.runtime.cuda.kernels.AttentionShape} says which source and kernel a height has.
 *
 * <p>A step makes one {@link io.nightshift.runtime.cuda.kernels.AttentionPlan}, used in every
 * layer: a launch for each tile height that has pieces, then the merge where there are merges. A
 * piece whose query count is 0 does nothing, nor does a merge of 0 sources, so that lists can be
 * padded at their ends to the size of a CUDA graph.
 *
 * <h2>sampling.cu: {@code -DLOGITS_F32=0|1}</h2>
 *
 * <pre>{@code
 * sample_tokens(logits[rows][stride], i64 stride, i32 vocabulary, SamplingRow parameters[rows] (64 bytes each: SamplingRows),
 *     u32 seenTokens[][ceil(vocabulary/32)],     // bit sets, for the repetition penalty; may be null
 *     u32 allowedTokens[][ceil(vocabulary/32)],  // bit sets of constrained rows; may be null
 *     i32 tokens[rows],                          // -1: the largest logit is not finite or one is NaN
 *     f32 logprobs[rows], f32 logSumExps[rows])  // of the unmodified distribution
 *     grid rows, block 1024
 * logits_statistics(logits, i64 stride, i32 vocabulary, f32 maxima[rows], f32 logSumExps[rows]); grid rows, block 1024
 * gather_logits(logits, i64 stride, i32 cells[count][2: row, column], f32 target[count], i32 count)
 *     grid ceil(count / 256), block 256
 * mark_tokens(u32 seenTokens[][words], i32 words, i32 cells[count][2: set, token], i32 count); the same geometry
 * fill_in_tokens(i32 tokens[count * stride], i32 stride, i32 count, i32 sampled[rows])         // the same geometry
 *     every stride-th token: -1 - row becomes the token that the step before has sampled for that row
 * }</pre>
 *
 * <h2>dequantize.cu</h2>
 *
 * <pre>{@code
 * dequantize_TYPE(u8 source[rows of the file's layout], bf16 target[rows][columns], i32 rows, i32 columns, i32 interleavedHeadSize)
 *     TYPE: f32 f16 bf16 q4_0 q4_1 q5_0 q5_1 q8_0 q4_k q5_k q6_k
 *     interleavedHeadSize: 0, or the head size where the file's rows are laid out for interleaved rotary
 *     embedding (RowOrder.interleavedPairs); rows are then whole heads
 *     grid ceil(rows * ceil(columns / 8) / 256), block 256
 * }</pre>
 *
 * <h2>random.cu</h2>
 *
 * <pre>{@code
 * random_rows(f32 table[65536], i64 streamBase, i32 firstRow, bf16 target[rows][columns], i32 rows, i32 columns)
 *     the numbers of bench's RandomModelFiles, rounded; streamBase: (long) name.hashCode() << 32
 *     grid ceil(rows * ceil(columns / 4) / 256), block 256
 * }</pre>
 *
 * <h2>blocks.cu: {@code -DHEAD_SIZE -DBLOCK_SIZE -DKV_FP8=0|1}</h2>
 *
 * <pre>{@code
 * copy_blocks(cache (all planes), f32 scales (all planes; null for bf16), i32 copies[][3: source, target, tokens],
 *     i32 blocks, i32 keyValueHeads)
 *     grid (copies, 2 * layers, keyValueHeads), block 128
 * }</pre>
 */
@NullMarked
package io.nightshift.runtime.cuda.kernels;

import org.jspecify.annotations.NullMarked;
