package io.tokentropy.web.call;

import io.tokentropy.asking.CallLedger.Budget;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether questions may be put to models, and at what cost.
 *
 * @param enabled whether they may
 * @param upstream that is asked where a call names none
 * @param paraphraser that writes other wordings where a call names none; otherwise who answers
 * @param maxCalls to models for one question
 * @param maxTokens read and written for one question
 * @param maxParallel calls for one question at a time
 * @param maxRuns questions at a time
 * @param deadline of one question, from its arrival to the last call
 */
@ConfigurationProperties("tokentropy.ask")
record AskSettings(
    @DefaultValue("false") boolean enabled,
    @Nullable String upstream,
    @Nullable String paraphraser,
    @DefaultValue("120") int maxCalls,
    @DefaultValue("50000") long maxTokens,
    @DefaultValue("8") int maxParallel,
    @DefaultValue("16") int maxRuns,
    @DefaultValue("120s") Duration deadline) {

  AskSettings {
    if (maxCalls < 1 || maxTokens < 1 || maxParallel < 1 || maxRuns < 1) {
      throw new IllegalArgumentException("TOKENTROPY_ASK_MAX_*: expected at least 1");
    }
    if (!deadline.isPositive()) {
      throw new IllegalArgumentException("TOKENTROPY_ASK_DEADLINE: expected a positive time");
    }
  }

  Budget budget() {
    return new Budget(maxCalls, maxTokens);
  }
}
