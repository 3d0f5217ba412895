package io.tokentropy.asking;

import io.tokentropy.asking.CallLedger.Budget;
import io.tokentropy.asking.Job.Given;
import io.tokentropy.asking.Job.Written;

/**
 * What a job takes if every call is answered in full, known before the first call.
 *
 * @param prompts wordings in all, the original among them
 * @param answers of all of them, in all rounds
 * @param perturbing calls for wordings
 * @param answering calls for answers
 * @param tokens that are read and written at most, where a text has no more of them than bytes
 */
public record Plan(int prompts, int answers, int perturbing, int answering, long tokens) {
  /**
   * The plan of a job.
   *
   * @param mostChoices answers that one call may bring
   */
  public static Plan of(Job job, int mostChoices) {
    int parts = Job.parts(job.answersPerPrompt(), mostChoices).size();
    int rounds = job.rounds().size();
    long read = 0;
    int perturbing = 0;
    long tokens = 0;
    String question = job.talk().question();
    switch (job.wordings()) {
      case Given(var prompts) -> {
        for (Prompt prompt : prompts) {
          read += Message.tokensAtMost(job.talk().with(prompt.text()));
        }
      }
      case Written(int count, Sampling sampling) -> {
        perturbing = 1;
        tokens = new Paraphrases(question, count).call(sampling).tokensAtMost();
        long longer = Paraphrases.bytesAtMost(question) - (long) Message.bytes(question);
        read = count * (Message.tokensAtMost(job.talk().with(question)) + longer);
      }
    }
    read += Message.tokensAtMost(job.talk().with(question));
    long written = 0;
    for (Sampling round : job.rounds()) {
      written += (long) job.prompts() * job.answersPerPrompt() * round.maxTokens();
    }
    return new Plan(
        job.prompts(),
        job.prompts() * job.answersPerPrompt() * rounds,
        perturbing,
        job.prompts() * parts * rounds,
        tokens + read * parts * rounds + written);
  }

  public int calls() {
    return perturbing + answering;
  }

  public boolean isWithin(Budget budget) {
    return calls() <= budget.calls() && tokens <= budget.tokens();
  }
}
