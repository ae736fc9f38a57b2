package io.nightshift.operators.plan;

import io.nightshift.connectors.units.WorkUnit;
import java.io.Serializable;
import java.util.ArrayList;

/**
 * The result of planning one range of the order.
 *
 * @param units in planned order
 * @param summary of the range's rows
 */
public record PlannedRange(ArrayList<WorkUnit> units, PlanSummary summary)
    implements Serializable {}
