package io.nightshift.job.topology;

import io.nightshift.connectors.units.source.UnassignedRows;
import io.nightshift.operators.plan.Plans;
import io.nightshift.operators.report.ErrorBound;

/**
 * What an infer job has to answer.
 *
 * @param rows of the plans that have no answers yet
 * @param errorBound bound on rows with an error, which knows those found so far
 */
public record UnansweredRows(Plans plans, UnassignedRows rows, ErrorBound errorBound) {}
