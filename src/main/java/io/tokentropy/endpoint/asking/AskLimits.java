package io.tokentropy.endpoint.asking;

import io.tokentropy.asking.CallLedger.Budget;
import io.tokentropy.endpoint.Limit;
import io.tokentropy.endpoint.perturbation.PerturbationLimits;

/**
 * How much may be asked for one question.
 *
 * @param budget of one question, unless its caller wants less
 * @param parallel calls of one question at a time
 * @param prompts of one question
 * @param temperatures of one question
 * @param textLength characters of one text
 * @param perturbation of texts that are bred here
 */
public record AskLimits(
    Budget budget,
    int parallel,
    Limit prompts,
    Limit temperatures,
    Limit textLength,
    PerturbationLimits perturbation) {}
