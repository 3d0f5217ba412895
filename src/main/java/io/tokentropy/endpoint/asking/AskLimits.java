package io.tokentropy.endpoint.asking;

import io.tokentropy.asking.CallLedger.Budget;
import io.tokentropy.endpoint.Limit;

/**
 * How much may be asked for one question.
 *
 * @param budget of one question, unless its caller wants less
 * @param parallel calls of one question at a time
 * @param prompts of one question
 * @param temperatures of one question
 * @param textLength characters of one text
 */
public record AskLimits(
    Budget budget, int parallel, Limit prompts, Limit temperatures, Limit textLength) {}
