package io.nightshift.operators.plan;

import io.nightshift.connectors.units.WorkUnit;
import java.io.Serializable;
import java.util.ArrayList;

/**
 * What a task has made of its range of the plan's order.
 *
 * @param units in planned order
 * @param summary of the range's rows
 */
public record PlannedRange(ArrayList<WorkUnit> units, PlanSummary summary)
    implements Serializable {}
